//! A function of the system that an encoding mirrors.

use std::hash::Hash;

/// A function of the system that an encoding mirrors: its name and its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Function {
    /// The name as the source spells it, `lock_page`.
    pub name: &'static str,
    /// The file, relative to the source tree's root, `mm/filemap.c`.
    pub file: &'static str,
}

impl Function {
    /// Names a function of the mirrored system.
    #[must_use]
    pub const fn new(name: &'static str, file: &'static str) -> Self {
        Self { name, file }
    }
}
