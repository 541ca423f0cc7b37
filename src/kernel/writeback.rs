//! Writeback: the loop that finds the dirty pages of a file, locks them, cleans them for I/O and hands
//! them to the filesystem.
//!
//! *Mirrors* `struct writeback_control`, and `write_cache_pages` of mm/page-writeback.c (until 2.6.22
//! a part of `generic_writepages`). The loop changed several times between 2.6.21 and 2.6.30, and a
//! protocol needs the loop of its own kernel: [`WritebackLoop`] names every difference and where it
//! comes from. What remains the same is written once, in [`write_pages`].
//!
//! *Abstracts away* the ranges of a caller that asks for a part of the file (`range_end`), congestion,
//! and the statistics that `struct writeback_control` also carries.

use super::class::PAGE_LOCK;
use super::cleaning::clean_ptes;
use super::functions as f;
use super::reclaim::try_to_unmap;
use super::{FileMapping, LockedPage, Page};
use crate::model::{Function, Halt, Task};
use std::fmt;

/// What the caller of writeback wants (`enum writeback_sync_modes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncMode {
    /// `WB_SYNC_NONE`: a page that is under writeback is skipped.
    None,
    /// `WB_SYNC_ALL`: the caller waits for a page that is under writeback, and writes it again.
    All,
}

/// What a caller tells writeback, and writeback its caller (`struct writeback_control`).
#[derive(Debug, Clone, Copy)]
pub struct WritebackControl {
    /// `sync_mode`.
    pub sync_mode: SyncMode,
    /// `nr_to_write`: the pages still to write.
    pub nr_to_write: i32,
    /// The index at which the next look-up starts: `mapping->writeback_index`, or `range_start`.
    pub index: usize,
    /// `for_writepages`: the call comes from `->writepages`, which takes many pages (2.6.21).
    pub for_writepages: bool,
    /// `for_reclaim`: the call comes from `shrink_page_list`.
    pub for_reclaim: bool,
}

impl WritebackControl {
    /// A call of `->writepages` for the whole file, without a limit.
    #[must_use]
    pub const fn new(sync_mode: SyncMode) -> Self {
        Self {
            sync_mode,
            nr_to_write: i32::MAX,
            index: 0,
            for_writepages: true,
            for_reclaim: false,
        }
    }

    /// A call of `->writepage` for one page, by reclaim.
    #[must_use]
    pub const fn reclaim() -> Self {
        Self {
            for_writepages: false,
            for_reclaim: true,
            ..Self::new(SyncMode::None)
        }
    }
}

/// What differs between the loops of different kernels.
#[derive(Clone, Copy)]
pub struct WritebackLoop<'a> {
    /// The function that a trace shows: the loop was a part of `generic_writepages` until 2.6.22.
    pub function: Function,
    /// `PAGEVEC_SIZE`: how many pages one look-up returns at most.
    pub pagevec: usize,
    /// How many look-ups there are.
    pub lookups: Lookups,
    /// Whether a page that is clean by now is skipped before the loop looks at `PageWriteback`: so in
    /// 2.6.30 (b827e496c893). In 2.6.26 (61628a3f3a37) only `clear_page_dirty_for_io` says that a page
    /// is clean, after the wait.
    pub dirty_first: bool,
    /// What the loop does about `PageWriteback`.
    pub writeback: OnWriteback,
    /// When the loop ends after an error or at the limit. It is called only when there is one, so that a
    /// clause may decide it.
    pub ends: &'a (dyn Fn() -> Ends + Sync),
    /// When it starts again at the beginning of the file.
    pub wraps: Wraps,
}

impl fmt::Debug for WritebackLoop<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("WritebackLoop");
        shown.field("function", &self.function.name);
        shown.finish_non_exhaustive()
    }
}

/// How often the loop looks for tagged pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookups {
    /// Until a look-up finds none, as every kernel does.
    UntilNoneFound,
    /// Once: a model whose pagevec holds every page of the file may leave out the look-up behind the
    /// last page found. It misses a page there that gets its tag after the first look-up; the next
    /// call finds that one.
    One,
}

