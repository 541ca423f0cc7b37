//! The threads and sizes of each scenario.

use super::file::{Config, Filesystem};
use crate::kernel::PteState;

const NOT_PRESENT: &[PteState] = &[PteState::NONE];

/// The configuration of each scenario, by name.
pub const CONFIGS: &[(&str, Config)] = &[
    (
        "read-only",
        Config {
            flushes: 2,
            ..Config::BASE
        },
    ),
    (
        "absent",
        Config {
            ptes: NOT_PRESENT,
            flushes: 2,
            ..Config::BASE
        },
    ),
    (
        "read-only-truncate",
        Config {
            flushes: 0,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "absent-truncate",
        Config {
            ptes: NOT_PRESENT,
            flushes: 0,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "truncate-flush",
        Config {
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "truncate-flush-absent",
        Config {
            ptes: NOT_PRESENT,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "lost-store",
        Config {
            fsync: true,
            ..Config::BASE
        },
    ),
    (
        "lost-store-absent",
        Config {
            ptes: NOT_PRESENT,
            fsync: true,
            ..Config::BASE
        },
    ),
    (
        "same-pte",
        Config {
            faults: &[0, 0],
            flushes: 0,
            ..Config::BASE
        },
    ),
    (
        "same-pte-absent",
        Config {
            ptes: NOT_PRESENT,
            faults: &[0, 0],
            flushes: 0,
            ..Config::BASE
        },
    ),
    (
        "two-ptes",
        Config {
            ptes: &[PteState::READ_ONLY, PteState::NONE],
            faults: &[0, 1],
            flushes: 0,
            ..Config::BASE
        },
    ),
    (
        "no-mkwrite",
        Config {
            filesystem: Filesystem::WithoutPageMkwrite,
            dirty: true,
            ..Config::BASE
        },
    ),
    (
        "no-mkwrite-absent",
        Config {
            filesystem: Filesystem::WithoutPageMkwrite,
            ptes: NOT_PRESENT,
            dirty: true,
            ..Config::BASE
        },
    ),
    (
        "unconverted",
        Config {
            converted: false,
            flushes: 2,
            ..Config::BASE
        },
    ),
    (
        "unconverted-absent",
        Config {
            converted: false,
            ptes: NOT_PRESENT,
            flushes: 2,
            ..Config::BASE
        },
    ),
    (
        "unconverted-truncate",
        Config {
            converted: false,
            flushes: 0,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "unconverted-truncate-absent",
        Config {
            converted: false,
            ptes: NOT_PRESENT,
            flushes: 0,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "unconverted-lost-store",
        Config {
            converted: false,
            fsync: true,
            ..Config::BASE
        },
    ),
    (
        "journal",
        Config {
            filesystem: Filesystem::Journalled,
            flushes: 0,
            commit: true,
            ..Config::BASE
        },
    ),
    (
        "journal-absent",
        Config {
            filesystem: Filesystem::Journalled,
            ptes: NOT_PRESENT,
            flushes: 0,
            commit: true,
            ..Config::BASE
        },
    ),
    (
        "journal-flush",
        Config {
            filesystem: Filesystem::Journalled,
            converted: false,
            ..Config::BASE
        },
    ),
    (
        "careless",
        Config {
            filesystem: Filesystem::Careless,
            ..Config::BASE
        },
    ),
    (
        "no-space-absent",
        Config {
            filesystem: Filesystem::Full,
            ptes: NOT_PRESENT,
            dirty: true,
            ..Config::BASE
        },
    ),
    (
        "throttled-absent",
        Config {
            ptes: NOT_PRESENT,
            throttled: true,
            flushes: 0,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "no-space",
        Config {
            filesystem: Filesystem::Full,
            dirty: true,
            ..Config::BASE
        },
    ),
    (
        "wrapper",
        Config {
            filesystem: Filesystem::Wrapper,
            flushes: 0,
            fsync: true,
            ..Config::BASE
        },
    ),
    (
        "throttled",
        Config {
            throttled: true,
            flushes: 0,
            truncate: true,
            ..Config::BASE
        },
    ),
    (
        "same-pte-flush",
        Config {
            faults: &[0, 0],
            ..Config::BASE
        },
    ),
    (
        "crowd",
        Config {
            ptes: &[PteState::READ_ONLY, PteState::NONE],
            faults: &[0, 0, 1, 1],
            flushes: 2,
            ..Config::BASE
        },
    ),
    (
        "journal-crowd",
        Config {
            filesystem: Filesystem::Journalled,
            ptes: &[PteState::READ_ONLY, PteState::NONE],
            faults: &[0, 1],
            commit: true,
            ..Config::BASE
        },
    ),
];
