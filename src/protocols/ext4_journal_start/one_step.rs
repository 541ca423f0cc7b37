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
        "the commit alone reads the buffer, and has waited until no handle is open, which every thread that writes it \
         has; of the words here the orphan list is changed by truncation alone, under i_mutex, so i_disksize is \
         the one word for which the order of two writers counts",
    )
    .called_from(f::EXT4_SETATTR),
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
];
