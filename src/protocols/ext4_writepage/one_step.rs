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
        f::BLOCK_WRITE_FULL_PAGE_INNER,
        "page N content",
        "no thread decides anything by the content: each property looks at one block, and for that it counts when this \
         block is copied, whenever the others are",
    ),
    OneStep::new(
        f::NOTIFY_CHANGE,
        "page N content",
        "no memory of the kernel: what the processes know of the size of the file, which changes at one moment",
    ),
    OneStep::new(
        f::MEMORY_STORE,
        "page N content",
        "one instruction stores to one block; whether the process may rely on the store is what a property asks, of \
         that moment",
    ),
];