/// What the loop does about `PageWriteback` of a page that it has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnWriteback {
    /// Reads the bit; if it is set, skips the page or, under `WB_SYNC_ALL`, waits: so in 2.6.30
    /// (b827e496c893).
    LookThenWait,
    /// Under `WB_SYNC_ALL`, waits without a look before, in one step: so in 2.6.21 (c63c7b051395) and 2.6.26
    /// (61628a3f3a37). With the page locked no other thread sets the bit, so a property cannot tell this
    /// from `LookThenWait`.
    Wait,
    /// Skips the page, also under `WB_SYNC_ALL`: for a model that ends the I/O before it unlocks the
    /// page, so that there is nothing to wait for.
    Skip,
    /// Does not look at the bit: no kernel does this. It shows what the look is good for.
    Ignore,
}

/// When the loop ends after an error of `->writepage`, or when `nr_to_write` pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// After the pagevec, whose remaining pages are written all the same; the result of the last one is
    /// returned: so in 2.6.21 (c63c7b051395) and 2.6.26 (61628a3f3a37).
    AfterPagevec,
    /// At that page; at the limit only under `WB_SYNC_NONE` (05fe478dd04e): so in 2.6.30. 546a19242240
    /// repairs the test for a limit that has dropped below zero.
    AtOnce,
}

/// When the loop starts again at the beginning of the file, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wraps {
    /// If the first pass has found no page: before 31a12666d8f0 (2.6.29).
    IfNoneFound,
    /// If the first pass has not started there, and then up to where it has: since 31a12666d8f0.
    UnlessFromStart,
    /// Always: no kernel does this.
    Always,
    /// Never: so where the caller sees to it (2acf2c261b82).
    Never,
}

impl WritebackLoop<'_> {
    /// `generic_writepages` of 2.6.21.
    pub const V2_6_21: Self = Self {
        function: f::GENERIC_WRITEPAGES,
        pagevec: usize::MAX,
        lookups: Lookups::UntilNoneFound,
        dirty_first: false,
        writeback: OnWriteback::Wait,
        ends: &|| Ends::AfterPagevec,
        wraps: Wraps::IfNoneFound,
    };

    /// `write_cache_pages` of 2.6.26.
    pub const V2_6_26: Self = Self {
        function: f::WRITE_CACHE_PAGES,
        ..Self::V2_6_21
    };

    /// `write_cache_pages` of 2.6.30.
    pub const V2_6_30: Self = Self {
        dirty_first: true,
        writeback: OnWriteback::LookThenWait,
        ends: &|| Ends::AtOnce,
        wraps: Wraps::UnlessFromStart,
        ..Self::V2_6_26
    };
}

/// The pages of a file as writeback and reclaim see them, with the filesystem's `->writepage`.
///
/// [`write_cache_pages`] and [`reclaim_page`](super::reclaim::reclaim_page) implement it for a
/// [`FileMapping`]; a file whose pages have a type of their own implements it itself.
pub trait DirtyPages {
    /// A page.
    type Page: Copy;
    /// A page under its lock.
    type Locked;
    /// What `->writepage` returns where it returns an error.
    type Error;

    /// `page->index`.
    fn index(&self, page: Self::Page) -> usize;

    /// `find_get_pages_tag`: at most `most` pages from `index` on that are tagged dirty.
    #[track_caller]
    fn find_get_pages_tag(
        &mut self,
        task: &Task,
        index: usize,
        most: usize,
    ) -> Result<Vec<Self::Page>, Halt>;

    /// `lock_page`.
    #[track_caller]
    fn lock_page(&mut self, task: &Task, page: Self::Page) -> Result<Self::Locked, Halt>;

    /// Whether `page->mapping` is set.
    #[track_caller]
    fn has_mapping(&mut self, task: &Task, page: Self::Page, by: Function) -> Result<bool, Halt>;

    /// `PageDirty`.
    #[track_caller]
    fn is_dirty(&mut self, task: &Task, page: Self::Page, by: Function) -> Result<bool, Halt>;

