//! Writing the site. Nothing is overwritten without being asked.

use super::File;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a site is not written.
///
/// A folder with something in it is left alone:
/// ```
/// use pagelock::report::site::{WriteError, ready};
///
/// let folder = std::env::temp_dir().join(format!("pagelock-error-{}", std::process::id()));
/// std::fs::create_dir(&folder).unwrap();
/// std::fs::write(folder.join("kept.txt"), "kept").unwrap();
/// let error = ready(&folder, false).unwrap_err();
/// assert!(matches!(error, WriteError::NotEmpty(_)));
/// assert!(error.to_string().contains("is not empty; --force writes into it"));
/// let inside = ready(&folder.join("kept.txt"), false).unwrap_err();
/// assert!(matches!(inside, WriteError::NoFolder(_)));
/// std::fs::remove_dir_all(folder).unwrap();
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// There is something in the folder.
    #[error("{} is not empty; --force writes into it, and replaces files of the same name", .0.display())]
    NotEmpty(PathBuf),
    /// There is a file of that name.
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    /// Two files have the same path, where large and small letters may be the same.
    #[error("two files of the site would be {0}: one would replace the other")]
    Twice(String),
    /// A file or folder cannot be read or written.
    #[error("cannot write {}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_path_buf();
    |error| WriteError::Io { path, error }
}

/// Whether a site may be written into the folder. Asked before the searches, which take longer.
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
/// [`WriteError`] if there is something that would have to go, and nobody has asked for that.
pub fn ready(folder: &Path, force: bool) -> Result<(), WriteError> {
    if folder.exists() && !folder.is_dir() {
        return Err(WriteError::NoFolder(folder.to_path_buf()));
    }
    if force || !folder.exists() {
        return Ok(());
    }
    match fs::read_dir(folder).map_err(failed(folder))?.next() {
        None => Ok(()),
        Some(_) => Err(WriteError::NotEmpty(folder.to_path_buf())),
    }
}

/// Writes the files. Other files in the folder stay as they are.
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
    for file in files {
        let path = folder.join(&file.path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(failed(parent))?;
        fs::write(&path, &file.text).map_err(failed(&path))?;
    }
    Ok(())
}
