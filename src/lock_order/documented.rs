//! The orders that the kernel documents, as data.
//!
//! Each name stands for the classes of the models that mean the same; a name without any is not
//! modelled. *Transaction start* is two things: who comes for it waits for the running transaction, or
//! for room in it; who has it holds a handle.
//!
//! `Documentation/filesystems/Locking` has no entry here: of `page_mkwrite` it says with which locks held
//! it is called and returns, and ranks nothing.

/// A lock, a bit or an event as a document names it.
///
/// ```
/// use pagelock::lock_order::DOCUMENTS;
///
/// let orders: Vec<_> = DOCUMENTS.iter().flat_map(|document| document.orders()).collect();
/// let name = |kernel: &str| orders.iter().find(|order| order.first.kernel == kernel).unwrap().first;
/// // A transaction is held as a handle, and come for in three ways.
/// assert_eq!(name("transaction start").held, ["handle"]);
/// assert_eq!(name("transaction start").wanted, ["transaction", "commit of TN", "handle"]);
/// assert!(name("transaction start").is_modelled() && !name("mmap_sem").is_modelled());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// The kernel's name.
    pub kernel: &'static str,
    /// The classes that stand for it where it is held.
    pub held: &'static [&'static str],
    /// The classes that stand for it where it is come for.
    pub wanted: &'static [&'static str],
}

impl Name {
    const fn modelled(kernel: &'static str, classes: &'static [&'static str]) -> Self {
        Self {
            kernel,
            held: classes,
            wanted: classes,
        }
    }

    const fn absent(kernel: &'static str) -> Self {
        Self::modelled(kernel, &[])
    }

    /// Whether any model has it.
    #[must_use]
    pub const fn is_modelled(&self) -> bool {
        !self.held.is_empty()
    }
}

const I_MUTEX: Name = Name::modelled("i_mutex", &["i_mutex"]);
const I_ALLOC_SEM: Name = Name::modelled("i_alloc_sem", &["i_alloc_sem"]);
const PAGE_LOCK: Name = Name::modelled("PG_locked", &["page lock"]);
const PTE_LOCK: Name = Name::modelled("pte lock", &["pte lock"]);
const TREE_LOCK: Name = Name::modelled("tree_lock", &["tree_lock"]);
const I_DATA_SEM: Name = Name::modelled("i_data_sem", &["i_data_sem"]);
const REQ_LOCK: Name = Name::modelled("req_lock", &["req_lock"]);
const BUSY: Name = Name::modelled("PG_BUSY", &["request N", "metadata"]);
const TRANSACTION: Name = Name {
    kernel: "transaction start",
    held: &["handle"],
    wanted: &["transaction", "commit of TN", "handle"],
};
const MMAP_SEM: Name = Name::absent("mmap_sem");
const I_MMAP_LOCK: Name = Name::absent("i_mmap_lock");
const ANON_VMA: Name = Name::absent("anon_vma->lock");
const PRIVATE_LOCK: Name = Name::absent("private_lock");
const INODE_LOCK: Name = Name::absent("inode_lock");
const SWAP_LOCK: Name = Name::absent("swap_lock");
const LRU_LOCK: Name = Name::absent("zone lru lock");
const SB_LOCK: Name = Name::absent("sb_lock");
const START_WRITE: Name = Name::absent("sb_start_write");
const START_FAULT: Name = Name::absent("sb_start_pagefault");
const I_MMAP_SEM: Name = Name::absent("i_mmap_sem");

/// Of which pages a documented order speaks.
///
/// ```
/// use pagelock::lock_order::{DOCUMENTS, Pages};
///
/// let nfs = DOCUMENTS.iter().find(|document| document.source.starts_with("fs/nfs")).unwrap();
/// let of = |pages: Pages| nfs.orders().into_iter().find(|order| order.pages == pages).unwrap();
/// // The lock of a page is taken before the request of that page, and after that of a lower one.
/// assert_eq!((of(Pages::Same).first.kernel, of(Pages::Same).second.kernel), ("PG_locked", "PG_BUSY"));
/// assert_eq!(of(Pages::Ascending).first.kernel, "PG_BUSY");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// Of any, or the order has nothing to do with pages.
    Any,
    /// Of one page: the first of page j comes before the second of page j.
    Same,
    /// Of ascending pages: the first of page i comes before the second of page j for i < j only.
    Ascending,
}

/// A documented order of two.
///
/// ```
/// use pagelock::lock_order::{DOCUMENTS, Ranked};
///
/// let later = DOCUMENTS.iter().find(|document| document.source.starts_with("fs/ext4/super.c")).unwrap();
/// let words = |order: &Ranked| format!("{} before {}", order.first.kernel, order.second.kernel);
/// let orders: Vec<String> = later.orders().iter().map(words).collect();
/// assert!(orders.contains(&"transaction start before PG_locked".to_string()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// What is taken first.
    pub first: Name,
    /// What is taken while the first is held.
    pub second: Name,
    /// Of which pages.
    pub pages: Pages,
}

