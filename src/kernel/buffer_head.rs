//! Buffer heads: the state of each block of a page.
//!
//! With delayed allocation a block is dirty before it is allocated, and can be written only afterwards:
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

use crate::model::{State, Word};

/// The state of one block of a page (`struct buffer_head`).
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

    /// A block that is allocated on disk and waits to be written there.
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

    /// A preallocated block that was read: it is zeroes, and has a number, but is not mapped.
    pub const READ_UNWRITTEN: Self = Self {
        mapped: false,
        delay: false,
        unwritten: true,
        dirty: false,
    };

    /// `ext4_bh_delay_or_unwritten` (fs/ext4/inode.c, c364b22c), without its look at `BH_Dirty`.
    #[must_use]
    pub const fn is_delay_or_unwritten(self) -> bool {
        self.delay || self.unwritten
    }

    /// Whether the block is allocated on disk, and reads return what was written there.
    #[must_use]
    pub const fn is_good_to_write(self) -> bool {
        self.mapped && !self.delay && !self.unwritten
    }

    /// `ext4_bh_unmapped_or_delay` (fs/ext4/inode.c, 61628a3f).
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
    #[must_use]
    pub fn new(heads: &[BufferHead]) -> Self {
        Self {
            heads: heads.to_vec(),
            cached: heads.iter().map(|head| u8::from(head.dirty)).collect(),
            on_disk: vec![0; heads.len()],
        }
    }

    /// Buffers whose content is kept elsewhere.
    #[must_use]
    pub fn without_content(heads: &[BufferHead]) -> Self {
        Self {
            heads: heads.to_vec(),
            ..Self::default()
        }
    }

    /// Submits every dirty block that is allocated on disk, and cleans it.
    pub fn submit(&mut self) {
        for (block, head) in self.heads.iter_mut().enumerate() {
            if head.dirty && !head.is_unmapped_or_delay() {
                head.dirty = false;
                self.on_disk[block] = self.cached[block];
            }
        }
    }

    /// Whether any block holds content that the disk does not have.
    #[must_use]
    pub fn has_unwritten_content(&self) -> bool {
        self.cached != self.on_disk
    }
}

impl State for Buffers {
    fn show(&self) -> String {
        if self.heads.is_empty() {
            return "none".to_string();
        }
        let mut shown = Vec::new();
        for (block, head) in self.heads.iter().enumerate() {
            let names = [
                (head.dirty, "dirty"),
                (head.delay, "delay"),
                (head.unwritten, "unwritten"),
                (head.mapped && !head.delay && !head.unwritten, "mapped"),
                (!head.mapped, "unmapped"),
            ];
            let set = names.iter().filter(|(set, _)| *set).map(|(_, name)| *name);
            let bits = set.collect::<Vec<_>>().join(" ");
            shown.push(match (self.cached.get(block), self.on_disk.get(block)) {
                (Some(cached), Some(disk)) => format!("{bits} v{cached}/{disk}"),
                _ => bits,
            });
        }
        shown.join("; ")
    }

    fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        for (block, head) in self.heads.iter().enumerate() {
            for (bit, set) in [
                ("BH_Mapped", head.mapped),
                ("BH_Delay", head.delay),
                ("BH_Unwritten", head.unwritten),
                ("BH_Dirty", head.dirty),
            ] {
                words.push(Word::new(format!("{bit} of block {block}"), set));
            }
        }
        for (place, versions) in [("content", &self.cached), ("disk", &self.on_disk)] {
            for (block, version) in versions.iter().enumerate() {
                words.push(Word::new(format!("{place} of block {block}"), version));
            }
        }
        words
    }
}
