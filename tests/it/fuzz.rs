//! What comes from outside of the program is read without a panic, however it is damaged, and a verdict never
//! becomes a better one by it.
//!
//! The suite makes some 2,000 inputs. `PAGELOCK_FUZZ` in the environment says how many it is to make instead, of all
//! tests together.

use crate::damage::{damage, damaged};
use pagelock::engine::{Engine, Limits, Stop, Strategy as Search, search_within};
use pagelock::protocols;
use pagelock::protocols::ALL;
use pagelock::render::{Format, Layout, render, side_by_side, steps};
use pagelock::report;
use pagelock::report::diagnostics::{of_all, of_each};
use pagelock::runner::{
    Job, Outcome, Selection, Shard, Workers, merge, run_all, serve, write_shard,
};
use pagelock::spec::{self, Run, Verdict, replay, replay_trace};
use pagelock::trace::{Replay, Trace};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The inputs that all tests make together if nothing else is asked for.
const ALL_INPUTS: u32 = 2_000;

/// So many inputs of so many that are asked for.
fn scaled(inputs: u32) -> u32 {
    let asked = std::env::var("PAGELOCK_FUZZ");
    let asked = asked.map_or(ALL_INPUTS, |text| {
        text.parse().expect("PAGELOCK_FUZZ is a number")
    });
    u32::try_from(u64::from(inputs) * u64::from(asked) / u64::from(ALL_INPUTS))
        .expect("it is no more")
}

/// The same cases every time.
fn check<S: Strategy>(
    inputs: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases: scaled(inputs),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(strategy, test);
    result.unwrap_or_else(|error| panic!("{error}"));
}

fn kept() -> Trace {
    let spec = protocols::find("page-mkwrite").expect("it is listed");
    let (design, scenario) = (spec.design("old"), spec.scenario("absent"));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    let trace = spec::counterexample(spec, design, scenario, None).expect("a result");
    trace.expect("the old design fails")
}

#[test]
fn a_damaged_record_has_every_face_or_is_refused() {
    let whole = serde_json::to_value(kept()).expect("JSON");
    check(400, &(damage(), any::<bool>()), |(damage, full)| {
        let text = damaged(&whole, &damage);
        let Ok(trace) = serde_json::from_str::<Trace>(&text) else {
            return Ok(());
        };
        let layout = Layout {
            full,
            ..Layout::default()
        };
        for format in Format::ALL {
            let _ = render(&trace, *format, layout);
        }
        let _ = (steps(&trace, layout), side_by_side(&trace, layout));
        let _ = replay_trace(ALL, &trace, Engine::Shuttle);
        Ok(())
    });
}

#[test]
fn a_record_with_fewer_entries_than_threads_has_every_face() {
    let whole = kept();
    let mut fewer = whole.clone();
    fewer.entries.pop();
    for format in Format::ALL {
        // Some show deadlocks only.
        let has_face = |trace| render(trace, *format, Layout::default()).is_ok();
        assert_eq!(has_face(&fewer), has_face(&whole), "{format}");
    }
}

#[test]
fn a_record_without_threads_has_every_face() {
    let mut trace = kept();
    trace.threads.clear();
    for format in Format::ALL {
        let _ = render(&trace, *format, Layout::default());
    }
}

#[test]
fn a_damaged_word_is_read_or_refused() {
    let numbers = prop_oneof![Just(u64::MAX), Just(100_000), any::<u64>(), 0..9_u64];
    let turns = prop::collection::vec((any::<u8>(), numbers), 0..9);
    let texts = (
        "[-a-z~./@:]{0,20}",
        ".{0,9}",
        any::<prop::sample::Index>(),
        0..3_u8,
    );
    check(380, &(turns, texts), |(turns, (name, text, at, kind))| {
        let turns = turns
            .iter()
            .map(|(thread, times)| format!("{thread}x{times}"));
        let turns = turns.collect::<Vec<_>>().join(".");
        let mut word = match kind {
            0 => format!("page-mkwrite/old@absent:0123456789abcdef:{turns}"),
            1 => format!("{name}/{name}@{name}:0123456789abcdef:{turns}"),
            _ => kept_word().to_string(),
        };
        let places: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
        word.insert_str(places[at.index(places.len())], &text);
        match word.parse::<Replay>() {
            Ok(read) => {
                prop_assert!(read.schedule.len() <= 100_000);
                prop_assert_eq!(read.to_string().parse::<Replay>(), Ok(read));
            }
            Err(error) => {
                prop_assert!((1..=word.chars().count() + 1).contains(&error.position));
                prop_assert!(error.to_string().len() < 2_000);
            }
        }
        Ok(())
    });
}

fn kept_word() -> &'static Replay {
    static WORD: OnceLock<Replay> = OnceLock::new();
    WORD.get_or_init(|| kept().replay())
}

#[test]
fn whatever_schedule_a_word_has_it_is_executed_or_refused() {
    let word = kept_word();
    let schedules = prop::collection::vec(prop_oneof![8 => 0..4_u8, 1 => any::<u8>()], 0..40);
    let engines = prop::sample::select(&Engine::ALL[..]);
    check(60, &(schedules, engines), |(schedule, engine)| {
        let word = Replay {
            schedule: schedule.into(),
            ..word.clone()
        };
        let same: Replay = word.to_string().parse().unwrap_or_else(|_| word.clone());
        let _ = replay(ALL, &same, None, engine);
        Ok(())
    });
}

