//! The searches in one scenario: at a point of a space, or of a named one.

use super::result::{ClassKey, Explored, Sample};
use crate::engine::{Learnt, Limits, SearchError, violations_of};
use crate::model::Encoding;
use crate::spec::{Point, Scenario, ScenarioSpace, Size, Spec, UNBOUNDED, Variant};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Some clauses of a spec, as bits in the order of its table.
pub(super) type ClauseSet = u64;

/// What a search violates: of a deadlock, the shape of each cycle.
type Violated = BTreeMap<String, BTreeSet<String>>;

/// What is known of a spec's clauses and designs, at every point alike.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) spec: &'static Spec,
    pub(super) limits: Limits,
    /// The designs that are explored, with their clauses.
    pub(super) designs: Vec<(&'static str, ClauseSet)>,
    /// The clauses of the last design.
    last: ClauseSet,
    /// Each clause with the designs that it is taken from: the last design, and the patched one.
    ablations: Vec<(&'static str, Vec<ClauseSet>)>,
}

impl Plan {
    /// # Panics
    /// If the spec has more than 64 clauses.
    pub(super) fn new(spec: &'static Spec, only: Option<&str>, limits: Limits) -> Self {
        assert!(
            spec.clauses.len() <= 64,
            "{}: more than 64 clauses",
            spec.name
        );
        let set = |names: &[&str]| set_of(spec, names);
        let all: Vec<(&str, ClauseSet)> = spec
            .designs
            .iter()
            .map(|d| (d.name, set(&d.clauses())))
            .collect();
        let last = all.last().map_or(0, |(_, set)| *set);
        let patched = spec.patched().map(|design| set(&design.clauses()));
        let bases: BTreeSet<ClauseSet> = patched.into_iter().chain([last]).collect();
        let ablations = spec.clauses.iter().map(|clause| {
            let bit = set(&[clause.name]);
            (
                clause.name,
                bases
                    .iter()
                    .copied()
                    .filter(|base| base & bit != 0)
                    .collect(),
            )
        });
        Self {
            ablations: match only {
                None => ablations.collect(),
                Some(_) => Vec::new(),
            },
            designs: all
                .into_iter()
                .filter(|(name, _)| only.is_none_or(|only| only == *name))
                .collect(),
            last,
            spec,
            limits,
        }
    }

    fn variant(&self, set: ClauseSet) -> Variant {
        Variant::new(self.names(set))
    }

    /// The names of a set's clauses, in the order of the table.
    pub(super) fn names(&self, set: ClauseSet) -> Vec<&'static str> {
        let places = (0..).zip(self.spec.clauses);
        let has = places.filter(|(place, _)| set & (1 << place) != 0);
        has.map(|(_, clause)| clause.name).collect()
    }

    /// The edits that lead from one set to another: `NAME` for a clause that is added, `without NAME` for one that goes.
    fn edits(&self, from: ClauseSet, to: ClauseSet) -> Vec<String> {
        let added = self.names(to & !from).into_iter().map(ToString::to_string);
        let removed = self
            .names(from & !to)
            .into_iter()
            .map(|name| format!("without {name}"));
        added.chain(removed).collect()
    }
}

pub(super) fn set_of(spec: &Spec, names: &[&str]) -> ClauseSet {
    let places = (0..).zip(spec.clauses);
    let named = places.filter(|(_, clause)| names.contains(&clause.name));
    named.fold(0, |set, (place, _)| set | (1 << place))
}

/// One search, which decides every set that has the same of the clauses consulted.
#[derive(Debug)]
struct Decided {
    consulted: ClauseSet,
    present: ClauseSet,
    violated: Violated,
    states: u64,
    /// Why there is no result: the cause, which many searches may have in common, and the whole message.
    failed: Option<(String, String)>,
}

/// The scenario that is searched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instance<'p> {
    Point(&'static dyn ScenarioSpace, &'p Point),
    Named(&'static Spec, &'static Scenario),
}

impl Instance<'_> {
    fn encoding(self, variant: &Variant) -> Arc<dyn Encoding> {
        match self {
            Self::Point(space, point) => space.encoding(variant, point),
            Self::Named(spec, scenario) => spec.encoding_of(variant, scenario),
        }
    }

    fn size(self) -> Size {
        match self {
            Self::Point(space, point) => space.size(point),
            Self::Named(..) => Size::default(),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Point(space, point) => space.text(point),
            Self::Named(_, scenario) => scenario.name.to_string(),
        }
    }
}

