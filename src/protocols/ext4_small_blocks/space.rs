//! The dimensions of the scenario spaces: pages of two blocks, what the disk and the page cache have of each, the
//! programs of processes, and who writes back, reclaims and commits.

use super::config::{BLOCKS, Config, Mapped, Mode, Op, Reclaim};
use crate::kernel::{BufferHead, Found};
use crate::spec::{Bound, Dimension, Rule, Size, Value, interned, interned_text};

/// No page yet, and no thread.
pub(in crate::protocols) const NOTHING: Config = Config {
    disk: &[],
    buffers: &[],
    size: 0,
    mapped: Mapped::No,
    stored: &[],
    ..Config::BASE
};

const PREALLOCATED_DIRTY: BufferHead = BufferHead {
    unwritten: true,
    ..BufferHead::DIRTY
};

/// One block: what the disk has of it, its buffer, and whether it holds a store that is not on disk.
type Block = (Found, BufferHead, bool);

const CLEAN: Block = (Found::Written, BufferHead::ON_DISK, false);
const DIRTY: Block = (Found::Written, BufferHead::DIRTY, true);
const HOLE: Block = (Found::Hole, BufferHead::HOLE, false);
/// Of a page that was dirtied as a whole.
const DIRTY_HOLE: Block = (Found::Hole, BufferHead::DIRTY_HOLE, false);
const DELAYED: Block = (Found::Hole, BufferHead::DELAYED, true);
/// Preallocated, and not looked up yet.
const UNWRITTEN: Block = (Found::Unwritten, BufferHead::HOLE, false);
const DIRTY_UNWRITTEN: Block = (Found::Unwritten, PREALLOCATED_DIRTY, true);
/// Preallocated, in a page that was dirtied as a whole.
const UNWRITTEN_DIRTY_HOLE: Block = (Found::Unwritten, BufferHead::DIRTY_HOLE, false);
/// Preallocated, and read: its buffer says so. write(2) has dirtied another block of the page, and not this one.
const READ_UNWRITTEN: Block = (Found::Unwritten, BufferHead::READ_UNWRITTEN, false);
/// In data=journal, where the buffers of a dirty page are clean.
const STORED: Block = (Found::Written, BufferHead::ON_DISK, true);

fn page(config: &mut Config, blocks: [Block; BLOCKS]) {
    let first = config.disk.len();
    config.disk = interned(&[config.disk, &blocks.map(|block| block.0)].concat());
    config.buffers = interned(&[config.buffers, &blocks.map(|block| block.1)].concat());
    let stored = (first..)
        .zip(blocks)
        .filter(|(_, block)| block.2)
        .map(|(number, _)| number);
    config.stored = interned(&[config.stored, &stored.collect::<Vec<_>>()].concat());
}

const PAGES: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("clean-clean", |config| page(config, [CLEAN, CLEAN])),
    Value::new("clean-hole", |config| page(config, [CLEAN, HOLE])),
    Value::new("clean-unwritten", |config| page(config, [CLEAN, UNWRITTEN])),
    Value::new("hole-clean", |config| page(config, [HOLE, CLEAN])),
    Value::new("hole-hole", |config| page(config, [HOLE, HOLE])),
    Value::new("dirty-dirty", |config| page(config, [DIRTY, DIRTY])),
    Value::new("dirty-hole", |config| page(config, [DIRTY, DIRTY_HOLE])),
    Value::new("dirty-unwritten", |config| {
        page(config, [DIRTY, UNWRITTEN_DIRTY_HOLE]);
    }),
    Value::new("dirty-converting", |config| {
        page(config, [DIRTY, DIRTY_UNWRITTEN]);
    }),
    Value::new("dirty-read", |config| page(config, [DIRTY, READ_UNWRITTEN])),
    Value::new("hole-dirty", |config| page(config, [DIRTY_HOLE, DIRTY])),
    Value::new("delayed-delayed", |config| page(config, [DELAYED, DELAYED])),
    Value::new("delayed-hole", |config| page(config, [DELAYED, DIRTY_HOLE])),
    Value::new("dirty-delayed", |config| page(config, [DIRTY, DELAYED])),
    Value::new("delayed-converting", |config| {
        page(config, [DELAYED, DIRTY_UNWRITTEN]);
    }),
];

