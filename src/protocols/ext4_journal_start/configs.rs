//! The threads and sizes of each scenario.

use super::{Config, Flush};
use crate::kernel::BufferHead;

const DELAYED: BufferHead = BufferHead::DELAYED;
const HOLE: BufferHead = BufferHead::HOLE;

/// One page, written once, found by itself.
const ONE: Flush = Flush {
    nr_to_write: 1,
    chunk: 1,
    pagevec: 1,
    start: 0,
};

/// The configuration of each scenario, by name.
pub const MODES: &[(&str, Config)] = &[
    (
        "write",
        Config {
            writers: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "fault",
        Config {
            pages: &[&[DELAYED, HOLE]],
            size: 2,
            faults: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "reclaim",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            writers: &[0],
            reclaim: Some(0),
            ..Config::BASE
        },
    ),
    (
        "chunks",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            writers: &[1],
            flush: Some(Flush {
                nr_to_write: 2,
                ..ONE
            }),
            ..Config::BASE
        },
    ),
    (
        "extend",
        Config {
            pages: &[&[BufferHead::ON_DISK]],
            size: 0,
            writers: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "flush-reclaim",
        Config {
            writers: &[0],
            flush: Some(ONE),
            reclaim: Some(0),
            ..Config::BASE
        },
    ),
    (
        "write-fault",
        Config {
            pages: &[&[DELAYED, HOLE]],
            size: 2,
            writers: &[0],
            faults: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "ordered",
        Config {
            pages: &[&[DELAYED, DELAYED]],
            size: 2,
            flush: Some(ONE),
            transaction: Some(3),
            used: 1,
            ordered: true,
            ..Config::BASE
        },
    ),
    (
        "direct-reclaim",
        Config {
            pages: &[&[HOLE], &[DELAYED]],
            size: 2,
            writers: &[0],
            direct_reclaim: Some(1),
            ..Config::BASE
        },
    ),
    (
        "pagevec",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            writers: &[1],
            flush: Some(Flush {
                nr_to_write: 2,
                pagevec: 2,
                ..ONE
            }),
            ..Config::BASE
        },
    ),
    (
        "no-memory",
        Config {
            pages: &[&[HOLE]],
            size: 0,
            writers: &[0],
            no_memory: true,
            ..Config::BASE
        },
    ),
    (
        "truncate",
        Config {
            flush: Some(ONE),
            truncate: Some(0),
            ..Config::BASE
        },
    ),
    (
        "truncate-reclaim",
        Config {
            pages: &[&[BufferHead {
                dirty: true,
                ..BufferHead::ON_DISK
            }]],
            reclaim: Some(0),
            truncate: Some(0),
            commits: 0,
            ..Config::BASE
        },
    ),
    (
        "umount",
        Config {
            pages: &[],
            size: 0,
            flush: Some(ONE),
            commits: 0,
            umount: true,
            ..Config::BASE
        },
    ),
    (
        "cyclic",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            flush: Some(Flush { start: 1, ..ONE }),
            ..Config::BASE
        },
    ),
    (
        "past-delayed",
        Config {
            pages: &[&[DELAYED], &[BufferHead::ON_DISK]],
            size: 1,
            writers: &[1],
            ..Config::BASE
        },
    ),
    (
        "crowd",
        Config {
            pages: &[&[DELAYED, HOLE], &[DELAYED, DELAYED], &[DELAYED, DELAYED]],
            size: 6,
            writers: &[1, 2, 0],
            faults: &[0],
            flush: Some(Flush {
                nr_to_write: 3,
                ..ONE
            }),
            reclaim: Some(2),
            commits: 2,
            ..Config::BASE
        },
    ),
    (
        "ordered-crowd",
        Config {
            pages: &[&[DELAYED], &[DELAYED], &[HOLE]],
            size: 2,
            writers: &[2, 0],
            flush: Some(Flush {
                nr_to_write: 3,
                ..ONE
            }),
            transaction: Some(4),
            ordered: true,
            commits: 2,
            ..Config::BASE
        },
    ),
];
