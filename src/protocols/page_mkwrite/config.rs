//! Threads and sizes: what a scenario sets.

use crate::kernel::PteState;

/// What the filesystem does in `->page_mkwrite`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filesystem {
    /// It has none: it gets what it needs when it writes the page.
    WithoutPageMkwrite,
    /// Attaches the page's metadata, under the page lock.
    Plain,
    /// Does so too, and does not keep others from it while a write of the page is under way.
    Careless,
    /// Keeps the page's blocks when a write of it is done, and does not wait for one that is under way, as ext4
    /// did not until 2011.
    Allocated,
    /// Does so with a journal handle, and needs one for the inode's times.
    Journalled,
    /// Finds no space (`-ENOSPC`).
    Full,
    /// Attaches the metadata after `block_page_mkwrite` has returned to it, if that succeeded.
    Wrapper,
}

/// The threads and sizes of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// The filesystem.
    pub filesystem: Filesystem,
    /// Whether it returns with the page locked where the VM takes that.
    pub converted: bool,
    /// The ptes of the page.
    pub ptes: &'static [PteState],
    /// The pte that each faulting thread stores through.
    pub faults: &'static [usize],
    /// Whether a driver pins the page, and its device stores into it later.
    pub pinned: bool,
    /// Whether each of the faulting threads calls `fsync` after its store.
    pub fsync: bool,
    /// Whether each of these threads writes the file's pages back in `balance_dirty_pages`.
    pub throttled: bool,
    /// The page is dirty from the start: `write(2)` has been there, with metadata and all.
    pub dirty: bool,
    /// Rounds of the flusher.
    pub flushes: usize,
    /// Whether the file is truncated to nothing.
    pub truncate: bool,
    /// Whether a thread writes the page by `write(2)`, and a transaction commits meanwhile.
    pub commit: bool,
}

/// The thread of a driver that pins the page.
pub(super) const DRIVER: &str = "driver";

impl Config {
    /// A page that is mapped read-only, one thread that stores into it, one round of the flusher.
    pub const BASE: Self = Self {
        filesystem: Filesystem::Plain,
        converted: true,
        ptes: &[PteState::READ_ONLY],
        faults: &[0],
        pinned: false,
        fsync: false,
        throttled: false,
        dirty: false,
        flushes: 1,
        truncate: false,
        commit: false,
    };

    pub(super) fn faulting_threads(&self) -> Vec<String> {
        let number = |i: usize| match self.faults.len() {
            1 => "fault".to_string(),
            _ => format!("fault{}", i + 1),
        };
        let threads = (0..self.faults.len()).map(number);
        threads
            .chain(self.pinned.then(|| DRIVER.to_string()))
            .collect()
    }
}