/// What was searched in one scenario.
#[derive(Debug)]
pub(super) struct AtPoint<'p> {
    plan: &'p Plan,
    instance: Instance<'p>,
    size: Size,
    decided: Vec<Decided>,
    /// The sets that were asked for.
    asked: BTreeSet<ClauseSet>,
    /// What the searches have seen of the threads' transitions.
    learnt: Learnt,
}

impl<'p> AtPoint<'p> {
    pub(super) fn new(plan: &'p Plan, instance: Instance<'p>) -> Self {
        Self {
            plan,
            instance,
            size: instance.size(),
            decided: Vec::new(),
            asked: BTreeSet::new(),
            learnt: Learnt::default(),
        }
    }

    /// Whether a set of clauses violates something here that another keeps, or has no result where that one has.
    pub(super) fn violates_more(&mut self, set: ClauseSet, target: ClauseSet) -> bool {
        let target = self.search(target);
        if target.failed.is_some() {
            return false;
        }
        let kept = target.violated.clone();
        let one = self.search(set);
        let violates = one.failed.is_some() || !new_violations(&kept, &one.violated).is_empty();
        // There is one of these for each point of a space.
        self.learnt = Learnt::default();
        violates
    }

    /// What a set of clauses violates here.
    fn search(&mut self, set: ClauseSet) -> &Decided {
        self.asked.insert(set);
        let known = self
            .decided
            .iter()
            .position(|one| set & one.consulted == one.present);
        let place = known.unwrap_or_else(|| {
            let one = self.run(set);
            self.decided.push(one);
            self.decided.len() - 1
        });
        &self.decided[place]
    }

    fn run(&mut self, set: ClauseSet) -> Decided {
        let variant = self.plan.variant(set);
        let encoding = self.instance.encoding(&variant);
        // Nothing that is known holds of an encoding that has asked for a clause before it makes a model.
        if !variant.asked().is_empty() {
            self.learnt = Learnt::default();
        }
        let clauses = variant.clauses();
        let (found, mut consulted) =
            violations_of(&encoding, clauses, &self.plan.limits, &mut self.learnt);
        consulted.extend(variant.asked());
        let consulted = set_of(self.plan.spec, &consulted);
        let present = set & consulted;
        let (violated, states, failed) = match found {
            Ok(found) => {
                let failed = found
                    .cut_off
                    .map(|cut_off| (cut_off.to_string(), cut_off.to_string()));
                (found.properties, found.states, failed)
            }
            Err(SearchError::Unbounded { .. }) => (
                Violated::from([(UNBOUNDED.to_string(), BTreeSet::new())]),
                0,
                None,
            ),
            Err(error) => (Violated::new(), 0, Some((cause(&error), error.to_string()))),
        };
        Decided {
            consulted,
            present,
            violated,
            states,
            failed,
        }
    }

    /// Searches all that the plan asks for, and adds it up.
    pub(super) fn add_to(mut self, explored: &mut Explored) {
        let plan = self.plan;
        for (design, set) in &plan.designs {
            let violated: Vec<String> = self.search(*set).violated.keys().cloned().collect();
            for property in violated {
                let fixed_by = self.mended_by(*set, &property);
                let sample = self.sample(*set);
                let mut open = plan.spec.open.iter();
                let key = ClassKey {
                    design: (*design).to_string(),
                    is_open: fixed_by.is_none()
                        && open.any(|open| open.explains(&property, &sample.scenario)),
                    property,
                    fixed_by,
                };
                explored.class(key).add(sample);
            }
        }
        for pair in plan.designs.windows(2) {
            let [(from, one), (to, other)] = pair else {
                continue;
            };
            let before: BTreeSet<String> = self.search(*one).violated.keys().cloned().collect();
            let after: BTreeSet<String> = self.search(*other).violated.keys().cloned().collect();
            let sample = self.sample(*other);
            for property in before.difference(&after) {
                explored
                    .change(from, to, property)
                    .mended
                    .add(sample.clone());
            }
            for property in after.difference(&before) {
                explored
                    .change(from, to, property)
                    .broken
                    .add(sample.clone());
            }
        }
        for (clause, bases) in &plan.ablations {
            let bit = set_of(plan.spec, &[clause]);
            let mut properties = BTreeSet::new();
            let mut smallest = None;
            for base in bases {
                // What was not consulted makes no difference.
                let consulted = self.search(*base).consulted & bit != 0;
                let kept = self.search(*base).violated.clone();
                let without = self.search(base & !bit);
                if !consulted {
                    continue;
                }
                let broken = new_violations(&kept, &without.violated);
                if !broken.is_empty() {
                    smallest.get_or_insert(base & !bit);
                }
                properties.extend(broken);
            }
            if let Some(set) = smallest {
                let sample = self.sample(set);
                explored.need(clause).add(properties, sample);
            }
        }
        self.finish(explored);
    }

