//! The command line accepts or refuses any arguments.

use super::Arguments;
use clap::{CommandFactory as _, Parser as _};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::ffi::OsString;

/// Commands, options and values of all of them.
fn real() -> Vec<String> {
    let program = Arguments::command();
    let mut words: Vec<String> = [
        "1/2",
        "0/0",
        "512M",
        "100",
        "-",
        "--",
        "page-mkwrite/old",
        "loom",
        "svg",
    ]
    .map(ToString::to_string)
    .to_vec();
    for command in std::iter::once(&program).chain(program.get_subcommands()) {
        words.push(command.get_name().to_string());
        for argument in command.get_arguments() {
            words.extend(argument.get_long().map(|long| format!("--{long}")));
            words.extend(argument.get_short().map(|short| format!("-{short}")));
            let values = argument.get_possible_values();
            words.extend(values.iter().map(|value| value.get_name().to_string()));
        }
    }
    words
}

fn words() -> impl Strategy<Value = Vec<OsString>> {
    let known = prop::sample::select(real());
    let joined = (prop::sample::select(real()), ".{0,9}")
        .prop_map(|(word, value)| format!("{word}={value}"));
    let number = any::<i128>().prop_map(|number| number.to_string());
    let text = prop_oneof![12 => known, 3 => joined, 2 => ".{0,12}", 1 => number];
    let word = prop_oneof![30 => text.prop_map(OsString::from), 1 => Just(no_text())];
    prop::collection::vec(word, 0..9)
}

/// An argument that is no text.
#[cfg(unix)]
fn no_text() -> OsString {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(vec![b'-', b'-', 0xff])
}

#[cfg(not(unix))]
fn no_text() -> OsString {
    OsString::new()
}

#[test]
fn any_words_are_understood_or_refused() {
    let config = Config {
        cases: 4_000,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(&words(), |words| {
        let words = std::iter::once(OsString::from("pagelock")).chain(words);
        if let Err(error) = Arguments::try_parse_from(words) {
            prop_assert!(!error.to_string().is_empty());
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_arguments_do_not_contradict_one_another() {
    Arguments::command().debug_assert();
}
