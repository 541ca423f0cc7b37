//! What each clause of a design is needed for, and the smallest sets that suffice.

use super::matrix::{AblationMatrix, ClauseSet, ViolationKind};
use crate::spec::{Clause, Design, Scenario, Spec};
use std::collections::BTreeSet;

/// A violation, and the scenario in which it is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViolationIn {
    /// The scenario's name.
    pub scenario: &'static str,
    /// What is violated there.
    pub violation: ViolationKind,
}

/// One clause of a design, and what it is needed for.
#[derive(Debug, Clone)]
pub struct AblationRow {
    /// The clause.
    pub clause: &'static Clause,
    /// What the design violates without the clause and not with it.
    pub violates: Vec<ViolationIn>,
    /// What the start violates, and does not with this clause alone.
    pub fixes_alone: Vec<ViolationIn>,
    /// What the start violates with this clause alone, and not without it.
    pub violates_alone: Vec<ViolationIn>,
    /// The number of scenarios in which the design's clause is consulted.
    pub consulted: usize,
    /// Where it is needed in the space of the spec, if that was explored.
    pub in_space: Option<NeededIn>,
}

/// In how many scenarios of a space a clause is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededIn {
    /// In so many,
    pub scenarios: u64,
    /// of so many.
    pub of: u64,
    /// The bound of the space, in words.
    pub bound: String,
    /// The smallest of them.
    pub smallest: Option<String>,
    /// What is violated there without the clause.
    pub properties: Vec<String>,
}

impl AblationRow {
    /// The properties that are violated without the clause, in the order of their names.
    #[must_use]
    pub fn needed_for(&self) -> BTreeSet<&str> {
        let violates = self.violates.iter();
        violates
            .map(|one| one.violation.property.as_str())
            .collect()
    }
}

/// A set of clauses that suffices, and does not with one clause more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoiledSet {
    /// The clauses of the set.
    pub set: Vec<&'static str>,
    /// The clause that spoils it.
    pub clause: &'static str,
}

/// What each clause of a design is needed for, and which sets of them suffice.
#[derive(Debug, Clone)]
pub struct AblationReport {
    /// The spec.
    pub spec: &'static Spec,
    /// The design whose clauses are ablated. A set suffices if it violates nothing that this design keeps.
    pub target: &'static Design,
    /// The design that single clauses are added to.
    pub start: &'static Design,
    /// The clauses that every set has.
    pub fixed: Vec<&'static str>,
    /// A row for each clause that a set may have or lack.
    pub rows: Vec<AblationRow>,
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
    /// The number of pairs of a set that suffices and a clause that spoils it.
    pub spoiled: usize,
    /// The first of these among the smallest sets, for each such clause.
    pub examples: Vec<SpoiledSet>,
}

/// The ablations of the patched design, each set from nothing. `None` if there is one design only.
#[must_use]
pub fn patch(
    spec: &'static Spec,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Option<AblationReport> {
    Some(Ablation::patch(spec)?.report(progress))
}

/// The ablations of what the last design adds to the patch, if it does; every set has what the last design keeps
/// of the patch.
#[must_use]
pub fn later(
    spec: &'static Spec,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Option<AblationReport> {
    Some(Ablation::later(spec)?.report(progress))
}

/// The searches that a report is read off: more scenarios can be added to them.
#[derive(Debug)]
pub struct Ablation {
    spec: &'static Spec,
    target: &'static Design,
    start: &'static Design,
    fixed: Vec<&'static str>,
    matrix: AblationMatrix,
}

impl Ablation {
    /// That of [`patch`]. No search is made yet.
    #[must_use]
    pub fn patch(spec: &'static Spec) -> Option<Self> {
        let [old, patched] = spec.old_and_patched()?;
        Some(Self::new(spec, patched, old, Vec::new()))
    }

    /// That of [`later`].
    #[must_use]
    pub fn later(spec: &'static Spec) -> Option<Self> {
        let (patched, last) = (spec.patched()?, spec.designs.last()?);
        let (of_the_patch, all) = (patched.clauses(), last.clauses());
        let mut fixed = all.clone();
        fixed.retain(|name| of_the_patch.contains(name));
        (fixed.len() < all.len()).then(|| Self::new(spec, last, patched, fixed))
    }

    fn new(
        spec: &'static Spec,
        target: &'static Design,
        start: &'static Design,
        fixed: Vec<&'static str>,
    ) -> Self {
        let mut free = target.clauses();
        free.retain(|name| !fixed.contains(name));
        let matrix = AblationMatrix::new(spec, &fixed, &free);
        Self {
            spec,
            target,
            start,
            fixed,
            matrix,
        }
    }

