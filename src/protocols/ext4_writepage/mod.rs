//! `ext4-writepage`: what does writepage do with a dirty block that is not mapped?
//!
//! # Mirrors
//! `->writepage` of fs/ext4/inode.c without data=journal, before c364b22c9580 and 43ce1d23b433 (both 2009-06-14, "ext4:
//! Fix mmap/truncate race when blocksize < pagesize"), between the two and after: `ext4_normal_writepage` and
//! `ext4_da_writepage`, then the one `ext4_writepage`; with all that
//! [`ext4_small_blocks`](super::ext4_small_blocks) has. The step table is in docs/generated.
//!
//! # Abstracts away
//! What [`ext4_small_blocks`](super::ext4_small_blocks) does. data=ordered and data=writeback take the same steps here
//! and are one mode: they differ in `nobh`, which is left out, and in the list of inodes that a commit writes, which no
//! scenario reaches.
//!
//! # Properties
//! No assertion fails on a state that legal calls can reach; a flush ends; writepage
//! allocates nothing and starts no transaction under the page lock; no promised store is lost; fsync
//! means what it says; no freed buffer is touched; no deadlock.
//!
//! # Known result
//! The old functions BUG, or livelock with delayed allocation. Their parent commit already does neither with a hole;
//! what the patch itself changes is that a block which writepage has found to be unwritten is redirtied and not a BUG
//! (`redirtied`). Both lose a store after truncation to more (2014, 90a8020278c1), and after zero-range (2025,
//! 17207d0bb209). With the submission of 2010 a clean unwritten block makes writepages go round without end (2011,
//! 13a79a4741d3).
//!
//! # Example
//! The old function BUGs on a block that a file grew over; the patched one does not:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::protocols::{ext4_small_blocks::NO_BUG, ext4_writepage::SPEC};
//!
//! let scenario = SPEC.scenario("grow").unwrap();
//! let bugs = |design| {
//!     let encoding = SPEC.encoding(SPEC.design(design).unwrap(), scenario);
//!     search(&encoding, &Strategy::ExplicitState).unwrap().finding(NO_BUG).is_some()
//! };
//! assert!(bugs("old") && !bugs("patched"));
//! ```

mod clauses;
mod expectations;
mod one_step;
mod patch;
mod properties;
mod scenarios;
mod space;

use super::ext4_small_blocks::{Config, OPEN, encoding};
use crate::model::Encoding;
use crate::spec::{Scenario, Spec, Variant, scenarios_of};
use std::sync::Arc;

pub use scenarios::SCENARIOS;
pub use space::SPACE;

/// Makes the encoding of a design in a scenario.
///
/// # Panics
/// If the scenario is none of this spec.
fn encode(variant: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    encoding(variant, &scenario.config(SCENARIOS))
}

/// The spec.
pub const SPEC: Spec = Spec {
    commit: "43ce1d23b433",
    before: "c364b22c9580^",
    subject: "ext4: Fix mmap/truncate race when blocksize < pagesize && !nodellaoc",
    clauses: clauses::ALL,
    designs: clauses::DESIGNS,
    scenarios: &scenarios_of::<Config, { SCENARIOS.len() }>(SCENARIOS),
    properties: properties::PROPERTIES,
    rejected: clauses::REJECTED,
    unviolated: properties::UNVIOLATED,
    cover_points: scenarios::COVER_POINTS,
    expectations: expectations::EXPECTATIONS,
    space: Some(&space::SPACE),
    open: OPEN,
    patch: Some(patch::PATCH),
    one_step: one_step::ONE_STEP,
    ..Spec::new(
        "ext4-writepage",
        "writepage against mmap and truncate in ext4 with blocks smaller than pages",
        encode,
    )
};
