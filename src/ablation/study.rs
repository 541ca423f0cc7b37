//! What each clause of a design is needed for, and the smallest sets that suffice.

use super::lattice::{Broken, Lattice, Outcome, Set};
use crate::spec::{Clause, Design, Spec};
use std::collections::BTreeSet;

/// Something that is broken, and the scenario in which it is.
///
/// ```
/// use pagelock::ablation::{Broken, Place};
///
/// let place = |scenario| Place {
///     scenario,
///     broken: Broken { property: "orphan".to_string(), cycle: None },
/// };
/// // The same violation in another scenario is another place.
/// assert_ne!(place("error"), place("waiter"));
/// assert_eq!(place("error").broken, place("waiter").broken);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The scenario's name.
    pub scenario: &'static str,
    /// What is broken there.
    pub broken: Broken,
}

/// One clause of a design.
///
/// ```
/// use pagelock::ablation;
/// use pagelock::protocols::{nfs_coalesce::SPEC};
/// use pagelock::spec::{Spec};
///
/// static SIGNAL: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let study = ablation::patch(&SIGNAL, &|_, _| ()).unwrap();
/// let row = |name: &str| study.rows.iter().find(|row| row.clause.name == name).unwrap();
/// let busy = row("busy-until-done");
/// assert_eq!(busy.needed_for().into_iter().collect::<Vec<_>>(), ["unbounded"]);
/// // Alone, added to the old design, it makes things worse.
/// assert_eq!(busy.breaks_alone[0].broken.property, "no-deadlock");
/// // Of this clause, the scenario says nothing.
/// assert_eq!((row("return-pg-error").asked, row("return-pg-error").needed_for().len()), (0, 0));
/// ```
#[derive(Debug, Clone)]
pub struct Row {
    /// The clause.
    pub clause: &'static Clause,
    /// What the design without the clause breaks and the design does not.
    pub breaks: Vec<Place>,
    /// What the start breaks, and does not with this clause alone.
    pub mends_alone: Vec<Place>,
    /// What the start with this clause alone breaks, and the start does not.
    pub breaks_alone: Vec<Place>,
    /// The number of scenarios in which the design is asked for the clause.
    pub asked: usize,
}

impl Row {
    /// The properties that are broken without the clause, in the order of their names.
    #[must_use]
    pub fn needed_for(&self) -> BTreeSet<&str> {
        let places = self.breaks.iter();
        places.map(|place| place.broken.property.as_str()).collect()
    }
}

/// A clause that makes a set that suffices insufficient.
///
/// One clause of the NFS patch suffices where a signal interrupts fsync; with one more, the same set does not:
/// ```
/// use pagelock::ablation::{self, Exception};
/// use pagelock::protocols::{nfs_coalesce::SPEC};
/// use pagelock::spec::{Spec};
///
/// static SIGNAL: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let study = ablation::patch(&SIGNAL, &|_, _| ()).unwrap();
/// let spoiled = Exception { set: vec!["sync-through-writepages"], clause: "own-descriptor" };
/// assert!(study.examples.contains(&spoiled));
/// assert!(study.exceptions > study.examples.len());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The clauses of the set.
    pub set: Vec<&'static str>,
    /// The clause that is added.
    pub clause: &'static str,
}

/// What every set of a design's clauses comes to.
///
/// ```
/// use pagelock::ablation;
/// use pagelock::protocols::{ext4_journal_start::SPEC};
/// use pagelock::spec::{Spec};
///
/// static WRITE: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let study = ablation::patch(&WRITE, &|_, _| ()).unwrap();
/// // For this scenario, one of the eight clauses is the patch: half of the sets have it.
/// assert_eq!(study.smallest, [["handle-before-page-lock"]]);
/// assert_eq!((study.sufficient, study.sets, study.exceptions), (128, 256, 0));
/// ```
#[derive(Debug, Clone)]
pub struct Study {
    /// The spec.
    pub spec: &'static Spec,
    /// The design whose clauses are studied, and whose promises a set has to keep.
    pub target: &'static Design,
    /// The design that single clauses are added to.
    pub start: &'static Design,
    /// The clauses that every set has.
    pub fixed: Vec<&'static str>,
    /// A row for each clause that a set may have or lack.
    pub rows: Vec<Row>,
    /// The smallest sets that keep what the target keeps: of none can a clause be left out, nor
    /// several at once.
    pub smallest: Vec<Vec<&'static str>>,
    /// Sets that keep what the target keeps.
    pub sufficient: usize,
    /// All sets.
    pub sets: usize,
    /// Scenarios.
    pub scenarios: usize,
    /// Searches made for all of that.
    pub searches: usize,
    /// How often a clause, added to a set that suffices, makes it insufficient.
    pub exceptions: usize,
    /// The first of these among the smallest sets, for each such clause.
    pub examples: Vec<Exception>,
}

