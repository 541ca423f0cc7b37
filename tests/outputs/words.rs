//! Every replay word that is printed replays.

use crate::hostile::SPECS;
use crate::{Test, folder, program, program_in, site};
use pagelock::engine::Engine;
use pagelock::spec::{self, ReplayError, execution};
use pagelock::trace::Replay;
use std::collections::BTreeSet;
use std::fs;

pub(crate) const TESTS: [Test; 1] = [(
    "every_word_that_is_printed_replays",
    every_word_that_is_printed_replays,
)];

/// The words in a text: what has a slash and an at sign, to the last letter that a word may have. What was cut or
/// broken is found too, and is no word.
fn words(text: &str) -> Vec<String> {
    let is_in_a_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.~/@:".contains(letter);
    let all = text.split(|letter| !is_in_a_word(letter));
    let words = all.filter(|word| {
        let before = word.split_once('@').map(|(before, _)| before);
        before.is_some_and(|before| {
            SPECS
                .iter()
                .any(|spec| before.starts_with(&format!("{}/", spec.name)))
        })
    });
    words.map(ToString::to_string).collect()
}

/// What the program prints and writes that has words in it, each with its place.
fn printed() -> Vec<(String, String)> {
    let folder = folder("words");
    let summary = folder.join("summary.md").display().to_string();
    let site = folder.join("site").display().to_string();
    let file = folder.join("kept.json").display().to_string();
    let hostile = "Hostile_1.0/v1.2";
    let mut printed = Vec::new();
    let mut print = |arguments: &[&str]| {
        let said = program(arguments);
        printed.push((format!("{arguments:?}"), said.out));
    };
    print(&["check"]);
    print(&["check", "--json"]);
    print(&["check", "--format", "junit"]);
    print(&["check", "--format", "github"]);
    for scenario in ["two", "waits", "breaks"] {
        for format in ["screen", "html", "sarif"] {
            print(&["trace", hostile, "--scenario", scenario, "--format", format]);
        }
    }
    let without = ["--scenario", "two", "--without", "same_order.1"];
    print(&[&["trace", "Hostile_1.0/fixed_"], &without[..]].concat());
    print(&[
        "diff",
        "Hostile_1.0",
        "v1.2",
        "v1.2-patched",
        "--scenario",
        "two",
    ]);
    print(&["graph", hostile]);
    print(&["graph", "a/b-x"]);
    program(&["trace", hostile, "--format", "json", "-o", &file]);
    print(&["replay", &file]);
    program_in(
        &["check", "--format", "github"],
        &[("GITHUB_STEP_SUMMARY", &summary)],
    );
    program(&["report", "-o", &site]);
    let pages = site::files(site.as_ref()).into_iter();
    let pages = pages.filter(|page| {
        let is_html = page.extension().is_some_and(|ending| ending == "html");
        let path = page.display().to_string();
        is_html && (path.contains("counterexamples") || path.contains("graphs/Hostile"))
    });
    for path in pages.chain([summary.into()]) {
        let text = fs::read_to_string(&path).expect("it is text");
        printed.push((path.display().to_string(), text));
    }
    printed
}

fn every_word_that_is_printed_replays() {
    let mut all = BTreeSet::new();
    for (place, text) in &printed() {
        let own = words(text);
        assert!(!own.is_empty(), "{place} prints no word: {text}");
        all.extend(own);
    }
    let mut passing = 0;
    for word in &all {
        let replay: Replay = word
            .parse()
            .unwrap_or_else(|error| panic!("{word}: {error}"));
        match spec::replay(SPECS, &replay, None, Engine::Stateful) {
            Ok(trace) => assert_eq!(trace.replay().to_string(), *word),
            // What leads to an order of locks violates nothing.
            Err(ReplayError::Passes { .. }) => {
                passing += 1;
                passes(word, &replay);
            }
            Err(error) => panic!("{word}: {error}"),
        }
    }
    assert!(passing > 0, "the graph prints some");
    assert!(all.len() > passing + 4, "{all:?}");
    assert!(
        all.iter().any(|word| word.contains('~')),
        "one of them is without a clause"
    );
}

/// A word that violates nothing is executed, and shown to its end.
fn passes(word: &str, replay: &Replay) {
    let events = execution(SPECS, replay).unwrap_or_else(|error| panic!("{word}: {error}"));
    let turns = replay.schedule.len();
    let operations = events.iter().filter(|event| event.operation.is_some());
    assert_eq!(operations.count(), turns);
    let said = program(&["replay", word]);
    assert_eq!(said.code, Some(1), "{word}: {}", said.err);
    let last = format!("{turns} of {turns}  ");
    assert!(said.out.contains(&last), "{word}: {}", said.out);
}