const JOURNALLED_PAGES: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("clean-clean", |config| page(config, [CLEAN, CLEAN])),
    Value::new("clean-hole", |config| page(config, [CLEAN, HOLE])),
    Value::new("hole-hole", |config| page(config, [HOLE, HOLE])),
    Value::new("hole-clean", |config| page(config, [HOLE, CLEAN])),
    Value::new("stored-stored", |config| page(config, [STORED, STORED])),
    Value::new("stored-hole", |config| page(config, [STORED, HOLE])),
    Value::new("stored-clean", |config| page(config, [STORED, CLEAN])),
    Value::new("hole-stored", |config| page(config, [HOLE, STORED])),
];

const WORDS: &[&str] = &[
    "store0",
    "store1",
    "store2",
    "store3",
    "truncate0",
    "truncate1",
    "truncate2",
    "truncate3",
    "truncate4",
    "fsync",
    "sync-other",
    "zero0",
    "zero1",
    "zero2",
    "zero3",
];

fn op(word: usize) -> Op {
    match word {
        0..=3 => Op::Store(word),
        4..=8 => Op::Truncate(word - 4),
        9 => Op::Fsync,
        10 => Op::SyncOther,
        _ => Op::Zero(word - 11),
    }
}

/// Adds a process, unless its program is empty.
fn process(config: &mut Config, words: &[usize]) {
    if words.is_empty() {
        return;
    }
    let program: Vec<Op> = words.iter().map(|word| op(*word)).collect();
    let name = match config.processes.len() {
        0 => "process",
        others => interned_text(&format!("process{}", others + 1)),
    };
    config.processes = interned(&[config.processes, &[(name, interned(&program))]].concat());
}

pub(in crate::protocols) const PAGE1: Dimension<Config> =
    Dimension::new("page1", "the blocks of the first page", PAGES);
pub(in crate::protocols) const PAGE2: Dimension<Config> =
    Dimension::new("page2", "the blocks of the second page", PAGES);
pub(in crate::protocols) const JOURNALLED_PAGE1: Dimension<Config> =
    Dimension::new("page1", "the blocks of the first page", JOURNALLED_PAGES);
pub(in crate::protocols) const JOURNALLED_PAGE2: Dimension<Config> =
    Dimension::new("page2", "the blocks of the second page", JOURNALLED_PAGES);

pub(in crate::protocols) const SIZE: Dimension<Config> = Dimension::new(
    "size",
    "i_size, in blocks",
    &[
        Value::new("0", |config| config.size = 0),
        Value::new("1", |config| config.size = 1),
        Value::new("2", |config| config.size = 2),
        Value::new("3", |config| config.size = 3),
        Value::new("4", |config| config.size = 4),
    ],
);

pub(in crate::protocols) const MAPPED: Dimension<Config> = Dimension::new(
    "mapped",
    "the ptes of the pages, which are dirty with the last three",
    &[
        Value::new("not-yet", |config| config.mapped = Mapped::No),
        Value::new("read-only", |config| config.mapped = Mapped::ReadOnly),
        Value::new("protected", |config| config.mapped = Mapped::Protected),
        Value::new("writable", |config| config.mapped = Mapped::Writable),
        Value::new("no-more", |config| config.mapped = Mapped::Gone),
    ],
);

pub(in crate::protocols) const PROCESS1: Dimension<Config> = Dimension::programs(
    "process1",
    "the system calls and stores of a process",
    WORDS,
    process,
);
pub(in crate::protocols) const PROCESS2: Dimension<Config> =
    Dimension::programs("process2", "those of another process", WORDS, process).like("process1");
pub(in crate::protocols) const PROCESS3: Dimension<Config> =
    Dimension::programs("process3", "those of a third process", WORDS, process).like("process2");

pub(in crate::protocols) const FLUSHER: Dimension<Config> = Dimension::new(
    "flusher",
    "wbc->nr_to_write of pdflush, in pages",
    &[
        Value::new("none", |config| config.flusher = None),
        Value::new("1", |config| config.flusher = Some(1)),
        Value::new("2", |config| config.flusher = Some(2)),
    ],
);

