//! Buffer heads: the state of each block of a page.
//!
//! With delayed allocation a block is dirty before it has a place, and only then can it be written:
//!
//! ```
//! use pagelock::kernel::{BufferHead, Buffers};
//!
//! let mut page = Buffers::new(&[BufferHead::DELAYED]);
//! page.submit();
//! assert!(page.has_unwritten_content());
//! page.heads[0] = BufferHead::DIRTY; // The allocator has been there.
//! page.submit();
//! assert!(!page.has_unwritten_content());
//! ```

use crate::engine::State;

/// The state of one block of a page (`struct buffer_head`).
///
/// ```
/// use pagelock::kernel::BufferHead;
///
/// // A block that `fallocate` has allocated, and that a store has dirtied.
/// let block = BufferHead { unwritten: true, ..BufferHead::DIRTY };
/// assert!(block.is_delay_or_unwritten() && !block.is_good_to_write());
/// // 2008 did not know of such blocks.
/// assert!(!block.is_unmapped_or_delay());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct BufferHead {
    /// `BH_Mapped`: the block has a number, or is counted as reserved (with `delay`).
    pub mapped: bool,
    /// `BH_Delay`: reserved, and not yet allocated on disk.
    pub delay: bool,
    /// `BH_Unwritten`: allocated, and still to be converted.
    pub unwritten: bool,
    /// `BH_Dirty`.
    pub dirty: bool,
}

impl BufferHead {
    /// A block that was written to the page cache and waits for its allocation.
    pub const DELAYED: Self = Self {
        mapped: true,
        delay: true,
        unwritten: false,
        dirty: true,
    };

    /// A clean block that is on disk.
    pub const ON_DISK: Self = Self {
        mapped: true,
        delay: false,
        unwritten: false,
        dirty: false,
    };

    /// A block that the file does not have.
    pub const HOLE: Self = Self {
        mapped: false,
        delay: false,
        unwritten: false,
        dirty: false,
    };

    /// A block that has a place on disk and waits to be written there.
    pub const DIRTY: Self = Self {
        mapped: true,
        delay: false,
        unwritten: false,
        dirty: true,
    };

    /// A block that the file does not have, in a page that was dirtied as a whole.
    pub const DIRTY_HOLE: Self = Self {
        mapped: false,
        delay: false,
        unwritten: false,
        dirty: true,
    };

    /// `ext4_bh_delay_or_unwritten` (fs/ext4/inode.c, c364b22c), without its look at `BH_Dirty`.
    ///
    /// ```
    /// # use pagelock::kernel::BufferHead;
    /// // Both still have to go through the allocator before they are written.
    /// assert!(BufferHead::DELAYED.is_delay_or_unwritten());
    /// assert!(!BufferHead::ON_DISK.is_delay_or_unwritten());
    /// // A hole does not have to: the file does not have it.
    /// assert!(!BufferHead::DIRTY_HOLE.is_delay_or_unwritten());
    /// ```
    #[must_use]
    pub const fn is_delay_or_unwritten(self) -> bool {
        self.delay || self.unwritten
    }

    /// Whether the block has a place on disk that reads come back from.
    ///
    /// ```
    /// # use pagelock::kernel::BufferHead;
    /// assert!(BufferHead::DIRTY.is_good_to_write());
    /// // Delayed allocation maps a block whose number is yet to come.
    /// assert!(BufferHead::DELAYED.mapped && !BufferHead::DELAYED.is_good_to_write());
    /// assert!(!BufferHead::HOLE.is_good_to_write());
    /// ```
    #[must_use]
    pub const fn is_good_to_write(self) -> bool {
        self.mapped && !self.delay && !self.unwritten
    }

    /// `ext4_bh_unmapped_or_delay` (fs/ext4/inode.c, 61628a3f).
    ///
    /// ```
    /// # use pagelock::kernel::BufferHead;
    /// // The two kinds of dirty blocks that writepage cannot write by itself.
    /// let stuck = [BufferHead::DELAYED, BufferHead::DIRTY_HOLE, BufferHead::DIRTY]
    ///     .map(BufferHead::is_unmapped_or_delay);
    /// assert_eq!(stuck, [true, true, false]);
    /// ```
    #[must_use]
    pub const fn is_unmapped_or_delay(self) -> bool {
        !self.mapped || self.delay
    }
}

