//! Which blocks of a page writepage looks at, and which dirty ones it takes for unfinished work.

use super::config::BLOCKS;
use super::state::Filesystem;
use super::{HOLES, LIMIT, ONE_FUNCTION, REDIRTY};
use crate::kernel::BufferHead;

/// How many blocks of a page writepage looks at, for a size.
pub(super) fn len(fs: &Filesystem, size: usize, index: usize) -> usize {
    if fs.has(&LIMIT) {
        Filesystem::len(size, index)
    } else {
        BLOCKS
    }
}

/// Which dirty blocks writepage takes for unfinished work.
#[derive(Clone, Copy)]
pub(super) struct Unfinished {
    unmapped: bool,
    delay_or_unwritten: bool,
}

impl Unfinished {
    pub(super) fn new(fs: &Filesystem) -> Self {
        Self {
            unmapped: !fs.has(&HOLES),
            delay_or_unwritten: fs.has(&REDIRTY) || !fs.has(&ONE_FUNCTION),
        }
    }

    pub(super) const fn is(self, head: BufferHead) -> bool {
        self.unmapped && !head.mapped || self.delay_or_unwritten && head.is_delay_or_unwritten()
    }
}
