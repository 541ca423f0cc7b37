//! How much of a space is explored.

use crate::spec::{Bound, ScenarioSpace, Size};

/// How much of a space is explored.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// Up to the bound of the gate.
    Gate,
    /// Up to the bound of the deep run.
    Deep,
    /// Up to a size.
    Size(Size),
}

impl Extent {
    /// The bounds, one of which a point has to be within.
    #[must_use]
    pub fn bounds(self, space: &dyn ScenarioSpace) -> Vec<Bound> {
        let [gate, deep] = space.bounds();
        match self {
            Self::Gate => gate.to_vec(),
            Self::Deep => deep.to_vec(),
            Self::Size(size) => vec![size.into()],
        }
    }
}
