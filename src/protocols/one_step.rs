//! Why the operations of a semaphore are one step each, for the specs that have one.

use crate::kernel::functions as f;
use crate::spec::OneStep;

const SEMAPHORE: &str = "the semaphore's own lock: a count that is changed atomically, and a list of those that wait \
                         which sem->wait_lock guards; to take a semaphore or release it is one section";

/// `down_read` of `i_alloc_sem`, called from anywhere, and the others.
pub(super) const DOWN_READ: OneStep = OneStep::new(f::DOWN_READ, "i_alloc_sem", SEMAPHORE);
pub(super) const DOWN_WRITE: OneStep = OneStep::new(f::DOWN_WRITE, "i_alloc_sem", SEMAPHORE);
pub(super) const UP_READ: OneStep = OneStep::new(f::UP_READ, "i_alloc_sem", SEMAPHORE);
pub(super) const UP_WRITE: OneStep = OneStep::new(f::UP_WRITE, "i_alloc_sem", SEMAPHORE);
