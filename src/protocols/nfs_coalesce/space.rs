//! The scenario space: a file of one or two pages in every state, up to three threads that write it back, wait for it or
//! dirty it, and rpciod.

use super::config::{
    COMMITTING_DIRTY, Config, IN_FLIGHT, Loop, NEEDS_FLUSH, NO_MEMORY, NO_MEMORY_STORED, Role,
    STORED, TO_COMMIT, TO_COMMIT_DIRTY, Thread, WRITTEN,
};
use super::scenarios::BASE;
use super::threads::encoding;
use crate::kernel::nfs::Start;
use crate::spec::{
    Bound, Dimension, Restriction, Rule, Size, Space, Value, interned, interned_text,
};

const PAGES: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("clean", |config| page(config, Start::CLEAN)),
    Value::new("written", |config| page(config, WRITTEN)),
    Value::new("stored", |config| page(config, STORED)),
    Value::new("no-memory", |config| page(config, NO_MEMORY)),
    Value::new("no-memory-stored", |config| page(config, NO_MEMORY_STORED)),
    Value::new("needs-flush", |config| page(config, NEEDS_FLUSH)),
    Value::new("in-flight", |config| page(config, IN_FLIGHT)),
    Value::new("to-commit", |config| page(config, TO_COMMIT)),
    Value::new("to-commit-dirty", |config| page(config, TO_COMMIT_DIRTY)),
    Value::new("committing-dirty", |config| page(config, COMMITTING_DIRTY)),
];

const THREADS: &[Value<Config>] = &[
    Value::new("none", |_| {}),
    Value::new("flusher", |config| {
        thread(
            config,
            "flusher",
            Role::Flusher {
                rounds: 1,
                start: 0,
            },
        );
    }),
    Value::new("flusher-twice", |config| {
        thread(
            config,
            "flusher",
            Role::Flusher {
                rounds: 2,
                start: 0,
            },
        );
    }),
    Value::new("flusher-from-page2", |config| {
        thread(
            config,
            "flusher",
            Role::Flusher {
                rounds: 1,
                start: 1,
            },
        );
    }),
    Value::new("fsync", |config| {
        thread(config, "fsync", Role::Fsync { rounds: 1 });
    }),
    Value::new("fsync-twice", |config| {
        thread(config, "fsync", Role::Fsync { rounds: 2 });
    }),
    Value::new("sync", |config| {
        thread(config, "sync", Role::Sync { start: 0 });
    }),
    Value::new("sync-from-page2", |config| {
        thread(config, "sync", Role::Sync { start: 1 });
    }),
    Value::new("invalidate-page1", |config| {
        thread(config, "invalidate", Role::Invalidate(0));
    }),
    Value::new("invalidate-page2", |config| {
        thread(config, "invalidate", Role::Invalidate(1));
    }),
    Value::new("reclaim-page1", |config| {
        thread(config, "reclaim", Role::Reclaim(0));
    }),
    Value::new("reclaim-page2", |config| {
        thread(config, "reclaim", Role::Reclaim(1));
    }),
    Value::new("truncate-page1", |config| {
        thread(config, "truncate", Role::Truncate(0));
    }),
    Value::new("truncate-page2", |config| {
        thread(config, "truncate", Role::Truncate(1));
    }),
    Value::new("store-page1", |config| {
        thread(config, "store", Role::Store(0));
    }),
    Value::new("store-page2", |config| {
        thread(config, "store", Role::Store(1));
    }),
    Value::new("write-page1", |config| {
        thread(config, "write", Role::Write(0));
    }),
    Value::new("write-page2", |config| {
        thread(config, "write", Role::Write(1));
    }),
    Value::new("touch-page1", |config| {
        thread(config, "touch", Role::Touch(0));
    }),
    Value::new("touch-page2", |config| {
        thread(config, "touch", Role::Touch(1));
    }),
];

fn page(config: &mut Config, start: Start) {
    config.pages = interned(&[config.pages, &[start]].concat());
}

/// Adds a thread. Two of one role differ by a number.
fn thread(config: &mut Config, name: &'static str, role: Role) {
    let same = config
        .threads
        .iter()
        .filter(|thread| thread.name.starts_with(name))
        .count();
    let name = match same {
        0 => name,
        _ => interned_text(&format!("{name}{}", same + 1)),
    };
    let thread = Thread {
        name,
        role,
        interruptible: false,
        short_of_memory: false,
    };
    config.threads = interned(&[config.threads, &[thread]].concat());
}

/// The first thread waits interruptibly, and a signal comes.
fn signal(config: &mut Config) {
    const PAGES: [usize; 2] = [0, 1];
    let mut threads = config.threads.to_vec();
    if let Some(first) = threads.first_mut() {
        first.interruptible = true;
    }
    threads.push(Thread {
        name: "signal",
        role: Role::Signal(interned(&PAGES[..config.pages.len()])),
        interruptible: false,
        short_of_memory: false,
    });
    config.threads = interned(&threads);
}

/// The first thread's `nfs_writedata_alloc` fails once.
fn short_of_memory(config: &mut Config) {
    let mut threads = config.threads.to_vec();
    if let Some(first) = threads.first_mut() {
        first.short_of_memory = true;
    }
    config.threads = interned(&threads);
}

