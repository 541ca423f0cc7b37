//! Names of engines and of formats.

use crate::engine::Engine;
use crate::render::Format;
use clap::ValueEnum;
use clap::builder::PossibleValue;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EngineName {
    /// Every interleaving
    Loom,
    /// Random schedules and PCT
    Shuttle,
    /// Every state
    Stateful,
}

impl From<EngineName> for Engine {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Loom => Self::Loom,
            EngineName::Shuttle => Self::Shuttle,
            EngineName::Stateful => Self::Stateful,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum GraphFormat {
    /// At most 100 columns: cycles, classes, and every order with its witness
    Text,
    /// The language of Graphviz
    Dot,
    /// The language of Mermaid
    Mermaid,
    /// A picture
    Svg,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.summary()))
    }
}
