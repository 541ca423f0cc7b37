//! Every set of some clauses, in every scenario, by as few searches as are needed.
//!
//! A search of one set answers for every set that agrees with it on the clauses that it was *asked*
//! for: an encoding learns nothing of the others. So nothing here rests on an assumption such as
//! monotonicity; what is implied is implied by equality.

use crate::engine::{Engine, Finding, SearchError, Strategy, search};
use crate::parallel;
use crate::spec::{Scenario, Spec, Variant};
use crate::trace::Cycle;
use std::collections::BTreeSet;

/// The most searches of one scenario in a round.
const ROUND: usize = 8;

/// The most clauses that a lattice may be built over: 2^20 sets in each scenario.
const MOST_CLAUSES: usize = 20;

/// What goes wrong: the property's name and, of a deadlock, the shape of its cycle.
///
/// Two deadlocks over the same locks are one, whichever page they are of:
/// ```
/// use pagelock::ablation::Broken;
/// use pagelock::trace::without_numbers;
///
/// let deadlock = |cycle: &str| Broken {
///     property: "no-deadlock".to_string(),
///     cycle: Some(without_numbers(cycle)),
/// };
/// let (one, two) = (deadlock("a (page 0 lock) -> a"), deadlock("a (page 7 lock) -> a"));
/// assert_eq!(one, two);
/// assert_ne!(one, Broken { cycle: None, ..one.clone() });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// The property's name.
    pub property: String,
    /// The shape of the deadlock's cycle: see [`Cycle::shape`](crate::trace::Cycle::shape).
    pub cycle: Option<String>,
}

/// What stands for a property where some execution does not end within the engine's limit of
/// operations: a thread goes round a loop, or several keep one another going.
pub use crate::spec::UNBOUNDED;

/// What a search came to: everything that is violated.
///
/// ```
/// use pagelock::ablation::{Broken, Outcome};
///
/// let broken = |property: &str| Broken { property: property.to_string(), cycle: None };
/// let old = Outcome::from([broken("orphan"), broken("credits")]);
/// let patched = Outcome::from([broken("credits")]);
/// // A set of clauses keeps what a design keeps if it breaks nothing else.
/// assert!(patched.is_subset(&old) && !old.is_subset(&patched));
/// ```
pub type Outcome = BTreeSet<Broken>;

/// What a finding says is broken.
fn broken(finding: &Finding) -> Vec<Broken> {
    let broken = |cycle| Broken {
        property: finding.property.clone(),
        cycle,
    };
    let shapes: BTreeSet<String> = finding.cycles.iter().map(Cycle::shape).collect();
    if shapes.is_empty() {
        return vec![broken(None)];
    }
    shapes
        .into_iter()
        .map(|shape| broken(Some(shape)))
        .collect()
}

/// What is broken where a search has no result.
fn without_result(error: &SearchError) -> Broken {
    let property = match error {
        SearchError::Unbounded { .. } => UNBOUNDED.to_string(),
        error => format!("no result: {error}"),
    };
    Broken {
        property,
        cycle: None,
    }
}

/// Some of the clauses that a lattice is over, as bits in their order.
///
/// ```
/// use pagelock::ablation::{Lattice, Set};
/// use pagelock::protocols;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let lattice = Lattice::new(spec, &[], &["handle-before-page-lock", "chunks"]);
/// let (handle, chunks): (Set, Set) = (0b01, 0b10);
/// assert_eq!(lattice.names(handle), ["handle-before-page-lock"]);
/// assert_eq!(lattice.bit("chunks"), Some(chunks));
/// assert_eq!(lattice.full(), handle | chunks);
/// ```
pub type Set = u32;

/// One search, and the sets that it speaks for.
#[derive(Debug, Clone)]
struct Class {
    asked: Set,
    present: Set,
    outcome: Outcome,
    states: u64,
}

/// What every set of clauses does in one scenario.
#[derive(Debug, Clone)]
struct Column {
    scenario: &'static Scenario,
    classes: Vec<Class>,
}

