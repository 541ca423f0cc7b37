//! Why steps of more than one word are one step in the kernel, where several specs take them.

use crate::kernel::functions as f;
use crate::spec::OneStep;

const SEMAPHORE: &str = "the semaphore's own lock: a count that is changed atomically, and a list of those that wait \
                         which sem->wait_lock guards; to take a semaphore or release it is one section";

/// `down_read` of `i_alloc_sem`, called from anywhere, and the others.
pub(super) const DOWN_READ: OneStep = OneStep::new(f::DOWN_READ, "i_alloc_sem", SEMAPHORE);
pub(super) const DOWN_WRITE: OneStep = OneStep::new(f::DOWN_WRITE, "i_alloc_sem", SEMAPHORE);
pub(super) const UP_READ: OneStep = OneStep::new(f::UP_READ, "i_alloc_sem", SEMAPHORE);
pub(super) const UP_WRITE: OneStep = OneStep::new(f::UP_WRITE, "i_alloc_sem", SEMAPHORE);

/// The content of a page, in ext4 with blocks smaller than pages.
pub(super) const CONTENT: &str = "no thread decides anything by the content: each property looks at one block, and for \
                                  that it counts when this block is copied, whenever the others are";

/// A store through a pte.
pub(super) const STORE: OneStep = OneStep::new(
    f::MEMORY_STORE,
    "page N content",
    "one instruction stores to one block; whether the process may rely on the store is what a property asks, of that \
     moment",
);

/// Buffers are freed.
pub(super) const DROP_BUFFERS: OneStep = OneStep::new(
    f::DROP_BUFFERS,
    "page N buffers",
    "one section of private_lock, under the page lock: a thread that dirties all buffers takes it too; to a walk without \
     any lock the buffers go by one store, to page->private",
);

/// A fault looks at the buffers without the page lock.
pub(super) const PAGE_MKWRITE: OneStep = OneStep::new(
    f::EXT4_PAGE_MKWRITE,
    "page N buffers",
    "where another thread can take the buffers away, a look at page->private alone, and each buffer is a step of its \
     own; elsewhere buffers are only made and mapped meanwhile, so what is true of all at the end of the walk is true \
     then, and what is false of one is false of all where the walk meets it",
);

/// A walk over the buffers without the page lock.
pub(super) const WALK: OneStep = OneStep::new(
    f::WALK_PAGE_BUFFERS,
    "page N buffers",
    "one look at the state of one buffer; that all the buffers go together makes the others seem to be read, and \
     whether this one is still there is what a property asks",
);