pub(in crate::protocols) const RECLAIM: Dimension<Config> = Dimension::new(
    "reclaim",
    "who reclaims the first page",
    &[
        Value::new("none", |config| config.reclaim = None),
        Value::new("kswapd", |config| config.reclaim = Some(Reclaim::Kswapd)),
        Value::new("handle-owner", |config| {
            config.reclaim = Some(Reclaim::HandleOwner);
        }),
    ],
);

pub(in crate::protocols) const COMMITS: Dimension<Config> = Dimension::new(
    "commits",
    "commits that the timer starts",
    &[
        Value::new("0", |config| config.commits = 0),
        Value::new("1", |config| config.commits = 1),
    ],
);

pub(in crate::protocols) const COMMITTING: Dimension<Config> = Dimension::new(
    "committing",
    "whether a commit has still to let go of the first block's buffer",
    &[
        Value::new("no", |config| config.committing = false),
        Value::new("yes", |config| {
            config.committing = true;
            config.filed = &[0];
        }),
    ],
);

fn is_dirty(config: &Config) -> bool {
    matches!(
        config.mapped,
        Mapped::Writable | Mapped::Protected | Mapped::Gone
    )
}

/// Whether a page is dirty because of write(2), and no store through a mapping.
fn is_written(config: &Config) -> bool {
    let mut heads = config.buffers.iter();
    heads.any(|head| head.unwritten && !head.mapped && !head.dirty)
}

/// A dimension is a program of a process.
const PROCESSES: &[&str] = &["process1", "process2", "process3"];

/// The rules of all modes.
pub(in crate::protocols) const RULES: &[Rule<Config>] = &[
    Rule::new(&["page1"], "a scenario has a page", |config| {
        !config.disk.is_empty()
    }),
    Rule::new(
        &["page2"],
        "only delayed allocation leaves mapped blocks to be allocated or converted later: without it, get_block \
         allocates and converts at once",
        |config| {
            let later = |head: &BufferHead| head.mapped && head.is_delay_or_unwritten();
            config.mode == Mode::Delalloc || !config.buffers.iter().any(later)
        },
    ),
    Rule::new(&["size"], "the file ends within its pages", |config| {
        config.size <= config.disk.len()
    }),
    Rule::new(
        &["size"],
        "what is stored or on disk lies below i_size",
        |config| {
            let blocks = config.disk.iter().zip(config.buffers).enumerate();
            let mut beyond = blocks.filter(|(block, _)| *block >= config.size);
            // A read looks up the blocks below i_size alone.
            let known = |head: &BufferHead| head.mapped || head.unwritten;
            beyond.all(|(block, (_, head))| !known(head) && !config.stored.contains(&block))
        },
    ),
    Rule::new(
        &["mapped"],
        "a dirty page holds a store that is not on disk, and a clean one none",
        |config| {
            let pages = config.buffers.len() / BLOCKS;
            let holds = |page: usize| {
                let mut blocks = page * BLOCKS..(page + 1) * BLOCKS;
                blocks.any(|block| config.stored.contains(&block))
            };
            let dirty = config.buffers.iter().any(|head| head.dirty);
            if is_dirty(config) {
                (0..pages).all(holds)
            } else {
                config.stored.is_empty() && !dirty
            }
        },
    ),
    Rule::new(
        &["mapped"],
        "page_mkwrite has prepared the blocks below i_size of a page that is mapped writable",
        |config| {
            let mut below = config.buffers.iter().take(config.size);
            config.mapped != Mapped::Writable || below.all(|head| head.mapped)
        },
    ),
    Rule::new(
        &["mapped"],
        "a store through a mapping dirties every buffer of its page; only write(2) leaves one clean",
        |config| !is_written(config) || config.mapped != Mapped::Writable,
    ),
    Rule::new(
        PROCESSES,
        "a program names blocks of the file's pages",
        |config| {
            ops(config).all(|op| match op {
                Op::Store(block) | Op::Zero(block) => block < config.disk.len(),
                Op::Truncate(size) => size <= config.disk.len(),
                Op::Fsync | Op::SyncOther => true,
            })
        },
    ),
    Rule::new(
        PROCESSES,
        "no process stores through a mapping that is gone",
        |config| config.mapped != Mapped::Gone || ops(config).all(|op| !matches!(op, Op::Store(_))),
    ),
    Rule::new(
        PROCESSES,
        "another file's fsync concerns data=journal, where it commits",
        |config| {
            config.mode == Mode::Journalled || ops(config).all(|op| !matches!(op, Op::SyncOther))
        },
    ),
    Rule::new(
        PROCESSES,
        "in data=journal, zero-range first commits all that there is, which no thread does here",
        |config| {
            config.mode != Mode::Journalled || ops(config).all(|op| !matches!(op, Op::Zero(_)))
        },
    ),
    Rule::new(
        &["flusher"],
        "a flush of more pages than there are is the one of all",
        |config| {
            config.flusher.is_none_or(|pages| {
                usize::try_from(pages).is_ok_and(|pages| pages * BLOCKS <= config.disk.len())
            })
        },
    ),
    Rule::new(
        &["committing"],
        "what is being committed is a block of the file",
        |config| !config.committing || config.disk[0] == Found::Written,
    ),
    Rule::new(&["commits"], "a scenario has a thread", |config| {
        size(config).threads > 0
    }),
];