/// A document that ranks locks.
///
/// A document states chains, from which more orders follow:
/// ```
/// use pagelock::lock_order::DOCUMENTS;
///
/// let rmap = DOCUMENTS.iter().find(|document| document.source.starts_with("mm/rmap.c")).unwrap();
/// let orders = rmap.orders();
/// let has = |first: &str, second: &str| {
///     orders.iter().any(|order| (order.first.kernel, order.second.kernel) == (first, second))
/// };
/// assert!(has("i_mutex", "i_alloc_sem") && has("i_alloc_sem", "mmap_sem"));
/// assert!(has("i_mutex", "mmap_sem"));
/// assert!(!has("mmap_sem", "i_mutex"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// Where it stands.
    pub source: &'static str,
    /// Each a chain: of any two names in it, the one that stands first is taken first.
    chains: &'static [&'static [Name]],
    /// Orders that hold for some pages.
    by_page: &'static [Ranked],
}

impl Document {
    /// Every order of two that the document states or implies.
    #[must_use]
    pub fn orders(&self) -> Vec<Ranked> {
        let mut orders: Vec<Ranked> = Vec::new();
        for chain in self.chains {
            for (place, first) in chain.iter().enumerate() {
                for second in &chain[place + 1..] {
                    let order = Ranked {
                        first: *first,
                        second: *second,
                        pages: Pages::Any,
                    };
                    if !orders.contains(&order) {
                        orders.push(order);
                    }
                }
            }
        }
        orders.extend(self.by_page);
        orders
    }
}

/// Every document.
pub const DOCUMENTS: &[Document] = &[
    Document {
        source: "mm/rmap.c, 2.6.30",
        chains: &[
            &[
                I_MUTEX,
                I_ALLOC_SEM,
                MMAP_SEM,
                PAGE_LOCK,
                I_MMAP_LOCK,
                ANON_VMA,
                PTE_LOCK,
                LRU_LOCK,
            ],
            &[PTE_LOCK, SWAP_LOCK],
            &[PTE_LOCK, PRIVATE_LOCK],
            &[
                I_MUTEX,
                I_ALLOC_SEM,
                MMAP_SEM,
                PAGE_LOCK,
                I_MMAP_LOCK,
                ANON_VMA,
                PTE_LOCK,
                INODE_LOCK,
                TREE_LOCK,
            ],
            &[INODE_LOCK, SB_LOCK],
        ],
        by_page: &[],
    },
    Document {
        source: "mm/filemap.c, 2.6.30",
        chains: &[
            &[I_MMAP_LOCK, PRIVATE_LOCK, SWAP_LOCK, TREE_LOCK],
            &[I_MUTEX, I_MMAP_LOCK],
            &[MMAP_SEM, I_MMAP_LOCK, PTE_LOCK, TREE_LOCK],
            &[MMAP_SEM, PAGE_LOCK],
            &[I_MUTEX, MMAP_SEM],
            &[I_MUTEX, I_ALLOC_SEM],
            &[PTE_LOCK, PRIVATE_LOCK],
            &[PTE_LOCK, INODE_LOCK],
        ],
        by_page: &[],
    },
    Document {
        source: "ext4 61628a3f3a37, a comment",
        chains: &[&[TRANSACTION, PAGE_LOCK]],
        by_page: &[],
    },
    Document {
        source: "fs/ext4/super.c, since 2015",
        chains: &[
            &[
                MMAP_SEM,
                START_FAULT,
                I_MMAP_SEM,
                TRANSACTION,
                PAGE_LOCK,
                I_DATA_SEM,
            ],
            &[START_WRITE, I_MUTEX, MMAP_SEM],
            &[START_WRITE, I_MUTEX, TRANSACTION, PAGE_LOCK, I_DATA_SEM],
            &[START_WRITE, I_MUTEX, I_MMAP_SEM, I_MMAP_LOCK, PAGE_LOCK],
        ],
        by_page: &[],
    },
    Document {
        source: "write_cache_pages, from the code",
        chains: &[],
        by_page: &[Ranked {
            first: PAGE_LOCK,
            second: PAGE_LOCK,
            pages: Pages::Ascending,
        }],
    },
    Document {
        source: "fs/nfs, from the code",
        chains: &[&[PAGE_LOCK, REQ_LOCK]],
        by_page: &[
            Ranked {
                first: PAGE_LOCK,
                second: BUSY,
                pages: Pages::Same,
            },
            Ranked {
                first: BUSY,
                second: PAGE_LOCK,
                pages: Pages::Ascending,
            },
        ],
    },
];