    fn finish(self, explored: &mut Explored) {
        explored.scenarios += 1;
        explored.pairs += self.asked.len() as u64;
        explored.searches += self.decided.len() as u64;
        explored.states += self.decided.iter().map(|one| one.states).sum::<u64>();
        for one in &self.decided {
            if let Some((cause, message)) = &one.failed {
                let sample = self.sample(one.present);
                explored.failure(cause, message, &self.plan.names(one.present), sample);
            }
        }
    }

    /// The point as an example of something that a set of clauses shows.
    fn sample(&self, set: ClauseSet) -> Sample {
        let decided = self
            .decided
            .iter()
            .find(|one| set & one.consulted == one.present);
        Sample {
            size: self.size,
            states: decided.map_or(0, |one| one.states),
            scenario: self.instance.text(),
        }
    }

    /// The smallest set of edits towards the last design with which the property is not violated; of several, the first
    /// in the order of the table. `None` if the last design violates it too.
    ///
    /// Breadth first: a set is extended by a clause only if its own search consulted that clause, for otherwise nothing
    /// changes. Every smallest set is reached so: as long as a part of it does not mend, the part's search must consult
    /// some clause of the rest, or the two would behave alike.
    fn mended_by(&mut self, from: ClauseSet, property: &str) -> Option<Vec<String>> {
        let edits = from ^ self.plan.last;
        let last = self.search(self.plan.last);
        if last.violated.contains_key(property) || last.failed.is_some() {
            return None;
        }
        let mut level: BTreeSet<ClauseSet> = BTreeSet::from([from]);
        let mut seen = level.clone();
        while !level.is_empty() {
            let mut next = BTreeSet::new();
            for set in level {
                let consulted = self.search(set).consulted;
                // What was edited already stays.
                let open = edits & !(set ^ from) & consulted;
                for place in (0..64).filter(|place| open & (1 << place) != 0) {
                    let longer = set ^ (1 << place);
                    if seen.insert(longer) {
                        next.insert((order(longer ^ from), longer));
                    }
                }
            }
            for (_, set) in &next {
                let one = self.search(*set);
                if !one.violated.contains_key(property) && one.failed.is_none() {
                    return Some(self.plan.edits(from, *set));
                }
            }
            level = next.into_iter().map(|(_, set)| set).collect();
        }
        None
    }
}

/// What searches without a result have in common: not the thread, nor the object.
fn cause(error: &SearchError) -> String {
    match error {
        SearchError::WaitContract { location, .. } => {
            format!("`{}` breaks the contract of a wait", location.function)
        }
        SearchError::Panicked { location, .. } => {
            format!("the encoding panicked at `{}`", location.function)
        }
        SearchError::UnknownName { name, .. } => format!("a name of nothing: the {name}"),
        error => error.to_string(),
    }
}

/// Sets of one size in the order of the table: those with the first clauses first.
fn order(edits: ClauseSet) -> std::cmp::Reverse<ClauseSet> {
    std::cmp::Reverse(edits.reverse_bits())
}

/// The properties that are violated here and not there, or whose cycles have a shape that is not there.
fn new_violations(kept: &Violated, without: &Violated) -> BTreeSet<String> {
    let new = without.iter().filter(|(property, shapes)| {
        kept.get(*property)
            .is_none_or(|before| !shapes.is_subset(before))
    });
    new.map(|(property, _)| property.clone()).collect()
}
