//! The scenario space: nodelalloc and delayed allocation.

use crate::protocols::ext4_small_blocks::space as dims;
use crate::protocols::ext4_small_blocks::{Config, Mode, encoding};
use crate::spec::{Dimension, Space, Value};

/// Every scenario of the spec.
pub static SPACE: Space<Config> = Space {
    base: dims::NOTHING,
    dimensions: &[
        Dimension::new(
            "mode",
            "how the filesystem treats data",
            &[
                Value::new("ordered", |config| config.mode = Mode::Ordered),
                Value::new("delalloc", |config| config.mode = Mode::Delalloc),
            ],
        ),
        dims::PAGE1,
        dims::PAGE2,
        dims::SIZE,
        dims::MAPPED,
        dims::PROCESS1,
        dims::PROCESS2,
        dims::PROCESS3,
        dims::FLUSHER,
        dims::RECLAIM,
        dims::COMMITS,
    ],
    rules: dims::RULES,
    size: dims::size,
    gate: dims::GATE,
    deep: dims::DEEP,
    encoding,
};
