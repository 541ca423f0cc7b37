//! A function of the system that an encoding mirrors.

use std::hash::Hash;

/// A function of the system that an encoding mirrors: its name and the file that it stands in.
///
/// Every operation names the function that it stands for, and a counterexample tells what happens in these
/// names:
///
/// ```
/// use pagelock::engine::{Encoding, Function, NO_DEADLOCK, Strategy, World, search};
/// use std::sync::Arc;
///
/// const LOCK_PAGE: Function = Function::new("lock_page", "mm/filemap.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let page = world.lock("page 0", "page lock", ());
///     world.thread("one", move |task| {
///         let _locked = task.acquire(&page, LOCK_PAGE)?;
///         task.acquire(&page, LOCK_PAGE).map(drop)
///     });
/// });
/// let found = search(&model, &Strategy::States).unwrap();
/// let deadlock = found.finding(NO_DEADLOCK).unwrap();
/// assert_eq!(deadlock.cycles[0].edges[0].waits_in, LOCK_PAGE.name);
/// ```
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
    ///
    /// ```
    /// use pagelock::engine::Function;
    ///
    /// const START: Function = Function::new("jbd2_journal_start", "fs/jbd2/transaction.c");
    /// assert_eq!((START.name, START.file), ("jbd2_journal_start", "fs/jbd2/transaction.c"));
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, file: &'static str) -> Self {
        Self { name, file }
    }
}
