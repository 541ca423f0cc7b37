//! What every spec does to make an encoding of its own configuration.

use super::data::Scenario;
use super::variant::Variant;
use crate::engine::{Encoding, World};
use std::sync::Arc;

/// The configuration of a scenario.
///
/// # Panics
/// If the scenario has none.
pub(crate) fn configuration<C: Copy>(configs: &[(&str, C)], scenario: &Scenario) -> C {
    let found = configs.iter().find(|(name, _)| *name == scenario.name);
    found.expect("every scenario has a configuration").1
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
