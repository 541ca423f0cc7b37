//! What the command line prints and how it exits.

use pagelock::render::{Layout, screen};
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
        (&["check", "ext4-journal-start/new"], "old, patched, fixed"),
        (&["check", "--scenario", "nonsense"], "write-fault"),
        (&["check", "--engine", "spin"], "loom, shuttle"),
        (
            &["trace", "ext4-journal-start/old", "--format", "svg"],
            "screen, json",
        ),
        (&["trace", "ext4-journal-start"], "ext4-journal-start/old"),
        (&["graph", "ext4-journal-start"], "ext4-journal-start/old"),
        (&["export", "nfs-coalesce/new"], "old, patched, fixed"),
        (&["export", "--scenario", "nonsense"], "write-fault"),
        (&["graph", "nfs-coalesce/new"], "old, patched, fixed"),
        (&["patch", "nonsense"], "ext4-journal-start"),
        (
            &["patch", "nfs-coalesce", "--width", "20"],
            "between 60 and 400",
        ),
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
        let diagnostic = text(&output.stderr);
        assert!(diagnostic.contains(known), "{arguments:?}: {diagnostic}");
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
        let diagnostic = text(&output.stderr);
        assert!(diagnostic.contains(variable), "{diagnostic}");
        assert!(diagnostic.contains("unset it"), "{diagnostic}");
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
    for (choice, coloured) in [("always", true), ("never", false)] {
        let chosen = pagelock(&[&["--color", choice], &arguments[..]].concat());
        assert_eq!(text(&chosen.stdout).contains('\x1b'), coloured, "{choice}");
    }
}

#[test]
fn the_trace_in_json_is_the_trace_on_the_screen() {
    let shown = pagelock(&["trace", "ext4-journal-start/old"]);
    let json = pagelock(&["trace", "ext4-journal-start/old", "--format", "json"]);
    let trace: pagelock::trace::Trace =
        serde_json::from_slice(&json.stdout).expect("the record is JSON");
    assert_eq!(screen(&trace, Layout::default()), text(&shown.stdout));
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

#[test]
fn a_record_that_was_kept_is_shown_again_and_never_overwritten() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("kept.json").display().to_string();
    let _ = std::fs::remove_file(&file);
    let kept = pagelock(&[
        "trace",
        "ext4-journal-start/old",
        "--format",
        "json",
        "--output",
        &file,
    ]);
    assert_eq!(kept.status.code(), Some(0), "{}", text(&kept.stderr));
    let again = pagelock(&[
        "trace",
        "ext4-journal-start/old",
        "--format",
        "json",
        "-o",
        &file,
    ]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("--force"));

    let record = std::fs::read_to_string(&file).expect("it was written");
    let shown = pagelock(&["replay", &file, "--format", "changelog"]);
    assert_eq!(shown.status.code(), Some(0), "{}", text(&shown.stderr));
    let traced = pagelock(&["trace", "ext4-journal-start/old", "--format", "changelog"]);
    assert_eq!(text(&shown.stdout), text(&traced.stdout));

    let trace: pagelock::trace::Trace = serde_json::from_str(&record).expect("a record");
    let word = trace.replay().to_string();
    for engine in ["loom", "shuttle", "stateful"] {
        let shown = pagelock(&["replay", &word, "--engine", engine]);
        assert_eq!(
            shown.status.code(),
            Some(0),
            "{engine}: {}",
            text(&shown.stderr)
        );
        assert!(
            text(&shown.stdout).contains("*** DEADLOCK ***")
                || text(&shown.stdout).contains("cycle")
        );
    }
}

