//! Writing the site. Nothing is overwritten without being asked.

use super::File;
use crate::output::{Batch, WriteError, folder_is_ready};
use std::collections::BTreeSet;
use std::path::Path;

/// Whether a site can be written into the folder. Asked before the searches, which take longer.
///
/// ```
/// use pagelock::report::site::ready;
///
/// let folder = std::env::temp_dir().join(format!("pagelock-ready-{}", std::process::id()));
/// // It is made when it is needed.
/// assert!(ready(&folder, false).is_ok() && !folder.exists());
/// std::fs::create_dir_all(folder.join("old")).unwrap();
/// assert!(ready(&folder, false).is_err() && ready(&folder, true).is_ok());
/// std::fs::remove_dir_all(folder).unwrap();
/// ```
///
/// # Errors
/// [`WriteError`] if there is something that would have to go without having been given up, or nothing can be
/// written there.
pub fn ready(folder: &Path, force: bool) -> Result<(), WriteError> {
    folder_is_ready(folder, force)
}

/// Writes the files. Other files in the folder stay as they are. If one cannot be written, none is; symbolic
/// links in the folder are not followed.
///
/// Written twice: a file of the same name is replaced where that is asked for, another one stays.
/// ```
/// use pagelock::report::site::{File, write};
/// use std::fs;
///
/// let folder = std::env::temp_dir().join(format!("pagelock-write-{}", std::process::id()));
/// let page = |text: &str| [File { path: "index.html".to_string(), text: text.to_string() }];
/// write(&folder, &page("old"), false).unwrap();
/// fs::write(folder.join("mine.txt"), "mine").unwrap();
/// assert!(write(&folder, &page("new"), false).is_err());
/// write(&folder, &page("new"), true).unwrap();
/// assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "new");
/// assert_eq!(fs::read_to_string(folder.join("mine.txt")).unwrap(), "mine");
/// fs::remove_dir_all(folder).unwrap();
/// ```
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
