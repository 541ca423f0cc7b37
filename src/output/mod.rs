//! Everything that the crate writes: files, standard output and standard error. No other module does.

mod files;
#[cfg(feature = "cli")]
mod streams;
#[cfg(all(test, not(loom)))]
mod tests;

pub use files::WriteError;
pub(crate) use files::{Batch, folder_is_ready};
#[cfg(feature = "cli")]
pub(crate) use files::{append, is_ready, write};
#[cfg(feature = "cli")]
pub(crate) use streams::{note, print, print_error, progress};
