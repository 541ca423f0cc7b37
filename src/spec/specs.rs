//! Specs that are checked together.

use super::data::{Design, Spec};

/// Specs that are checked, listed and reported together: the crate's own ([`ALL`](crate::protocols::ALL)), or those of
/// another crate.
///
/// ```
/// use pagelock::protocols;
/// use pagelock::spec::{Specs};
///
/// const MINE: Specs = Specs::new(&[&protocols::nfs_coalesce::SPEC]);
/// assert!(MINE.find("nfs-coalesce").is_some());
/// assert!(MINE.find("page-mkwrite").is_none());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Specs(&'static [&'static Spec]);

impl Specs {
    /// These specs, in this order.
    #[must_use]
    pub const fn new(specs: &'static [&'static Spec]) -> Self {
        Self(specs)
    }

    /// Each of them.
    #[must_use]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'static Spec> + ExactSizeIterator {
        self.into_iter()
    }

    /// The spec of that name.
    #[must_use]
    pub fn find(self, name: &str) -> Option<&'static Spec> {
        self.iter().find(|spec| spec.name == name)
    }

    /// Every design of every spec.
    ///
    /// ```
    /// use pagelock::protocols;
    ///
    /// let old = protocols::ALL.designs().filter(|(_, design)| design.name == "old");
    /// let names: Vec<&str> = old.map(|(spec, _)| spec.name).collect();
    /// assert_eq!(names, protocols::ALL.iter().map(|spec| spec.name).collect::<Vec<_>>());
    /// ```
    pub fn designs(self) -> impl Iterator<Item = (&'static Spec, &'static Design)> {
        let designs = |spec: &'static Spec| spec.designs.iter().map(move |design| (spec, design));
        self.iter().flat_map(designs)
    }
}

impl From<&'static [&'static Spec]> for Specs {
    fn from(specs: &'static [&'static Spec]) -> Self {
        Self(specs)
    }
}

impl<const N: usize> From<&'static [&'static Spec; N]> for Specs {
    fn from(specs: &'static [&'static Spec; N]) -> Self {
        Self(specs)
    }
}

impl IntoIterator for Specs {
    type Item = &'static Spec;
    type IntoIter = std::iter::Copied<std::slice::Iter<'static, &'static Spec>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}
