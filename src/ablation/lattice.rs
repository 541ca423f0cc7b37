//! Every set of some clauses, in every scenario, by as few searches as are needed.
//!
//! A search of one set answers for every set that agrees with it on the clauses that it was *asked*
//! for: an encoding learns nothing of the others. So nothing here rests on an assumption such as
//! monotonicity; what is implied is implied by equality.

use crate::engine::{Engine, NO_DEADLOCK, Strategy, search};
use crate::parallel;
use crate::spec::{Scenario, Spec, Variant};
use std::collections::BTreeSet;

/// The most clauses that a lattice may be built over: 2^20 sets in each scenario.
const MOST_CLAUSES: usize = 20;

/// What goes wrong: the property's name and, of a deadlock, the shape of its cycle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// The property's name.
    pub property: String,
    /// The shape of the deadlock's cycle: see [`Cycle::shape`](crate::trace::Cycle::shape).
    pub cycle: Option<String>,
}

/// What a search came to: everything that is violated. A search without a result violates the
/// property `no result`.
pub type Outcome = BTreeSet<Broken>;

/// Some of the clauses that a lattice is over, as bits in their order.
pub type Set = u32;

/// One search, and the sets that it speaks for.
#[derive(Debug, Clone)]
struct Class {
    asked: Set,
    present: Set,
    outcome: Outcome,
}

/// What every set of clauses does in one scenario.
#[derive(Debug, Clone)]
struct Column {
    scenario: &'static Scenario,
    classes: Vec<Class>,
}

/// Every set of some clauses of a spec, each with the same fixed ones.
#[derive(Debug, Clone)]
pub struct Lattice {
    spec: &'static Spec,
    fixed: Vec<&'static str>,
    free: Vec<&'static str>,
    columns: Vec<Column>,
}

impl Lattice {
    /// A lattice over the clauses `free`, with the clauses `fixed` in every set. No search is made
    /// yet. It covers the scenarios that the stateful engine finishes.
    ///
    /// # Panics
    /// If there are more than twenty free clauses.
    #[must_use]
    pub fn new(spec: &'static Spec, fixed: &[&'static str], free: &[&'static str]) -> Self {
        assert!(
            free.len() <= MOST_CLAUSES,
            "too many clauses: {}",
            free.len()
        );
        let scenarios = spec.scenarios.iter();
        let finished = scenarios.filter(|scenario| scenario.engines.has(Engine::Stateful));
        Self {
            spec,
            fixed: fixed.to_vec(),
            free: free.to_vec(),
            columns: finished
                .map(|scenario| Column {
                    scenario,
                    classes: Vec::new(),
                })
                .collect(),
        }
    }

    /// The free clauses, in the order of their bits.
    #[must_use]
    pub fn free(&self) -> &[&'static str] {
        &self.free
    }

    /// The scenarios.
    pub fn scenarios(&self) -> impl Iterator<Item = &'static Scenario> {
        self.columns.iter().map(|column| column.scenario)
    }

    /// The set of all free clauses.
    #[must_use]
    pub fn full(&self) -> Set {
        (1 << self.free.len()) - 1
    }

    /// The bit of a clause.
    #[must_use]
    pub fn bit(&self, clause: &str) -> Option<Set> {
        let place = self.free.iter().position(|name| *name == clause)?;
        Some(1 << place)
    }

    /// The set of those of the given clauses that are free.
    #[must_use]
    pub fn set(&self, clauses: &[&str]) -> Set {
        let bits = clauses.iter().filter_map(|clause| self.bit(clause));
        bits.fold(0, |set, bit| set | bit)
    }

    /// The names of a set's clauses.
    #[must_use]
    pub fn names(&self, set: Set) -> Vec<&'static str> {
        let has = |place: &usize| set & (1 << place) != 0;
        (0..self.free.len())
            .filter(has)
            .map(|place| self.free[place])
            .collect()
    }

    /// Makes the searches that the given sets need, on all cores.
    pub fn search(&mut self, sets: &[Set], progress: &(dyn Fn(usize, usize) + Sync)) {
        let columns = parallel::for_each(
            &self.columns,
            |column| {
                let mut column = column.clone();
                for set in sets {
                    self.fill(&mut column, *set);
                }
                column
            },
            progress,
        );
        self.columns = columns;
    }

    /// Makes the searches that all sets need, on all cores.
    pub fn search_all(&mut self, progress: &(dyn Fn(usize, usize) + Sync)) {
        let all: Vec<Set> = (0..=self.full()).collect();
        self.search(&all, progress);
    }

    fn fill(&self, column: &mut Column, set: Set) {
        if column.class(set).is_some() {
            return;
        }
        let fixed = self.fixed.iter().copied();
        let variant = Variant::new(fixed.chain(self.names(set)));
        let encoding = (self.spec.encode)(&variant, column.scenario);
        let outcome = match search(&encoding, &Strategy::States) {
            Ok(found) => (found.findings.iter())
                .flat_map(|finding| {
                    let broken = |cycle| Broken {
                        property: finding.property.clone(),
                        cycle,
                    };
                    let shapes = finding.cycles.iter().map(crate::trace::Cycle::shape);
                    let mut each: Outcome = shapes.map(|shape| broken(Some(shape))).collect();
                    if each.is_empty() || finding.property != NO_DEADLOCK {
                        each.insert(broken(None));
                    }
                    each
                })
                .collect(),
            Err(error) => Outcome::from([Broken {
                property: "no result".to_string(),
                cycle: Some(error.to_string()),
            }]),
        };
        let asked: Vec<&str> = variant.asked().into_iter().collect();
        let asked = self.set(&asked);
        column.classes.push(Class {
            asked,
            present: set & asked,
            outcome,
        });
    }

    /// What a set of clauses comes to in each scenario; `None` where it has not been searched.
    #[must_use]
    pub fn outcomes(&self, set: Set) -> Option<Vec<&Outcome>> {
        let outcome = |column: &'_ Column| column.class(set).map(|place| place);
        let places: Option<Vec<usize>> = self.columns.iter().map(outcome).collect();
        let columns = self.columns.iter().zip(places?);
        Some(
            columns
                .map(|(column, place)| &column.classes[place].outcome)
                .collect(),
        )
    }

    /// The clauses that were asked for in a scenario by the search that speaks for a set.
    #[must_use]
    pub fn asked(&self, set: Set, scenario: &str) -> Option<Set> {
        let column = (self.columns.iter()).find(|column| column.scenario.name == scenario)?;
        Some(column.classes[column.class(set)?].asked)
    }

    /// The searches made, and the pairs of a set and a scenario that they speak for beyond their own.
    #[must_use]
    pub fn searches(&self) -> (u64, u64) {
        let made: usize = self.columns.iter().map(|column| column.classes.len()).sum();
        let pairs = (u64::from(self.full()) + 1) * self.columns.len() as u64;
        (made as u64, pairs - made as u64)
    }
}

impl Column {
    /// The place of the search that speaks for a set.
    fn class(&self, set: Set) -> Option<usize> {
        let speaks = |class: &Class| set & class.asked == class.present;
        self.classes.iter().position(speaks)
    }
}
