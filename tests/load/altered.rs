//! Workers that are not what they were: each answers in a way of its own what no worker of the program does.

use crate::Test;
use crate::model::SPECS;
use crate::program::Program;
use pagelock::engine::{Limits, Stop, Strategy};
use pagelock::runner::{Job, Workers, run_all_within, serve};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::ExitCode;

pub(crate) const TESTS: [Test; 3] = [
    (
        "no_altered_answer_is_believed",
        no_altered_answer_is_believed,
    ),
    (
        "no_more_of_an_answer_is_read_than_the_limit",
        no_more_of_an_answer_is_read_than_the_limit,
    ),
    (
        "a_program_that_is_replaced_is_noticed",
        a_program_that_is_replaced_is_noticed,
    ),
];

/// The variable of the environment that says how this executable is altered when it is a worker.
pub(crate) const ALTERED: &str = "PAGELOCK_TEST_ALTERED";

/// A worker writes lines without an end.
const ENDLESS: &str = "endless";

/// One search, which passes.
const SEARCH: [&str; 7] = [
    "check",
    "counters",
    "--scenario",
    "small",
    "--engine",
    "stateful",
    "--json",
];

/// How a line is altered: where in it, to what, and what is said of that.
fn alterations() -> Vec<(&'static str, Value, &'static str)> {
    let outcome = |field| format!("/result/outcome/{field}").leak() as &str;
    vec![
        (
            "/worker/version",
            json!("0"),
            "is not believed: it is of version 0, program ",
        ),
        (
            "/worker/program",
            json!("0"),
            ", program 0, and its file was of version ",
        ),
        (
            "/worker",
            json!(1),
            "is not believed: it does not say which build it is, but writes `{\"worker\":1}`: ",
        ),
        (
            "/search/scenario",
            json!("smaller"),
            "it answers another question than it was asked",
        ),
        (
            "/search/strategy",
            json!("loom-sleep-sets"),
            "it answers another question than it was asked",
        ),
        (
            "/result",
            json!("pass"),
            "is not believed: it does not answer, but writes `{",
        ),
        (
            outcome("search/statistics/fingerprint"),
            json!("0000000000000000"),
            "its model's fingerprint is `0000000000000000`, and should be `",
        ),
        (
            outcome("search/statistics/engine"),
            json!("loom"),
            "its engine is `loom`, and should be `stateful`",
        ),
        (
            outcome("search/statistics/version"),
            json!("0"),
            "its engine's version is `0`, and should be `",
        ),
        (
            outcome("search/statistics/strategy"),
            json!("none"),
            "its strategy is `none`, and should be `every state, no bound`",
        ),
        (
            outcome("search/statistics/complete"),
            json!(false),
            "its completeness is `false`, and should be `true`",
        ),
        (
            outcome("search/statistics/executions"),
            json!(0),
            "it is complete without an execution",
        ),
        (
            outcome("verdict"),
            json!("violated"),
            "its verdict is `violated`, and should be `pass`",
        ),
    ]
}

fn no_altered_answer_is_believed() {
    let whole = Program::start_altered(&SEARCH, "").end();
    assert_eq!(
        (whole.code, whole.lines().len()),
        (Some(0), 1),
        "{}",
        whole.said
    );
    for (number, (way, _, why)) in alterations().into_iter().enumerate() {
        let ended = Program::start_altered(&SEARCH, &number.to_string()).end();
        assert_eq!(ended.code, Some(3), "{way}: {}", ended.said);
        assert_eq!(ended.lines().len(), 0, "{way}: there is no result");
        assert!(ended.said.contains(why), "{way}: {}", ended.said);
        assert!(
            ended
                .said
                .contains("counters/only in `small`: the worker process"),
            "{}",
            ended.said
        );
    }
}

fn no_more_of_an_answer_is_read_than_the_limit() {
    let ended = Program::start_altered(&SEARCH, ENDLESS).end();
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    let why = "a line has more than 67108864 bytes, which is the most that is read";
    assert!(ended.said.contains(why), "{}", ended.said);
}

/// What this executable does as a worker that is altered.
pub(crate) fn work(how: &str) -> ExitCode {
    if how == ENDLESS {
        // Ends when its parent does not read any more.
        let endless = io::copy(&mut io::repeat(b' '), &mut io::stdout());
        return ExitCode::from(u8::from(endless.is_err()));
    }
    let number = how.parse::<usize>().ok();
    let altered = Altered {
        line: Vec::new(),
        alteration: number.map(|number| alterations().swap_remove(number)),
    };
    match serve(SPECS, io::stdin().lines(), altered, &Stop::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Writes lines to standard output, and alters each that has what is to be altered.
struct Altered {
    line: Vec<u8>,
    alteration: Option<(&'static str, Value, &'static str)>,
}

impl Write for Altered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// A worker flushes after each line.
    fn flush(&mut self) -> io::Result<()> {
        let mut line: Value = serde_json::from_slice(&std::mem::take(&mut self.line))?;
        if let Some((way, other, _)) = &self.alteration
            && let Some(part) = line.pointer_mut(way)
        {
            *part = other.clone();
        }
        let mut out = io::stdout();
        writeln!(out, "{line}")?;
        out.flush()
    }
}

/// A program that answers every question by a pass, and knows neither its build nor the model.
const SCRIPT: &str = r#"#!/bin/sh
echo '{"worker":{"version":"0","program":"0000000000000000"}}'
while read -r question; do
    echo '{"search":{},"result":{"outcome":{"verdict":"pass"}}}'
done
"#;

fn a_program_that_is_replaced_is_noticed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replaced");
    // What an earlier run has left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder is made");
    let (program, script) = (folder.join("program"), folder.join("script"));
    let own = std::env::current_exe().expect("it is running");
    std::fs::hard_link(own, &program).expect("it is on the same disk");
    std::fs::write(&script, SCRIPT).expect("it is written");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&script, mode).expect("it may be run");

    let spec = SPECS.find("counters").expect("it is listed");
    let (design, scenario) = (&spec.designs[0], &spec.scenarios[0]);
    // More than are under way at once.
    let searches = 4 + 2 * std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let jobs: Vec<Job> = (0..searches)
        .map(|seed| Job {
            spec,
            design,
            scenario,
            strategy: Strategy::Random {
                seed,
                executions: 10,
            },
        })
        .collect();
    // With a limit of memory each search has a process of its own.
    let limits = Limits {
        memory: Some(1 << 30),
        ..Limits::default()
    };
    let replace = |done: usize, _| {
        if done == 1 {
            std::fs::rename(&script, &program).expect("it is replaced");
        }
    };
    let results = run_all_within(
        &jobs,
        &Workers::Processes(program.clone()),
        &limits,
        &replace,
    );
    let (runs, errors): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert!(
        !runs.is_empty() && errors.len() > 2,
        "{} and {}",
        runs.len(),
        errors.len()
    );
    for run in runs.into_iter().flatten() {
        assert_eq!(run.search.statistics.executions, 10);
    }
    for error in errors.into_iter().filter_map(Result::err) {
        let why = "is not believed: it is of version 0, program 0000000000000000, and its file was of version ";
        assert!(error.to_string().contains(why), "{error}");
    }
}