    /// `PageWriteback`.
    #[track_caller]
    fn is_writeback(&mut self, task: &Task, page: Self::Page, by: Function) -> Result<bool, Halt>;

    /// `wait_on_page_writeback`.
    #[track_caller]
    fn wait_on_page_writeback(&mut self, task: &Task, page: &Self::Locked) -> Result<(), Halt>;

    /// `clear_page_dirty_for_io`: whether the page was dirty.
    #[track_caller]
    fn clear_page_dirty_for_io(&mut self, task: &Task, page: &Self::Locked) -> Result<bool, Halt>;

    /// The look at `PageWriteback` and, if it is clear, `clear_page_dirty_for_io`. A file may take
    /// both in one step: with the page locked no other thread sets `PageWriteback`.
    #[track_caller]
    fn clear_unless_writeback(
        &mut self,
        task: &Task,
        page: Self::Page,
        locked: &Self::Locked,
        by: Function,
    ) -> Result<bool, Halt> {
        Ok(!self.is_writeback(task, page, by)? && self.clear_page_dirty_for_io(task, locked)?)
    }

    /// `try_to_unmap`: takes the page's ptes away.
    #[track_caller]
    fn try_to_unmap(&mut self, _task: &Task, _page: Self::Page) -> Result<(), Halt> {
        Ok(())
    }

    /// `->writepage` of a page whose dirty bit was just cleared; unlocks it.
    fn writepage(
        &mut self,
        task: &Task,
        page: Self::Locked,
        wbc: &WritebackControl,
    ) -> Result<Result<(), Self::Error>, Halt>;

    /// The loop starts again at the beginning of the file: for a cover point.
    fn wraps(&mut self, _task: &Task) {}
}

/// `write_cache_pages` for a mapped file: [`write_pages`] with a closure for `->writepage`. Its last argument says
/// whether `page_mkclean` has found a writable or dirty pte, which some properties tell apart.
pub fn write_cache_pages<'f, F: FileMapping, E>(
    task: &Task,
    file: &'f F,
    wbc: &mut WritebackControl,
    rules: WritebackLoop<'_>,
    writepage: impl FnMut(LockedPage<'f>, &WritebackControl, bool) -> Result<Result<(), E>, Halt>,
) -> Result<Result<(), E>, Halt> {
    write_pages(task, &mut MappedPages::new(file, writepage), wbc, rules)
}

/// The loop: hands each page that is tagged dirty, locked and with its dirty bit cleared, to `->writepage`.
///
/// # Errors
/// The error of `->writepage`, inside; outside, the end of the execution.
pub fn write_pages<P: DirtyPages>(
    task: &Task,
    file: &mut P,
    wbc: &mut WritebackControl,
    rules: WritebackLoop<'_>,
) -> Result<Result<(), P::Error>, Halt> {
    let _in = task.enter(rules.function);
    let (mut result, mut done) = (Ok(()), false);
    let (start, mut end) = (wbc.index, usize::MAX);
    let mut scanned = match rules.wraps {
        Wraps::IfNoneFound | Wraps::Always => false,
        Wraps::UnlessFromStart => wbc.index == 0,
        Wraps::Never => true,
    };
    loop {
        while !done {
            let pages = file.find_get_pages_tag(task, wbc.index, rules.pagevec)?;
            let Some(last) = pages.last() else { break };
            wbc.index = file.index(*last) + 1;
            scanned |= rules.wraps == Wraps::IfNoneFound;
            for page in pages {
                // Looked at without the page lock: the index of a page stays.
                if file.index(page) >= end {
                    done = true;
                    break;
                }
                let Some(locked) = lock_and_clean(task, file, page, wbc.sync_mode, rules)? else {
                    continue;
                };
                result = file.writepage(task, locked, wbc)?;
                wbc.nr_to_write -= 1;
                if wbc.nr_to_write > 0 && result.is_ok() {
                    continue;
                }
                done = true;
                let ends = (rules.ends)();
                if ends == Ends::AtOnce && (result.is_err() || wbc.sync_mode == SyncMode::None) {
                    wbc.index = file.index(page) + 1;
                    break;
                }
            }
            if rules.lookups == Lookups::One {
                break;
            }
        }
        if scanned || done {
            return Ok(result);
        }
        scanned = true;
        wbc.index = 0;
        if rules.wraps == Wraps::UnlessFromStart {
            end = start;
        }
        file.wraps(task);
    }
}

