//! What `export` writes is enough: another checker comes from the text alone to the same states, ends,
//! schedules and violations.

use crate::explorer::{Automata, Corpus, Explored, Found};
use pagelock::export::{corpus, models};
use pagelock::protocols;

/// The export of a spec or a design, as another program reads it.
fn exported(target: &str, scenario: Option<&str>) -> Corpus {
    let models = models(protocols::ALL, &[target.to_string()], scenario).expect("there are some");
    let made = corpus(&models, &|_, _| ()).expect("the searches end");
    assert_eq!(made.differences, Vec::<String>::new());
    let text = serde_json::to_string(&made.corpus).expect("it is JSON");
    serde_json::from_str(&text).expect("it is what the explorer reads")
}

fn told(found: &Found) -> Explored {
    let violated = found.violated.iter();
    Explored {
        states: found.states,
        transitions: found.transitions,
        ends: found.ends,
        schedules: found.schedules,
        violated: violated.map(|one| one.property.clone()).collect(),
    }
}

/// Explores every model of a spec.
fn explored(spec: &str) {
    let corpus = exported(spec, None);
    let [own] = &corpus.specs[..] else {
        panic!("{spec} alone was asked for");
    };
    assert_eq!(own.name, spec);
    let mut models = 0;
    for model in &own.models {
        let (Some(automata), Some(found)) = (&model.automata, &model.result) else {
            continue;
        };
        models += 1;
        let place = format!("{spec}/{} {}", model.design, model.scenario);
        assert_eq!(automata.explore(), Ok(told(found)), "{place}");
        for one in &found.violated {
            // Where the last wait of a cycle is come to, the others may still go on.
            let violated = automata.follow(&one.schedule, one.property == "no-deadlock");
            let violated = violated.unwrap_or_else(|error| panic!("{place}: {error}"));
            assert!(violated.contains(&one.property), "{place} {}", one.property);
        }
    }
    let pins = include_str!("states.txt").lines();
    let pinned = pins.filter(|line| line.starts_with(&format!("{spec}/")));
    assert_eq!(models, pinned.count(), "every model that is pinned");
}

macro_rules! explored {
    ($($name:ident: $spec:literal,)*) => {
        $(#[test]
        fn $name() {
            explored($spec);
        })*

        #[test]
        fn every_spec_is_explored() {
            let names: Vec<_> = protocols::ALL.iter().map(|spec| spec.name).collect();
            assert_eq!(names, [$($spec),*]);
        }
    };
}
explored! {
    page_mkwrite: "page-mkwrite",
    ext4_writepage: "ext4-writepage",
    ext4_journalled_writepage: "ext4-journalled-writepage",
    ext4_journal_start: "ext4-journal-start",
    nfs_coalesce: "nfs-coalesce",
}

/// Every change to a copy of the automata, one transition at a time.
fn changed(
    automata: &Automata,
    change: impl Fn(&mut Automata, [usize; 3]) -> bool,
) -> Vec<Automata> {
    let mut all = Vec::new();
    for (thread, own) in automata.threads.iter().enumerate() {
        for (local, at) in own.local_states.iter().enumerate() {
            for transition in 0..at.transitions.len() {
                let mut copy = automata.clone();
                if change(&mut copy, [thread, local, transition]) {
                    all.push(copy);
                }
            }
        }
    }
    all
}

/// No transition is there for nothing, and none may be another one.
#[test]
fn a_changed_transition_is_noticed() {
    let corpus = exported("ext4-journal-start/old", Some("write"));
    let model = &corpus.specs[0].models[0];
    let (Some(automata), Some(found)) = (&model.automata, &model.result) else {
        panic!("the explicit-state engine runs the scenario");
    };
    let told = told(found);
    assert_eq!(automata.explore().as_ref(), Ok(&told));
    let missing = changed(automata, |copy, [thread, local, transition]| {
        let local_states = &mut copy.threads[thread].local_states;
        local_states[local].transitions.remove(transition);
        true
    });
    let elsewhere = changed(automata, |copy, [thread, local, transition]| {
        let local_states = &mut copy.threads[thread].local_states;
        let to = &mut local_states[local].transitions[transition].to;
        *to = usize::from(*to == 0);
        true
    });
    let kept = changed(automata, |copy, [thread, local, transition]| {
        let own = &mut copy.threads[thread].local_states[local].transitions[transition];
        !std::mem::take(&mut own.gives).is_empty()
    });
    let not_taken = changed(automata, |copy, [thread, local, transition]| {
        let own = &mut copy.threads[thread].local_states[local].transitions[transition];
        !std::mem::take(&mut own.takes).is_empty()
    });
    let unwritten = changed(automata, |copy, [thread, local, transition]| {
        let own = &mut copy.threads[thread].local_states[local].transitions[transition];
        own.writes.pop().is_some()
    });
    for (kind, copies) in [
        ("missing", missing),
        ("elsewhere", elsewhere),
        ("kept", kept),
        ("not taken", not_taken),
        ("unwritten", unwritten),
    ] {
        assert!(!copies.is_empty(), "{kind}");
        for (number, copy) in copies.iter().enumerate() {
            assert_ne!(copy.explore().as_ref(), Ok(&told), "{kind} {number}");
        }
    }
}
