//! The bits of a page that do not belong to its blocks.

use crate::engine::State;

/// The bits of a page that do not belong to its blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageFlags {
    /// `PageDirty`.
    pub dirty: bool,
    /// `PageWriteback`.
    pub writeback: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Dirty(pub(super) bool);

impl State for Dirty {
    fn show(&self) -> String {
        if self.0 { "dirty" } else { "clean" }.to_string()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Writeback(pub(super) bool);

impl State for Writeback {
    fn show(&self) -> String {
        if self.0 { "on" } else { "off" }.to_string()
    }
}
