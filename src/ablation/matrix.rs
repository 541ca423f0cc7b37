//! Every set of some clauses, in every scenario, by as few searches as are needed.
//!
//! A search of one set answers for every set that agrees with it on the clauses that the encoding *consulted*: it
//! learns nothing of the others. So nothing here rests on an assumption such as monotonicity; what is implied is
//! implied by equality.

use crate::engine::{Engine, Finding, SearchError, Strategy, search};
use crate::parallel;
use crate::spec::{Scenario, Spec, UNBOUNDED, Variant};
use crate::trace::Cycle;
use std::collections::BTreeSet;

/// The most searches of one scenario in a round.
const ROUND: usize = 8;

/// The most clauses of a matrix: it has 2^20 sets in each scenario then.
const MOST_CLAUSES: usize = 20;

/// A violation without the details of an execution: the property's name and, of a deadlock, the shape of its cycle.
/// Two deadlocks over the same locks are of one kind, whichever page they are of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViolationKind {
    /// The property's name.
    pub property: String,
    /// The shape of the deadlock's cycle: see [`Cycle::shape`](crate::trace::Cycle::shape).
    pub cycle: Option<String>,
}

/// Everything that a search found violated.
pub type Violations = BTreeSet<ViolationKind>;

/// The kinds of violations of a finding: one for each shape of a cycle.
fn kinds(finding: &Finding) -> Vec<ViolationKind> {
    let shapes: BTreeSet<String> = finding.cycles.iter().map(Cycle::shape).collect();
    let kind = |cycle| ViolationKind {
        property: finding.property.clone(),
        cycle,
    };
    if shapes.is_empty() {
        return vec![kind(None)];
    }
    shapes.into_iter().map(|shape| kind(Some(shape))).collect()
}

/// Stands for the violations of a search without a result.
fn without_result(error: &SearchError) -> ViolationKind {
    let property = match error {
        SearchError::Unbounded { .. } => UNBOUNDED.to_string(),
        error => format!("no result: {error}"),
    };
    ViolationKind {
        property,
        cycle: None,
    }
}

/// Some of the clauses of a matrix, as bits in their order.
pub type ClauseSet = u32;

/// One search, which decides every set that has the same of the clauses consulted.
#[derive(Debug, Clone)]
struct Class {
    /// The clauses that the search consulted.
    consulted: ClauseSet,
    /// Those of them that it had.
    present: ClauseSet,
    violations: Violations,
    states: u64,
}

/// The searches of one scenario.
#[derive(Debug, Clone)]
struct Column {
    scenario: &'static Scenario,
    classes: Vec<Class>,
}

/// Every set of some clauses of a spec, each with the same fixed ones.
#[derive(Debug, Clone)]
pub struct AblationMatrix {
    spec: &'static Spec,
    fixed: Vec<&'static str>,
    free: Vec<&'static str>,
    columns: Vec<Column>,
}

impl AblationMatrix {
    /// A matrix over the clauses `free`, with the clauses `fixed` in every set. No search is made
    /// yet. It covers the scenarios that the explicit-state engine finishes.
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

    /// Adds a scenario.
    pub fn add(&mut self, scenario: &'static Scenario) {
        self.columns.push(Column {
            scenario,
            classes: Vec::new(),
        });
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
    pub fn full(&self) -> ClauseSet {
        (1 << self.free.len()) - 1
    }

    /// The bit of a clause.
    #[must_use]
    pub fn bit(&self, clause: &str) -> Option<ClauseSet> {
        let place = self.free.iter().position(|name| *name == clause)?;
        Some(1 << place)
    }

    /// The set of those of the given clauses that are free.
    #[must_use]
    pub fn set(&self, clauses: &[&str]) -> ClauseSet {
        let bits = clauses.iter().filter_map(|clause| self.bit(clause));
        bits.fold(0, |set, bit| set | bit)
    }

    /// The names of a set's clauses.
    #[must_use]
    pub fn names(&self, set: ClauseSet) -> Vec<&'static str> {
        let has = |place: &usize| set & (1 << place) != 0;
        (0..self.free.len())
            .filter(has)
            .map(|place| self.free[place])
            .collect()
    }

    /// Makes the searches that the given sets need in every scenario, on all cores.
    pub fn search(&mut self, sets: &[ClauseSet], progress: &(dyn Fn(usize, usize) + Sync)) {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        self.search_in(&all, sets, progress);
    }