/// Every set of some clauses of a spec, each with the same fixed ones.
///
/// Which of the sets of two clauses keep, in one scenario, what both together keep:
/// ```
/// use pagelock::ablation::Lattice;
/// use pagelock::protocols::{ext4_journal_start::{CHUNKS, HANDLE_FIRST, SPEC}};
/// use pagelock::spec::{Spec};
///
/// static WRITE: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let mut lattice = Lattice::new(&WRITE, &[], &[HANDLE_FIRST.name, CHUNKS.name]);
/// assert_eq!((lattice.free(), lattice.scenarios().count()), (&[HANDLE_FIRST.name, CHUNKS.name][..], 1));
/// let (none, all) = (lattice.set(&[]), lattice.full());
/// assert!(lattice.outcomes(none).is_none());
/// lattice.search(&[none, all], &|_, _| ());
/// assert!(lattice.outcomes(none).unwrap()[0].iter().any(|broken| broken.property == "no-deadlock"));
///
/// let keeps = lattice.decide(all, &|_, _| ());
/// assert!(!keeps[none as usize] && keeps[all as usize]);
/// assert_eq!(lattice.asks(all, HANDLE_FIRST.name), 1);
/// assert!(lattice.searches() <= 4);
/// ```
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

    /// Makes the searches that the given sets need in every scenario, on all cores.
    pub fn search(&mut self, sets: &[Set], progress: &(dyn Fn(usize, usize) + Sync)) {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        self.search_in(&all, sets, progress);
    }

    /// Finds out of every set whether it keeps all that the set `target` keeps, in every scenario; a
    /// set that fails in one scenario is not looked at in another. Small models come first.
    pub fn decide(&mut self, target: Set, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<bool> {
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
            let alive: Vec<Set> = (0..=self.full())
                .filter(|set| keeps[*set as usize])
                .collect();
            self.search_in(&[column], &alive, progress);
            let column = &self.columns[column];
            let Some(kept) = column.outcome(target) else {
                continue;
            };
            for set in alive {
                let outcome = column.outcome(set);
                keeps[set as usize] = outcome.is_some_and(|outcome| outcome.is_subset(kept));
            }
        }
        keeps
    }

    /// In rounds: each searches, in each scenario, sets that differ in some clause that was asked for
    /// there, so that none of them is likely to speak for another. How many cores there are makes no
    /// difference to what is searched.
    fn search_in(
        &mut self,
        columns: &[usize],
        sets: &[Set],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) {
        loop {
            let mut open: Vec<(usize, Set)> = Vec::new();
            for column in columns {
                let asked = self.columns[*column].ever_asked();
                let mut shapes = BTreeSet::new();
                for set in sets {
                    if self.columns[*column].class(*set).is_none()
                        && shapes.len() < ROUND
                        && shapes.insert(set & asked)
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
    fn one(&self, scenario: &Scenario, set: Set) -> Class {
        let fixed = self.fixed.iter().copied();
        let variant = Variant::new(fixed.chain(self.names(set)));
        let encoding = (self.spec.encode)(&variant, scenario);
        let (outcome, states) = match search(&encoding, &Strategy::States) {
            Ok(found) => (
                found.findings.iter().flat_map(broken).collect(),
                found.receipt.states.map_or(0, |states| states.states),
            ),
            Err(error) => (Outcome::from([without_result(&error)]), 0),
        };
        let asked: Vec<&str> = variant.asked().into_iter().collect();
        let asked = self.set(&asked);
        Class {
            asked,
            present: set & asked,
            outcome,
            states,
        }
    }

    /// What a set of clauses comes to in each scenario; `None` where it has not been searched.
    #[must_use]
    pub fn outcomes(&self, set: Set) -> Option<Vec<&Outcome>> {
        let columns = self.columns.iter();
        columns.map(|column| column.outcome(set)).collect()
    }

    /// In how many scenarios the search that speaks for a set asks for a clause.
    #[must_use]
    pub fn asks(&self, set: Set, clause: &str) -> usize {
        let bit = self.bit(clause).unwrap_or_default();
        let columns = self.columns.iter();
        let asks = |column: &Column| {
            let class = column.class(set)?;
            (column.classes[class].asked & bit != 0).then_some(())
        };
        columns.filter_map(asks).count()
    }

    /// The searches that were made.
    #[must_use]
    pub fn searches(&self) -> usize {
        self.columns.iter().map(|column| column.classes.len()).sum()
    }
}

impl Column {
    /// The place of the search that speaks for a set.
    fn class(&self, set: Set) -> Option<usize> {
        let speaks = |class: &Class| set & class.asked == class.present;
        self.classes.iter().position(speaks)
    }

    fn outcome(&self, set: Set) -> Option<&Outcome> {
        Some(&self.classes[self.class(set)?].outcome)
    }

    /// The clauses that any search has asked for.
    fn ever_asked(&self) -> Set {
        self.classes
            .iter()
            .fold(0, |asked, class| asked | class.asked)
    }
}
