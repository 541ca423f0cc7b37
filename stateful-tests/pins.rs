//! Every model's size, ends, violations and points, pinned: a model that changes is noticed, whether or
//! not its verdict does.
//!
//! `INSTA_UPDATE=always cargo test --test stateful pins` writes the file anew.

use pagelock::engine::{Engine, Search, StableHasher, Strategy, search};
use pagelock::protocols;
use pagelock::spec::{Design, Scenario, Spec};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};

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
        search(&encoding, &Strategy::ExplicitState).expect("the search has a result")
    }
}

fn models() -> Vec<Model> {
    let mut models = Vec::new();
    for spec in protocols::ALL {
        for design in spec.designs {
            for expectation in spec.expectations_of(design.name) {
                let scenario = spec.scenario(expectation.scenario).expect("listed");
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
    let states = found.statistics.states.expect("the search kept states");
    let mut outcomes = StableHasher::new();
    found
        .outcomes
        .keys()
        .for_each(|outcome| outcomes.write_u64(*outcome));
    let mut line = format!(
        "{}: {} states, {} transitions, {} ends, {} schedules; ends {:016x}; model {}",
        model.name(),
        states.states,
        states.transitions,
        states.ends,
        states.schedules,
        outcomes.finish(),
        found.statistics.fingerprint
    );
    for finding in &found.findings {
        let (property, executions) = (&finding.property, finding.executions);
        let _ = write!(line, "; {property} by {executions}");
    }
    for point in &found.reached {
        let _ = write!(line, "; {point}");
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
    let pinned = pinned();
    let name = format!("{spec}/{design} {scenario}: ");
    let found = pinned.lines().find(|line| line.starts_with(&name));
    let line = found.unwrap_or_else(|| panic!("{name}no pin in {FILE}"));
    (states_of(line), number_before(line, " schedules"))
}

/// Holds the models of a spec against their pins, the fast half or the others, the smallest first.
fn as_pinned(spec: &str, fast: bool) {
    if is_updated() {
        return;
    }
    let pinned = pinned();
    let mut models = models();
    models.retain(|model| model.spec.name == spec);
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

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)
}

fn pinned() -> String {
    std::fs::read_to_string(path()).expect("the pins can be read")
}

fn is_updated() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

#[test]
fn every_model_has_a_pin_and_every_pin_a_model() {
    let models = models();
    if is_updated() {
        let lines = models.iter();
        let lines = lines.map(|model| line(model, &model.search()) + "\n");
        std::fs::write(path(), lines.collect::<String>()).expect("the pins can be written");
    }
    assert_eq!(pinned().lines().count(), models.len());
}

macro_rules! pins {
    ($($module:ident: $spec:literal,)*) => {
        $(mod $module {
            #[test]
            fn small() {
                super::as_pinned($spec, true);
            }

            #[test]
            fn large() {
                super::as_pinned($spec, false);
            }
        })*

        #[test]
        fn every_spec_has_its_pins_tested() {
            let names: Vec<_> = protocols::ALL.iter().map(|spec| spec.name).collect();
            assert_eq!(names, [$($spec),*]);
        }
    };
}
pins! {
    page_mkwrite: "page-mkwrite",
    ext4_writepage: "ext4-writepage",
    ext4_journalled_writepage: "ext4-journalled-writepage",
    ext4_journal_start: "ext4-journal-start",
    nfs_coalesce: "nfs-coalesce",
}

/// The states of each pinned model, by its name.
fn sizes() -> Vec<(String, u64)> {
    let size = |line: &str| {
        let (name, rest) = line.split_once(": ")?;
        let (states, _) = rest.split_once(" states")?;
        Some((name.to_string(), states.parse().ok()?))
    };
    pinned().lines().filter_map(size).collect()
}

/// Two threads of one process are the only identical ones; taking them for one another would at best halve
/// the states of their models.
#[test]
fn symmetry_would_spare_little() {
    let sizes = sizes();
    let sum = |wanted: &dyn Fn(&str) -> bool| -> u64 {
        let sizes = sizes.iter().filter(|(name, _)| wanted(name));
        sizes.map(|(_, states)| states).sum()
    };
    let identical = sum(&|name| name.contains(" same-pte"));
    let all = sum(&|_| true);
    assert!(
        identical > 0 && identical / 2 * 50 < all,
        "{identical} of {all}"
    );
}
