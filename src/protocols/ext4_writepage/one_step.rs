//! Why each step of more than one word is one step in the kernel.

use crate::kernel::functions as f;
use crate::protocols::one_step::{
    CONTENT, DOWN_READ, DOWN_WRITE, DROP_BUFFERS, PAGE_MKWRITE, STORE, UP_READ, UP_WRITE, WALK,
};
use crate::spec::OneStep;

const MADE: &str = "every thread that changes a buffer has the page locked; new buffers are there by one store, to \
                    page->private; and a fault that looks without the lock asks for BH_Mapped alone, which is not \
                    changed here";

pub(super) const ONE_STEP: &[OneStep] = &[
    DOWN_READ,
    DOWN_WRITE,
    UP_READ,
    UP_WRITE,
    OneStep::new(f::BLOCK_WRITE_FULL_PAGE_INNER, "page N content", CONTENT),
    OneStep::new(
        f::NOTIFY_CHANGE,
        "page N content",
        "no memory of the kernel: what the processes know of the size of the file, which changes at one moment",
    ),
    STORE,
    OneStep::new(f::BLOCK_WRITE_FULL_PAGE_INNER, "page N buffers", MADE),
    OneStep::new(f::BLOCK_PREPARE_WRITE, "page N buffers", MADE),
    OneStep::new(f::BLOCK_COMMIT_WRITE, "page N buffers", MADE),
    DROP_BUFFERS,
    PAGE_MKWRITE,
    WALK,
];
