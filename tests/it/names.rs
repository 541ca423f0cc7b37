//! Any name of a spec is refused by the tables, or its replay words replay.

use pagelock::engine::{Engine, NO_DEADLOCK, Strategy as Search};
use pagelock::lock_order::graph;
use pagelock::model::{Encoding, Function, World};
use pagelock::report::json_line;
use pagelock::spec::{
    self, Clause, Design, Expectation, Property, Scenario, Spec, Specs, Variant, check,
    counterexample, counterexample_without, execution,
};
use pagelock::trace::Replay;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;
use std::sync::Arc;

const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");

const PROPERTIES: &[Property] = &[Property::new(
    NO_DEADLOCK,
    "no thread blocks forever",
    "at a wait",
)];

/// Two locks in opposite orders, whatever the design has.
fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    Arc::new(|world: &mut World| {
        let (a, b) = (world.lock("a", "a", ()), world.lock("b", "b", ()));
        for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
            world.thread(name, move |task| {
                let _first = task.acquire(&first, LOCK)?;
                let _second = task.acquire(&second, LOCK)?;
                Ok(())
            });
        }
    })
}

/// A spec, two designs, a scenario and a clause of these names. Leaked: a spec lives as long as the program.
fn spec([name, old, new, scenario, clause]: [String; 5]) -> &'static Spec {
    let leak = |name: String| -> &'static str { name.leak() };
    let (old, new, scenario, clause) = (leak(old), leak(new), leak(scenario), leak(clause));
    Box::leak(Box::new(Spec {
        clauses: vec![Clause::new(clause, "nothing", LOCK)].leak(),
        designs: vec![
            Design::new(old, "as it was", &[]),
            Design::new(new, "as it is", vec![clause].leak()),
        ]
        .leak(),
        scenarios: vec![Scenario::new(scenario, "two threads")].leak(),
        properties: PROPERTIES,
        expectations: vec![
            Expectation::violates(old, scenario, &[NO_DEADLOCK]),
            Expectation::violates(new, scenario, &[NO_DEADLOCK]),
        ]
        .leak(),
        ..Spec::new(leak(name), "two locks", encode)
    }))
}

/// A name that nothing speaks against, and one that is odd.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => "[a-zA-Z0-9][a-zA-Z0-9._-]{0,9}",
        3 => "v[0-9]\\.[0-9]",
        1 => "[a-z0-9~@:/. x=+-]{0,4}",
        1 => ".{0,3}",
        1 => "a{50,70}",
    ]
}

/// What the tables say of a name: the table of docs/mistakes.md in code.
fn is_fine(name: &str) -> bool {
    let mut letters = name.bytes();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphanumeric())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter))
        && name.len() <= 60
}

#[test]
fn a_name_is_refused_or_its_words_replay() {
    let config = Config {
        cases: 120,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let all = [names(), names(), names(), names(), names()];
    let (refused, replayed) = (Cell::new(0), Cell::new(0));
    let result = TestRunner::new_with_rng(config, rng).run(&all, |names| {
        let fine = names.iter().all(|name| is_fine(name)) && names[1] != names[2];
        let spec = spec(names);
        let specs = Specs::new(vec![spec].leak());
        let mistakes = specs.mistakes();
        prop_assert_eq!(mistakes.is_empty(), fine, "{:?}", mistakes);
        if !fine {
            refused.set(refused.get() + 1);
            return Ok(());
        }
        for word in words(spec) {
            let replay: Result<Replay, _> = word.parse();
            let replay = replay.map_err(|error| TestCaseError::fail(format!("{word}: {error}")))?;
            prop_assert_eq!(&replay.to_string(), &word);
            let events = execution(specs, &replay);
            prop_assert!(events.is_ok(), "{}: {:?}", word, events);
            if replay.schedule.len() == 2 {
                let trace = spec::replay(specs, &replay, Some(NO_DEADLOCK), Engine::Stateful);
                prop_assert!(trace.is_ok(), "{}: {:?}", word, trace);
            }
        }
        replayed.set(replayed.get() + 1);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(
        refused.get() > 20 && replayed.get() > 20,
        "{refused:?} {replayed:?}"
    );
}

/// The words that are printed of it: of counterexamples, of one without a clause, in JSON, and of the orders of
/// locks, which end before the deadlock.
fn words(spec: &'static Spec) -> Vec<String> {
    let [old, new] = spec.designs else {
        panic!("two designs")
    };
    let scenario = &spec.scenarios[0];
    let trace = counterexample(spec, old, scenario, None).expect("a result");
    let clauses = [&spec.clauses[0]];
    let without = counterexample_without(spec, new, &clauses, scenario, Some(NO_DEADLOCK));
    let traces = [trace, without.expect("a result")];
    let mut words: Vec<String> = (traces.into_iter())
        .map(|trace| trace.expect("it deadlocks").replay().to_string())
        .collect();
    let run = check(spec, old, scenario, &Search::ExplicitState).expect("a result");
    let line: serde_json::Value = serde_json::from_str(&json_line(&run)).expect("JSON");
    words.extend(
        line["findings"][0]["replay"]
            .as_str()
            .map(ToString::to_string),
    );
    let graph = graph(spec, old).expect("a result");
    let witnesses = graph.edges.iter().map(|edge| graph.replay(&edge.witness));
    words.extend(witnesses.map(|word| word.to_string()));
    assert_eq!(words.len(), 5);
    words
}

#[test]
fn names_of_the_kind_that_no_word_could_have() {
    for name in [
        "", "a b", "a/b", "a~b", "a@b", "a:b", "a\nb", "é", "-a", ".", "..", ".a", "_a", "a+b",
        "a=b",
    ] {
        let names = [name, "old", "new", "two", "clause"].map(ToString::to_string);
        let mistakes = spec(names).mistakes();
        // The name of a spec is one of the program's.
        assert!(mistakes.is_empty());
        let names = ["locks", name, "new", "two", "clause"].map(ToString::to_string);
        assert_eq!(spec(names).mistakes().len(), 1, "{name:?}");
        let names = [name, "old", "new", "two", "clause"].map(ToString::to_string);
        let specs = Specs::new(vec![spec(names)].leak());
        assert_eq!(specs.mistakes().len(), 1, "{name:?}");
    }
}
