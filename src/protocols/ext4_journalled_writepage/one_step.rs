//! Why each step of more than one word is one step in the kernel.

use crate::kernel::functions as f;
use crate::protocols::one_step::{CONTENT, DROP_BUFFERS, PAGE_MKWRITE, STORE, WALK};
use crate::spec::OneStep;

const HEAD: &str = "one section of the buffer's jbd_lock_bh_state, in which j_list_lock is held wherever the buffer \
                    goes to another list; whether the block is of the file is no bit of the kernel";

pub(super) const ONE_STEP: &[OneStep] = &[
    OneStep::new(f::COMMIT_TRANSACTION, "journal head N", HEAD),
    OneStep::new(f::JOURNAL_DIRTY_METADATA, "journal head N", HEAD),
    OneStep::new(f::GET_WRITE_ACCESS, "journal head N", HEAD),
    OneStep::new(f::JOURNAL_UNMAP_BUFFER, "journal head N", HEAD),
    OneStep::new(
        f::BUFFER_FREED,
        "journal head N",
        "one look at one bit, BH_Freed; the other words change together with it",
    ),
    OneStep::new(f::COMMIT_TRANSACTION, "page N content", CONTENT),
    STORE,
    DROP_BUFFERS,
    PAGE_MKWRITE,
    WALK,
];
