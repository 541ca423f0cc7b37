//! Every command and every format.

use crate::hostile::HOSTILE;
use crate::{Said, Test, folder, program, program_in, safe};
use std::fs;

pub(crate) const TESTS: [Test; 6] = [
    ("what_a_check_says", what_a_check_says),
    ("a_check_for_github", a_check_for_github),
    (
        "every_face_of_a_counterexample",
        every_face_of_a_counterexample,
    ),
    ("what_is_told_of_specs", what_is_told_of_specs),
    ("a_check_in_parts", a_check_in_parts),
    ("what_was_given_is_quoted", what_was_given_is_quoted),
];

/// The output of a command, whose errors are safe.
fn said(arguments: &[&str]) -> Said {
    let said = program(arguments);
    safe::lines(&said.err, &format!("{arguments:?}"));
    assert!(
        matches!(said.code, Some(0..=4)),
        "{arguments:?}: {:?} {}",
        said.code,
        said.err
    );
    said
}

/// The output of a command that has one.
fn out(arguments: &[&str]) -> String {
    let said = said(arguments);
    assert!(!said.out.is_empty(), "{arguments:?}: {}", said.err);
    said.out
}

fn what_a_check_says() {
    for command in [&["check"][..], &[]] {
        let said = said(command);
        safe::lines(&said.out, "check");
        assert_eq!(
            said.code,
            Some(3),
            "the panic ends a search, and a cycle is another"
        );
        assert!(said.err.contains("\\u{1b}[31m"), "{}", said.err);
        assert!(!said.out.contains("-0 s"), "{}", said.out);
    }
    let coloured = program_in(&["check"], &[("CLICOLOR_FORCE", "1")]);
    let plain = ["\u{1b}[31m", "\u{1b}[32m", "\u{1b}[0m"]
        .iter()
        .fold(coloured.out.clone(), |text, colour| {
            text.replace(colour, "")
        });
    assert_ne!(plain, coloured.out);
    safe::lines(&plain, "check, with colours");
    for line in out(&["check", "Hostile_1.0", "--json"]).lines() {
        if line.contains("findings\":[{") {
            safe::json(line, "check --json");
        }
    }
    safe::xml(
        &out(&["check", "--format", "junit"]),
        "check --format junit",
    );
    // Where no search has a result, nothing is as expected.
    let none = out(&["check", "panics"]);
    assert!(none.contains("0 searches have a result"), "{none}");
    assert!(!none.contains("Every verdict"), "{none}");
}

fn a_check_for_github() {
    let errors = |said: &Said| {
        said.err
            .lines()
            .filter(|line| line.starts_with("error: "))
            .count()
    };
    let without = said(&["check", "--format", "github"]);
    let at = without.out.find("\n::error ").expect("there are some") + 1;
    let (summary, annotations) = without.out.split_at(at);
    safe::markdown(summary, "the summary on standard output");
    safe::annotations(annotations, errors(&without), "check --format github");
    let file = folder("summary").join("summary.md");
    let path = file.display().to_string();
    let with = program_in(
        &["check", "--format", "github"],
        &[("GITHUB_STEP_SUMMARY", &path)],
    );
    safe::lines(&with.err, "check --format github");
    safe::annotations(&with.out, errors(&with), "check --format github");
    let summary = fs::read_to_string(file).expect("it was written");
    safe::markdown(&summary, "the summary");
    assert!(summary.contains("pwned") && summary.contains("```mermaid"));
}

fn every_face_of_a_counterexample() {
    let folder = folder("kept");
    let traces = [
        &["trace", "Hostile_1.0/v1.2"][..],
        &["trace", "Hostile_1.0/v1.2", "--scenario", "waits"],
        &["trace", "Hostile_1.0/v1.2-patched", "--scenario", "breaks"],
        &[
            "trace",
            "Hostile_1.0/fixed_",
            "--scenario",
            "two",
            "--without",
            "same_order.1",
        ],
    ];
    for (number, trace) in traces.iter().enumerate() {
        let file = folder.join(format!("{number}.json")).display().to_string();
        let kept = said(&[trace, &["--format", "json", "-o", &file][..]].concat());
        assert_eq!(kept.code, Some(0), "{}", kept.err);
        let written = fs::read_to_string(&file).expect("it was written");
        let record = safe::json(&written, "-o");
        assert_eq!(out(&[trace, &["--format", "json"][..]].concat()), written);
        let again = ["replay", &file];
        for command in [*trace, &again] {
            for full in [&[][..], &["--full"]] {
                every_face(&[command, full].concat(), number < 2);
            }
        }
        let again = safe::json(
            &out(&["replay", &file, "--format", "json"]),
            "replay --format json",
        );
        assert_eq!(
            again["events"], record["events"],
            "every character comes back"
        );
        let step = program(&["replay", &file, "--step"]);
        safe::lines(&step.out, "replay --step");
    }
    let diff = [
        "diff",
        "Hostile_1.0",
        "v1.2",
        "v1.2-patched",
        "--scenario",
        "two",
    ];
    safe::lines(&out(&diff), "diff");
    safe::lines(&out(&[&diff[..], &["--full"]].concat()), "diff --full");
    safe::json(&out(&[&diff[..], &["--json"]].concat()), "diff --json");
}