#[test]
fn damaged_shards_are_merged_or_refused() {
    let asked = Selection {
        targets: vec!["page-mkwrite/old".to_string()],
        scenario: Some("absent".to_string()),
        ..Selection::default()
    };
    let all = asked.jobs(ALL).expect("there are some");
    let whole = |number: usize| -> Vec<Value> {
        let shard = Shard { number, of: 2 };
        let own: Vec<_> = shard.share(&all).into_iter().map(|(_, job)| job).collect();
        let results = run_all(&own, &Workers::Threads, &|_, _| ());
        let text = write_shard(shard, &asked, &all, results).expect("a file");
        let lines = text.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().expect("each line is JSON")
    };
    let halves = [whole(1), whole(2)];
    check(
        400,
        &(damage(), any::<usize>(), 0..2_usize),
        |(damage, line, half)| {
            let file = |number: usize| {
                let lines = halves[number].iter().enumerate().map(|(at, value)| {
                    if number == half && at == line % halves[number].len() {
                        damaged(value, &damage)
                    } else {
                        value.to_string()
                    }
                });
                (number.to_string(), lines.collect::<Vec<_>>().join("\n"))
            };
            match merge(ALL, &[file(0), file(1)]) {
                Ok((_, results)) => {
                    let (runs, mut diagnostics) = of_each(&results);
                    for run in &runs {
                        prop_assert!(is_no_better(run), "{:?}", run);
                    }
                    diagnostics.extend(of_all(&runs));
                    let _ = (
                        report::screen(&runs, None),
                        report::junit(&runs, &diagnostics),
                    );
                    let _ = report::summary(&runs, &report::causes(&diagnostics));
                    let _ = report::annotations(&report::causes(&diagnostics));
                    for run in runs {
                        let _ = report::json_line(run);
                    }
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
            Ok(())
        },
    );
}

/// Whether a run of a model that is violated says so, or is a diagnostic.
fn is_no_better(run: &Run) -> bool {
    run.verdict == Verdict::Violated || run.is_cut_off() || run.differs.is_some()
}

#[test]
fn a_damaged_answer_is_no_better_verdict() {
    let spec = protocols::find("page-mkwrite").expect("it is listed");
    let (design, scenario) = (spec.design("old"), spec.scenario("absent"));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    let strategies = [
        Search::ExplicitState,
        Search::LoomSleepSets,
        Search::Random {
            seed: 1,
            executions: 500,
        },
    ];
    let answers = strategies.map(|strategy| {
        let job = Job {
            spec,
            design,
            scenario,
            strategy,
        };
        let run = spec::check(spec, design, scenario, &job.strategy).expect("a result");
        (job, serde_json::to_value(Outcome::from(run)).expect("JSON"))
    });
    check(240, &(damage(), 0..3_usize), |(damage, which)| {
        let (job, whole) = &answers[which];
        if let Ok(outcome) = serde_json::from_str::<Outcome>(&damaged(whole, &damage)) {
            match outcome.run(job, &Limits::default()) {
                Ok(run) => prop_assert!(is_no_better(&run), "{:?}", run),
                Err(error) => prop_assert!(error.to_string().len() < 4_000, "{}", error),
            }
        }
        Ok(())
    });
}

#[test]
fn a_damaged_question_is_answered_or_refused() {
    let question = json!({
        "spec": "page-mkwrite", "design": "old", "scenario": "absent",
        "strategy": {"random": {"seed": 1, "executions": 2}},
        "max_states": 10, "max_memory": 100_000_000
    });
    // The searches themselves may be of any requested length.
    let stop = Stop::default();
    stop.stop();
    check(400, &damage(), |damage| {
        let text = damaged(&question, &damage);
        let lines = text.lines().map(|line| Ok(line.to_string()));
        let mut answers = Vec::new();
        if serve(ALL, lines, &mut answers, &stop).is_ok() && !text.is_empty() {
            prop_assert!(answers.ends_with(b"\n"));
        }
        Ok(())
    });
}

#[test]
fn a_search_with_any_numbers_has_a_result_or_an_error() {
    let spec = protocols::find("page-mkwrite").expect("it is listed");
    let (design, scenario) = (spec.design("old"), spec.scenario("absent"));
    let encoding = spec.encoding(design.expect("listed"), scenario.expect("listed"));
    let numbers = || {
        prop_oneof![
            Just(0_usize),
            Just(1),
            Just(2),
            Just(usize::MAX),
            0..300_usize
        ]
    };
    let strategies = (0..4, numbers(), any::<u64>()).prop_map(|(kind, number, seed)| match kind {
        0 => Search::Preemptions(number),
        1 => Search::ExplicitState,
        2 => Search::Random {
            seed,
            executions: number % 4,
        },
        _ => Search::Pct {
            seed,
            depth: number,
            executions: 3,
        },
    });
    let limits = (prop::option::of(0..40_u64), prop::option::of(any::<u64>()));
    check(
        120,
        &(strategies, limits),
        |(strategy, (states, memory))| {
            let limits = Limits {
                states,
                memory,
                ..Limits::default()
            };
            let _ = search_within(&encoding, &strategy, &limits);
            Ok(())
        },
    );
}
