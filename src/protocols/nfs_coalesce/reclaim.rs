//! Reclaim of one page.

use super::state::Client;
use super::writepages::Pages;
use crate::kernel::functions as f;
use crate::kernel::nfs::Call;
use crate::kernel::reclaim::{PageChecks, shrink_page_list};
use crate::model::{Halt, Task};

/// Reclaim of one page, by kswapd.
pub(super) fn reclaim(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: usize,
) -> Result<(), Halt> {
    let page = client.file.page(page);
    let pgio = None;
    let mut pages = Pages { client, call, pgio };
    shrink_page_list(task, &mut pages, page, PageChecks::OneStep, |page| {
        page.unlock_page();
        Ok(())
    })?;
    client.leave(task, call, f::NFS_WRITEPAGE)
}