fn every_face(command: &[&str], deadlocks: bool) {
    let format = |name: &str| out(&[command, &["--format", name]].concat());
    let what = |name: &str| format!("{command:?} {name}");
    safe::lines(&format("screen"), &what("screen"));
    safe::lines(&format("changelog"), &what("changelog"));
    if deadlocks {
        safe::lines(&format("lockdep"), &what("lockdep"));
        safe::lines(&format("dept"), &what("dept"));
    }
    safe::mermaid(format("mermaid"), &what("mermaid"));
    safe::json(&format("sarif"), &what("sarif"));
    safe::html(&format("html"), &what("html"));
}

fn what_is_told_of_specs() {
    safe::lines(&out(&["list"]), "list");
    safe::json(&out(&["list", "--json"]), "list --json");
    for command in ["clauses", "atomicity"] {
        safe::lines(&out(&[command, "Hostile_1.0"]), command);
        safe::json(&out(&[command, "Hostile_1.0", "--json"]), command);
    }
    safe::lines(&out(&["patch", "Hostile_1.0"]), "patch");
    let lines = out(&["patch", "Hostile_1.0", "--json"]);
    for line in lines.lines() {
        safe::json(line, "patch --json");
    }
    assert_eq!(lines.lines().count(), 2);
    let graph = |more: &[&str]| out(&[&["graph", "Hostile_1.0/v1.2"], more].concat());
    safe::lines(&graph(&[]), "graph");
    safe::dot(&graph(&["--format", "dot"]), "graph --format dot");
    safe::mermaid(graph(&["--format", "mermaid"]), "graph --format mermaid");
    safe::xml(&graph(&["--format", "svg"]), "graph --format svg");
    safe::json(&graph(&["--json"]), "graph --json");
    for more in [&[][..], &["--pretty"]] {
        safe::json(&out(&[&["export", "Hostile_1.0"], more].concat()), "export");
    }
}

fn a_check_in_parts() {
    let folder = folder("shards");
    let mut files = Vec::new();
    for shard in ["1/2", "2/2"] {
        let text = out(&["check", "Hostile_1.0", "--shard", shard]);
        safe::lines(&text, "check --shard");
        let file = folder.join(shard.replace('/', "-")).display().to_string();
        fs::write(&file, text).expect("it is written");
        files.push(file);
    }
    let merge = |more: &[&str]| out(&[&["merge", &files[0], &files[1]], more].concat());
    safe::lines(&merge(&[]), "merge");
    let lines = merge(&["--json"]);
    let found = lines.lines().filter(|line| line.contains("findings\":[{"));
    let found: Vec<_> = found.map(|line| safe::json(line, "merge --json")).collect();
    assert!(!found.is_empty());
    safe::xml(&merge(&["--format", "junit"]), "merge --format junit");
}

/// An argument cannot have a NUL in it.
fn what_was_given_is_quoted() {
    let word = HOSTILE.replace('\0', "");
    let at = format!("{word}@");
    let target = format!("Hostile_1.0/{word}");
    for arguments in [
        &[word.as_str()][..],
        &["check", &word],
        &["check", &target],
        &["check", "--engine", &word],
        &["check", "--scenario", &word],
        &["check", "--shard", &word],
        &["trace", &target],
        &["trace", "Hostile_1.0/v1.2", "--property", &word],
        &[
            "trace",
            "Hostile_1.0/v1.2",
            "--scenario",
            "two",
            "--without",
            &word,
        ],
        &["diff", &word],
        &["diff", "Hostile_1.0", &word],
        &["replay", &word],
        &["replay", &at],
        &["merge", &word],
        &["graph", &word],
        &["clauses", &word],
        &["patch", &word],
        &["export", &word],
        &["man", &word],
    ] {
        let said = said(arguments);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{arguments:?}");
        assert!(!said.err.is_empty());
    }
}
