//! The text that encodings are written in.

/// A file of the source of an encoding: with it, what stands where an operation is can be shown.
///
/// ```
/// use pagelock::engine::SourceFile;
///
/// // As the compiler calls it where an operation is taken.
/// const THIS: SourceFile = SourceFile::new(file!(), "let text = include_str!(\"this.rs\");");
/// assert!(THIS.text.starts_with("let"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, as `file!()` gives it in the file; of this crate's own, from the root of the package.
    pub path: &'static str,
    /// What is in it, as `include_str!` gives it.
    pub text: &'static str,
}

impl SourceFile {
    /// A file of this path with this text.
    ///
    /// ```
    /// use pagelock::engine::SourceFile;
    ///
    /// const THIS: SourceFile = SourceFile::new(file!(), "");
    /// assert_eq!(THIS.path, file!());
    /// ```
    #[must_use]
    pub const fn new(path: &'static str, text: &'static str) -> Self {
        Self { path, text }
    }
}

/// The files of a folder of this crate, from the module that stands in it.
macro_rules! source_files {
    ($folder:literal, $($file:literal),+ $(,)?) => {
        &[$($crate::engine::SourceFile::new(
            concat!($folder, "/", $file),
            include_str!($file),
        )),+]
    };
}
pub(crate) use source_files;
