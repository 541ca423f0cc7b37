//! The scenario space: data=journal.

use crate::protocols::ext4_small_blocks::space as dims;
use crate::protocols::ext4_small_blocks::{Config, Mode, encoding};
use crate::spec::{Size, Space};

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
    rules: &[
        dims::HAS_A_PAGE,
        dims::ENDS_IN_ITS_PAGES,
        dims::CONTENT_IS_BELOW_EOF,
        dims::DIRTY_PAGES_HOLD_STORES,
        dims::WRITABLE_IS_PREPARED,
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
        dims::FILED_IS_JOURNALLED,
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
