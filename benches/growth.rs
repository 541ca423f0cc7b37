//! How the cost of a search grows with the model, and what loom's executions repeat. Compare figures of
//! one run only.
//!
//! `cargo bench --bench growth`

use pagelock::engine::{Engine, Search, Strategy, search};
use pagelock::model::Encoding;
use pagelock::protocols;
use pagelock::protocols::nfs_coalesce::{self as nfs, Role, Thread};
use pagelock::protocols::{ext4_journal_start as journal, page_mkwrite as mkwrite};
use pagelock::spec::{Spec, Variant};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// loom searches models of at most so many schedules; it would not come to the end of much larger ones.
const SCHEDULES: u64 = 2_000_000;

fn timed(encoding: &Arc<dyn Encoding>, strategy: &Strategy) -> (Search, Duration) {
    let start = Instant::now();
    let found = search(encoding, strategy).expect("the search has a result");
    (found, start.elapsed())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

/// One line on a model of a size.
fn line(what: &str, count: usize, threads: usize, encoding: &Arc<dyn Encoding>) {
    let (found, time) = timed(encoding, &Strategy::ExplicitState);
    let size = found.statistics.states.expect("it kept states");
    let takes = threads <= 4 && size.schedules <= SCHEDULES;
    let [executions, redundancy, took] = if takes {
        let (loom, time) = timed(encoding, &Strategy::LoomSleepSets);
        let executions = loom.statistics.executions;
        let redundancy = executions as f64 / loom.traces as f64;
        [
            executions.to_string(),
            format!("{redundancy:.1}"),
            milliseconds(time),
        ]
    } else {
        ["-", "-", "-"].map(String::from)
    };
    let schedules = size.schedules as f64;
    println!(
        "| {what} | {count} | {} | {} | {} | {schedules:.1e} | {executions} | {redundancy} | {took} |",
        size.states,
        size.transitions,
        milliseconds(time),
    );
}

fn patched(spec: &Spec) -> Variant {
    Variant::from(spec.design("patched").expect("the design is listed"))
}

/// `list[..count]` for the sizes of a scenario, which are written down before the program runs.
fn some<T>(list: &'static [T], count: usize) -> &'static [T] {
    &list[..count]
}

fn growth() {
    println!(
        "| with | number | states | transitions | ms | schedules | loom's executions | of a trace | ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for count in 1..=4 {
        let config = journal::Config {
            writers: some(&[0, 0, 0, 0], count),
            ..journal::Config::BASE
        };
        let encoding = journal::encoding(&patched(&journal::SPEC), &config);
        line(
            "ext4-journal-start: writers of a page",
            count,
            count + 1,
            &encoding,
        );
    }
    for count in 1..=4 {
        let pages = &[nfs::WRITTEN; 4];
        let threads = some(FLUSHERS, 1);
        let config = nfs::Config {
            pages: some(pages, count),
            threads,
            ..nfs::BASE
        };
        let encoding = nfs::encoding(&patched(&nfs::SPEC), &config);
        line(
            "nfs-coalesce: pages, of a flusher and rpciod",
            count,
            2,
            &encoding,
        );
    }
    for count in 1..=3 {
        let config = mkwrite::Config {
            faults: some(&[0, 0, 0], count),
            ..mkwrite::Config::BASE
        };
        let encoding = mkwrite::encoding(&patched(&mkwrite::SPEC), &config);
        line(
            "page-mkwrite: faulting threads, and a flusher",
            count,
            count + 1,
            &encoding,
        );
    }
    for count in 1..=3 {
        let config = nfs::Config {
            threads: some(FLUSHERS, count),
            ..nfs::BASE
        };
        let encoding = nfs::encoding(&patched(&nfs::SPEC), &config);
        line(
            "nfs-coalesce: flushers of two pages",
            count,
            count + 1,
            &encoding,
        );
    }
}

const fn flusher(name: &'static str) -> Thread {
    let (rounds, start) = (1, 0);
    Thread {
        name,
        role: Role::Flusher { rounds, start },
        interruptible: false,
        short_of_memory: false,
    }
}

const FLUSHERS: &[Thread] = &[
    flusher("pdflush1"),
    flusher("pdflush2"),
    flusher("pdflush3"),
];

/// What loom repeats, alone and with the sleep sets: its executions for each trace, in every model that it
/// searches.
fn redundancy() {
    println!(
        "\n| spec | searches | traces | loom alone | of a trace | with sleep sets | of a trace | cut short |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for spec in protocols::ALL {
        let (mut searches, mut traces) = (0, 0);
        let (mut alone, mut executions, mut cut_short) = (0, 0, 0);
        for expectation in spec.expectations {
            let (Some(design), Some(scenario)) = (
                spec.design(expectation.design),
                spec.scenario(expectation.scenario),
            ) else {
                continue;
            };
            if !scenario.engines.has(Engine::Loom) {
                continue;
            }
            let encoding = spec.encoding(design, scenario);
            let (found, _) = timed(&encoding, &Strategy::LoomSleepSets);
            let (unaided, _) = timed(&encoding, &Strategy::LoomPlain);
            let place = format!("{}/{} in {}", spec.name, design.name, scenario.name);
            assert_eq!(found.traces, unaided.traces, "{place}");
            searches += 1;
            traces += found.traces;
            alone += unaided.statistics.executions;
            executions += found.statistics.executions;
            cut_short += found.statistics.cut_short;
        }
        let of_a_trace = |count: u64| count as f64 / traces as f64;
        println!(
            "| {} | {searches} | {traces} | {alone} | {:.1} | {executions} | {:.1} | {cut_short} |",
            spec.name,
            of_a_trace(alone),
            of_a_trace(executions),
        );
    }
}

fn main() {
    // `cargo test --benches` builds and runs benchmarks too, to see whether they start.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    growth();
    redundancy();
}