    /// The design whose clauses are ablated.
    #[must_use]
    pub fn target(&self) -> &'static Design {
        self.target
    }

    /// The clauses that every set has.
    #[must_use]
    pub fn fixed(&self) -> &[&'static str] {
        &self.fixed
    }

    /// Adds a scenario that the spec's table does not have: a set that suffices has to do so in it too.
    pub fn add(&mut self, scenario: &'static Scenario) {
        self.matrix.add(scenario);
    }

    /// Makes the searches that are not made yet, and reads the report off them.
    #[must_use]
    pub fn report(&mut self, progress: &(dyn Fn(usize, usize) + Sync)) -> AblationReport {
        let matrix = &mut self.matrix;
        let free = matrix.free().to_vec();
        let (full, from) = (matrix.full(), matrix.set(&self.start.clauses()));
        let bits: Vec<ClauseSet> = (0..free.len()).map(|place| 1 << place).collect();
        let without = bits.iter().map(|bit| full & !bit);
        let with = bits.iter().map(|bit| from | bit);
        let points: Vec<ClauseSet> = without.chain(with).chain([full, from]).collect();
        matrix.search(&points, progress);
        let rows = (free.iter().zip(&bits))
            .filter_map(|(name, bit)| {
                Some(AblationRow {
                    clause: self.spec.clause(name)?,
                    violates: difference(matrix, full & !bit, full),
                    fixes_alone: difference(matrix, from, from | bit),
                    violates_alone: difference(matrix, from | bit, from),
                    consulted: matrix.consulting(full, name),
                    in_space: None,
                })
            })
            .collect();
        let keeps = matrix.decide(full, progress);
        let smallest = smallest_sets(&keeps, free.len());
        let spoiled = spoiled_sets(&keeps, &bits);
        let mut examples: Vec<SpoiledSet> = Vec::new();
        for (set, bit) in &spoiled {
            let clause = matrix.names(*bit)[0];
            if smallest.contains(set) && examples.iter().all(|known| known.clause != clause) {
                let set = matrix.names(*set);
                examples.push(SpoiledSet { set, clause });
            }
        }
        AblationReport {
            spec: self.spec,
            target: self.target,
            start: self.start,
            rows,
            smallest: smallest.iter().map(|set| matrix.names(*set)).collect(),
            sufficient: keeps.iter().filter(|keeps| **keeps).count(),
            sets: keeps.len(),
            scenarios: matrix.scenarios().count(),
            searches: matrix.searches(),
            spoiled: spoiled.len(),
            examples,
            fixed: self.fixed.clone(),
        }
    }
}

/// How a report differs from the spec's expected ablations, in words; nothing for a spec without any.
#[must_use]
pub fn differences(report: &AblationReport) -> Vec<String> {
    let spec = report.spec;
    let expects_none = spec.clauses.iter().all(|clause| clause.ablation.is_none());
    let mut differences = Vec::new();
    for row in &report.rows {
        let found: Vec<&str> = row.needed_for().into_iter().collect();
        let place = format!(
            "{}/{} without {}",
            spec.name, report.target.name, row.clause.name
        );
        match row.clause.ablation {
            None if expects_none => {}
            None => differences.push(format!("{place}: nothing is expected")),
            Some(expected) if expected.breaks == found => {}
            Some(expected) => differences.push(format!(
                "{place}: violates {found:?}, and {:?} is expected",
                expected.breaks
            )),
        }
    }
    differences
}

/// What one set violates and another does not. Both have been searched.
fn difference(matrix: &AblationMatrix, set: ClauseSet, other: ClauseSet) -> Vec<ViolationIn> {
    let violations = |set| matrix.violations(set).unwrap_or_default();
    let mut all = Vec::new();
    let each = violations(set).into_iter().zip(violations(other));
    for (scenario, (one, other)) in matrix.scenarios().zip(each) {
        for violation in one.difference(other) {
            all.push(ViolationIn {
                scenario: scenario.name,
                violation: violation.clone(),
            });
        }
    }
    all
}

/// The sets that suffice and have no smaller one within them that does.
fn smallest_sets(keeps: &[bool], clauses: usize) -> Vec<ClauseSet> {
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
            found.extend(ClauseSet::try_from(set));
        }
    }
    found
}

/// Every set that suffices with every clause that spoils it.
fn spoiled_sets(keeps: &[bool], bits: &[ClauseSet]) -> Vec<(ClauseSet, ClauseSet)> {
    let mut spoiled = Vec::new();
    for (set, suffices) in (0..).zip(keeps) {
        for bit in bits {
            if *suffices && set & bit == 0 && !keeps[(set | bit) as usize] {
                spoiled.push((set, *bit));
            }
        }
    }
    spoiled
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn smallest_sets_also_where_a_larger_one_between_fails() {
        // Of two clauses either suffices, and both together do not; of three, all do.
        let keeps = [false, true, true, false, false, false, false, true];
        assert_eq!(smallest_sets(&keeps, 3), [0b001, 0b010]);
        let spoiled = spoiled_sets(&keeps, &[1, 2, 4]);
        assert_eq!(spoiled, [(1, 2), (1, 4), (2, 1), (2, 4)]);
    }

    #[test]
    fn no_set_suffices() {
        assert!(smallest_sets(&[false, false], 1).is_empty());
    }

    #[test]
    fn the_empty_set_suffices() {
        assert_eq!(smallest_sets(&[true, true], 1), [0]);
    }
}
