//! The scenario space: nodelalloc and delayed allocation.

use crate::kernel::BufferHead;
use crate::protocols::ext4_small_blocks::space as dims;
use crate::protocols::ext4_small_blocks::{Config, Mode, encoding};
use crate::spec::{Dimension, Rule, Size, Space, Value};

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
    rules: &[
        dims::HAS_A_PAGE,
        Rule::new(
            "page2",
            "only delayed allocation leaves mapped blocks to be allocated or converted later: without it, get_block \
             allocates and converts at once",
            |config| {
                let later = |head: &BufferHead| head.mapped && head.is_delay_or_unwritten();
                config.mode == Mode::Delalloc || !config.buffers.iter().any(later)
            },
        ),
        dims::ENDS_IN_ITS_PAGES,
        dims::CONTENT_IS_BELOW_EOF,
        dims::DIRTY_PAGES_HOLD_STORES,
        dims::WRITABLE_IS_PREPARED,
        dims::WRITTEN_IS_PROTECTED,
        dims::PROGRAMS[0],
        dims::PROGRAMS[1],
        dims::PROGRAMS[2],
        dims::PROGRAMS[3],
        dims::PROGRAMS[4],
        dims::PROGRAMS[5],
        dims::PROGRAMS[6],
        dims::PROGRAMS[7],
        dims::PROGRAMS[8],
        dims::PROGRAMS[9],
        dims::PROGRAMS[10],
        dims::PROGRAMS[11],
        dims::FLUSHES_ITS_PAGES,
        dims::HAS_A_THREAD,
    ],
    size: dims::size,
    gate: &[Size {
        threads: 2,
        operations: 2,
        pages: 1,
    }],
    deep: &[
        Size {
            threads: 2,
            operations: 3,
            pages: 1,
        },
        Size {
            threads: 1,
            operations: 4,
            pages: 1,
        },
        Size {
            threads: 3,
            operations: 3,
            pages: 1,
        },
        Size {
            threads: 2,
            operations: 2,
            pages: 2,
        },
    ],
    encoding,
};
