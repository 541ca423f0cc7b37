//! Scenarios with their configurations, in one table.
//!
//! A spec whose encoding needs more of a scenario than its name writes both in one row, and derives
//! [`Spec::scenarios`](super::Spec::scenarios) and its `encode` from the table:
//!
//! ```
//! use pagelock::model::{Encoding, World};
//! use pagelock::spec::{Configured, Scenario, Spec, Variant, scenarios_of};
//! use std::sync::Arc;
//!
//! const TABLE: &[Configured<usize>] = &[
//!     Scenario::new("one", "one thread").with(1),
//!     Scenario::new("two", "two threads").with(2),
//! ];
//!
//! fn encode(_: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
//!     let threads = scenario.config(TABLE);
//!     Arc::new(move |world: &mut World| {
//!         for number in 0..threads {
//!             world.thread(format!("thread {number}"), |_| Ok(()));
//!         }
//!     })
//! }
//!
//! static SPEC: Spec = Spec {
//!     scenarios: &scenarios_of::<usize, { TABLE.len() }>(TABLE),
//!     ..Spec::new("nothing", "threads that do nothing", encode)
//! };
//! assert_eq!(SPEC.scenarios[1].name, "two");
//! ```

use super::data::Scenario;
use super::variant::Variant;
use crate::model::{Encoding, World};
use std::sync::Arc;

/// A scenario with its configuration: threads and sizes, as the encoding reads them.
#[derive(Debug, Clone, Copy)]
pub struct Configured<C> {
    /// The scenario.
    pub scenario: Scenario,
    /// Its configuration.
    pub config: C,
}

/// The scenarios of a table of `N` rows.
///
/// # Panics
/// At compile time, if the table has another number of rows.
#[must_use]
pub const fn scenarios_of<C, const N: usize>(table: &[Configured<C>]) -> [Scenario; N] {
    assert!(table.len() == N, "as many scenarios as rows");
    let mut scenarios = [Scenario::new("", ""); N];
    let mut row = 0;
    while row < N {
        scenarios[row] = table[row].scenario;
        row += 1;
    }
    scenarios
}

impl Scenario {
    /// The row of a table: the scenario with its configuration.
    #[must_use]
    pub const fn with<C: Copy>(self, config: C) -> Configured<C> {
        Configured {
            scenario: self,
            config,
        }
    }

    /// The scenario's configuration in the table that it comes from.
    ///
    /// # Panics
    /// If it comes from another table.
    #[must_use]
    pub fn config<C: Copy>(&self, table: &[Configured<C>]) -> C {
        let row = table.iter().find(|row| row.scenario.name == self.name);
        row.unwrap_or_else(|| panic!("the scenario `{}` is of another spec", self.name))
            .config
    }
}

/// The encoding that `build` makes of a set of clauses in a configuration.
pub(crate) fn encoding<C: Copy + Send + Sync + 'static>(
    build: fn(&mut World, &Variant, &C),
    variant: &Variant,
    config: &C,
) -> Arc<dyn Encoding> {
    let (variant, config) = (variant.clone(), *config);
    Arc::new(move |world: &mut World| build(world, &variant, &config))
}
