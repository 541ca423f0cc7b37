//! The scenario space: one file of up to two pages, threads that dirty, write back, reclaim and truncate it, commits.

use super::config::{Config, Flush};
use super::threads::encoding;
use crate::kernel::BufferHead;
use crate::spec::{Bound, Dimension, Restriction, Rule, Size, Space, Value, interned};

const DELAYED: BufferHead = BufferHead::DELAYED;
const HOLE: BufferHead = BufferHead::HOLE;
const ON_DISK: BufferHead = BufferHead::ON_DISK;
const DIRTY: BufferHead = BufferHead::DIRTY;

const PAGES: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("delayed", |config| page(config, &[DELAYED])),
    Value::new("hole", |config| page(config, &[HOLE])),
    Value::new("on-disk", |config| page(config, &[ON_DISK])),
    Value::new("dirty", |config| page(config, &[DIRTY])),
    Value::new("delayed-hole", |config| page(config, &[DELAYED, HOLE])),
    Value::new("delayed-delayed", |config| {
        page(config, &[DELAYED, DELAYED]);
    }),
    Value::new("hole-delayed", |config| page(config, &[HOLE, DELAYED])),
    Value::new("on-disk-delayed", |config| {
        page(config, &[ON_DISK, DELAYED]);
    }),
    Value::new("hole-hole", |config| page(config, &[HOLE, HOLE])),
];

const WRITERS: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("page1", |config| {
        config.writers = interned(&[config.writers, &[0]].concat());
    }),
    Value::new("page2", |config| {
        config.writers = interned(&[config.writers, &[1]].concat());
    }),
];

const FAULTS: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("page1", |config| {
        config.faults = interned(&[config.faults, &[0]].concat());
    }),
    Value::new("page2", |config| {
        config.faults = interned(&[config.faults, &[1]].concat());
    }),
];

const ONE: Flush = Flush {
    nr_to_write: 1,
    chunk: 1,
    pagevec: 14,
    start: 0,
};

fn page(config: &mut Config, blocks: &'static [BufferHead]) {
    config.pages = interned(&[config.pages, &[blocks]].concat());
}

fn blocks(config: &Config) -> usize {
    config.pages.iter().map(|page| page.len()).sum()
}

fn names_pages(config: &Config, pages: &[usize]) -> bool {
    pages.iter().all(|page| *page < config.pages.len())
}

/// Two flushers under the loop that locks pages in the order of a range that wraps.
const TWO_FLUSHERS: &[Restriction] = &[
    ("page1", &["delayed", "dirty"]),
    ("page2", &["delayed", "dirty"]),
    ("second-flush", &["1", "2-from-page2"]),
    ("loop", &["2.6.29"]),
];