/// Studies the patch of a spec, from nothing to the patched design.
///
/// A spec with one design has no patch to study:
/// ```
/// use pagelock::ablation;
/// use pagelock::protocols::{ext4_journal_start::SPEC};
/// use pagelock::spec::{Spec};
///
/// static WRITE: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let study = ablation::patch(&WRITE, &|_, _| ()).unwrap();
/// let needed: Vec<&str> = study.rows.iter().filter(|row| !row.breaks.is_empty()).map(|row| row.clause.name).collect();
/// assert_eq!(needed, ["handle-before-page-lock"]);
///
/// static ALONE: Spec = Spec { designs: SPEC.designs.split_at(1).0, ..SPEC };
/// assert!(ablation::patch(&ALONE, &|_, _| ()).is_none());
/// ```
#[must_use]
pub fn patch(spec: &'static Spec, progress: &(dyn Fn(usize, usize) + Sync)) -> Option<Study> {
    let [old, patched, ..] = spec.designs else {
        return None;
    };
    Some(study(spec, patched, old, Vec::new(), progress))
}

/// Studies what later designs add to the patch, if they do: from what the last design keeps of the
/// patch to the last design.
///
/// ```
/// use pagelock::{ablation, protocols};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let study = ablation::later(spec, &|_, _| ()).unwrap();
/// assert_eq!((study.start.name, study.target.name), ("patched", "fixed"));
/// // What the last design keeps of the patch is in every set.
/// assert!(!study.fixed.is_empty());
/// assert_eq!(study.sets, 1 << study.rows.len());
/// ```
#[must_use]
pub fn later(spec: &'static Spec, progress: &(dyn Fn(usize, usize) + Sync)) -> Option<Study> {
    let [_, patched, ..] = spec.designs else {
        return None;
    };
    let last = spec.designs.last()?;
    let (of_the_patch, all) = (patched.clauses(), last.clauses());
    let mut fixed = all.clone();
    fixed.retain(|name| of_the_patch.contains(name));
    (fixed.len() < all.len()).then(|| study(spec, last, patched, fixed, progress))
}

fn study(
    spec: &'static Spec,
    target: &'static Design,
    start: &'static Design,
    fixed: Vec<&'static str>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Study {
    let mut free = target.clauses();
    free.retain(|name| !fixed.contains(name));
    let mut lattice = Lattice::new(spec, &fixed, &free);
    let (full, from) = (lattice.full(), lattice.set(&start.clauses()));
    let bits: Vec<Set> = (0..free.len()).map(|place| 1 << place).collect();
    let without = bits.iter().map(|bit| full & !bit);
    let with = bits.iter().map(|bit| from | bit);
    let points: Vec<Set> = without.chain(with).chain([full, from]).collect();
    lattice.search(&points, progress);
    let rows = (free.iter().zip(&bits))
        .filter_map(|(name, bit)| {
            Some(Row {
                clause: spec.clause(name)?,
                breaks: difference(&lattice, full & !bit, full),
                mends_alone: difference(&lattice, from, from | bit),
                breaks_alone: difference(&lattice, from | bit, from),
                asked: lattice.asks(full, name),
            })
        })
        .collect();
    let keeps = lattice.decide(full, progress);
    let smallest = smallest(&keeps, free.len());
    let exceptions = exceptions(&keeps, &bits);
    let mut examples: Vec<Exception> = Vec::new();
    for (set, bit) in &exceptions {
        let clause = lattice.names(*bit)[0];
        if smallest.contains(set) && examples.iter().all(|known| known.clause != clause) {
            let set = lattice.names(*set);
            examples.push(Exception { set, clause });
        }
    }
    Study {
        spec,
        target,
        start,
        rows,
        smallest: smallest.iter().map(|set| lattice.names(*set)).collect(),
        sufficient: keeps.iter().filter(|keeps| **keeps).count(),
        sets: keeps.len(),
        scenarios: lattice.scenarios().count(),
        searches: lattice.searches(),
        exceptions: exceptions.len(),
        examples,
        fixed,
    }
}

