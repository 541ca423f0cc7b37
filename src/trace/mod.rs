//! The counterexample as data. Renderers are leaves: they read a [`Trace`] and nothing else.



mod record;

pub use record::{Cycle, Event, EventKind, Receipt, SCHEMA, Trace, Twin, Wait, WaitEdge};
