//! Writing the site. Nothing is overwritten without `force`.

use super::contents::File;
use crate::output::{Batch, WriteError, folder_is_ready};
use std::collections::BTreeSet;
use std::path::Path;

/// Whether a site can be written into the folder. Checked before the searches, which take longer.
///
/// # Errors
/// [`WriteError`] if a file would be overwritten without `force`, or nothing can be written there.
pub fn ready(folder: &Path, force: bool) -> Result<(), WriteError> {
    folder_is_ready(folder, force)
}

/// Writes the files. Other files in the folder stay as they are. If one cannot be written, none is; symbolic
/// links in the folder are not followed.
///
/// # Errors
/// [`WriteError`] if the folder may not be written into, or cannot be, or if two files have one path.
pub fn write(folder: &Path, files: &[File], force: bool) -> Result<(), WriteError> {
    ready(folder, force)?;
    let mut paths = BTreeSet::new();
    if let Some(twice) = (files.iter()).find(|file| !paths.insert(file.path.to_lowercase())) {
        return Err(WriteError::Twice(twice.path.clone()));
    }
    let mut batch = Batch::new(force);
    for file in files {
        batch.add(folder, &file.path, &file.text)?;
    }
    batch.commit()
}
