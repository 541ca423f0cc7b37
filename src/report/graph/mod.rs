//! Pictures of a lock-order graph. Each renderer reads a [`Graph`](crate::lock_order::Graph) and nothing else.
//!
//! Each writes the same graph in another language:
//! ```
//! use pagelock::report::graph;
//! use pagelock::{lock_order, protocols};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let orders = lock_order::graph(spec, spec.design("old").unwrap()).unwrap();
//! for write in [graph::dot, graph::json, graph::mermaid, graph::svg, graph::text] {
//!     assert!(write(&orders).contains("page lock"));
//! }
//! ```

mod dot;
mod json;
mod markdown;
mod mermaid;
mod svg;
#[cfg(all(test, not(loom)))]
mod tests;
mod text;
mod words;

pub use dot::dot;
pub use json::json;
pub use markdown::side_by_side;
pub use mermaid::mermaid;
pub use svg::svg;
pub use text::text;
pub(super) use words::deadlocks;
