//! Specs whose names are as odd as the tables allow, and whose every other text means something to some output.

use pagelock::engine::NO_DEADLOCK;
use pagelock::model::{Encoding, Function, State, Wait, World};
use pagelock::spec::{
    Change, Clause, CoverPoint, Design, Expectation, Hunk, Patch, Property, Scenario, Spec, Specs,
    Unviolated, Variant,
};
use std::sync::Arc;

/// Something for each output: lines that are commands, controls, marks of Markdown, HTML, XML, JSON, Mermaid, DOT.
pub(crate) const HOSTILE: &str = "x\n::error::pwned\r##[error]pwned\n  ::warning::pwned\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\
    \u{2028}\u{fffe}\u{7f}\0 | a ` b ``` <script>alert(1)</script> <img src=x onerror=alert(1)> ]]> --> %0A ::error \
    ##[error]::error::pwned \" ' \\ &lt; #35; ; [a](javascript:alert(1)) **b** \u{1f468}";

/// The same as a name of a function, which formats cut at its end.
const FUNCTION: Function = Function::new(HOSTILE, HOSTILE);
const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");

const SAME_ORDER: Clause = Clause::new("same_order.1", HOSTILE, FUNCTION)
    .numbered(HOSTILE)
    .needed_for(&[NO_DEADLOCK], HOSTILE);
const CHECKED: Clause = Clause::new("checked", HOSTILE, FUNCTION)
    .later(HOSTILE, HOSTILE)
    .needed_for(&["order_1"], HOSTILE);

/// What a cell holds: a foreign text.
#[derive(Hash)]
struct Text(String);

impl State for Text {
    fn show(&self) -> String {
        self.0.clone()
    }
}

fn encode(variant: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    let (same, checked) = (variant.has(&SAME_ORDER), variant.has(&CHECKED));
    match scenario.name {
        "two" => Arc::new(move |world: &mut World| opposite(world, same)),
        "waits" => Arc::new(move |world: &mut World| waits(world, same)),
        "panics" => Arc::new(|world: &mut World| {
            world.thread(HOSTILE, |_| panic!("{HOSTILE}"));
        }),
        _ => Arc::new(move |world: &mut World| breaks(world, checked)),
    }
}

/// Two locks in opposite orders, or in the same.
fn opposite(world: &mut World, same: bool) {
    let lock = |number| world.lock(format!("{number}{HOSTILE}"), HOSTILE, ());
    let (a, b) = (lock(1), world.lock(HOSTILE, "b", ()));
    let turned = if same {
        (a.clone(), b.clone())
    } else {
        (b.clone(), a.clone())
    };
    for (number, (first, second)) in [(1, (a, b)), (2, turned)] {
        world.thread(format!("{HOSTILE}{number}"), move |task| {
            let _in = task.enter(FUNCTION);
            let _first = task.acquire(&first, FUNCTION)?;
            let _second = task.acquire(&second, LOCK)?;
            task.cover("both");
            Ok(())
        });
    }
}

/// A wait for what a thread of a hostile name does, or does not.
fn waits(world: &mut World, does: bool) {
    let cell = world.cell(HOSTILE, Text(String::new()));
    let same = cell.clone();
    world.thread("waits", move |task| {
        let wait = Wait::on(HOSTILE).woken_by(HOSTILE);
        task.step_when(&cell, FUNCTION, &wait, |text| !text.0.is_empty(), |_| ())?;
        task.cover("both");
        Ok(())
    });
    world.thread(HOSTILE, move |task| {
        if !does {
            return Err(task.leave());
        }
        task.step(&same, FUNCTION, |text| text.0 = HOSTILE.to_string())
    });
}

/// A property that is violated with a hostile message.
fn breaks(world: &mut World, holds: bool) {
    let cell = world.cell(HOSTILE, Text(HOSTILE.to_string()));
    world.thread(HOSTILE, move |task| {
        let text = |text: &mut Text| text.0 = format!("changed {HOSTILE}");
        task.step(&cell, FUNCTION, text)?;
        task.cover("both");
        task.check("order_1", holds, || HOSTILE.into());
        Ok(())
    });
}

