//! Why each step of more than one word is one step in the kernel.

use crate::kernel::functions as f;
use crate::spec::OneStep;

pub(super) const ONE_STEP: &[OneStep] = &[OneStep::new(
    f::SET_PAGE_DIRTY_NOBUFFERS,
    "page N",
    "both are bits of one word, page->flags: TestSetPageDirty is an atomic operation on it, and which value \
     PG_private has in that word then is what the property asks; the kernel does not look at it there",
)];
