//! Why each step of more than one word is one step in the kernel.

use crate::kernel::functions as f;
use crate::spec::OneStep;

const PG_BUSY: &str = "PG_BUSY is one atomic operation; what it guards of its request is the owner's alone, a new request is \
                       no other thread's yet, and which answer has released it is no memory of the kernel";

const CARRIED: &str = "what an RPC carries, and what the pages have that none does, is no memory of the kernel but what a \
                       property asks for";

pub(super) const ONE_STEP: &[OneStep] = &[
    OneStep::new(
        f::CLEAR_PAGE_DIRTY_FOR_IO,
        "page N",
        "two looks at page->flags, PageWriteback and then TestClearPageDirty: no other thread sets PG_writeback \
         of a page that is locked, so a page that was not under writeback at the first look is not at the second, \
         where the step is; and if it was, there is no second",
    ),
    OneStep::new(
        f::TEST_SET_PAGE_WRITEBACK,
        "page N",
        "one section of tree_lock, under which the tag is set, cleared and looked up; PG_writeback is one atomic \
         operation in it; a thread that sets PG_dirty behind the look at it sets the tag afterwards, in a section of \
         its own",
    ),
    OneStep::new(
        f::NFS_WAIT_ON_REQUEST,
        "request N",
        "the wait looks at PG_BUSY, and then whether a signal is pending: a signal may be sent at any time, and no \
         other thread sees it, so a signal that is sent between the two looks is one that was sent before them",
    ),
    OneStep::new(
        f::RPC_EXECUTE,
        "RPCs",
        "the RPC is queued by one operation on a list; what the pages have that no RPC carries is no memory of the \
         kernel but what a property asks for, and an RPC carries no less than what they hold when it is queued",
    ),
    OneStep::new(f::NFS_LOCK_REQUEST, "request N", PG_BUSY),
    OneStep::new(f::NFS_UNLOCK_REQUEST, "request N", PG_BUSY),
    OneStep::new(f::COPY_FROM_USER, "RPCs", CARRIED),
    OneStep::new(f::NFS_WRITEPAGE, "RPCs", CARRIED),
    OneStep::new(f::NFS_WRITEPAGES, "RPCs", CARRIED),
];
