//! The counterexample as data. Renderers are leaves: they read a [`Trace`] and nothing else.

mod causes;
mod cycle;
mod event;
mod record;
mod replay;
#[cfg(all(test, not(loom)))]
mod tests_of_schema;
mod twin;

pub(crate) use causes::AT_THE_END;
pub use cycle::{Cycle, NO_DEADLOCK, WaitEdge, without_numbers};
pub use event::{Event, EventKind, Object, Source, Wait};
pub use record::{JSON_SCHEMA, Receipt, SCHEMA, Sampled, States, Trace};
pub use replay::{Replay, ReplayTextError};
pub use twin::{Ingredient, Missing, Parting, Twin, Why};
