//! How many threads a model has, and their names.

use crate::engine::backend::panic_hook::run_silenced;
use crate::engine::backend::shuttle::ShuttleBackend;
use crate::engine::error::SearchError;
use crate::engine::execution::collector::Collector;
use crate::engine::strategy::{Engine, MAX_LOOM_THREADS, MAX_THREADS};
use crate::model::{Encoding, World};
use std::sync::Arc;

/// How many threads a model has, if the engine takes so many.
pub(crate) fn few_threads(
    encoding: &Arc<dyn Encoding>,
    engine: Engine,
) -> Result<usize, SearchError> {
    let threads = thread_names(encoding)?.len();
    let most = match engine {
        Engine::Loom => MAX_LOOM_THREADS,
        Engine::Shuttle | Engine::Stateful => MAX_THREADS,
    };
    if threads <= most {
        return Ok(threads);
    }
    Err(SearchError::TooManyThreads {
        engine,
        threads,
        most,
    })
}

/// The names of a model's threads, in their order, from building it once outside of any engine.
///
/// # Errors
/// [`SearchError`] if there are none, or two have the same name.
pub fn thread_names(encoding: &Arc<dyn Encoding>) -> Result<Vec<String>, SearchError> {
    let mut world = World::new(Arc::new(ShuttleBackend), &Collector::shared(), false);
    if let Err(panic) = run_silenced(|| encoding.build(&mut world)) {
        return Err(SearchError::Panicked {
            location: Box::default(),
            message: panic.message,
        });
    }
    let execution = world.shared.execution();
    let names: Vec<String> = execution
        .threads
        .iter()
        .map(|t| t.name.to_string())
        .collect();
    if names.is_empty() {
        return Err(SearchError::NoThreads);
    }
    match (names.iter().enumerate()).find(|(i, name)| names[..*i].contains(name)) {
        Some((_, name)) => Err(SearchError::SameName(name.clone())),
        None => Ok(names),
    }
}