    /// Decides of every set whether it keeps all that the set `target` keeps, in every scenario; a
    /// set that fails in one scenario is not searched in another. Small models come first.
    pub fn decide(
        &mut self,
        target: ClauseSet,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Vec<bool> {
        self.search(&[target], progress);
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|column| {
            let column = &self.columns[*column];
            column
                .class(target)
                .map(|class| column.classes[class].states)
        });
        let mut keeps = vec![true; 1 << self.free.len()];
        for column in order {
            let alive: Vec<ClauseSet> = (0..=self.full())
                .filter(|set| keeps[*set as usize])
                .collect();
            self.search_in(&[column], &alive, progress);
            let column = &self.columns[column];
            let Some(accepted) = column.violations(target) else {
                continue;
            };
            for set in alive {
                let violations = column.violations(set);
                keeps[set as usize] =
                    violations.is_some_and(|violations| violations.is_subset(accepted));
            }
        }
        keeps
    }

    /// Searches in rounds: each searches, in each scenario, sets that differ in some clause that was consulted
    /// there, so that none of them is likely to decide another. The number of cores makes no difference to
    /// what is searched.
    fn search_in(
        &mut self,
        columns: &[usize],
        sets: &[ClauseSet],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) {
        loop {
            let mut open: Vec<(usize, ClauseSet)> = Vec::new();
            for column in columns {
                let consulted = self.columns[*column].ever_consulted();
                let mut shapes = BTreeSet::new();
                for set in sets {
                    if self.columns[*column].class(*set).is_none()
                        && shapes.len() < ROUND
                        && shapes.insert(set & consulted)
                    {
                        open.push((*column, *set));
                    }
                }
            }
            if open.is_empty() {
                return;
            }
            let made = parallel::for_each(
                &open,
                |(column, set)| self.one(self.columns[*column].scenario, *set),
                progress,
            );
            for ((column, set), class) in open.into_iter().zip(made) {
                let column = &mut self.columns[column];
                if column.class(set).is_none() {
                    column.classes.push(class);
                }
            }
        }
    }

    /// One search.
    fn one(&self, scenario: &Scenario, set: ClauseSet) -> Class {
        let fixed = self.fixed.iter().copied();
        let variant = Variant::new(fixed.chain(self.names(set)));
        let encoding = self.spec.encoding_of(&variant, scenario);
        let (violations, states) = match search(&encoding, &Strategy::ExplicitState) {
            Ok(found) => (
                found.findings.iter().flat_map(kinds).collect(),
                found.statistics.states.map_or(0, |states| states.states),
            ),
            Err(error) => (Violations::from([without_result(&error)]), 0),
        };
        let consulted: Vec<&str> = variant.asked().into_iter().collect();
        let consulted = self.set(&consulted);
        Class {
            consulted,
            present: set & consulted,
            violations,
            states,
        }
    }

    /// What a set of clauses violates in each scenario; `None` if it has not been searched.
    #[must_use]
    pub fn violations(&self, set: ClauseSet) -> Option<Vec<&Violations>> {
        let columns = self.columns.iter();
        columns.map(|column| column.violations(set)).collect()
    }

    /// The number of scenarios in which the search that decides a set consults a clause.
    #[must_use]
    pub fn consulting(&self, set: ClauseSet, clause: &str) -> usize {
        let bit = self.bit(clause).unwrap_or_default();
        let mut consulting = 0;
        for column in &self.columns {
            if let Some(class) = column.class(set)
                && column.classes[class].consulted & bit != 0
            {
                consulting += 1;
            }
        }
        consulting
    }

    /// The searches that were made.
    #[must_use]
    pub fn searches(&self) -> usize {
        self.columns.iter().map(|column| column.classes.len()).sum()
    }
}

impl Column {
    /// The place of the search that decides a set.
    fn class(&self, set: ClauseSet) -> Option<usize> {
        (self.classes.iter()).position(|class| set & class.consulted == class.present)
    }

    fn violations(&self, set: ClauseSet) -> Option<&Violations> {
        Some(&self.classes[self.class(set)?].violations)
    }

    /// The clauses that any search has consulted.
    fn ever_consulted(&self) -> ClauseSet {
        let classes = self.classes.iter();
        classes.fold(0, |consulted, class| consulted | class.consulted)
    }
}
