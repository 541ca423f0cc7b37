//! A counterexample that somebody kept, executed again.

use super::Specs;
use super::check::{CheckError, Verdict};
use super::counterexample::{
    Shown, ablation_of, engine_of, first_passing, first_strategy, side, trace,
};
use super::data::{Design, Scenario, Spec};
use super::twin::name_commits;
use super::variant::Variant;
use crate::engine::{self, Encoding, Engine, Finding, SearchError, fingerprint, replay_by, search};
use crate::input::brief;
use crate::trace::{Event, Replay, Source, Trace};
use std::sync::Arc;
use thiserror::Error;

/// Why a counterexample cannot be shown again.
///
/// ```
/// use pagelock::engine::Engine;
/// use pagelock::protocols::{ALL};
/// use pagelock::spec::{AgainError, again};
///
/// // Kept when the model was another one.
/// let kept = "ext4-journal-start/old@write:0123456789abcdef:1x5.0x3.2".parse().unwrap();
/// let error = again(ALL, &kept, None, Engine::Stateful).unwrap_err();
/// assert!(matches!(error, AgainError::Stale { .. }));
/// assert!(error.to_string().starts_with("ext4-journal-start/old in `write` has changed"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AgainError {
    /// It names something that there is not: it is of another program, or of another version of this one.
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
    /// The execution has an event that the record does not have.
    #[error(
        "event {position} is not what happens: the record has {kept}, and the model does {happens}"
    )]
    Differs {
        /// The event, from 1.
        position: usize,
        /// What the record says.
        kept: String,
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
    /// The twin's engine gives no result.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// What a replay names.
struct Named {
    spec: &'static Spec,
    design: &'static Design,
    variant: Variant,
    scenario: &'static Scenario,
}

fn named(specs: Specs, replay: &Replay) -> Result<Named, AgainError> {
    let unknown = |what, name: &str, known: Vec<&str>| AgainError::Unknown {
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

/// What a replay names, and its encoding, if that is still the one of the replay.
fn model(specs: Specs, replay: &Replay) -> Result<(Named, Arc<dyn Encoding>), AgainError> {
    let named = named(specs, replay)?;
    let encoding = (named.spec.encode)(&named.variant, named.scenario);
    let found = fingerprint(&encoding)?;
    if found == replay.fingerprint {
        return Ok((named, encoding));
    }
    Err(AgainError::Stale {
        place: named.place(),
        expected: replay.fingerprint.clone(),
        found,
    })
}

/// The events of a schedule, whether or not it violates anything: those that lead to an order of locks do not.
///
/// ```
/// use pagelock::{lock_order, protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let graph = lock_order::graph(spec, spec.design("old").unwrap()).unwrap();
/// let word = graph.replay(&graph.class_edge("page lock", "transaction").unwrap().witness);
/// let events = spec::execution(protocols::ALL, &word).unwrap();
/// assert_eq!(events.last().unwrap().operation, Some(word.schedule.len()));
/// ```
///
/// # Errors
/// [`AgainError`] if it names what is not there, is of another model, or does not fit.
pub fn execution(specs: Specs, replay: &Replay) -> Result<Vec<Event>, AgainError> {
    let (named, encoding) = model(specs, replay)?;
    let mut events = engine::replay(&encoding, &replay.schedule)?.events;
    let turns = replay.schedule.len();
    let is_beyond = |event: &Event| event.operation.is_some_and(|number| number > turns);
    let end = events.iter().position(is_beyond).unwrap_or(events.len());
    events.truncate(end);
    name_commits(named.spec, &named.variant, &mut events);
    Ok(events)
}

/// Executes a counterexample again by an engine, and tells it as [`counterexample`](super::counterexample)
/// does: with the search that its model deserves, and with its twin.
///
/// A counterexample from one engine, executed by another:
///
/// ```
/// use pagelock::engine::Engine;
/// use pagelock::{protocols, spec};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let word = trace.replay().to_string(); // What `pagelock trace` prints to be pasted.
/// let again = spec::again(protocols::ALL, &word.parse().unwrap(), None, Engine::Loom).unwrap();
/// assert_eq!((again.property, again.events.len()), (trace.property, trace.events.len()));
/// ```
///
/// # Errors
/// [`AgainError`] if it names what is not there, is of another model, or does not fail again.
pub fn again(
    specs: Specs,
    replay: &Replay,
    property: Option<&str>,
    engine: Engine,
) -> Result<Trace, AgainError> {
    let (named, encoding) = model(specs, replay)?;
    let place = named.place();
    let Named {
        spec,
        design,
        variant,
        scenario,
    } = named;
    let executed = replay_by(engine, &encoding, &replay.schedule)?;
    let wanted = |name: &str| property.is_none_or(|wanted| wanted == name);
    // What is violated beyond the schedule's end is not its doing; what its last operation violates is
    // what it was kept for.
    let violated = (executed.violations.into_iter())
        .filter(|(name, _, _, at)| wanted(name) && *at <= replay.schedule.len());
    let Some((name, message, cycle, at)) = violated.max_by_key(|(.., at)| *at) else {
        return Err(AgainError::Passes {
            place,
            property: property.map(brief),
        });
    };
    let strategy = first_strategy(scenario, engine_of(scenario));
    let search = search(&encoding, &strategy)?;
    let known = search.finding(&name);
    let finding = Finding {
        // Of this very schedule nobody has counted the preemptions of others.
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
    };
    let expectation = spec.expectation(design.name, scenario.name);
    let names: Vec<&str> = replay.without.iter().map(String::as_str).collect();
    let ablation = spec.expected_ablation(&names);
    let (breaks, sentence) = match (names.is_empty(), expectation, ablation) {
        (true, Some(expectation), _) => (expectation.outcome.properties(), expectation.sentence),
        (false, _, Some(ablation)) => (ablation.breaks, ablation.sentence),
        _ => (&[][..], ""),
    };
    // The twin of an ablation is the whole design, if that passes.
    let (means, other) = if names.is_empty() {
        (design.summary.to_string(), first_passing(spec, scenario))
    } else {
        (ablation_of(design), Some(design))
    };
    let twin = other.map(|other| side(spec, other, scenario)).transpose()?;
    let shown = Shown {
        spec,
        design: design.name,
        without: replay.without.clone(),
        means,
        variant,
        scenario,
        as_recorded: breaks.contains(&finding.property.as_str()),
        sentence,
        twin: twin.filter(|twin| twin.verdict == Verdict::Pass),
        sampled: None,
    };
    Ok(trace(shown, finding, search)?)
}

/// The same of a whole record, whose every event must happen again.
///
/// ```
/// use pagelock::engine::Engine;
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{AgainError};
///
/// let spec = &protocols::page_mkwrite::SPEC;
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// let mut trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// assert!(spec::record_again(protocols::ALL, &trace, Engine::Shuttle).is_ok());
/// trace.events.pop(); // Somebody has edited the file.
/// let error = spec::record_again(protocols::ALL, &trace, Engine::Shuttle).unwrap_err();
/// assert!(matches!(error, AgainError::Differs { .. }));
/// ```
///
/// # Errors
/// [`AgainError`], and [`AgainError::Differs`] if the record tells of something that does not happen.
pub fn record_again(specs: Specs, kept: &Trace, engine: Engine) -> Result<Trace, AgainError> {
    let again = again(specs, &kept.replay(), Some(&kept.property), engine)?;
    // Lines move in a source without any change to what it does.
    let without_place = |event: &Event| Event {
        model: None::<Source>,
        ..event.clone()
    };
    let longest = kept.events.len().max(again.events.len());
    for place in 0..longest {
        let (one, other) = (kept.events.get(place), again.events.get(place));
        if one.map(without_place) != other.map(without_place) {
            let show = |event: Option<&Event>| match event {
                Some(event) => format!("{} in {}", brief(&event.function), brief(&event.thread)),
                None => "nothing".to_string(),
            };
            return Err(AgainError::Differs {
                position: place + 1,
                kept: show(one),
                happens: show(other),
            });
        }
    }
    Ok(again)
}