fn writes_back(thread: &Thread) -> bool {
    matches!(
        thread.role,
        Role::Flusher { .. }
            | Role::Fsync { .. }
            | Role::Sync { .. }
            | Role::Invalidate(_)
            | Role::Reclaim(_)
    )
}

/// The last page that a thread names.
fn last_page(role: Role) -> usize {
    match role {
        Role::Flusher { start, .. } | Role::Sync { start } => start,
        Role::Invalidate(page)
        | Role::Reclaim(page)
        | Role::Truncate(page)
        | Role::Store(page)
        | Role::Touch(page)
        | Role::Write(page) => page,
        Role::Fsync { .. } | Role::Signal(_) => 0,
    }
}

fn rounds(role: Role) -> usize {
    match role {
        Role::Flusher { rounds, .. } | Role::Fsync { rounds } => rounds,
        _ => 1,
    }
}

/// Whether a page is written, committed, dirtied by its request's removal, and all that again. Executions are several times
/// as long then, so it counts as an operation more.
fn commits_twice(config: &Config) -> bool {
    let needs_flush = |page: &Start| page.request.is_some_and(|request| request.need_flush);
    config.unstable && config.pages.iter().any(needs_flush)
}

/// No failure, and the server and the loop of the patch's time.
const QUIET: &[Restriction] = &[
    ("first", &["undisturbed"]),
    ("server", &["stable"]),
    ("answer", &["done"]),
    ("loop", &["2007"]),
];

/// Every scenario of the spec.
///
/// Left out as artificial: the writeback loop that no kernel has. Not symmetric: pages, whose order is that of the
/// loops; and the first thread, which alone can be interrupted or short of memory.
pub static SPACE: Space<Config> = Space {
    base: Config {
        pages: &[],
        threads: &[],
        ..BASE
    },
    dimensions: &[
        Dimension::new(
            "page1",
            "the state of the first page and its request",
            PAGES,
        ),
        Dimension::new(
            "page2",
            "the state of the second page and its request",
            PAGES,
        ),
        Dimension::new(
            "thread1",
            "what a thread does, which may be interrupted",
            THREADS,
        ),
        Dimension::new("thread2", "what another thread does", THREADS),
        Dimension::new("thread3", "what a third thread does", THREADS).like("thread2"),
        Dimension::new(
            "first",
            "what happens to the first thread",
            &[
                Value::new("undisturbed", |_| {}),
                Value::new("signalled", signal),
                Value::new("short-of-memory", short_of_memory),
            ],
        ),
        Dimension::new(
            "server",
            "whether the server answers a WRITE before it has the bytes in stable storage",
            &[
                Value::new("stable", |config| config.unstable = false),
                Value::new("unstable", |config| config.unstable = true),
            ],
        ),
        Dimension::new(
            "answer",
            "what the server answers to the first WRITE",
            &[
                Value::new("done", |config| config.write_fails = false),
                Value::new("error", |config| config.write_fails = true),
            ],
        ),
        Dimension::new(
            "loop",
            "the writeback loop, of 2.6.21 or of January 2009",
            &[
                Value::new("2007", |config| config.writeback = Loop::Of2007),
                Value::new("2009", |config| config.writeback = Loop::Of2009),
            ],
        ),
        Dimension::new(
            "wsize",
            "the pages that an RPC holds",
            &[
                Value::new("2", |config| config.wsize = 2),
                Value::new("1", |config| config.wsize = 1),
            ],
        ),
    ],
    rules: &[
        Rule::new(&["page1"], "a scenario has a page", |config| {
            !config.pages.is_empty()
        }),
        Rule::new(
            &["thread1"],
            "the first thread writes back or waits for it",
            |config| config.threads.first().is_some_and(writes_back),
        ),
        Rule::new(
            &["thread1", "thread2", "thread3"],
            "a thread's page is one of the file's",
            |config| {
                config
                    .threads
                    .iter()
                    .all(|thread| last_page(thread.role) < config.pages.len())
            },
        ),
        Rule::new(
            &["wsize"],
            "how many pages an RPC holds concerns more than one page",
            |config| config.wsize == 2 || config.pages.len() > 1,
        ),
    ],
    size: |config| {
        let is_signal = |thread: &&Thread| matches!(thread.role, Role::Signal(_));
        let threads = config.threads.iter().filter(|thread| !is_signal(thread));
        // A failure counts as an operation of the outside world.
        let failures = config.threads.iter().filter(is_signal).count()
            + config
                .threads
                .iter()
                .filter(|thread| thread.short_of_memory)
                .count()
            + usize::from(config.write_fails);
        Size {
            // rpciod is there in any case.
            threads: config.threads.len() + 1,
            operations: threads.map(|thread| rounds(thread.role)).sum::<usize>()
                + failures
                + usize::from(commits_twice(config)),
            pages: config.pages.len(),
        }
    },
    gate: &[Bound::new(2, 1, 1), Bound::new(3, 2, 1)],
    // A request that needs a flush, on a server that answers WRITEs as unstable, has up to millions of states with three
    // threads or two pages: more than the deep run has memory for. `--threads 2 --operations 2` has it.
    deep: &[
        Bound::new(2, 2, 1).only(&[("server", &["stable"])]),
        Bound::new(3, 2, 1),
        Bound::new(3, 3, 1).only(QUIET),
        Bound::new(2, 2, 2).only(QUIET),
    ],
    encoding,
};