/// The body of the loop up to `->writepage`: locks a page that a look-up has found, which may be clean,
/// truncated or under writeback by now. `None` if there is nothing to write.
fn lock_and_clean<P: DirtyPages>(
    task: &Task,
    file: &mut P,
    page: P::Page,
    sync_mode: SyncMode,
    rules: WritebackLoop<'_>,
) -> Result<Option<P::Locked>, Halt> {
    let cover = "writeback-waits-for-page";
    let locked = task.covering_waits(PAGE_LOCK, cover, || file.lock_page(task, page))?;
    if !file.has_mapping(task, page, rules.function)? {
        return Ok(None);
    }
    if rules.dirty_first && !file.is_dirty(task, page, rules.function)? {
        return Ok(None);
    }
    let cleared = match (rules.writeback, sync_mode) {
        (OnWriteback::LookThenWait, SyncMode::All) => {
            if file.is_writeback(task, page, rules.function)? {
                file.wait_on_page_writeback(task, &locked)?;
            }
            file.clear_page_dirty_for_io(task, &locked)?
        }
        (OnWriteback::Wait, SyncMode::All) => {
            file.wait_on_page_writeback(task, &locked)?;
            file.clear_page_dirty_for_io(task, &locked)?
        }
        (OnWriteback::Ignore, _) => file.clear_page_dirty_for_io(task, &locked)?,
        (_, SyncMode::None) | (OnWriteback::Skip, _) => {
            file.clear_unless_writeback(task, page, &locked, rules.function)?
        }
    };
    Ok(cleared.then_some(locked))
}

/// The pages of a mapped file, with a closure for `->writepage`.
pub(super) struct MappedPages<'f, F, W> {
    file: &'f F,
    writepage: W,
    /// Whether the last `page_mkclean` has found a writable or dirty pte.
    was_mapped: bool,
}

impl<'f, F, W> MappedPages<'f, F, W> {
    pub(super) fn new(file: &'f F, writepage: W) -> Self {
        Self {
            file,
            writepage,
            was_mapped: false,
        }
    }
}