/// The buffers of a page, with the page's content.
///
/// The content is a version number: each store to a block makes it one more, and submitting the
/// block for I/O takes its present version to the disk. A caller that keeps the content elsewhere
/// leaves the versions empty.
///
/// ```
/// use pagelock::kernel::{BufferHead, Buffers};
///
/// let mut page = Buffers::new(&[BufferHead::ON_DISK]);
/// // A store to the block through `write(2)`.
/// page.cached[0] += 1;
/// page.heads[0].dirty = true;
/// assert!(page.has_unwritten_content());
/// page.submit();
/// assert_eq!((page.on_disk[0], page.heads[0]), (1, BufferHead::ON_DISK));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Buffers {
    /// The state of each block.
    pub heads: Vec<BufferHead>,
    /// The version of each block in the page cache.
    pub cached: Vec<u8>,
    /// The version of each block on disk.
    pub on_disk: Vec<u8>,
}

impl Buffers {
    /// The buffers of a page whose dirty blocks hold one version more than the disk.
    ///
    /// ```
    /// # use pagelock::kernel::{BufferHead, Buffers};
    /// let page = Buffers::new(&[BufferHead::ON_DISK, BufferHead::DIRTY]);
    /// assert_eq!((page.cached, page.on_disk), (vec![0, 1], vec![0, 0]));
    /// ```
    #[must_use]
    pub fn new(heads: &[BufferHead]) -> Self {
        Self {
            heads: heads.to_vec(),
            cached: heads.iter().map(|head| u8::from(head.dirty)).collect(),
            on_disk: vec![0; heads.len()],
        }
    }

    /// Buffers whose content is kept elsewhere.
    ///
    /// ```
    /// # use pagelock::kernel::{BufferHead, Buffers};
    /// // A version number in each state multiplies states; a model that asks no question of it does without.
    /// let page = Buffers::without_content(&[BufferHead::DIRTY]);
    /// assert!(page.cached.is_empty() && !page.has_unwritten_content());
    /// ```
    #[must_use]
    pub fn without_content(heads: &[BufferHead]) -> Self {
        Self {
            heads: heads.to_vec(),
            ..Self::default()
        }
    }

    /// Submits every dirty block that has a place on disk, and cleans it.
    ///
    /// ```
    /// # use pagelock::kernel::{BufferHead, Buffers};
    /// let mut page = Buffers::new(&[BufferHead::DELAYED, BufferHead::DIRTY, BufferHead::DIRTY_HOLE]);
    /// page.submit();
    /// // Only the block with a place on disk is written; the others are as dirty as before.
    /// assert_eq!(page.heads, [BufferHead::DELAYED, BufferHead::ON_DISK, BufferHead::DIRTY_HOLE]);
    /// assert_eq!(page.on_disk, [0, 1, 0]);
    /// ```
    pub fn submit(&mut self) {
        for (block, head) in self.heads.iter_mut().enumerate() {
            if head.dirty && !head.is_unmapped_or_delay() {
                head.dirty = false;
                self.on_disk[block] = self.cached[block];
            }
        }
    }

    /// Whether any block holds content that the disk does not have.
    ///
    /// ```
    /// # use pagelock::kernel::{BufferHead, Buffers};
    /// let mut page = Buffers::new(&[BufferHead::DIRTY_HOLE]);
    /// page.heads[0].dirty = false; // Somebody took the hole for nothing to write.
    /// assert!(page.has_unwritten_content(), "the store is in the page cache alone");
    /// ```
    #[must_use]
    pub fn has_unwritten_content(&self) -> bool {
        self.cached != self.on_disk
    }
}

impl State for Buffers {
    fn show(&self) -> String {
        let bits = |head: &BufferHead| {
            let names = [
                (head.dirty, "dirty"),
                (head.delay, "delay"),
                (head.unwritten, "unwritten"),
                (head.mapped && !head.delay && !head.unwritten, "mapped"),
                (!head.mapped, "unmapped"),
            ];
            let set = names.iter().filter(|(set, _)| *set).map(|(_, name)| *name);
            set.collect::<Vec<_>>().join(" ")
        };
        if self.heads.is_empty() {
            return "none".to_string();
        }
        if self.cached.is_empty() {
            return self.heads.iter().map(bits).collect::<Vec<_>>().join("; ");
        }
        let heads: Vec<String> = (self.heads.iter().zip(&self.cached).zip(&self.on_disk))
            .map(|((head, cached), disk)| format!("{} v{cached}/{disk}", bits(head)))
            .collect();
        heads.join("; ")
    }
}
