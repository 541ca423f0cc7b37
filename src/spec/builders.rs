//! Builders of a spec's parts: what is left out is empty.

use super::data::{
    Clause, CoverPoint, Design, EngineSet, ExpectedAblation, Origin, Property, Scenario, Spec,
};
use super::variant::Variant;
use crate::model::{Encoding, Function};
use std::sync::Arc;

impl Spec {
    /// A spec with a name, a line on what it is about, and an encoding; everything else is empty.
    ///
    /// ```
    /// use pagelock::model::{Encoding, World};
    /// use pagelock::spec::{Design, Expectation, Scenario, Spec, Variant};
    /// use std::sync::Arc;
    ///
    /// fn encode(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    ///     Arc::new(|world: &mut World| world.thread("one", |_| Ok(())))
    /// }
    ///
    /// static SPEC: Spec = Spec {
    ///     designs: &[Design::new("only", "does nothing", &[])],
    ///     scenarios: &[Scenario::new("alone", "one thread")],
    ///     expectations: &[Expectation::passes("only", "alone")],
    ///     ..Spec::new("nothing", "a thread that does nothing", encode)
    /// };
    /// assert!(SPEC.mistakes().is_empty());
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
            cover_points: &[],
            expectations: &[],
            space: None,
            open: &[],
            patch: None,
            one_step: &[],
            encode,
        }
    }
}

impl Clause {
    /// A clause of the spec's own patch, without a number. `function` is what it changes.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str, function: Function) -> Self {
        Self {
            id: "",
            name,
            summary,
            function,
            origin: Origin::Patch,
            ablation: None,
        }
    }

    /// With a short number.
    #[must_use]
    pub const fn numbered(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// A clause of an upstream commit before the patch.
    #[must_use]
    pub const fn earlier(self, commit: &'static str, subject: &'static str) -> Self {
        let origin = Origin::Earlier { commit, subject };
        Self { origin, ..self }
    }

    /// A clause of a later upstream commit.
    #[must_use]
    pub const fn later(self, commit: &'static str, subject: &'static str) -> Self {
        let origin = Origin::Later { commit, subject };
        Self { origin, ..self }
    }

    /// With the properties that are violated without it, in the order of their names, and a sentence that says how.
    ///
    /// ```
    /// use pagelock::model::Function;
    /// use pagelock::spec::Clause;
    ///
    /// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
    /// const SAME_ORDER: Clause = Clause::new("same-order", "both take a before b", LOCK)
    ///     .needed_for(&["no-deadlock"], "Without it each thread has what the other waits for.");
    /// assert_eq!(SAME_ORDER.ablation.unwrap().breaks, ["no-deadlock"]);
    /// ```
    #[must_use]
    pub const fn needed_for(self, breaks: &'static [&'static str], sentence: &'static str) -> Self {
        Self {
            ablation: Some(ExpectedAblation { breaks, sentence }),
            ..self
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
            base: None,
            added: clauses,
            removed: &[],
        }
    }

    /// A design with all clauses of another one, and those of these names.
    ///
    /// ```
    /// use pagelock::spec::Design;
    ///
    /// const PATCHED: Design = Design::new("patched", "one order", &["same-order", "try-first"]);
    /// const FIXED: Design = PATCHED.extended("fixed", "and no try", &["no-try"]).without(&["try-first"]);
    /// assert_eq!(FIXED.clauses(), ["same-order", "no-try"]);
    /// ```
    #[must_use]
    pub const fn extended(
        &'static self,
        name: &'static str,
        summary: &'static str,
        clauses: &'static [&'static str],
    ) -> Self {
        Self {
            base: Some(self),
            ..Self::new(name, summary, clauses)
        }
    }

    /// The design without some clauses of the one that it extends.
    #[must_use]
    pub const fn without(self, removed: &'static [&'static str]) -> Self {
        Self { removed, ..self }
    }
}

impl Scenario {
    /// A scenario that every engine runs and that need not cover anything.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            summary,
            shows: summary,
            engines: EngineSet::All,
            cover: &[],
        }
    }

    /// With what it is there to show, in one line.
    #[must_use]
    pub const fn showing(self, shows: &'static str) -> Self {
        Self { shows, ..self }
    }

    /// With the points that some execution of it must cover, also where the design passes.
    ///
    /// ```
    /// use pagelock::engine::Engine;
    /// use pagelock::spec::{CoverPoint, EngineSet, Scenario};
    ///
    /// const FULL: CoverPoint = CoverPoint::new("full", "the writer finds no room");
    /// const STRESS: Scenario = Scenario::new("stress", "nine writers")
    ///     .covering(&[FULL.name])
    ///     .run_by(EngineSet::Sampled);
    /// assert!(!STRESS.engines.has(Engine::Loom) && STRESS.cover == ["full"]);
    /// ```
    #[must_use]
    pub const fn covering(self, cover: &'static [&'static str]) -> Self {
        Self { cover, ..self }
    }

    /// The scenario, run by these engines.
    #[must_use]
    pub const fn run_by(self, engines: EngineSet) -> Self {
        Self { engines, ..self }
    }
}

impl Property {
    /// A property, and when it is looked at: `at the end`.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str, checked: &'static str) -> Self {
        Self {
            name,
            summary,
            checked,
        }
    }
}

impl CoverPoint {
    /// A cover point, and what has happened when it is covered.
    #[must_use]
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self { name, summary }
    }
}