impl<'f, F, W, E> DirtyPages for MappedPages<'f, F, W>
where
    F: FileMapping,
    W: FnMut(LockedPage<'f>, &WritebackControl, bool) -> Result<Result<(), E>, Halt>,
{
    type Page = &'f Page;
    type Locked = LockedPage<'f>;
    type Error = E;

    fn index(&self, page: &'f Page) -> usize {
        page.index
    }

    fn find_get_pages_tag(
        &mut self,
        task: &Task,
        index: usize,
        most: usize,
    ) -> Result<Vec<&'f Page>, Halt> {
        self.file.pages().find_get_pages_tag(task, index, most)
    }

    fn lock_page(&mut self, task: &Task, page: &'f Page) -> Result<LockedPage<'f>, Halt> {
        page.lock_page(task)
    }

    fn has_mapping(&mut self, task: &Task, page: &'f Page, by: Function) -> Result<bool, Halt> {
        page.has_mapping(task, by)
    }

    fn is_dirty(&mut self, task: &Task, page: &'f Page, by: Function) -> Result<bool, Halt> {
        page.is_dirty(task, by)
    }

    fn is_writeback(&mut self, task: &Task, page: &'f Page, by: Function) -> Result<bool, Halt> {
        page.is_writeback(task, by)
    }

    fn wait_on_page_writeback(&mut self, task: &Task, page: &LockedPage<'f>) -> Result<(), Halt> {
        self.file.wait_on_page_writeback(task, page)
    }

    fn clear_page_dirty_for_io(
        &mut self,
        task: &Task,
        page: &LockedPage<'f>,
    ) -> Result<bool, Halt> {
        self.was_mapped = clean_ptes(task, self.file, page)?;
        page.page().test_clear_dirty(task)
    }

    fn try_to_unmap(&mut self, task: &Task, page: &'f Page) -> Result<(), Halt> {
        try_to_unmap(task, self.file, page)
    }

    fn writepage(
        &mut self,
        task: &Task,
        page: LockedPage<'f>,
        wbc: &WritebackControl,
    ) -> Result<Result<(), E>, Halt> {
        let _ = task;
        (self.writepage)(page, wbc, self.was_mapped)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::{Strategy, search};
    use crate::model::{Encoding, World};
    use std::sync::Arc;

    /// Two pages that are dirty again as soon as they are written.
    struct AlwaysDirty(Vec<usize>);

    impl DirtyPages for AlwaysDirty {
        type Page = usize;
        type Locked = usize;
        type Error = ();

        fn index(&self, page: usize) -> usize {
            page
        }

        fn find_get_pages_tag(
            &mut self,
            _: &Task,
            index: usize,
            _: usize,
        ) -> Result<Vec<usize>, Halt> {
            Ok((index..2).collect())
        }

        fn lock_page(&mut self, _: &Task, page: usize) -> Result<usize, Halt> {
            Ok(page)
        }

        fn has_mapping(&mut self, _: &Task, _: usize, _: Function) -> Result<bool, Halt> {
            Ok(true)
        }

        fn is_dirty(&mut self, _: &Task, _: usize, _: Function) -> Result<bool, Halt> {
            Ok(true)
        }

        fn is_writeback(&mut self, _: &Task, _: usize, _: Function) -> Result<bool, Halt> {
            Ok(false)
        }

        fn wait_on_page_writeback(&mut self, _: &Task, _: &usize) -> Result<(), Halt> {
            Ok(())
        }

        fn clear_page_dirty_for_io(&mut self, _: &Task, _: &usize) -> Result<bool, Halt> {
            Ok(true)
        }

        fn writepage(
            &mut self,
            _: &Task,
            page: usize,
            _: &WritebackControl,
        ) -> Result<Result<(), ()>, Halt> {
            self.0.push(page);
            Ok(Ok(()))
        }
    }

    /// From the second page on: until 2.6.28 the loop starts again only if it has found none; since then always, and
    /// ends where it began, so that no page is written twice in one call.
    #[test]
    fn a_loop_that_wraps_ends_where_it_began() {
        for (wraps, from, written) in [
            (Wraps::IfNoneFound, 1, vec![1]),
            (Wraps::IfNoneFound, 2, vec![0, 1]),
            (Wraps::UnlessFromStart, 1, vec![1, 0]),
            (Wraps::UnlessFromStart, 2, vec![0, 1]),
            (Wraps::UnlessFromStart, 0, vec![0, 1]),
            (Wraps::Always, 1, vec![1, 0, 1]),
            (Wraps::Never, 1, vec![1]),
        ] {
            let encoding: Arc<dyn Encoding> = Arc::new(move |world: &mut World| {
                let written = written.clone();
                // The loop covers a point that names this class.
                let _ = world.lock("page 0 lock", "page lock", ());
                world.thread("flusher", move |task| {
                    let mut pages = AlwaysDirty(Vec::new());
                    let mut wbc = WritebackControl::new(SyncMode::All);
                    wbc.index = from;
                    let rules = WritebackLoop {
                        wraps,
                        ..WritebackLoop::V2_6_30
                    };
                    let _ = write_pages(task, &mut pages, &mut wbc, rules)?;
                    let seen = pages.0;
                    task.check("written", seen == written, || {
                        format!("{wraps:?} from {from}: {seen:?}")
                    });
                    Ok(())
                });
            });
            let found = search(&encoding, &Strategy::ExplicitState).unwrap();
            assert_eq!(found.findings, []);
        }
    }
}
