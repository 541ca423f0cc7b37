//! The protocols of the page cache that the crate specifies, each a [`Spec`]: one body for the design before the
//! patch, the patched one, and the designs with later fixes.

pub mod ext4_journal_start;
pub mod ext4_journalled_writepage;
pub mod ext4_small_blocks;
pub mod ext4_writepage;
pub mod nfs_coalesce;
mod one_step;
pub mod page_mkwrite;

use crate::spec::{Spec, Specs};

/// Every spec, in the order in which they are listed.
pub const ALL: Specs = Specs::new(&[
    &page_mkwrite::SPEC,
    &ext4_writepage::SPEC,
    &ext4_journalled_writepage::SPEC,
    &ext4_journal_start::SPEC,
    &nfs_coalesce::SPEC,
]);

/// The spec of that name, of [`ALL`].
///
/// ```
/// use pagelock::protocols;
///
/// assert_eq!(protocols::find("nfs-coalesce").unwrap().commit, "c63c7b051395");
/// assert!(protocols::find("nfs").is_none());
/// ```
#[must_use]
pub fn find(name: &str) -> Option<&'static Spec> {
    ALL.find(name)
}
