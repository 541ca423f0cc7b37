//! How an engine checks a scenario, and how much a sampling one samples.

use super::data::{EngineSet, Scenario};
use crate::engine::{Engine, Strategy};

/// How much a sampling engine samples. Exhaustive searches have no budget.
///
/// ```
/// use pagelock::engine::{Engine, Strategy};
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{Budget};
///
/// // A thousand executions with another seed, by each of shuttle's two strategies.
/// let budget = Budget { executions: 1_000, seed: 7, ..Budget::default() };
/// let scenario = protocols::page_mkwrite::SPEC.scenario("lost-store").unwrap();
/// let strategies = spec::strategies(scenario, Engine::Shuttle, &budget);
/// assert_eq!(strategies[0], Strategy::Random { seed: 7, executions: 1_000 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Executions of each sampling strategy, beside an exhaustive engine.
    pub executions: usize,
    /// The same in a scenario that no exhaustive engine finishes.
    pub alone: usize,
    /// The seed of each sampling strategy.
    pub seed: u64,
    /// The depth of PCT.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            executions: 500,
            alone: 2_000,
            seed: 1,
            depth: 3,
        }
    }
}

/// The strategies by which an engine checks a scenario.
///
/// ```
/// use pagelock::engine::{Engine, Strategy};
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{Budget};
///
/// let scenario = protocols::page_mkwrite::SPEC.scenario("wrapper").unwrap();
/// let of = |engine| spec::strategies(scenario, engine, &Budget::default());
/// assert_eq!(of(Engine::Loom), [Strategy::Exhaustive]);
/// assert_eq!(of(Engine::Stateful), [Strategy::States]);
/// assert_eq!(of(Engine::Shuttle).len(), 2); // Uniform choices, and PCT.
/// ```
#[must_use]
pub fn strategies(scenario: &Scenario, engine: Engine, budget: &Budget) -> Vec<Strategy> {
    let Budget { seed, depth, .. } = *budget;
    let executions = match scenario.engines {
        EngineSet::Sampled => budget.alone,
        EngineSet::All | EngineSet::NotShuttle => budget.executions,
    };
    match engine {
        Engine::Loom => vec![Strategy::Exhaustive],
        Engine::Shuttle => vec![
            Strategy::Random { seed, executions },
            Strategy::Pct {
                seed,
                depth,
                executions,
            },
        ],
        Engine::Stateful => vec![Strategy::States],
    }
}
