//! The scenario space: data=journal.

use crate::protocols::ext4_small_blocks::space as dims;
use crate::protocols::ext4_small_blocks::{Config, Mode, encoding};
use crate::spec::Space;

/// Every scenario of the spec.
pub static SPACE: Space<Config> = Space {
    base: Config {
        mode: Mode::Journalled,
        ..dims::NOTHING
    },
    dimensions: &[
        dims::JOURNALLED_PAGE1,
        dims::JOURNALLED_PAGE2,
        dims::SIZE,
        dims::MAPPED,
        dims::PROCESS1,
        dims::PROCESS2,
        dims::PROCESS3,
        dims::FLUSHER,
        dims::RECLAIM,
        dims::COMMITTING,
        dims::COMMITS,
    ],
    rules: dims::RULES,
    size: dims::size,
    gate: dims::GATE,
    deep: dims::JOURNALLED_DEEP,
    encoding,
};
