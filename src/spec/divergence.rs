//! Where a reference design, which passes, diverges from a failing one in the schedule that makes it fail, and which
//! clauses make it diverge.

use super::check::Verdict;
use super::data::{Clause, Scenario, Spec};
use super::variant::Variant;
use crate::engine::{Finding, Replayed, Search, SearchError, replay_best_effort};
use crate::model::Encoding;
use crate::trace::{
    ClauseRef, Divergence, Event, EventKind, Missing, Reference, WaitEdge, Why, without_numbers,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A design with the result of a search of it.
pub(super) struct Side {
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) variant: Variant,
    pub(super) verdict: Verdict,
    pub(super) search: Search,
}

/// The failing side: what happens up to the violation.
pub(super) struct Failing<'f> {
    pub(super) variant: &'f Variant,
    pub(super) finding: &'f Finding,
    pub(super) events: &'f [Event],
}

/// The execution of the other side in the schedule of the failing one, and where the two diverge.
pub(super) fn reference(
    spec: &'static Spec,
    scenario: &'static Scenario,
    this: &Failing<'_>,
    other: Side,
) -> Result<Reference, SearchError> {
    let schedule = &this.finding.schedule;
    let encode = |variant: &Variant| spec.encoding_of(variant, scenario);
    let mut replayed = replay_best_effort(&encode(&other.variant), schedule)?;
    name_commits(spec, &other.variant, &mut replayed.events);
    let mut divergence = divergence(this.events, &replayed);
    let responsible = responsible(spec, this, &other.variant, &divergence, &encode);
    divergence.clauses = responsible.into_iter().map(clause_ref).collect();
    divergence.impossible = impossible(this, &other.search);
    Ok(Reference {
        design: other.name,
        mirrors: spec.mirrored(&other.variant).to_string(),
        design_summary: other.summary,
        clauses: (other.variant.clauses().iter())
            .map(ToString::to_string)
            .collect(),
        verdict: other.verdict.to_string(),
        statistics: other.search.statistics,
        objects: replayed.objects,
        events: replayed.events,
        schedule: replayed.schedule,
        divergence,
    })
}

/// Sets the commit of each event, whose tree its function is mirrored from.
pub(super) fn name_commits(spec: &Spec, variant: &Variant, events: &mut [Event]) {
    for event in events {
        event.commit = spec.mirrored_by(variant, &event.function).to_string();
    }
}

fn operations(events: &[Event]) -> Vec<&Event> {
    let operation = |event: &&Event| event.operation.is_some();
    events.iter().filter(operation).collect()
}

/// Whether two operations are the same step of the same thread.
fn same_step(one: &Event, other: &Event) -> bool {
    let step = |event: &Event| {
        let (thread, function) = (event.thread.clone(), event.function.clone());
        (thread, function, event.kind, event.object.clone())
    };
    step(one) == step(other)
}

fn divergence(this: &[Event], reference: &Replayed) -> Divergence {
    let (mine, its) = (operations(this), operations(&reference.events));
    let pairs = mine.iter().zip(&its);
    let same = pairs
        .take_while(|(one, other)| same_step(one, other) && one.change == other.change)
        .count();
    let at = |operations: &[&Event]| operations.get(same).map(|event| show(event));
    let (own, other) = (mine.get(same), its.get(same));
    let thread = own.or(other).map(|event| event.thread.clone());
    let thread = thread.unwrap_or_default();
    let why = match (own, other) {
        (Some(own), Some(other)) if same_step(own, other) => Why::OtherEffect,
        (_, Some(other)) if other.thread == thread => Why::OtherStep,
        (None, _) => Why::Nothing,
        (Some(_), _) => why_not(&thread, same, reference),
    };
    let reference = other
        .filter(|other| other.thread == thread)
        .map(|e| show(e));
    Divergence {
        operation: same + 1,
        thread,
        this: at(&mine),
        reference,
        why,
        clauses: Vec::new(),
        impossible: Vec::new(),
    }
}

/// Why a thread does not take its turn after `done` operations: it waits, or it has nothing left to do.
fn why_not(thread: &str, done: usize, reference: &Replayed) -> Why {
    let next = (reference.events.iter()).position(|event| event.operation > Some(done));
    let before = &reference.events[..next.unwrap_or(reference.events.len())];
    let own = before.iter().rev().find(|event| event.thread == thread);
    if let Some(wait) = own.and_then(|event| event.waits_for.as_ref()) {
        return Why::Blocks {
            what: wait.what.clone(),
            held_by: wait.held_by.clone(),
        };
    }
    Why::Returned
}

