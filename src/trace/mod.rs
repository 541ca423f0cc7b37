//! The counterexample as data. Renderers read a [`Trace`] and nothing else.
//!
//! A counterexample can be stored as JSON, read again, and named by one word:
//! ```
//! use pagelock::{protocols, spec};
//! use pagelock::trace::{Replay, Trace};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
//! assert_eq!(trace.property, "no-deadlock");
//!
//! let stored = serde_json::to_string(&trace).unwrap();
//! assert_eq!(serde_json::from_str::<Trace>(&stored).unwrap(), trace);
//! let word = trace.replay().to_string();
//! assert_eq!(word.parse::<Replay>().unwrap().schedule, trace.schedule);
//! ```

mod causes;
mod cycle;
mod divergence;
mod event;
mod record;
mod replay;
mod schedule;
#[cfg(all(test, not(loom)))]
mod tests_of_schema;

pub(crate) use causes::AT_THE_END;
pub use cycle::{Cycle, NO_DEADLOCK, WaitEdge, without_numbers};
pub use divergence::{ClauseRef, Divergence, Missing, Reference, Why};
pub use event::{Event, EventKind, Object, Source, Wait};
pub use record::{JSON_SCHEMA, SCHEMA, Sampled, SearchStatistics, States, Trace, counted};
pub(crate) use replay::is_name;
pub use replay::{Replay, ReplayTextError};
pub use schedule::{Schedule, ThreadId};
#[cfg(all(test, not(loom)))]
pub(crate) use tests_of_schema::kept_schema;
