//! The smallest sets of clauses that suffice in every scenario of a space.

use super::at_point::{AtPoint, ClauseSet, Instance, Plan, set_of};
use super::result::Explored;
use super::run::Exploration;
use crate::ablation::{Ablation, AblationReport, NeededIn};
use crate::engine::Limits;
use crate::parallel;
use crate::spec::{Point, Scenario, bound_text};
use std::sync::{Mutex, PoisonError};

/// So many points are looked at before one that refutes a set ends the look.
const CHUNK: usize = 512;

/// The report of an ablation whose smallest sets suffice at every point of a space.
///
/// A set that suffices in the scenarios so far is tried at every point. A point at which it violates what the target
/// keeps becomes one more scenario, and the sets are decided anew: each round rules out at least one set, so the last
/// one holds over the whole space, although few of its points were searched with every set.
#[must_use]
pub fn sufficient(
    mut ablation: Ablation,
    exploration: &Exploration,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> AblationReport {
    let mut report = ablation.report(progress);
    let spec = exploration.spec;
    let Some(space) = spec.space else {
        return report;
    };
    let rows = std::mem::take(&mut report.rows);
    let points = exploration.points();
    let plan = Plan::new(spec, None, Limits::default());
    let searched: Vec<Mutex<AtPoint<'_>>> = points
        .iter()
        .map(|point| Mutex::new(AtPoint::new(&plan, Instance::Point(space, point))))
        .collect();
    let target = set_of(spec, &ablation.target().clauses());
    let fixed = ablation.fixed().to_vec();
    let mut tried: Vec<ClauseSet> = Vec::new();
    loop {
        let sets = report
            .smallest
            .iter()
            .map(|names| set_of(spec, &[fixed.as_slice(), names].concat()));
        let open: Vec<ClauseSet> = sets.filter(|set| !tried.contains(set)).collect();
        let mut is_refuted = false;
        for set in open {
            match refuting(&searched, &points, set, target, progress) {
                None => tried.push(set),
                Some(point) => {
                    let scenario = spec.point(&space.text(point)).and_then(Result::ok);
                    let scenario: &'static Scenario = match scenario {
                        Some(scenario) => scenario,
                        // Its own text names it.
                        None => continue,
                    };
                    ablation.add(scenario);
                    is_refuted = true;
                    break;
                }
            }
        }
        if !is_refuted {
            break;
        }
        report = ablation.report(progress);
    }
    report.rows = rows;
    report
}

/// The first point at which a set violates what the target keeps.
fn refuting<'p>(
    searched: &[Mutex<AtPoint<'_>>],
    points: &'p [Point],
    set: ClauseSet,
    target: ClauseSet,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Option<&'p Point> {
    for (chunk, first) in searched.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
        let refuted = parallel::for_each(
            chunk,
            |at_point| {
                let mut at_point = at_point.lock().unwrap_or_else(PoisonError::into_inner);
                at_point.violates_more(set, target)
            },
            progress,
        );
        if let Some(place) = refuted.iter().position(|refuted| *refuted) {
            return points.get(first + place);
        }
    }
    None
}

/// Says of each clause of a report in how many scenarios of the space it is needed.
pub fn add_needs(report: &mut AblationReport, exploration: &Exploration, explored: &Explored) {
    for row in &mut report.rows {
        let need = explored.needs.get(row.clause.name);
        let scenarios = need.map(|need| &need.scenarios);
        row.in_space = Some(NeededIn {
            scenarios: scenarios.map_or(0, |class| class.scenarios),
            of: explored.of,
            bound: bound_text(&exploration.bounds()),
            smallest: scenarios
                .and_then(|class| class.smallest_scenario().map(ToString::to_string)),
            properties: need
                .map(|need| need.properties.keys().cloned().collect())
                .unwrap_or_default(),
        });
    }
}
