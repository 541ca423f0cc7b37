//! How an engine checks a scenario, and how much a sampling one samples.

use super::data::{EngineSet, Scenario};
use crate::engine::{Engine, Strategy};

/// How much a sampling engine samples. Exhaustive searches have no budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Executions of each sampling strategy, where an exhaustive engine runs too.
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
#[must_use]
pub fn strategies(scenario: &Scenario, engine: Engine, budget: &Budget) -> Vec<Strategy> {
    let Budget { seed, depth, .. } = *budget;
    let executions = match scenario.engines {
        EngineSet::Sampled => budget.alone,
        EngineSet::All | EngineSet::NotShuttle => budget.executions,
    };
    match engine {
        Engine::Loom => vec![Strategy::LoomSleepSets],
        Engine::Shuttle => vec![
            Strategy::Random { seed, executions },
            Strategy::Pct {
                seed,
                depth,
                executions,
            },
        ],
        Engine::Stateful => vec![Strategy::ExplicitState],
    }
}