/// An operation in words.
fn show(event: &Event) -> String {
    match (&event.object, event.kind) {
        (Some(object), EventKind::Acquire) => format!("{}, which takes {object}", event.function),
        (Some(object), _) => format!("{} on {object}", event.function),
        (None, _) => event.function.clone(),
    }
}

/// The clauses that make the reference design diverge where it does.
fn responsible(
    spec: &'static Spec,
    this: &Failing<'_>,
    reference: &Variant,
    at: &Divergence,
    encode: &dyn Fn(&Variant) -> Arc<dyn Encoding>,
) -> Vec<&'static Clause> {
    let schedule = &this.finding.schedule;
    let added: Vec<&'static Clause> = (spec.clauses.iter())
        .filter(|clause| reference.clauses().contains(&clause.name))
        .filter(|clause| !this.variant.clauses().contains(&clause.name))
        .collect();
    if at.this.is_none() {
        return restoring(this, reference, &added, encode);
    }
    // A set of clauses that is no design may not terminate: then it says nothing.
    let diverges = |variant: &Variant| {
        let replayed = replay_best_effort(&encode(variant), schedule).ok()?;
        Some(divergence(this.events, &replayed))
    };
    let later = |clause: &&&'static Clause| {
        diverges(&reference.without(clause)).is_some_and(|other| other.operation > at.operation)
    };
    let taken: Vec<&'static Clause> = added.iter().filter(later).copied().collect();
    if !taken.is_empty() {
        return taken;
    }
    let alike = |clause: &&&'static Clause| {
        diverges(&this.variant.with(clause)).is_some_and(|other| {
            other.operation == at.operation
                && other.why == at.why
                && other.reference == at.reference
        })
    };
    added.iter().filter(alike).copied().collect()
}

/// Where the two do the same to the end, and only one fails: the clauses each of which alone, taken from the reference
/// design, restores the failure; if there is none, those each of which alone, added to the failing design, removes it.
fn restoring(
    this: &Failing<'_>,
    reference: &Variant,
    added: &[&'static Clause],
    encode: &dyn Fn(&Variant) -> Arc<dyn Encoding>,
) -> Vec<&'static Clause> {
    let Finding {
        schedule, property, ..
    } = this.finding;
    let fails = |variant: &Variant| {
        let replayed = replay_best_effort(&encode(variant), schedule).ok()?;
        let mut violations = replayed.violations.iter();
        Some(violations.any(|(name, _, _, at)| name == property && *at <= schedule.len()))
    };
    let those = |wanted: &dyn Fn(&Clause) -> bool| -> Vec<&'static Clause> {
        let all = added.iter().copied();
        all.filter(|clause| wanted(clause)).collect()
    };
    let taken = those(&|clause| fails(&reference.without(clause)) == Some(true));
    if !taken.is_empty() {
        return taken;
    }
    those(&|clause| fails(&this.variant.with(clause)) == Some(false))
}

fn clause_ref(clause: &'static Clause) -> ClauseRef {
    ClauseRef {
        id: clause.id.to_string(),
        name: clause.name.to_string(),
        summary: clause.summary.to_string(),
    }
}

/// The edges of the failing side's cycle, by class, that no execution of the other side has. Only a complete search
/// that records lock orders can say so.
fn impossible(this: &Failing<'_>, other: &Search) -> Vec<Missing> {
    let cycle = this.finding.cycle.as_ref().filter(|cycle| cycle.closed);
    let (Some(cycle), Some(_), true) = (cycle, &other.statistics.states, other.statistics.complete)
    else {
        return Vec::new();
    };
    let known: BTreeSet<(&str, &str)> = (other.orders.iter())
        .map(|order| (order.held.class.as_str(), order.wanted.class.as_str()))
        .collect();
    let mut missing = BTreeSet::new();
    for wanted in &cycle.edges {
        let held = (cycle.edges.iter()).find(|edge| edge.held_by == wanted.thread);
        let Some(held) = held else { continue };
        let (held, wanted) = (class(held, this.events), class(wanted, this.events));
        if !known.contains(&(held.as_str(), wanted.as_str())) {
            missing.insert((held, wanted));
        }
    }
    let pairs = missing.into_iter();
    pairs
        .map(|(held, wanted)| Missing { held, wanted })
        .collect()
}

/// The class in the lock order of what an edge waits for: a lock's class, or the name of an event without its numbers.
fn class(edge: &WaitEdge, events: &[Event]) -> String {
    let waits = |event: &&Event| event.kind == EventKind::Wait && event.thread == edge.thread;
    let class = (events.iter().rev().find(waits)).and_then(|event| event.class.clone());
    class
        .filter(|class| !class.is_empty())
        .unwrap_or_else(|| without_numbers(&edge.waits_for))
}
