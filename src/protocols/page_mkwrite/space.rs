//! The scenario space: one page of one file, threads that fault on it, and what the rest of the kernel does to it.

use super::config::{Config, Filesystem};
use super::threads::encoding;
use crate::kernel::PteState;
use crate::spec::{Bound, Dimension, Rule, Size, Space, Value, interned};

const ABSENT: PteState = PteState::NONE;
const READ_ONLY: PteState = PteState::READ_ONLY;

const FAULTS: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("pte1", |config| fault(config, 0)),
    Value::new("pte2", |config| fault(config, 1)),
];

const NO_YES: [&str; 2] = ["no", "yes"];

fn fault(config: &mut Config, pte: usize) {
    config.faults = interned(&[config.faults, &[pte]].concat());
}

/// Every scenario of the spec.
///
/// Left out as artificial: a filesystem that does not exclude its own end of I/O
/// ([`Filesystem::Careless`]), which no design can make up for.
pub static SPACE: Space<Config> = Space {
    base: Config {
        faults: &[],
        flushes: 0,
        ..Config::BASE
    },
    dimensions: &[
        Dimension::new(
            "filesystem",
            "what the filesystem does in ->page_mkwrite",
            &[
                Value::new("plain", |config| config.filesystem = Filesystem::Plain),
                Value::new("none", |config| {
                    config.filesystem = Filesystem::WithoutPageMkwrite;
                }),
                Value::new("allocated", |config| {
                    config.filesystem = Filesystem::Allocated;
                }),
                Value::new("journalled", |config| {
                    config.filesystem = Filesystem::Journalled;
                }),
                Value::new("full", |config| config.filesystem = Filesystem::Full),
                Value::new("wrapper", |config| config.filesystem = Filesystem::Wrapper),
            ],
        ),
        Dimension::new(
            "returns",
            "whether ->page_mkwrite returns with the page locked where the VM takes that",
            &[
                Value::new("locked", |config| config.converted = true),
                Value::new("unlocked", |config| config.converted = false),
            ],
        ),
        Dimension::new(
            "ptes",
            "the page table entries of the page, one of each process",
            &[
                Value::new("read-only", |config| config.ptes = &[READ_ONLY]),
                Value::new("absent", |config| config.ptes = &[ABSENT]),
                Value::new("read-only-absent", |config| {
                    config.ptes = &[READ_ONLY, ABSENT];
                }),
                Value::new("read-only-read-only", |config| {
                    config.ptes = &[READ_ONLY, READ_ONLY];
                }),
                Value::new("absent-absent", |config| config.ptes = &[ABSENT, ABSENT]),
            ],
        ),
        Dimension::new(
            "page",
            "whether write(2) has dirtied the page before",
            &[
                Value::new("clean", |config| config.dirty = false),
                Value::new("dirty", |config| config.dirty = true),
            ],
        ),
        Dimension::new("fault1", "the pte that a thread stores through", FAULTS),
        Dimension::new(
            "fault2",
            "the pte that another thread stores through",
            FAULTS,
        )
        .like("fault1"),
        Dimension::new(
            "fault3",
            "the pte that a third thread stores through",
            FAULTS,
        )
        .like("fault2"),
        Dimension::new(
            "pinned",
            "whether a driver pins the page, and its device stores into it later",
            &[
                Value::new(NO_YES[0], |config| config.pinned = false),
                Value::new(NO_YES[1], |config| config.pinned = true),
            ],
        ),
        Dimension::new(
            "fsync",
            "whether each of these threads calls fsync after its store",
            &[
                Value::new(NO_YES[0], |config| config.fsync = false),
                Value::new(NO_YES[1], |config| config.fsync = true),
            ],
        ),
        Dimension::new(
            "throttled",
            "whether each of these threads writes pages back in balance_dirty_pages",
            &[
                Value::new(NO_YES[0], |config| config.throttled = false),
                Value::new(NO_YES[1], |config| config.throttled = true),
            ],
        ),
        Dimension::new(
            "flushes",
            "rounds of the flusher",
            &[
                Value::new("0", |config| config.flushes = 0),
                Value::new("1", |config| config.flushes = 1),
                Value::new("2", |config| config.flushes = 2),
            ],
        ),
        Dimension::new(
            "truncate",
            "whether the file is truncated to nothing",
            &[
                Value::new(NO_YES[0], |config| config.truncate = false),
                Value::new(NO_YES[1], |config| config.truncate = true),
            ],
        ),
        Dimension::new(
            "commit",
            "whether a thread writes the page by write(2) while a transaction commits",
            &[
                Value::new(NO_YES[0], |config| config.commit = false),
                Value::new(NO_YES[1], |config| config.commit = true),
            ],
        ),
    ],
    rules: &[
        Rule::new(
            &["returns"],
            "without ->page_mkwrite nothing is returned",
            |config| config.converted || config.filesystem != Filesystem::WithoutPageMkwrite,
        ),
        Rule::new(
            &["fault1"],
            "a scenario has a fault: without one there is nothing to lock against",
            |config| !config.faults.is_empty(),
        ),
        Rule::new(
            &["fault3"],
            "a pte that no thread faults on is an idle process",
            |config| (0..config.ptes.len()).all(|pte| config.faults.contains(&pte)),
        ),
        Rule::new(
            &["fault3"],
            "a thread faults on a pte that there is",
            |config| config.faults.iter().all(|pte| *pte < config.ptes.len()),
        ),
        Rule::new(
            &["commit"],
            "a commit needs a filesystem with a journal",
            |config| !config.commit || config.filesystem == Filesystem::Journalled,
        ),
    ],
    size: |config| Size {
        threads: config.faults.len()
            + usize::from(config.pinned)
            + usize::from(config.flushes > 0)
            + usize::from(config.truncate)
            + 2 * usize::from(config.commit),
        operations: config.faults.len()
            * (1 + usize::from(config.fsync) + usize::from(config.throttled))
            + 2 * usize::from(config.pinned)
            + config.flushes
            + usize::from(config.truncate)
            + 2 * usize::from(config.commit),
        pages: 1,
    },
    gate: &[Bound::new(2, 3, 1)],
    deep: &[Bound::new(3, 4, 1), Bound::new(2, 6, 1)],
    encoding,
};
