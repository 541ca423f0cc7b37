//! `pagelock explore`.

use super::answer::{Answer, Exit};
use super::args::Explore;
use super::interrupt;
use super::progress::{self, Progress};
use crate::engine::Limits;
use crate::explore::{Exploration, Explored, Extent, explore, write_explored};
use crate::output;
use crate::report::{explored_json, explored_screen};
use crate::runner::find_designs;
use crate::spec::{Spec, Specs};
use std::time::{Duration, Instant};

pub(super) fn run(specs: Specs, arguments: &Explore) -> Answer {
    let targets = match targets(specs, &arguments.targets) {
        Ok(targets) => targets,
        Err(error) => return Answer::bad(error),
    };
    let stop = match interrupt::stop_on_interrupt(note_interrupt, interrupt::print_interrupted) {
        Ok(stop) => stop,
        Err(error) => return Answer::bad(error),
    };
    let limits = Limits {
        states: arguments.max_states,
        stop,
        ..Limits::default()
    };
    let started = Instant::now();
    let mut results = Vec::new();
    for (spec, design) in targets {
        let Some(space) = spec.space else { continue };
        let exploration = Exploration {
            design,
            part: arguments
                .shard
                .map_or((1, 1), |shard| (shard.number, shard.of)),
            limits: limits.clone(),
            ..Exploration::of(spec, arguments.extent(space.bounds()))
        };
        let progress = Progress::new(format!("exploring {}", spec.name), "scenarios");
        match explore(&exploration, &|done, all| progress.show(done, all)) {
            Ok(explored) => results.push((exploration, explored)),
            Err(error) => return Answer::bad(error.to_string()),
        }
        progress::clear();
    }
    let mut answer = conclude(&results, arguments.json, Some(started.elapsed()));
    if arguments.shard.is_some() {
        let lines = results
            .iter()
            .map(|(exploration, explored)| write_explored(exploration, explored));
        answer.text = lines.collect();
    }
    answer
}

/// The classes, and what is not as it has to be: the last design violates nothing, the old one something.
pub(super) fn conclude(
    results: &[(Exploration, Explored)],
    json: bool,
    time: Option<Duration>,
) -> Answer {
    let text = if json {
        explored_json(results, time)
    } else {
        explored_screen(results, time)
    };
    let mut answer = Answer::good(text);
    for (exploration, explored) in results {
        let spec = exploration.spec;
        for failure in explored.failures.values() {
            answer.add(
                Exit::Incomplete,
                format!(
                    "{}: no result in {} scenarios: {}\nin {}",
                    spec.name,
                    failure.scenarios.scenarios,
                    failure.message,
                    failure.scenarios.smallest_scenario().unwrap_or_default()
                ),
            );
        }
        if explored.scenarios < explored.of {
            let (done, all) = (explored.scenarios, explored.of);
            answer.add(
                Exit::Incomplete,
                format!("{}: {done} of {all} scenarios explored", spec.name),
            );
        }
        if is_whole(exploration, explored)
            && let Some(old) = spec.designs.first()
            && explored.classes_of(old.name).next().is_none()
        {
            answer.add(
                Exit::Differs,
                format!(
                    "{}/{} violates nothing in the whole space",
                    spec.name, old.name
                ),
            );
        }
        let Some(last) = spec
            .designs
            .last()
            .filter(|last| exploration.design.is_none_or(|only| only == last.name))
        else {
            continue;
        };
        for (key, class) in explored.classes_of(last.name) {
            if key.is_open {
                continue;
            }
            answer.add(
                Exit::Differs,
                format!(
                    "{}/{} violates `{}` in {} scenarios, and the spec does not list that as open\nin {}",
                    spec.name,
                    last.name,
                    key.property,
                    class.scenarios,
                    class.smallest_scenario().unwrap_or_default()
                ),
            );
        }
    }
    answer
}

/// Whether every design was explored up to a bound of the space: up to a smaller one, the old design may well pass.
fn is_whole(exploration: &Exploration, explored: &Explored) -> bool {
    let is_bound = matches!(exploration.extent, Extent::Gate | Extent::Deep);
    is_bound && exploration.part == (1, 1) && exploration.design.is_none() && explored.is_complete()
}

/// The specs that are asked for, each with the design.
fn targets(
    specs: Specs,
    names: &[String],
) -> Result<Vec<(&'static Spec, Option<&'static str>)>, String> {
    if names.is_empty() {
        let with_space: Vec<_> = specs
            .iter()
            .filter(|spec| spec.space.is_some())
            .map(|spec| (spec, None))
            .collect();
        return if with_space.is_empty() {
            Err("no spec declares a space: see `Spec::space`".to_string())
        } else {
            Ok(with_space)
        };
    }
    let mut targets = Vec::new();
    for name in names {
        let found = find_designs(specs, name).map_err(|error| error.to_string())?;
        let Some((spec, design)) = found.first() else {
            continue;
        };
        if spec.space.is_none() {
            return Err(format!(
                "{} declares no space: see `Spec::space`",
                spec.name
            ));
        }
        targets.push((*spec, name.contains('/').then_some(design.name)));
    }
    Ok(targets)
}

fn note_interrupt() {
    progress::clear();
    output::note("interrupted: what was explored is printed; press Ctrl-C again to quit");
}
