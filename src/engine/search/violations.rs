//! The lean form of an explicit-state search: what is violated, and how large the model is.

use crate::engine::environment::refuse_environment_limits;
use crate::engine::error::SearchError;
use crate::engine::execution::collector::{Collector, take_model_error};
use crate::engine::execution::parameters;
use crate::engine::explicit::explorer::Scope;
use crate::engine::explicit::search::explore;
use crate::engine::explicit::transition_cache::TransitionCache;
use crate::engine::limits::{CutOff, Limits, Watch};
use crate::engine::search::diagnose::diagnose;
use crate::model::Encoding;
use crate::trace::Cycle;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an explicit-state search finds violated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// The properties violated; of a deadlock, the shape of each cycle.
    pub properties: BTreeMap<String, BTreeSet<String>>,
    /// The states visited.
    pub states: u64,
    /// The cover points reached.
    pub covered: BTreeSet<String>,
    /// Which limit ended the search, if one did.
    pub cut_off: Option<CutOff>,
}

/// What searches know of encodings that differ in parameters alone.
#[derive(Debug, Default)]
pub(crate) struct Learnt(Vec<TransitionCache>);

/// Visits every state of a model, as [`search_within`](super::run::search_within) does with
/// [`Strategy::ExplicitState`](crate::engine::Strategy::ExplicitState), and says only which properties some schedule violates. There is no
/// fingerprint, no counterexample, no number of schedules, and no sample of executions that checks the model's
/// determinism: of many small models, those take most of the time.
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn violations(
    encoding: &Arc<dyn Encoding>,
    limits: &Limits,
) -> Result<Violations, SearchError> {
    violations_from(encoding, limits, &mut TransitionCache::default())
}

/// The same of an encoding in which these parameters are set: what is known of the same encoding with other parameters
/// is not run again where it asks for none of those that differ. Also returns the parameters that the result depends on,
/// as far as no execution has shown them.
pub(crate) fn violations_of(
    encoding: &Arc<dyn Encoding>,
    set: &[&'static str],
    limits: &Limits,
    learnt: &mut Learnt,
) -> (Result<Violations, SearchError>, Vec<&'static str>) {
    let fits = (learnt.0.iter_mut()).position(|cache| cache.takes_up(set));
    let place = fits.unwrap_or_else(|| {
        learnt.0.push(TransitionCache::default());
        learnt.0.len() - 1
    });
    let cache = &mut learnt.0[place];
    let found = parameters::recorded(|| violations_from(encoding, limits, cache));
    (found, cache.used().collect())
}

fn violations_from(
    encoding: &Arc<dyn Encoding>,
    limits: &Limits,
    cache: &mut TransitionCache,
) -> Result<Violations, SearchError> {
    refuse_environment_limits()?;
    let collector = Collector {
        watch: Watch::new(limits)?,
        operations: limits.operations,
        ..Collector::default()
    }
    .into_shared();
    let explored = explore(encoding, Scope::Violations, cache, &collector);
    let (exploration, _) =
        take_model_error(&collector, explored).map_err(|error| diagnose(encoding, error))?;
    let mut collected = collector.lock();
    let mut covered: BTreeSet<String> = (collected.reached.iter())
        .map(ToString::to_string)
        .collect();
    covered.extend(exploration.waits.iter().map(ToString::to_string));
    let cut_off = exploration.watch.cut_off.or(collected.watch.cut_off.take());
    let shapes = |cycles: BTreeSet<Cycle>| cycles.iter().map(Cycle::shape).collect();
    Ok(Violations {
        properties: (exploration.graph.violated().into_iter())
            .map(|(property, cycles)| (property.into_owned(), shapes(cycles)))
            .collect(),
        states: exploration.graph.len() as u64,
        covered,
        cut_off,
    })
}