/// Every scenario of the spec.
pub static SPACE: Space<Config> = Space {
    base: Config {
        pages: &[],
        size: 0,
        commits: 0,
        ..Config::BASE
    },
    dimensions: &[
        Dimension::new(
            "umount",
            "whether the file is the journal's own, and the flusher the last iput of its inode",
            &[
                Value::new("no", |config| config.umount = false),
                Value::new("yes", |config| config.umount = true),
            ],
        ),
        Dimension::new("page1", "the blocks of the first page", PAGES),
        Dimension::new("page2", "the blocks of the second page", PAGES),
        Dimension::new(
            "size",
            "i_size, in blocks",
            &[
                Value::new("0", |config| config.size = 0),
                Value::new("1", |config| config.size = 1),
                Value::new("2", |config| config.size = 2),
                Value::new("3", |config| config.size = 3),
                Value::new("4", |config| config.size = 4),
            ],
        ),
        Dimension::new("writer1", "the page that a thread writes whole", WRITERS),
        Dimension::new(
            "writer2",
            "the page that another thread writes whole",
            WRITERS,
        )
        .like("writer1"),
        Dimension::new("fault1", "the page that a fault makes writable", FAULTS),
        Dimension::new(
            "fault2",
            "the page that another fault makes writable",
            FAULTS,
        )
        .like("fault1"),
        Dimension::new(
            "flush",
            "how the flusher is called: pages to write, pages to a chunk, where it starts",
            &[
                Value::new("none", |config| config.flush = None),
                Value::new("1", |config| config.flush = Some(ONE)),
                Value::new("2", |config| {
                    config.flush = Some(Flush {
                        nr_to_write: 2,
                        ..ONE
                    });
                }),
                Value::new("2-in-one-chunk", |config| {
                    config.flush = Some(Flush {
                        nr_to_write: 2,
                        chunk: 2,
                        ..ONE
                    });
                }),
                Value::new("1-from-page2", |config| {
                    config.flush = Some(Flush { start: 1, ..ONE });
                }),
                Value::new("2-from-page2", |config| {
                    config.flush = Some(Flush {
                        nr_to_write: 2,
                        start: 1,
                        ..ONE
                    });
                }),
                Value::new("2-by-pagevecs-of-2", |config| {
                    config.flush = Some(Flush {
                        nr_to_write: 2,
                        pagevec: 2,
                        ..ONE
                    });
                }),
            ],
        ),
        Dimension::new(
            "second-flush",
            "how another flusher is called",
            &[
                Value::new("none", |config| config.second_flush = None),
                Value::new("1", |config| config.second_flush = Some(ONE)),
                Value::new("2-from-page2", |config| {
                    config.second_flush = Some(Flush {
                        nr_to_write: 2,
                        start: 1,
                        ..ONE
                    });
                }),
            ],
        ),
        Dimension::new(
            "loop",
            "the writeback loop, of 2.6.27 or of 2.6.29, which wraps",
            &[
                Value::new("2.6.27", |config| config.wraps = false),
                Value::new("2.6.29", |config| config.wraps = true),
            ],
        ),
        Dimension::new(
            "reclaim",
            "the page that kswapd reclaims",
            &[
                Value::new("none", |config| config.reclaim = None),
                Value::new("page1", |config| config.reclaim = Some(0)),
                Value::new("page2", |config| config.reclaim = Some(1)),
            ],
        ),
        Dimension::new(
            "without-buffers",
            "the page whose buffers reclaim has taken before",
            &[
                Value::new("none", |config| config.without_buffers = None),
                Value::new("page1", |config| config.without_buffers = Some(0)),
            ],
        ),
        Dimension::new(
            "direct-reclaim",
            "the page that a writer's own allocation of memory reclaims",
            &[
                Value::new("none", |config| config.direct_reclaim = None),
                Value::new("page1", |config| config.direct_reclaim = Some(0)),
                Value::new("page2", |config| config.direct_reclaim = Some(1)),
            ],
        ),
        Dimension::new(
            "memory",
            "whether the first writer finds memory for its page",
            &[
                Value::new("enough", |config| config.no_memory = false),
                Value::new("none", |config| config.no_memory = true),
            ],
        ),
        Dimension::new(
            "truncate",
            "the blocks that the file is truncated to",
            &[
                Value::new("none", |config| config.truncate = None),
                Value::new("0", |config| config.truncate = Some(0)),
                Value::new("1", |config| config.truncate = Some(1)),
            ],
        ),
        Dimension::new(
            "commits",
            "commits that the timer starts",
            &[
                Value::new("0", |config| config.commits = 0),
                Value::new("1", |config| config.commits = 1),
                Value::new("2", |config| config.commits = 2),
            ],
        ),
        Dimension::new(
            "ordered",
            "whether a commit writes the file's data first (data=ordered)",
            &[
                Value::new("no", |config| config.ordered = false),
                Value::new("yes", |config| config.ordered = true),
            ],
        ),
        Dimension::new(
            "extent",
            "the blocks that one allocation finds in a row",
            &[
                Value::new("1", |config| config.extent = 1),
                Value::new("2", |config| config.extent = 2),
            ],
        ),
    ],
    rules: &[
        Rule::new(
            &["page1", "page2"],
            "a file has a page, and only the journal's own, which is not written through its mapping, has none",
            |config| config.pages.is_empty() == config.umount,
        ),
        Rule::new(
            &["page2"],
            "all pages have the same number of blocks",
            |config| {
                config
                    .pages
                    .iter()
                    .all(|page| page.len() == config.pages[0].len())
            },
        ),
        Rule::new(&["size"], "the file ends within its pages", |config| {
            config.size <= blocks(config)
        }),
        Rule::new(
            &["size"],
            "what is dirty was written by write(2), and lies below i_size",
            |config| {
                let heads = config.pages.iter().copied().flatten();
                heads
                    .enumerate()
                    .all(|(block, head)| !head.dirty || block < config.size)
            },
        ),
        Rule::new(
            &["writer2"],
            "a writer's page is one of the file's",
            |config| names_pages(config, config.writers),
        ),
        Rule::new(
            &["fault2"],
            "a fault's page is one of the file's",
            |config| names_pages(config, config.faults),
        ),
        Rule::new(
            &["fault2"],
            "a fault beyond the end of the file is a signal and no page_mkwrite",
            |config| {
                let per_page = config.blocks_per_page();
                config
                    .faults
                    .iter()
                    .all(|page| page * per_page < config.size)
            },
        ),
        Rule::new(
            &["flush"],
            "a flush of more pages than there are is the one of all",
            |config| {
                let pages = config.pages.len().max(1);
                config.flush.is_none_or(|flush| {
                    usize::try_from(flush.nr_to_write)
                        .is_ok_and(|pages_to_write| pages_to_write <= pages)
                        && flush.start < pages
                })
            },
        ),
        Rule::new(
            &["flush", "commits"],
            "at umount jbd2_journal_destroy is the last thread, and no timer starts a commit any more",
            |config| !config.umount || (config.flush.is_some() && config.commits == 0),
        ),
        Rule::new(
            &["second-flush"],
            "a second flusher comes beside a first one",
            |config| {
                config.second_flush.is_none() || (config.flush.is_some() && config.pages.len() > 1)
            },
        ),
        Rule::new(
            &["loop"],
            "where a loop wraps concerns flushers of two pages",
            |config| !config.wraps || (config.flush.is_some() && config.pages.len() > 1),
        ),
        Rule::new(
            &["without-buffers"],
            "reclaim and writeback meet a page without buffers, whose blocks are on disk; write_begin would make them",
            |config| {
                let mut first = config.pages.iter().take(1).copied().flatten();
                config.without_buffers.is_none()
                    || (first.all(|head| *head == ON_DISK)
                        && config.writers.is_empty()
                        && config.faults.is_empty())
            },
        ),
        Rule::new(
            &["without-buffers"],
            "a store has dirtied the page without buffers, and one beyond the end of the file is a signal",
            |config| config.without_buffers.is_none() || config.size > 0,
        ),
        Rule::new(
            &["reclaim"],
            "what is reclaimed is a page of the file",
            |config| config.reclaim.is_none_or(|page| page < config.pages.len()),
        ),
        Rule::new(
            &["direct-reclaim"],
            "a writer reclaims another page than the one it writes",
            |config| {
                config.direct_reclaim.is_none_or(|page| {
                    page < config.pages.len()
                        && !config.writers.is_empty()
                        && !config.writers.contains(&page)
                })
            },
        ),
        Rule::new(
            &["memory"],
            "a writer that finds no memory is a writer",
            |config| !config.no_memory || !config.writers.is_empty(),
        ),
        Rule::new(
            &["truncate"],
            "truncation makes the file smaller",
            |config| config.truncate.is_none_or(|size| size < config.size),
        ),
        Rule::new(&["ordered"], "data=ordered concerns a commit", |config| {
            !config.ordered || config.commits > 0
        }),
        Rule::new(
            &["extent"],
            "free space in a row concerns more than one block",
            |config| config.extent == 1 || blocks(config) > 1,
        ),
    ],
    size: |config| {
        let threads = config.writers.len()
            + config.faults.len()
            + usize::from(config.flush.is_some())
            + usize::from(config.second_flush.is_some())
            + usize::from(config.reclaim.is_some())
            + usize::from(config.truncate.is_some());
        Size {
            // kjournald2 is there in any case.
            threads: threads + 1,
            operations: threads + config.commits,
            pages: config.pages.len(),
        }
    },
    gate: &[
        Bound::new(3, 2, 1),
        Bound::new(2, 1, 2),
        Bound::new(3, 2, 2).only(TWO_FLUSHERS),
    ],
    deep: &[
        Bound::new(3, 3, 1),
        Bound::new(2, 3, 2),
        Bound::new(3, 2, 2).only(TWO_FLUSHERS),
    ],
    encoding,
};