#[test]
fn a_trace_that_is_not_what_happens_is_refused() {
    let output = pagelock(&["trace", "ext4-journal-start/old", "--format", "json"]);
    let record = text(&output.stdout).to_string();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let refused = |name: &str, record: &str, code: i32, diagnostic: &str| {
        let file = folder
            .join(format!("refused-{name}.json"))
            .display()
            .to_string();
        std::fs::write(&file, record).expect("it is written");
        let output = pagelock(&["replay", &file]);
        assert_eq!(output.status.code(), Some(code), "{name}");
        let said = text(&output.stderr);
        assert!(said.contains(diagnostic), "{name}: {said}");
    };
    let trace: pagelock::trace::Trace = serde_json::from_str(&record).expect("a record");
    let stale = record.replace(&trace.statistics.fingerprint, "0123456789abcdef");
    refused(
        "stale",
        &stale,
        2,
        "has changed: the counterexample is of model 0123456789abcdef",
    );
    refused("truncated", &record[..record.len() / 2], 2, "line ");
    let future = record.replace(pagelock::trace::SCHEMA, "pagelock-trace/9");
    refused("future", &future, 2, "its schema is `pagelock-trace/9`");
    refused("foreign", "{\"a\": 1}", 2, "no `schema`");
    let function = &trace.events[2].function;
    let changed = record.replacen(
        &format!("\"function\": \"{function}\""),
        "\"function\": \"f\"",
        1,
    );
    refused(
        "changed",
        &changed,
        1,
        "event 3 differs: the trace has f in ",
    );
    let renamed = record.replace("\"scenario\": \"write\"", "\"scenario\": \"wrote\"");
    refused("renamed", &renamed, 2, "there is no scenario `wrote` here");
}

#[test]
fn a_counterexample_is_shown_a_step_at_a_time() {
    use std::io::Write as _;
    use std::process::Stdio;
    let output = pagelock(&["trace", "ext4-journal-start/old", "--format", "json"]);
    let trace: pagelock::trace::Trace = serde_json::from_slice(&output.stdout).expect("a record");
    let word = trace.replay().to_string();
    let mut child = command(&["replay", "--step", &word])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("it has an input");
    input.write_all(b"\n\nq\n").expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    let shown = text(&output.stdout);
    assert!(shown.contains("2 of 9"), "{shown}");
    assert!(!shown.contains("3 of 9"), "{shown}");
}

#[test]
fn whatever_is_replayed_nothing_panics() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let output = pagelock(&["trace", "nfs-coalesce/old", "--format", "json"]);
    let record = output.stdout;
    // Damage of every kind at places all over the file.
    for (number, place) in (0..record.len()).step_by(record.len() / 24).enumerate() {
        let mut damaged = record.clone();
        match number % 3 {
            0 => damaged.truncate(place),
            1 => damaged[place] = b'\xff',
            _ => damaged[place] = b'7',
        }
        let file = folder.join("damaged.json");
        std::fs::write(&file, &damaged).expect("it is written");
        let output = pagelock(&["replay", &file.display().to_string()]);
        let code = output.status.code();
        // A digit in a text that is not compared changes nothing.
        assert!(
            matches!(code, Some(0..=2)),
            "{place}: {code:?} {}",
            text(&output.stderr)
        );
        assert!(
            !text(&output.stderr).contains("panicked"),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_site_is_written_into_an_empty_folder_only() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("full");
    // What an earlier run has left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder is made");
    let own = folder.join("own.txt");
    std::fs::write(&own, "own").expect("the file is written");
    for (place, diagnostic) in [(&folder, "is not empty; --force"), (&own, "is no folder")] {
        let place = place.display().to_string();
        let output = pagelock(&["report", "ext4-journal-start/old", "-o", &place]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(diagnostic),
            "{}",
            text(&output.stderr)
        );
    }
    let place = folder.display().to_string();
    let output = pagelock(&["report", "nonsense", "-o", &place, "--force"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.join("index.html").exists());
    let output = pagelock(&["report", "ext4-journal-start/old", "-o", &place, "--force"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("index.html"));
    assert!(
        folder
            .join("counterexamples/ext4-journal-start~old~write~no-deadlock.json")
            .is_file()
    );
    assert_eq!(std::fs::read_to_string(&own).expect("it is there"), "own");
}
