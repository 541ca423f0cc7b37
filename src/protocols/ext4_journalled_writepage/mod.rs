//! `ext4-journalled-writepage`: what may happen while data=journal has the page unlocked?
//!
//! # Mirrors
//! `->writepage` of fs/ext4/inode.c with data=journal, before c364b22c9580 and 43ce1d23b433 (both 2009-06-14) and after:
//! `ext4_journalled_writepage`, then `ext4_writepage`, both with `__ext4_journalled_writepage`, which unlocks the page
//! to start a handle; with all that [`ext4_small_blocks`](super::ext4_small_blocks) has. The step table is in
//! docs/generated.
//!
//! # Abstracts away
//! What [`ext4_small_blocks`](super::ext4_small_blocks) does.
//!
//! # Properties
//! No assertion fails on a state that legal calls can reach; no transaction is started under the page lock; no
//! promised store is lost; fsync means what it says; buffers are filed only while their block is in the file; no freed
//! buffer is touched; no deadlock.
//!
//! # Known result
//! The old function BUGs on a hole. The patched one races with truncation and page faults (2015, bdf96838aea6). That
//! fix leaks references, the fix of that touches freed buffers (2021, c915fb80eaa6), and the fix of that loses them to
//! reclaim (2021, 5c48a7df9149; 2023). Each is found in the design that has all fixes before it.
//!
//! # Example
//! Truncation comes into the gap of the patched function; since 2015, the page is locked again:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::protocols::{ext4_journalled_writepage::SPEC, ext4_small_blocks::FILED};
//!
//! let scenario = SPEC.scenario("truncate").unwrap();
//! let files_freed_blocks = |design| {
//!     let encoding = SPEC.encoding(SPEC.design(design).unwrap(), scenario);
//!     search(&encoding, &Strategy::ExplicitState).unwrap().finding(FILED).is_some()
//! };
//! assert!(files_freed_blocks("patched") && !files_freed_blocks("fixed2015"));
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

pub use scenarios::{GAP_SIZE, SCENARIOS};
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
        "ext4-journalled-writepage",
        "writepage with data=journal against mmap, truncate, reclaim and fsync in ext4",
        encode,
    )
};
