//! A stored counterexample, executed again.

use super::Specs;
use super::check::{CheckError, Verdict};
use super::counterexample::{
    Head, ablation_of, engine_of, first_passing, first_strategy, side, trace,
};
use super::data::{Design, Scenario, Spec};
use super::divergence::name_commits;
use super::variant::Variant;
use crate::engine::{self, Engine, Finding, SearchError, fingerprint, replay_by, search};
use crate::input::brief;
use crate::model::Encoding;
use crate::trace::{Event, Replay, Source, Trace};
use std::sync::Arc;
use thiserror::Error;

/// Why a stored counterexample cannot be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// It has an unknown name: it is of another program, or of another version of this one.
    #[error("there is no {what} `{name}` here; known: {known}")]
    Unknown {
        /// What kind of thing it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// What there is.
        known: String,
    },
    /// The model is another one now.
    #[error(
        "{place} has changed: the counterexample is of model {expected}, and the model is {found} now; \
         `pagelock trace` shows what fails today"
    )]
    Stale {
        /// The spec, the design and the scenario.
        place: String,
        /// The fingerprint that came with it.
        expected: String,
        /// The model's fingerprint.
        found: String,
    },
    /// The execution and the trace differ in an event.
    #[error("event {position} differs: the trace has {stored}, and the model does {happens}")]
    Differs {
        /// The event, from 1.
        position: usize,
        /// What the trace has.
        stored: String,
        /// What happens.
        happens: String,
    },
    /// The schedule is executed, and violates nothing.
    #[error("{place} violates nothing in this schedule{}", .property.as_ref().map(|p| format!(", `{p}` in particular")).unwrap_or_default())]
    Passes {
        /// The spec, the design and the scenario.
        place: String,
        /// The property that was to be violated.
        property: Option<String>,
    },
    /// The schedule does not fit, or the engine gives no result.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The search of the reference design gives no result.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// The model that a replay names.
struct Named {
    spec: &'static Spec,
    design: &'static Design,
    variant: Variant,
    scenario: &'static Scenario,
}

fn named(specs: Specs, replay: &Replay) -> Result<Named, ReplayError> {
    let unknown = |what, name: &str, known: Vec<&str>| ReplayError::Unknown {
        what,
        name: brief(name),
        known: known.join(", "),
    };
    let names = || specs.iter().map(|spec| spec.name).collect();
    let spec = specs
        .find(&replay.spec)
        .ok_or_else(|| unknown("spec", &replay.spec, names()))?;
    let names = || spec.designs.iter().map(|design| design.name).collect();
    let design =
        (spec.design(&replay.design)).ok_or_else(|| unknown("design", &replay.design, names()))?;
    let names = || {
        spec.scenarios
            .iter()
            .map(|scenario| scenario.name)
            .collect()
    };
    let scenario = (spec.scenario(&replay.scenario))
        .ok_or_else(|| unknown("scenario", &replay.scenario, names()))?;
    let mut variant = Variant::from(design);
    for name in &replay.without {
        let own = spec.clause(name).filter(|clause| design.has(clause));
        let clause = own.ok_or_else(|| unknown("clause", name, design.clauses()))?;
        variant = variant.without(clause);
    }
    Ok(Named {
        spec,
        design,
        variant,
        scenario,
    })
}

impl Named {
    fn place(&self) -> String {
        let (spec, design) = (self.spec.name, self.design.name);
        format!("{spec}/{design} in `{}`", self.scenario.name)
    }
}

/// The model that a replay names, and its encoding, if its fingerprint is still the same.
fn model(specs: Specs, replay: &Replay) -> Result<(Named, Arc<dyn Encoding>), ReplayError> {
    let named = named(specs, replay)?;
    let encoding = named.spec.encoding_of(&named.variant, named.scenario);
    let found = fingerprint(&encoding)?;
    if found == replay.fingerprint {
        return Ok((named, encoding));
    }
    Err(ReplayError::Stale {
        place: named.place(),
        expected: replay.fingerprint.clone(),
        found,
    })
}

/// The events of a schedule, whether or not it violates anything: a witness of a lock order does not.
///
/// # Errors
/// [`ReplayError`] if it has an unknown name, is of another model, or does not fit.
pub fn execution(specs: Specs, replay: &Replay) -> Result<Vec<Event>, ReplayError> {
    let (named, encoding) = model(specs, replay)?;
    let mut events = engine::replay(&encoding, &replay.schedule)?.events;
    let turns = replay.schedule.len();
    let is_beyond = |event: &Event| event.operation.is_some_and(|number| number > turns);
    let end = events.iter().position(is_beyond).unwrap_or(events.len());
    events.truncate(end);
    name_commits(named.spec, &named.variant, &mut events);
    Ok(events)
}

