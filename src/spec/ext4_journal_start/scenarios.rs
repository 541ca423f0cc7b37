//! Threads, sizes, marks and records.

use super::{Config, Flush};
use crate::kernel::BufferHead;
use crate::spec::{EngineSet, Mark, Record, Scenario};

const DELAYED: &[BufferHead] = &[BufferHead::DELAYED];
const HOLE: &[BufferHead] = &[BufferHead::HOLE];
const ON_DISK: &[BufferHead] = &[BufferHead::ON_DISK];

/// The configuration of each scenario, by name.
pub const MODES: &[(&str, Config)] = &[
    (
        "write",
        Config {
            writers: &[0],
            flush: Some(Flush { nr_to_write: 1, chunk: 1, pagevec: 1 }),
            ..Config::BASE
        },
    ),
    (
        "fault",
        Config {
            pages: &[&[BufferHead::DELAYED, BufferHead::HOLE]],
            size: 2,
            faults: &[0],
            flush: Some(Flush { nr_to_write: 1, chunk: 1, pagevec: 1 }),
            ..Config::BASE
        },
    ),
    (
        "reclaim",
        Config {
            pages: &[DELAYED, DELAYED],
            size: 2,
            writers: &[0],
            reclaim: Some(0),
            ..Config::BASE
        },
    ),
    (
        "chunks",
        Config {
            pages: &[DELAYED, DELAYED],
            size: 2,
            writers: &[1],
            flush: Some(Flush { nr_to_write: 2, chunk: 1, pagevec: 1 }),
            ..Config::BASE
        },
    ),
    (
        "extend",
        Config {
            pages: &[ON_DISK],
            size: 0,
            writers: &[0],
            flush: Some(Flush { nr_to_write: 1, chunk: 1, pagevec: 1 }),
            ..Config::BASE
        },
    ),
    (
        "write-fault",
        Config {
            pages: &[&[BufferHead::DELAYED, BufferHead::HOLE]],
            size: 2,
            writers: &[0],
            faults: &[0],
            flush: Some(Flush { nr_to_write: 1, chunk: 1, pagevec: 1 }),
            ..Config::BASE
        },
    ),
    (
        "flush-reclaim",
        Config {
            writers: &[0],
            flush: Some(Flush { nr_to_write: 1, chunk: 1, pagevec: 1 }),
            reclaim: Some(0),
            ..Config::BASE
        },
    ),
    (
        "ordered",
        Config {
            pages: &[&[BufferHead::DELAYED, BufferHead::DELAYED]],
            size: 2,
            flush: Some(Flush { nr_to_write: 1, chunk: 1, pagevec: 1 }),
            transaction: Some(3),
            used: 1,
            ordered: true,
            ..Config::BASE
        },
    ),
    (
        "direct-reclaim",
        Config {
            pages: &[DELAYED, DELAYED],
            size: 2,
            writers: &[0],
            direct_reclaim: Some(1),
            ..Config::BASE
        },
    ),
    (
        "pagevec",
        Config {
            pages: &[DELAYED, DELAYED],
            size: 2,
            writers: &[1],
            flush: Some(Flush { nr_to_write: 2, chunk: 1, pagevec: 2 }),
            ..Config::BASE
        },
    ),
    (
        "no-memory",
        Config {
            writers: &[0],
            no_memory: true,
            ..Config::BASE
        },
    ),
];

/// The scenarios.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "write", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "fault", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "reclaim", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "chunks", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "extend", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "write-fault", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "flush-reclaim", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "ordered", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "direct-reclaim", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "pagevec", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
    Scenario { name: "no-memory", summary: "", shows: "", engines: EngineSet::Both, marks: &[] },
];

/// The marks.
pub(super) const MARKS: &[Mark] = &[];

/// The records.
pub(super) const RECORDS: &[Record] = &[];
