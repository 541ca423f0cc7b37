//! Interrupted checks.

use crate::Test;
use crate::model::{BEGUN, SPECS};
use crate::program::{Ended, Program};
use pagelock::engine::{CutOff, Limits};
use pagelock::runner::{Selection, Workers, run_all_within};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::path::Path;

pub(crate) const TESTS: [Test; 9] = [
    ("what_was_done_is_told", what_was_done_is_told),
    (
        "an_exploration_keeps_what_was_done",
        an_exploration_keeps_what_was_done,
    ),
    (
        "every_format_has_a_place_for_it",
        every_format_has_a_place_for_it,
    ),
    ("a_shard_keeps_what_was_done", a_shard_keeps_what_was_done),
    ("once_more_ends_at_once", once_more_ends_at_once),
    (
        "no_worker_outlives_who_started_it",
        no_worker_outlives_who_started_it,
    ),
    (
        "a_worker_that_is_ended_is_no_failure",
        a_worker_that_is_ended_is_no_failure,
    ),
    (
        "a_test_that_fails_leaves_no_program",
        a_test_that_fails_leaves_no_program,
    ),
    (
        "threads_are_stopped_like_processes",
        threads_are_stopped_like_processes,
    ),
];

/// Every search of the spec with an endless one.
const ALL: [&str; 2] = ["check", "counters"];

fn asked() -> Selection {
    Selection {
        targets: vec!["counters".to_string()],
        ..Selection::default()
    }
}

fn searches() -> usize {
    asked().jobs(SPECS).expect("there are some").len()
}

fn interrupted(more: &[&str], signal: Signal, group: bool) -> Ended {
    let mut program = Program::start(&[&ALL, more].concat());
    program.wait_for(BEGUN);
    program.signal(signal, group);
    program.end()
}

/// A terminal signals a whole group, and any other sender one process.
fn what_was_done_is_told() {
    for (signal, group) in [
        (Signal::INT, false),
        (Signal::INT, true),
        (Signal::TERM, false),
    ] {
        let ended = interrupted(&["--json"], signal, group);
        assert_eq!(ended.code, Some(3), "{}", ended.said);
        let lines = ended.lines();
        assert_eq!(lines.len(), searches());
        let mut done = 0;
        for line in &lines {
            if line["cut_off"] == "stopped" {
                assert_eq!(
                    (&line["verdict"], &line["complete"]),
                    (&"incomplete".into(), &false.into())
                );
            } else {
                assert_eq!(line["as_expected"], true, "{line}");
                assert_ne!(line["scenario"], "endless");
                done += 1;
            }
        }
        let endless = |line: &&serde_json::Value| {
            line["scenario"] == "endless" && line["cut_off"] == "stopped"
        };
        let under_way = lines
            .iter()
            .filter(endless)
            .filter_map(|line| line["executions"].as_u64());
        assert!(
            under_way.max() >= Some(2),
            "a running search is reported with what it has done: {lines:?}"
        );
        let last = format!(
            "error: interrupted: {done} of {} searches finished; the others are incomplete",
            lines.len()
        );
        assert_eq!(ended.said.lines().last(), Some(&*last));
        assert!(!ended.said.contains("worker"), "{}", ended.said);
    }
}

/// One scenario has a result, and the endless one says nothing.
fn an_exploration_keeps_what_was_done() {
    let mut program = Program::start(&["explore", "counters", "--json"]);
    program.wait_for(BEGUN);
    program.signal(Signal::INT, false);
    let ended = program.end();
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    let lines = ended.lines();
    let last = lines.last().expect("there is a last line");
    assert_eq!(last["complete"], false, "{last}");
    assert!(last["scenarios"].as_u64() <= Some(1), "{last}");
    assert!(
        ended.said.contains("of 2 scenarios explored"),
        "{}",
        ended.said
    );
}

