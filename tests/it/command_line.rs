//! What the command line prints and how it exits.

use std::process::{Command, Output};

fn pagelock(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelock"));
    command.args(arguments);
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the program prints UTF-8")
}

#[test]
fn documented_commands_print_what_they_say() {
    trycmd::TestCases::new().case("tests/it/commands/*.trycmd");
}

#[test]
fn json_is_one_object_for_each_run() {
    let output = pagelock(&[
        "check",
        "ext4-journal-start/old",
        "--scenario",
        "write",
        "--json",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    assert_eq!(
        lines.len(),
        4,
        "loom, shuttle at random and by PCT, stateful"
    );
    for line in &lines {
        for key in [
            "spec",
            "design",
            "scenario",
            "engine",
            "expected",
            "verdict",
            "reason",
            "complete",
            "executions",
            "seconds",
        ] {
            assert!(!line[key].is_null(), "{key} is missing: {line}");
        }
        assert_eq!(line["verdict"], "violated");
        assert_eq!(line["expected"], "violated");
    }
    assert_eq!(lines[0]["engine"], "loom");
    assert_eq!(lines[0]["complete"], true);
    assert_eq!(lines[1]["complete"], false);
    assert_eq!(
        text(&output.stderr),
        "",
        "no progress off a terminal, and no engine's noise"
    );
}

#[test]
fn unknown_names_list_the_known_ones() {
    for (arguments, known) in [
        (&["check", "nonsense"][..], "ext4-journal-start"),
        (&["check", "ext4-journal-start/new"], "old, patched, mended"),
        (&["check", "--scenario", "nonsense"], "write-fault"),
        (&["check", "--engine", "spin"], "loom, shuttle"),
        (
            &["trace", "ext4-journal-start/old", "--format", "svg"],
            "screen, json",
        ),
        (&["trace", "ext4-journal-start"], "ext4-journal-start/old"),
        (&["graph", "ext4-journal-start"], "ext4-journal-start/old"),
        (&["graph", "nfs-coalesce/new"], "old, patched, mended"),
        (
            &["graph", "nfs-coalesce/old", "--format", "png"],
            "text, dot, mermaid, svg",
        ),
        (
            &["graph", "nfs-coalesce/old", "--format", "dot", "--json"],
            "cannot be used with",
        ),
        (
            &["trace", "ext4-journal-start/patched", "--scenario", "write"],
            "ordered",
        ),
    ] {
        let output = pagelock(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let complaint = text(&output.stderr);
        assert!(complaint.contains(known), "{arguments:?}: {complaint}");
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn a_limit_in_the_environment_is_refused() {
    for variable in [
        "LOOM_MAX_PREEMPTIONS",
        "LOOM_MAX_PERMUTATIONS",
        "LOOM_MAX_DURATION",
        "LOOM_MAX_BRANCHES",
        "LOOM_CHECKPOINT_FILE",
        "SHUTTLE_RANDOM_SEED",
    ] {
        let mut command = command(&["check", "ext4-journal-start/patched"]);
        let output = command
            .env(variable, "2")
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(2), "{variable}");
        let complaint = text(&output.stderr);
        assert!(complaint.contains(variable), "{complaint}");
        assert!(complaint.contains("unset it"), "{complaint}");
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let arguments = ["check", "ext4-journal-start/old", "--scenario", "extend"];
    assert!(
        !text(&pagelock(&arguments).stdout).contains('\x1b'),
        "not into a pipe"
    );
    let forced = command(&arguments).env("CLICOLOR_FORCE", "1").output();
    assert!(text(&forced.expect("it starts").stdout).contains('\x1b'));
    let refused = command(&arguments).env("NO_COLOR", "1").output();
    assert!(!text(&refused.expect("it starts").stdout).contains('\x1b'));
}

#[test]
fn the_trace_in_json_is_the_trace_on_the_screen() {
    let screen = pagelock(&["trace", "ext4-journal-start/old"]);
    let json = pagelock(&["trace", "ext4-journal-start/old", "--format", "json"]);
    let trace: pagelock::trace::Trace =
        serde_json::from_slice(&json.stdout).expect("the record is JSON");
    assert_eq!(
        pagelock::trace::screen::render(&trace),
        text(&screen.stdout)
    );
}

#[test]
fn shards_are_merged_to_what_one_machine_says() {
    let what = ["nfs-coalesce/old", "--scenario", "store"];
    let check = |more: &[&str]| pagelock(&[&["check"], &what[..], more].concat());
    let mut files = Vec::new();
    for shard in ["1/2", "2/2"] {
        let output = check(&["--shard", shard]);
        assert_eq!(output.status.code(), Some(0));
        let name = format!("shard-{}.jsonl", shard.replace('/', "-of-"));
        let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&file, &output.stdout).expect("the file is written");
        files.push(file.display().to_string());
    }
    let merge = |more: &[&str]| pagelock(&[&["merge"], more].concat());
    let merged = merge(&[&files[0], &files[1]]);
    assert_eq!(merged.status.code(), Some(0));
    // All but the last column, which is of samples, and the time.
    let table = |output: &Output| -> Vec<String> {
        let lines = text(&output.stdout).lines();
        let rows = lines.filter(|line| line.contains("store"));
        rows.map(|row| row.split_whitespace().take(7).collect::<Vec<_>>().join(" "))
            .collect()
    };
    assert_eq!(table(&merged), table(&check(&[])));
    assert_eq!(table(&merged).len(), 1);
    let json = merge(&[&files[0], &files[1], "--json"]);
    assert_eq!(text(&json.stdout).lines().count(), 4);

    let half = merge(&[&files[1]]);
    assert_eq!(half.status.code(), Some(2));
    assert_eq!(text(&half.stderr), "error: missing: shard 1/2\n");
    let none = merge(&["no-such-file"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("cannot read no-such-file"));
    let bad = check(&["--shard", "3/2"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stderr).contains("shards are counted from 1 to 2"));
}
