//! A patch, hunk by hunk: which clause mirrors each change, or why none does.
//!
//! Only facts are kept of a patch: files, functions and line numbers. What a change does is said in words of this crate.

use std::fmt;

/// The hunks of a spec's patch, each with what mirrors it.
///
/// ```
/// use pagelock::model::Function;
/// use pagelock::spec::{Change, Clause, Hunk, Patch};
///
/// const LOCK: Function = Function::new("transfer", "bank/account.c");
/// const SAME_ORDER: Clause = Clause::new("same-order", "both take a before b", LOCK);
/// const PATCH: Patch = Patch::new(&[
///     Hunk::new("bank/account.c", [10, 6, 10, 7], &[
///         Change::not_mirrored("", "declares a helper", "a declaration"),
///     ]),
///     Hunk::new("bank/account.c", [52, 8, 53, 9], &[
///         Change::mirrored("transfer", "locks the smaller account first", &[SAME_ORDER.name]),
///     ]),
/// ]);
/// assert_eq!(PATCH.hunks[1].lines.to_string(), "@@ -52,8 +53,9 @@");
/// assert_eq!(PATCH.clauses().collect::<Vec<_>>(), ["same-order"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patch {
    /// Every hunk, in the order of the patch.
    pub hunks: &'static [Hunk],
    /// The clauses of the patch that no hunk shows, each with the reason.
    pub without_hunk: &'static [WithoutHunk],
    /// What else the commit changes, of which no hunk is listed; empty if that is not known.
    pub not_listed: &'static str,
}

impl Patch {
    /// A patch with these hunks.
    #[must_use]
    pub const fn new(hunks: &'static [Hunk]) -> Self {
        Self {
            hunks,
            without_hunk: &[],
            not_listed: "",
        }
    }

    /// With the clauses that no hunk shows.
    #[must_use]
    pub const fn without_hunk(self, without_hunk: &'static [WithoutHunk]) -> Self {
        Self {
            without_hunk,
            ..self
        }
    }

    /// With what else the commit changes, in one line.
    #[must_use]
    pub const fn not_listing(self, not_listed: &'static str) -> Self {
        Self { not_listed, ..self }
    }

    /// The names of the clauses that its changes name, in the order of the hunks; a name may come more than once.
    pub fn clauses(&self) -> impl Iterator<Item = &'static str> + use<> {
        let changes = self.hunks.iter().flat_map(|hunk| hunk.changes);
        changes.flat_map(|change| change.mirror.clauses()).copied()
    }
}

/// A hunk of a patch, with its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hunk {
    /// The file, from the root of the kernel's tree.
    pub file: &'static str,
    /// Its lines before and after.
    pub lines: HunkLines,
    /// What it changes: a part for each set of clauses that mirrors one.
    pub changes: &'static [Change],
}

impl Hunk {
    /// A hunk of a file whose header is `@@ -A,B +C,D @@`, by the four numbers.
    #[must_use]
    pub const fn new(file: &'static str, lines: [u32; 4], changes: &'static [Change]) -> Self {
        let [old_start, old_count, new_start, new_count] = lines;
        Self {
            file,
            lines: HunkLines {
                old_start,
                old_count,
                new_start,
                new_count,
            },
            changes,
        }
    }
}

/// The lines of a hunk before and after. Shown as the header that diff gives it: `@@ -52,8 +53,9 @@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HunkLines {
    /// The first line before.
    pub old_start: u32,
    /// How many lines before.
    pub old_count: u32,
    /// The first line after.
    pub new_start: u32,
    /// How many lines after.
    pub new_count: u32,
}

impl fmt::Display for HunkLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // diff leaves out a count of one.
        let range = |start: u32, count: u32| match count {
            1 => start.to_string(),
            _ => format!("{start},{count}"),
        };
        let old = range(self.old_start, self.old_count);
        let new = range(self.new_start, self.new_count);
        write!(f, "@@ -{old} +{new} @@")
    }
}

/// What a hunk, or a part of one, changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The kernel function, or the table, that it changes; empty outside of any.
    pub function: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What mirrors it.
    pub mirror: Mirror,
}

impl Change {
    /// A change that these clauses mirror.
    #[must_use]
    pub const fn mirrored(
        function: &'static str,
        summary: &'static str,
        clauses: &'static [&'static str],
    ) -> Self {
        Self {
            function,
            summary,
            mirror: Mirror::Clauses(clauses),
        }
    }

    /// A change that no clause mirrors, for a reason: `a declaration`, `abstracted away: ...`.
    #[must_use]
    pub const fn not_mirrored(
        function: &'static str,
        summary: &'static str,
        reason: &'static str,
    ) -> Self {
        Self {
            function,
            summary,
            mirror: Mirror::Nothing(reason),
        }
    }
}

/// What mirrors a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mirror {
    /// The clauses of these names, of this patch or of another commit.
    Clauses(&'static [&'static str]),
    /// No clause, for this reason.
    Nothing(&'static str),
}

impl Mirror {
    /// The names of the clauses.
    #[must_use]
    pub const fn clauses(&self) -> &'static [&'static str] {
        match *self {
            Self::Clauses(clauses) => clauses,
            Self::Nothing(_) => &[],
        }
    }

    /// Why no clause does.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match *self {
            Self::Clauses(_) => None,
            Self::Nothing(reason) => Some(reason),
        }
    }

    /// Whether it names neither a clause nor a reason.
    pub(super) const fn is_empty(&self) -> bool {
        match *self {
            Self::Clauses(clauses) => clauses.is_empty(),
            Self::Nothing(reason) => reason.is_empty(),
        }
    }
}

/// A clause of a patch that no hunk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithoutHunk {
    /// The clause's name.
    pub clause: &'static str,
    /// Why no hunk shows it.
    pub reason: &'static str,
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_that_of_diff() {
        let header = |lines| Hunk::new("a.c", lines, &[]).lines.to_string();
        assert_eq!(header([38, 7, 38, 8]), "@@ -38,7 +38,8 @@");
        assert_eq!(header([1, 1, 0, 0]), "@@ -1 +0,0 @@");
    }
}