/// Executes a stored counterexample by an engine, and returns its trace as [`counterexample`](super::counterexample)
/// does: with the statistics of the first search of the scenario, and with its reference design.
///
/// ```
/// use pagelock::engine::Engine;
/// use pagelock::{protocols, spec};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let word = trace.replay().to_string(); // What `pagelock trace` prints to be pasted.
/// let replayed = spec::replay(protocols::ALL, &word.parse().unwrap(), None, Engine::Loom).unwrap();
/// assert_eq!((replayed.property, replayed.events.len()), (trace.property, trace.events.len()));
/// ```
///
/// # Errors
/// [`ReplayError`] if it has an unknown name, is of another model, or does not fail again.
pub fn replay(
    specs: Specs,
    replay: &Replay,
    property: Option<&str>,
    engine: Engine,
) -> Result<Trace, ReplayError> {
    let (named, encoding) = model(specs, replay)?;
    let executed = replay_by(engine, &encoding, &replay.schedule)?;
    // A violation beyond the schedule's end is not its doing; the last one is what it was stored for.
    let violated = executed.violations.iter().filter(|(name, .., at)| {
        property.is_none_or(|wanted| wanted == name) && *at <= replay.schedule.len()
    });
    let Some((name, message, cycle, at)) = violated.max_by_key(|(.., at)| *at).cloned() else {
        return Err(ReplayError::Passes {
            place: named.place(),
            property: property.map(brief),
        });
    };
    let Named {
        spec,
        design,
        variant,
        scenario,
    } = named;
    let recorded = match engine {
        // loom's execution has no waits; shuttle's record of the same schedule does.
        Engine::Loom => engine::replay(&encoding, &replay.schedule)?,
        Engine::Shuttle | Engine::Stateful => executed,
    };
    let search = search(&encoding, &first_strategy(scenario, engine_of(scenario)))?;
    let known = search.finding(&name);
    let finding = Finding {
        // The preemptions of any other schedule are not counted.
        preemptions: known
            .filter(|known| known.schedule == replay.schedule)
            .and_then(|known| known.preemptions),
        executions: known.map_or(0, |known| known.executions),
        cycles: cycle.iter().cloned().collect(),
        property: name,
        message,
        cycle,
        schedule: replay.schedule.prefix(at),
        first: None,
        replay: Box::new(recorded),
    };
    let expectation = spec.expectation(design.name, scenario.name);
    let names: Vec<&str> = replay.without.iter().map(String::as_str).collect();
    let ablation = spec.expected_ablation(&names);
    let (breaks, sentence) = match (names.is_empty(), expectation, ablation) {
        (true, Some(expectation), _) => (expectation.outcome.properties(), expectation.sentence),
        (false, _, Some(ablation)) => (ablation.breaks, ablation.sentence),
        _ => (&[][..], ""),
    };
    // The reference design of an ablation is the whole design, if that passes.
    let (summary, other) = if names.is_empty() {
        (design.summary.to_string(), first_passing(spec, scenario))
    } else {
        (ablation_of(design), Some(design))
    };
    let reference = other.map(|other| side(spec, other, scenario)).transpose()?;
    let head = Head {
        without: replay.without.clone(),
        summary,
        variant,
        as_expected: breaks.contains(&finding.property.as_str()),
        sentence,
        reference: reference.filter(|side| side.verdict == Verdict::Pass),
        ..Head::of(spec, design, scenario)
    };
    Ok(trace(head, finding, search)?)
}

/// The same of a whole trace, whose every event must happen again.
///
/// # Errors
/// [`ReplayError`], and [`ReplayError::Differs`] if the trace has an event that does not happen.
pub fn replay_trace(specs: Specs, stored: &Trace, engine: Engine) -> Result<Trace, ReplayError> {
    let trace = replay(specs, &stored.replay(), Some(&stored.property), engine)?;
    // Lines move in a source without any change to what it does.
    let without_place = |event: &Event| Event {
        model: None::<Source>,
        ..event.clone()
    };
    let longest = stored.events.len().max(trace.events.len());
    for place in 0..longest {
        let (one, other) = (stored.events.get(place), trace.events.get(place));
        if one.map(without_place) != other.map(without_place) {
            let show = |event: Option<&Event>| match event {
                Some(event) => format!("{} in {}", brief(&event.function), brief(&event.thread)),
                None => "nothing".to_string(),
            };
            return Err(ReplayError::Differs {
                position: place + 1,
                stored: show(one),
                happens: show(other),
            });
        }
    }
    Ok(trace)
}