/// What is different from the expected ablations of the spec's clauses, in words. Of a spec that expects none,
/// nothing.
///
/// With one scenario there is less to break than the table of the spec has on record:
/// ```
/// use pagelock::ablation;
/// use pagelock::protocols::{page_mkwrite::SPEC};
/// use pagelock::spec::{Spec};
///
/// let whole = ablation::later(pagelock::protocols::find("page-mkwrite").unwrap(), &|_, _| ()).unwrap();
/// assert!(ablation::differences(&whole).is_empty());
///
/// static READ_ONLY: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let part = ablation::later(&READ_ONLY, &|_, _| ()).unwrap();
/// assert_eq!(
///     ablation::differences(&part)[1],
///     "page-mkwrite/fixed without locked-is-success: breaks [], and [\"metadata\", \"store\"] is on record"
/// );
/// ```
#[must_use]
pub fn differences(study: &Study) -> Vec<String> {
    let place = |row: &Row| {
        let (spec, design) = (study.spec.name, study.target.name);
        format!("{spec}/{design} without {}", row.clause.name)
    };
    let mut clauses = study.spec.clauses.iter();
    let says_nothing = clauses.all(|clause| clause.ablation.is_none());
    let difference = |row: &Row| {
        let found: Vec<&str> = row.needed_for().into_iter().collect();
        match row.clause.ablation {
            None if says_nothing => None,
            None => Some(format!("{}: nothing is on record", place(row))),
            Some(expected) if expected.breaks == found => None,
            Some(expected) => Some(format!(
                "{}: breaks {found:?}, and {:?} is on record",
                place(row),
                expected.breaks
            )),
        }
    };
    study.rows.iter().filter_map(difference).collect()
}

/// What one set breaks and another does not. Both have been searched.
fn difference(lattice: &Lattice, set: Set, other: Set) -> Vec<Place> {
    let outcomes = |set| lattice.outcomes(set).unwrap_or_default();
    let pairs = outcomes(set).into_iter().zip(outcomes(other));
    let each = lattice.scenarios().zip(pairs);
    let places = |(scenario, (one, other)): (&crate::spec::Scenario, (&Outcome, &Outcome))| {
        let broken: Vec<Broken> = one.difference(other).cloned().collect();
        let scenario = scenario.name;
        broken
            .into_iter()
            .map(move |broken| Place { scenario, broken })
            .collect::<Vec<_>>()
    };
    each.flat_map(places).collect()
}

/// The sets that suffice and have no smaller one within them that does.
fn smallest(keeps: &[bool], clauses: usize) -> Vec<Set> {
    // Whether some set strictly within this one suffices.
    let mut within = vec![false; keeps.len()];
    let mut found = Vec::new();
    for set in 0..keeps.len() {
        within[set] = (0..clauses)
            .filter(|place| set & (1 << place) != 0)
            .any(|place| {
                let smaller = set & !(1 << place);
                keeps[smaller] || within[smaller]
            });
        if keeps[set] && !within[set] {
            found.extend(Set::try_from(set));
        }
    }
    found
}

/// Every set that suffices with every clause that spoils it.
fn exceptions(keeps: &[bool], bits: &[Set]) -> Vec<(Set, Set)> {
    let sets = (0..).zip(keeps).filter(|(_, keeps)| **keeps);
    let spoils = |set: Set| {
        let added = bits.iter().filter(move |bit| set & **bit == 0);
        added
            .filter(move |bit| !keeps[(set | **bit) as usize])
            .map(move |bit| (set, *bit))
    };
    sets.flat_map(|(set, _)| spoils(set)).collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn smallest_sets_also_where_a_larger_one_between_fails() {
        // Of two clauses either suffices, and both together do not; of three, all do.
        let keeps = [false, true, true, false, false, false, false, true];
        assert_eq!(smallest(&keeps, 3), [0b001, 0b010]);
        let spoiled = exceptions(&keeps, &[1, 2, 4]);
        assert_eq!(spoiled, [(1, 2), (1, 4), (2, 1), (2, 4)]);
    }

    #[test]
    fn no_set_suffices() {
        assert!(smallest(&[false, false], 1).is_empty());
    }

    #[test]
    fn the_empty_set_suffices() {
        assert_eq!(smallest(&[true, true], 1), [0]);
    }
}