fn every_format_has_a_place_for_it() {
    let table = interrupted(&["--table"], Signal::INT, false);
    assert_eq!(table.code, Some(3));
    let row = table.printed.lines().find(|line| line.contains("endless"));
    let row = row.expect("it has a row");
    assert!(row.matches("incomplete").count() >= 3, "{row}");
    let junit = interrupted(&["--format", "junit"], Signal::INT, false);
    assert_eq!(junit.code, Some(3));
    assert_eq!(junit.printed.matches("<testcase ").count(), searches());
    assert!(junit.printed.contains("is not complete: it was stopped"));
    let github = interrupted(&["--format", "github"], Signal::INT, false);
    assert_eq!(github.code, Some(3));
    assert!(
        github
            .printed
            .contains("::error title=incomplete::counters/only in `endless`")
    );
}

fn a_shard_keeps_what_was_done() {
    let file = |name: &str, ended: &Ended| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, &ended.printed).expect("it is written");
        path.display().to_string()
    };
    let ended = interrupted(&["--shard", "1/1"], Signal::INT, false);
    assert_eq!(ended.code, Some(3));
    let merged = Program::start(&["merge", "--json", &file("interrupted.jsonl", &ended)]).end();
    assert_eq!(merged.code, Some(3), "{}", merged.said);
    assert_eq!(merged.lines().len(), searches());
    assert_eq!(
        merged.said.lines().last(),
        ended.said.lines().last(),
        "the file says as much"
    );
}

fn once_more_ends_at_once() {
    let mut program = Program::start(&["check", "stuck", "--engine", "loom"]);
    program.wait_for(BEGUN);
    program.signal(Signal::INT, false);
    program.wait_for("interrupted: waiting for running searches; press Ctrl-C again to quit");
    program.signal(Signal::INT, false);
    let ended = program.end();
    assert_eq!(ended.code, Some(130));
    assert_eq!(
        (&*ended.printed, &*ended.said),
        ("", "error: interrupted\n")
    );
}

fn no_worker_outlives_who_started_it() {
    for target in ["counters", "stuck"] {
        let mut program = Program::start(&["check", target]);
        program.wait_for(BEGUN);
        program.signal(Signal::KILL, false);
        // Its workers have the same standard error, so this ends when they have.
        assert_eq!(program.end().printed, "");
    }
}

/// A signal to a worker ends its search, and the check goes on.
fn a_worker_that_is_ended_is_no_failure() {
    let search = ["--engine", "loom", "--scenario", "endless", "--json"];
    let mut program = Program::start(&[&ALL, &search[..]].concat());
    program.wait_for(BEGUN);
    // Its children are the workers.
    let workers = std::fs::read_dir("/proc")
        .expect("this is Linux")
        .flatten()
        .filter_map(|entry| {
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent = stat
                .rsplit_once(')')?
                .1
                .split_whitespace()
                .nth(1)?
                .to_string();
            let is_worker = parent == program.pid().to_string();
            is_worker.then(|| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?))?
        });
    for worker in workers {
        kill_process(worker, Signal::TERM).expect("it is there");
    }
    let ended = program.end();
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    assert_eq!(ended.lines()[0]["cut_off"], "stopped");
}

/// A test that panics drops its program half way.
fn a_test_that_fails_leaves_no_program() {
    let mut program = Program::start(&["check", "stuck"]);
    program.wait_for(BEGUN);
    let pid = program.pid();
    drop(program);
    assert_eq!(test_kill_process(pid), Err(Errno::SRCH));
}

fn threads_are_stopped_like_processes() {
    let jobs = asked().jobs(SPECS).expect("there are some");
    let limits = Limits::default();
    let stop = limits.stop.clone();
    let results = run_all_within(&jobs, &Workers::Threads, &limits, &move |done, _| {
        if done == 2 {
            stop.stop();
        }
    });
    let runs: Vec<_> = results
        .into_iter()
        .map(|result| result.expect("a result"))
        .collect();
    let stopped = |cut_off| {
        runs.iter()
            .filter(|run| run.search.cut_off == cut_off)
            .count()
    };
    assert!(stopped(None) >= 2);
    assert_eq!(stopped(None) + stopped(Some(CutOff::Stopped)), searches());
    for run in runs.iter().filter(|run| run.scenario.name == "endless") {
        assert!(run.is_cut_off() && !run.search.statistics.complete);
    }
}
