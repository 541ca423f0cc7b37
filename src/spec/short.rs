//! The parts of a spec, written short: what is left out is empty, and nothing is pinned.
//!
//! The crate's own specs give every field. A small one of somebody else's gives what it has:
//! `examples/bounded_queue.rs`.

use super::data::{Clause, Design, EngineSet, Mark, Need, Origin, Property, Scenario, Spec};
use super::record::{Record, Recorded};
use super::variant::Variant;
use crate::engine::{Encoding, Function};
use std::sync::Arc;

impl Spec {
    /// A spec with a name, a line on what it is about, and an encoding; everything else is empty.
    ///
    /// ```
    /// use pagelock::engine::{Encoding, World};
    /// use pagelock::spec::{Design, Record, Scenario, Spec, Variant};
    /// use std::sync::Arc;
    ///
    /// fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    ///     Arc::new(|world: &mut World| world.thread("one", |_| Ok(())))
    /// }
    ///
    /// static SPEC: Spec = Spec {
    ///     designs: &[Design::new("only", "does nothing", &[])],
    ///     scenarios: &[Scenario::new("alone", "one thread")],
    ///     records: &[Record::passes("only", "alone")],
    ///     ..Spec::new("nothing", "a thread that does nothing", encode)
    /// };
    /// assert!(SPEC.design("only").is_some());
    /// ```
    #[must_use]
    pub const fn new(
        name: &'static str,
        title: &'static str,
        encode: fn(&Variant, &Scenario) -> Arc<dyn Encoding>,
    ) -> Self {
        Self {
            name,
            title,
            commit: "",
            before: "",
            subject: "",
            clauses: &[],
            designs: &[],
            scenarios: &[],
            properties: &[],
            unviolated: &[],
            rejected: &[],
            marks: &[],
            needs: &[],
            records: &[],
            encode,
        }
    }
}

impl Clause {
    /// A clause of the spec's own patch, without a number. `function` is what it changes.
    ///
    /// ```
    /// use pagelock::engine::Function;
    /// use pagelock::spec::{Clause, Origin};
    ///
    /// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
    /// const SAME_ORDER: Clause = Clause::new("same-order", "both take a before b", LOCK);
    /// assert_eq!(SAME_ORDER.origin, Origin::Patch);
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str, function: Function) -> Self {
        Self {
            id: "",
            name,
            summary,
            function,
            origin: Origin::Patch,
        }
    }
}

impl Design {
    /// A design with the clauses of these names.
    #[must_use]
    pub const fn new(
        name: &'static str,
        summary: &'static str,
        clauses: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            summary,
            clauses,
        }
    }
}

impl Scenario {
    /// A scenario that every engine runs, without marks.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            summary,
            shows: summary,
            engines: EngineSet::All,
            marks: &[],
        }
    }

    /// The scenario with marks that some execution of it must reach, also where the design passes.
    ///
    /// ```
    /// use pagelock::engine::Engine;
    /// use pagelock::spec::{EngineSet, Mark, Scenario};
    ///
    /// const FULL: Mark = Mark::new("full", "the writer finds no room");
    /// const CROWD: Scenario = Scenario::new("crowd", "nine writers")
    ///     .reaching(&[FULL.name])
    ///     .run_by(EngineSet::Sampled);
    /// assert!(!CROWD.engines.has(Engine::Loom) && CROWD.marks == ["full"]);
    /// ```
    #[must_use]
    pub const fn reaching(self, marks: &'static [&'static str]) -> Self {
        Self { marks, ..self }
    }

    /// The scenario, run by these engines.
    #[must_use]
    pub const fn run_by(self, engines: EngineSet) -> Self {
        Self { engines, ..self }
    }
}

impl Property {
    /// A property, and when it is looked at: `at the end`.
    ///
    /// ```
    /// use pagelock::spec::{Need, Property};
    ///
    /// const ORDER: Property = Property::new("order", "what was sent first comes first", "at a receive");
    /// const NEED: Need = Need::new("one-lock", &[ORDER.name], "Without it two receivers overtake each other.");
    /// assert_eq!(NEED.breaks, ["order"]);
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str, checked: &'static str) -> Self {
        Self {
            name,
            summary,
            checked,
        }
    }
}

impl Mark {
    /// A mark, and what has happened when it is reached.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self { name, summary }
    }
}

impl Need {
    /// What a clause is needed for: the properties that are violated without it, in the order of their
    /// names, and a sentence that says how.
    #[must_use]
    pub const fn new(
        clause: &'static str,
        breaks: &'static [&'static str],
        sentence: &'static str,
    ) -> Self {
        Self {
            clause,
            breaks,
            sentence,
        }
    }
}

impl Record {
    /// The record of a design that passes in a scenario.
    ///
    /// ```
    /// use pagelock::spec::{Record, Recorded};
    ///
    /// const RECORDS: [Record; 2] = [
    ///     Record::violates("old", "two", &["no-deadlock"])
    ///         .by(&["one (b) -> two (a) -> one"])
    ///         .because("Each has what the other waits for."),
    ///     Record::passes("patched", "two").pinned(2),
    /// ];
    /// assert_eq!(RECORDS[0].verdict.reason(), Some("no-deadlock"));
    /// assert_eq!((RECORDS[1].verdict, RECORDS[1].loom_executions), (Recorded::Pass, Some(2)));
    /// ```
    #[must_use]
    pub const fn passes(design: &'static str, scenario: &'static str) -> Self {
        Self {
            design,
            scenario,
            verdict: Recorded::Pass,
            loom_executions: None,
            sentence: "",
        }
    }

    /// The record of a design that violates exactly these properties in a scenario, the recorded reason
    /// first.
    #[must_use]
    pub const fn violates(
        design: &'static str,
        scenario: &'static str,
        properties: &'static [&'static str],
    ) -> Self {
        Self {
            verdict: Recorded::Violated {
                properties,
                cycles: &[],
            },
            ..Self::passes(design, scenario)
        }
    }

    /// The record with the shape of every deadlock that closes a cycle:
    /// [`Cycle::shape`](crate::trace::Cycle::shape), as a check that does not find it on record prints it.
    /// Of a record that passes, nothing.
    #[must_use]
    pub const fn by(self, cycles: &'static [&'static str]) -> Self {
        match self.verdict {
            Recorded::Pass => self,
            Recorded::Violated { properties, .. } => Self {
                verdict: Recorded::Violated { properties, cycles },
                ..self
            },
        }
    }

    /// The record with loom's executions pinned, so that a model that shrinks is noticed.
    #[must_use]
    pub const fn pinned(self, loom_executions: u64) -> Self {
        Self {
            loom_executions: Some(loom_executions),
            ..self
        }
    }

    /// The record with what happens, in one sentence.
    #[must_use]
    pub const fn because(self, sentence: &'static str) -> Self {
        Self { sentence, ..self }
    }
}
