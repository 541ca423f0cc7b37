//! Every model's size, ends, violations and marks, pinned: a model that changes is noticed, whether or
//! not its verdict does.
//!
//! `INSTA_UPDATE=always cargo test --test stateful pins` writes the file anew.

use pagelock::engine::{Engine, Search, StableHasher, Strategy, search};
use pagelock::spec::{self, Design, Scenario, Spec};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::Path;

const FILE: &str = "stateful-tests/states.txt";

/// Models of at most so many states are searched by the fast half, which runs on every mutant.
const FAST: u64 = 1_000;

/// The fast half has a model of each scenario, where one has at most so many states.
const FAST_FOR_A_SCENARIO: u64 = 6_500;

struct Model {
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
}

impl Model {
    fn name(&self) -> String {
        format!(
            "{}/{} {}",
            self.spec.name, self.design.name, self.scenario.name
        )
    }

    fn search(&self) -> Search {
        let encoding = self.spec.encoding(self.design, self.scenario);
        search(&encoding, &Strategy::States).expect("the search has a result")
    }
}

fn models() -> Vec<Model> {
    let mut models = Vec::new();
    for spec in spec::ALL {
        for design in spec.designs {
            for record in spec.records_of(design.name) {
                let scenario = spec.scenario(record.scenario).expect("listed");
                if scenario.engines.has(Engine::Stateful) {
                    models.push(Model {
                        spec,
                        design,
                        scenario,
                    });
                }
            }
        }
    }
    models
}

/// One line on what a search found.
fn line(model: &Model, found: &Search) -> String {
    let states = found.receipt.states.expect("the search kept states");
    let mut outcomes = StableHasher::new();
    found
        .outcomes
        .iter()
        .for_each(|outcome| outcomes.write_u64(*outcome));
    let mut line = format!(
        "{}: {} states, {} transitions, {} ends, {} schedules; ends {:016x}; model {}",
        model.name(),
        states.states,
        states.transitions,
        states.ends,
        states.schedules,
        outcomes.finish(),
        found.receipt.fingerprint
    );
    for finding in &found.findings {
        let (property, executions) = (&finding.property, finding.executions);
        let _ = write!(line, "; {property} by {executions}");
    }
    for mark in &found.reached {
        let _ = write!(line, "; {mark}");
    }
    line
}

fn states_of(line: &str) -> u64 {
    let rest = line.split_once(": ").map(|(_, rest)| rest);
    number_before(rest.unwrap_or_default(), " states")
}

fn number_before(text: &str, what: &str) -> u64 {
    let before = text.split_once(what).map(|(before, _)| before);
    let number = before.and_then(|before| before.rsplit(' ').next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("a pin without its number of{what}: {text}"))
}

/// The pinned numbers of states and of schedules of a model.
pub(crate) fn size(spec: &str, design: &str, scenario: &str) -> (u64, u64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let pinned = std::fs::read_to_string(&path).expect("the pins can be read");
    let name = format!("{spec}/{design} {scenario}: ");
    let found = pinned.lines().find(|line| line.starts_with(&name));
    let line = found.unwrap_or_else(|| panic!("{name}no pin in {FILE}"));
    (states_of(line), number_before(line, " schedules"))
}

/// Holds the models of the fast half, or the others, against their pins, the smallest first.
fn as_pinned(fast: bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let pinned = std::fs::read_to_string(&path).expect("the pins can be read");
    let mut models = models();
    let pin = |model: &Model| {
        let name = format!("{}: ", model.name());
        let found = pinned.lines().find(|line| line.starts_with(&name));
        found.unwrap_or_else(|| panic!("{name}no pin in {FILE}"))
    };
    models.sort_by_key(|model| states_of(pin(model)));
    let mut scenarios = BTreeSet::new();
    models.retain(|model| {
        let states = states_of(pin(model));
        let first = scenarios.insert((model.spec.name, model.scenario.name));
        fast == (states <= FAST || (first && states <= FAST_FOR_A_SCENARIO))
    });
    assert!(!models.is_empty());
    for model in models {
        assert_eq!(line(&model, &model.search()), pin(&model));
    }
}

fn is_updated() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

#[test]
fn pins_of_small_models() {
    if is_updated() {
        let lines = models()
            .iter()
            .map(|model| line(model, &model.search()) + "\n")
            .collect::<String>();
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), lines)
            .expect("the pins can be written");
        return;
    }
    as_pinned(true);
}

#[test]
fn pins_of_large_models() {
    if !is_updated() {
        as_pinned(false);
    }
}

#[test]
fn every_pin_is_of_a_model() {
    let pinned = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE));
    let models = models();
    if !is_updated() {
        assert_eq!(
            pinned.expect("the pins can be read").lines().count(),
            models.len()
        );
    }
}
