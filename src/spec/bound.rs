//! How large a scenario is, and up to which size a space is explored.

use std::fmt;

/// How large a scenario is, or may be.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Threads.
    pub threads: usize,
    /// The operations of all programs together: system calls, stores, rounds.
    pub operations: usize,
    /// Pages.
    pub pages: usize,
}

impl Size {
    /// Whether it is no larger than another size in anything.
    #[must_use]
    pub const fn within(self, bound: Self) -> bool {
        self.threads <= bound.threads
            && self.operations <= bound.operations
            && self.pages <= bound.pages
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let Self {
            threads,
            operations,
            pages,
        } = *self;
        let (t, o, p) = (plural(threads), plural(operations), plural(pages));
        write!(
            f,
            "{threads} thread{t}, {operations} operation{o}, {pages} page{p}"
        )
    }
}

/// The values, or the words of programs, that a dimension is restricted to.
pub type Restriction = (&'static str, &'static [&'static str]);

/// A part of a space: the points up to a size, and, where these are too many, those with some values only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Bound {
    /// The largest size.
    pub size: Size,
    /// Of these dimensions only these values, or programs of these words. All values of the others.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub only: &'static [Restriction],
}

impl Bound {
    /// Every point up to a size.
    #[must_use]
    pub const fn new(threads: usize, operations: usize, pages: usize) -> Self {
        Self {
            size: Size {
                threads,
                operations,
                pages,
            },
            only: &[],
        }
    }

    /// The same with some dimensions restricted.
    #[must_use]
    pub const fn only(self, only: &'static [Restriction]) -> Self {
        Self { only, ..self }
    }

    /// Whether a dimension may have a value, or a program of these words.
    pub(super) fn allows(&self, dimension: &str, names: &[&str]) -> bool {
        let mut restrictions = self.only.iter().filter(|(name, _)| *name == dimension);
        restrictions.all(|(_, allowed)| names.iter().all(|name| allowed.contains(name)))
    }
}

impl From<Size> for Bound {
    fn from(size: Size) -> Self {
        Self { size, only: &[] }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)?;
        let mut separator = " with";
        for (dimension, allowed) in self.only {
            write!(f, "{separator} {dimension} of {}", allowed.join(" "))?;
            separator = ",";
        }
        Ok(())
    }
}

/// A bound in words: `2 threads, 4 operations, 1 page; or 3 threads, ...`.
#[must_use]
pub fn bound_text(bound: &[Bound]) -> String {
    let bounds: Vec<String> = bound.iter().map(ToString::to_string).collect();
    bounds.join("; or ")
}
