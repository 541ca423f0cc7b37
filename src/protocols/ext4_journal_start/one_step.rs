//! Why each step of more than one word is one step in the kernel.

use crate::kernel::functions as f;
use crate::protocols::one_step::{DOWN_READ, DOWN_WRITE, UP_READ, UP_WRITE};
use crate::spec::OneStep;

pub(super) const ONE_STEP: &[OneStep] = &[
    DOWN_READ,
    DOWN_WRITE,
    UP_READ,
    UP_WRITE,
    OneStep::new(
        f::EXT4_MARK_INODE_DIRTY,
        "inode buffer",
        "the commit alone reads the two words, after it has waited for all handles, and the truncation has one open \
         from before the blocks are freed until the inode is off the orphan list; no other thread writes that list",
    )
    .called_from(f::EXT4_EXT_TRUNCATE),
    OneStep::new(
        f::COMMIT_TRANSACTION,
        "inode buffer",
        "every thread that writes the buffer has a handle open, and the commit has waited for all handles and lets \
         none start",
    ),
    OneStep::new(
        f::COMMIT_TRANSACTION,
        "journal",
        "one section of j_state_lock: the next transaction takes the place of the one that is committed, with its \
         credits",
    ),
    OneStep::new(
        f::START_THIS_HANDLE,
        "journal",
        "one section of t_handle_lock, inside one of j_state_lock: the credits are compared and taken, or a commit is \
         requested",
    ),
    OneStep::new(
        f::MPAGE_WRITEPAGE,
        "page N buffers",
        "every thread that changes a buffer has the page locked; one that looks without the lock asks for BH_Mapped \
         alone, which stays, or for the content of one block, which is submitted at one moment",
    ),
    OneStep::new(
        f::COPY_FROM_USER,
        "page N buffers",
        "the commit alone reads the content without the page lock, one block after the other, when no handle is open; \
         the writer has one",
    ),
    OneStep::new(
        f::WALK_PAGE_BUFFERS,
        "page N buffers",
        "one look at BH_Mapped of one buffer; a block's other words change in the same walk over the page as that bit, \
         so they seem to be read too",
    ),
];
