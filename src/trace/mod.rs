//! The counterexample as data. Renderers are leaves: they read a [`Trace`] and nothing else.

mod lanes;
mod record;
pub mod screen;

pub use record::{
    Cycle, Event, EventKind, Receipt, SCHEMA, Sampled, States, Trace, Twin, Wait, WaitEdge,
    without_numbers,
};
