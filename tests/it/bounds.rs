//! Input without an end, of another kind, or with numbers that are too large: what the program says of it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn pagelock(arguments: &[&str], input: Stdio) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelock"));
    let command = command.args(arguments).stdin(input);
    command.output().expect("the program starts")
}

/// What it says when it refuses its input.
fn refused(arguments: &[&str], input: Stdio) -> String {
    let output = pagelock(arguments, input);
    let said = String::from_utf8(output.stderr).expect("it says text");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.len() < 1_000, "{arguments:?}: {said}");
    said
}

/// A file in the folder of the tests.
fn file(name: &str, text: &[u8]) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("it is written");
    path.display().to_string()
}

#[cfg(unix)]
#[test]
fn input_without_an_end_is_read_up_to_a_limit() {
    let endless = || Stdio::from(File::open("/dev/zero").expect("there is one"));
    let limit = "more than 67108864 bytes, which is the most that is read";
    for (arguments, input, names) in [
        (
            &["replay", "/dev/zero"][..],
            Stdio::null(),
            "/dev/zero: it has ",
        ),
        (&["merge", "/dev/zero"], Stdio::null(), "/dev/zero: it has "),
        (&["replay", "-"], endless(), "standard input: it has "),
        (&["worker"], endless(), "worker: a line has "),
    ] {
        let said = refused(arguments, input);
        assert!(
            said.contains(names) && said.contains(limit),
            "{arguments:?}: {said}"
        );
    }
}

#[cfg(unix)]
#[test]
fn steps_do_not_wait_for_the_end_of_an_endless_line() {
    let arguments = ["trace", "ext4-journal-start/old", "--format", "json"];
    let record = file("stepped.json", &pagelock(&arguments, Stdio::null()).stdout);
    let endless = File::open("/dev/zero").expect("there is one");
    let output = pagelock(&["replay", "--step", &record], endless.into());
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8(output.stdout).expect("it prints text");
    let is_first =
        shown.starts_with("ext4-journal-start/old in write") && !shown.contains("1 of 9");
    assert!(is_first, "{shown}");
}

#[test]
fn what_is_no_json_is_named_and_not_repeated() {
    let large = [b"\x1b[31m\n".as_slice(), "é".repeat(1_000_000).as_bytes()].concat();
    let large = file("large.txt", &large);
    let said = refused(&["replay", &large], Stdio::null());
    assert!(
        said.contains(&format!("{large}: it begins with `\\u{{1b}}[31m\\nééé")),
        "{said}"
    );
    let said = refused(&["merge", &large], Stdio::null());
    assert!(said.contains(&format!("{large} is not what")), "{said}");
    // JSON of the right kind, with a text that is too long for a message in the place of a number.
    let text = format!(
        r#"{{"schema":"pagelock-trace/2","schedule":"{}"}}"#,
        "x".repeat(1_000_000)
    );
    let other = file("other.json", text.as_bytes());
    let said = refused(&["replay", &other], Stdio::null());
    assert!(said.contains(&other) && said.contains("line 1"), "{said}");
}

#[test]
fn a_file_of_an_older_version_is_refused_by_name() {
    let old = file(
        "old-trace.json",
        br#"{"schema":"pagelock-trace/1","spec":"x"}"#,
    );
    let said = refused(&["replay", &old], Stdio::null());
    let why = "its schema is `pagelock-trace/1`, and this program reads `pagelock-trace/2`: write the trace again";
    assert!(said.contains(&old) && said.contains(why), "{said}");
    let old = file("old-shard.jsonl", br#"{"schema":"pagelock-shard/1"}"#);
    let said = refused(&["merge", &old], Stdio::null());
    let why = "has the schema `pagelock-shard/1`, and this program reads `pagelock-shard/2`: run every shard again";
    assert!(said.contains(&old) && said.contains(why), "{said}");
}

#[test]
fn a_word_with_too_many_turns_is_refused_wherever_it_comes_from() {
    let word = "a/b@c:0123456789abcdef:0.0x18446744073709551615";
    let kept = file("turns.txt", word.as_bytes());
    let why = "character 26: 18446744073709551615 turns are not between 1 and 100000";
    assert!(refused(&["replay", word], Stdio::null()).contains(why));
    assert!(refused(&["replay", &kept], Stdio::null()).contains(why));
    let input = File::open(&kept).expect("it is there");
    let said = refused(&["replay", "-"], input.into());
    assert!(
        said.contains(why) && said.contains("standard input"),
        "{said}"
    );
}

/// A worker reads no more questions than it answers, and loses none that waits.
#[test]
fn a_worker_that_is_asked_ahead_answers_every_question() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_pagelock"));
    let pipes = worker
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut worker = pipes.spawn().expect("the program starts");
    let mut questions = worker.stdin.take().expect("it is piped");
    let strategy = r#"{"random":{"seed":1,"executions":1}}"#;
    let question = format!(
        r#"{{"spec":"page-mkwrite","design":"old","scenario":"absent","strategy":{strategy}}}"#
    );
    let asking = std::thread::spawn(move || {
        for _ in 0..40 {
            writeln!(questions, "{question}").expect("it reads");
        }
        // A question that is none ends it, after all the others are answered.
        writeln!(questions, "{}", "?".repeat(1_000)).expect("it reads");
        questions
    });
    let output = worker.wait_with_output().expect("it ends");
    drop(asking.join());
    assert_eq!(output.status.code(), Some(2));
    let printed = String::from_utf8(output.stdout).expect("it prints text");
    assert_eq!(printed.lines().count(), 41, "a greeting and the answers");
}
