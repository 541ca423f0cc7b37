//! Delayed allocation: writeback collects pages in a row, allocates their blocks together, and writes them.
//!
//! *Mirrors* `struct mpage_da_data`, `__mpage_da_writepage`, `mpage_add_bh_to_extent` and
//! `mpage_da_submit_io` of fs/ext4/inode.c. The pages of an extent stay locked until they are submitted.
//!
//! The functions changed between the kernels of the protocols; what differs is [`ExtentEnd`], and the
//! filesystem's own part, the trait [`MpageDa`].

use super::LockedPage;
use super::functions as f;
use crate::model::{Halt, Task};

/// Blocks of a file in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Run<S> {
    /// The first block.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// `b_state`, which is the same for all: what the filesystem compares of it.
    pub state: S,
}

/// The pages and blocks that are collected for one allocation (`struct mpage_da_data`).
#[derive(Debug)]
pub struct MpageDaData<'f, S> {
    /// `first_page` to `next_page`: pages in a row, all locked.
    pub pages: Vec<LockedPage<'f>>,
    /// `lbh`, later `b_blocknr`, `b_size` and `b_state`: the blocks still to be mapped.
    pub extent: Option<Run<S>>,
    /// `io_done`: the extent is written, and its caller has to start again.
    pub io_done: bool,
    /// `pages_written`.
    pub pages_written: i32,
}

impl<S> Default for MpageDaData<'_, S> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            extent: None,
            io_done: false,
            pages_written: 0,
        }
    }
}

/// What happens with a page or a block that does not continue the extent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtentEnd {
    /// The extent is mapped, and before a page also submitted; another one starts with it, in the same
    /// call: so in 61628a3f3a37 (2.6.27).
    StartAnother,
    /// The extent is mapped and submitted, and the call ends; the page is redirtied. The next round, with
    /// another handle, starts with it: so in 43ce1d23b433 (2.6.31).
    EndRound,
}

/// `MPAGE_DA_EXTENT_TAIL`: `__mpage_da_writepage` ends the loop that calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExtentTail;

/// The filesystem's part.
pub trait MpageDa<'f> {
    /// What it compares of `b_state`.
    type State: Copy + PartialEq;
    /// How its kernel ends an extent.
    const EXTENT_END: ExtentEnd;

    /// The blocks of a page that the extent takes in, in ascending order.
    fn unfinished(
        &mut self,
        task: &Task,
        page: &LockedPage<'f>,
    ) -> Result<Vec<Run<Self::State>>, Halt>;

    /// `mpage_da_map_blocks`: allocates the blocks of the extent, and takes them from it.
    fn map_blocks(
        &mut self,
        task: &Task,
        mpd: &mut MpageDaData<'f, Self::State>,
    ) -> Result<(), Halt>;

    /// Writes and unlocks a page: whether it is clean afterwards.
    fn submit_page(&mut self, task: &Task, page: LockedPage<'f>) -> Result<bool, Halt>;

    /// `redirty_page_for_writepage` of a page that does not continue the extent.
    fn redirty(&mut self, task: &Task, page: &LockedPage<'f>) -> Result<(), Halt>;
}

/// `__mpage_da_writepage`: adds a page and its unfinished blocks; the page stays locked.
///
/// # Errors
/// Inside, [`ExtentTail`]; outside, the end of the execution.
pub fn mpage_da_writepage<'f, F: MpageDa<'f>>(
    task: &Task,
    fs: &mut F,
    mpd: &mut MpageDaData<'f, F::State>,
    page: LockedPage<'f>,
) -> Result<Result<(), ExtentTail>, Halt> {
    let _in = task.enter(f::MPAGE_DA_WRITEPAGE);
    let index = page.page().index;
    let last = mpd.pages.last().map(|last| last.page().index);
    if last.is_some_and(|last| last + 1 != index) {
        fs.map_blocks(task, mpd)?;
        mpage_da_submit_io(task, fs, mpd)?;
        if F::EXTENT_END == ExtentEnd::EndRound {
            fs.redirty(task, &page)?;
            page.unlock_page();
            return Ok(Err(ExtentTail));
        }
    }
    let unfinished = fs.unfinished(task, &page)?;
    mpd.pages.push(page);
    for blocks in unfinished {
        mpage_add_bh_to_extent(task, fs, mpd, blocks)?;
        if mpd.io_done {
            return Ok(Err(ExtentTail));
        }
    }
    Ok(Ok(()))
}

/// `mpage_add_bh_to_extent`: blocks that do not continue the extent end it.
fn mpage_add_bh_to_extent<'f, F: MpageDa<'f>>(
    task: &Task,
    fs: &mut F,
    mpd: &mut MpageDaData<'f, F::State>,
    blocks: Run<F::State>,
) -> Result<(), Halt> {
    match &mut mpd.extent {
        None => mpd.extent = Some(blocks),
        Some(run) if run.first + run.count == blocks.first && run.state == blocks.state => {
            run.count += blocks.count;
        }
        Some(_) => {
            fs.map_blocks(task, mpd)?;
            match F::EXTENT_END {
                ExtentEnd::StartAnother => mpd.extent = Some(blocks),
                ExtentEnd::EndRound => {
                    mpage_da_submit_io(task, fs, mpd)?;
                    mpd.io_done = true;
                }
            }
        }
    }
    Ok(())
}

/// `mpage_da_submit_io`: writes and unlocks every page that was collected.
pub fn mpage_da_submit_io<'f, F: MpageDa<'f>>(
    task: &Task,
    fs: &mut F,
    mpd: &mut MpageDaData<'f, F::State>,
) -> Result<(), Halt> {
    let _in = task.enter(f::MPAGE_DA_SUBMIT_IO);
    for page in std::mem::take(&mut mpd.pages) {
        if fs.submit_page(task, page)? {
            mpd.pages_written += 1;
        }
    }
    Ok(())
}
