//! Reports over many runs: the verdict table, diagnostics, JSON, the site, and the generated documents.
//!
//! From a search to a row of the verdict table:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::report::{diagnostics, markdown};
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let scenario = spec.scenario("write").unwrap();
//! let results: Vec<_> = ["old", "patched"]
//!     .map(|design| spec::check(spec, spec.design(design).unwrap(), scenario, &Strategy::ExplicitState))
//!     .into();
//! let (runs, diagnostics) = diagnostics::of_each(&results);
//! assert!(diagnostics.is_empty());
//! let table = markdown(&runs);
//! assert!(table.contains("| old | write | fails: no-deadlock | 597 <0.1% | - | - | - |"), "{table}");
//! assert!(table.contains("| patched | write | pass | "));
//! ```

mod atomicity;
mod causes;
mod clauses;
mod corpus;
pub mod diagnostics;
mod documented_orders;
mod documents;
mod explore;
mod github;
pub mod graph;
mod junit;
mod lock_orders;
mod on_demand;
mod patch;
pub mod site;
mod spec_tables;
mod splits;
mod summary;
mod table;
#[cfg(all(test, not(loom)))]
mod tests_of_gating;

pub use atomicity::{ATOMICITY_SCHEMA, atomicity_json, atomicity_markdown, atomicity_screen};
pub use causes::{Cause, causes, failure_screen};
pub use clauses::{CLAUSES_SCHEMA, clauses_json, clauses_markdown, clauses_screen};
pub use documents::{Analyses, Generated, WITH_PARTS, command, documents, generate};
pub use explore::{explored_json, explored_markdown, explored_screen};
pub use github::{annotations, summary};
pub use junit::junit;
pub use on_demand::DocumentError;
pub use patch::{
    PATCH_JSON_SCHEMA, PATCH_SCHEMA, PatchReport, patch_json, patch_markdown, patch_screen,
};
pub use summary::{Around, headline, summary_screen};
pub use table::{json_line, markdown, place, screen};