/// The bound of the gate.
pub(in crate::protocols) const GATE: &[Bound] = &[Bound::new(2, 2, 1)];

/// The bound of the deep run: more operations and threads, another page, and long programs of one process.
pub(in crate::protocols) const DEEP: &[Bound] = &[
    Bound::new(2, 2, 1),
    Bound::new(3, 3, 1).only(&[
        (
            "page1",
            &[
                "clean-hole",
                "dirty-hole",
                "delayed-hole",
                "hole-dirty",
                "dirty-read",
            ],
        ),
        ("process1", FEW_WORDS),
        ("process2", FEW_WORDS),
        ("process3", FEW_WORDS),
    ]),
    Bound::new(2, 2, 2).only(&[
        ("page1", &["clean-hole", "dirty-hole", "delayed-hole"]),
        (
            "page2",
            &["none", "clean-hole", "dirty-hole", "delayed-hole"],
        ),
    ]),
    LONG_PROGRAMS,
];

/// The same with data=journal.
pub(in crate::protocols) const JOURNALLED_DEEP: &[Bound] = &[
    Bound::new(2, 2, 1),
    Bound::new(3, 3, 1).only(&[
        ("page1", &["clean-hole", "stored-hole", "hole-stored"]),
        ("process1", FEW_WORDS),
        ("process2", FEW_WORDS),
        ("process3", FEW_WORDS),
    ]),
    Bound::new(2, 2, 2).only(&[
        ("page1", &["clean-hole", "stored-hole"]),
        ("page2", &["none", "clean-hole", "stored-hole"]),
    ]),
    LONG_PROGRAMS,
];

/// Every program of up to six operations on a file of two holes.
const LONG_PROGRAMS: Bound = Bound::new(1, 6, 1).only(&[
    ("page1", &["hole-hole"]),
    ("size", &["2"]),
    (
        "process1",
        &["store0", "store1", "truncate1", "truncate2", "fsync"],
    ),
]);

/// Words that make a file of one page shrink, grow and change.
const FEW_WORDS: &[&str] = &[
    "store0",
    "store1",
    "truncate0",
    "truncate1",
    "truncate2",
    "fsync",
];

fn ops(config: &Config) -> impl Iterator<Item = Op> {
    config
        .processes
        .iter()
        .flat_map(|(_, program)| program.iter().copied())
}

/// How large a scenario is.
pub(in crate::protocols) fn size(config: &Config) -> Size {
    let others = usize::from(config.flusher.is_some()) + usize::from(config.reclaim.is_some());
    let commits = config.commits + usize::from(config.committing);
    Size {
        threads: config.processes.len() + others + usize::from(commits > 0),
        operations: ops(config).count() + others + commits,
        pages: config.disk.len() / BLOCKS,
    }
}
