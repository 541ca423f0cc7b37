//! `notify_change` to nothing.

use super::state::File;
use crate::kernel::functions as f;
use crate::kernel::truncation::unmap_and_truncate;
use crate::model::{Halt, Task};

/// `notify_change` to nothing. `i_mutex` and `i_alloc_sem`, which no other thread takes here, are left
/// out.
pub(super) fn truncate(task: &Task, file: &File) -> Result<(), Halt> {
    file.size.write(task, f::I_SIZE_WRITE, 0)?;
    unmap_and_truncate(task, file, 0)
}