const BOTH: &[&str] = &["both"];

const fn scenario(name: &'static str) -> Scenario {
    Scenario {
        shows: HOSTILE,
        ..Scenario::new(name, HOSTILE).covering(BOTH)
    }
}

pub(crate) const SPEC: Spec = Spec {
    commit: HOSTILE,
    before: HOSTILE,
    subject: HOSTILE,
    clauses: &[SAME_ORDER, CHECKED],
    designs: &[
        Design::new("v1.2", HOSTILE, &[]),
        Design::new("v1.2-patched", HOSTILE, &["same_order.1"]),
        Design::new("fixed_", HOSTILE, &["same_order.1", "checked"]),
    ],
    scenarios: &[scenario("two"), scenario("waits"), scenario("breaks")],
    properties: &[
        Property::new(NO_DEADLOCK, HOSTILE, HOSTILE),
        Property::new("order_1", HOSTILE, HOSTILE),
        Property::new("never", HOSTILE, HOSTILE),
    ],
    unviolated: &[Unviolated {
        property: "never",
        reason: HOSTILE,
    }],
    cover_points: &[CoverPoint::new("both", HOSTILE)],
    expectations: &[
        // The cycle is another one, so there is something to complain of.
        Expectation::violates("v1.2", "two", &[NO_DEADLOCK])
            .by(&[HOSTILE])
            .because(HOSTILE),
        Expectation::violates("v1.2", "waits", &[NO_DEADLOCK]).because(HOSTILE),
        Expectation::violates("v1.2", "breaks", &["order_1"]).because(HOSTILE),
        Expectation::passes("v1.2-patched", "two"),
        Expectation::passes("v1.2-patched", "waits"),
        Expectation::violates("v1.2-patched", "breaks", &["order_1"]),
        Expectation::passes("fixed_", "two"),
        Expectation::passes("fixed_", "waits"),
        Expectation::passes("fixed_", "breaks"),
    ],
    patch: Some(Patch::new(&[Hunk::new(
        HOSTILE,
        [1, 2, 3, 4],
        &[
            Change::mirrored(HOSTILE, HOSTILE, &["same_order.1", "checked"]),
            Change::not_mirrored(HOSTILE, HOSTILE, HOSTILE),
        ],
    )])),
    ..Spec::new("Hostile_1.0", HOSTILE, encode)
};

/// A model that ends in a panic.
const PANICS: Spec = Spec {
    designs: &[Design::new("only", HOSTILE, &[])],
    scenarios: &[scenario("panics")],
    cover_points: &[CoverPoint::new("both", HOSTILE)],
    expectations: &[Expectation::passes("only", "panics")],
    ..Spec::new("panics", HOSTILE, encode)
};

/// The clauses, of a spec without the property that one of them is needed for.
const PLAIN: [Clause; 2] = [
    SAME_ORDER,
    Clause {
        ablation: None,
        ..CHECKED
    },
];

/// Two specs whose designs are called so that their parts, joined by a dash, are the same.
const ONE: Spec = Spec {
    clauses: &PLAIN,
    designs: &[Design::new("b-x", "one", &[])],
    scenarios: &[scenario("two")],
    properties: &[Property::new(
        NO_DEADLOCK,
        "no thread blocks forever",
        "at a wait",
    )],
    cover_points: &[CoverPoint::new("both", "a thread has both locks")],
    expectations: &[Expectation::violates("b-x", "two", &[NO_DEADLOCK])],
    ..Spec::new("a", "two locks", encode)
};
const OTHER: Spec = Spec {
    designs: &[Design::new("x", "one", &[])],
    expectations: &[Expectation::violates("x", "two", &[NO_DEADLOCK])],
    ..Spec { name: "a-b", ..ONE }
};

pub(crate) const SPECS: Specs = Specs::new(&[&SPEC, &PANICS, &ONE, &OTHER]);
