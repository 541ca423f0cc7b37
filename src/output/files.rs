//! Files. Each is written beside its name, under a temporary one, and renamed when it is whole: so a failure
//! leaves no part behind, and what stood there before stays as it was. No symbolic link is followed.

use std::fs::{self, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf, is_separator};
use tempfile::{NamedTempFile, TempPath};
use thiserror::Error;

/// Why something is not written.
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
    /// There is a file of that name.
    #[error("{} is there already; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// There is something in the folder.
    #[error("{} is not empty; --force writes into it, and replaces files of the same name", .0.display())]
    NotEmpty(PathBuf),
    /// There is something else than a folder of that name.
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    /// There is something else than a regular file of that name, which is not replaced.
    #[error("{} is no regular file, and is not replaced", .0.display())]
    NoFile(PathBuf),
    /// There is a symbolic link of that name.
    #[error("{} is a symbolic link, which is not followed", .0.display())]
    SymbolicLink(PathBuf),
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

/// Whether a file can be written there, as far as that can be known before there is anything to write.
#[cfg(feature = "cli")]
pub(crate) fn is_ready(path: &Path, force: bool) -> Result<(), WriteError> {
    replaced(path, force)?;
    beside(path).map(drop)
}

/// Writes a file. One that is there is left alone unless it may be replaced.
#[cfg(feature = "cli")]
pub(crate) fn write(path: &Path, text: &str, force: bool) -> Result<(), WriteError> {
    renamed(staged(path, text, force)?, path, force)
}

/// Appends to a file. On a failure it is as long as before.
#[cfg(feature = "cli")]
pub(crate) fn append(path: &Path, text: &str) -> Result<(), WriteError> {
    let is_new = replaced(path, true)?.is_none();
    let mut options = fs::OpenOptions::new();
    let opened = options.append(true).create(true).open(path);
    let mut file = opened.map_err(failed(path))?;
    let length = file.metadata().map_err(failed(path))?.len();
    file.write_all(text.as_bytes()).map_err(|error| {
        // The first error is the one to tell.
        let _ = if is_new {
            fs::remove_file(path)
        } else {
            file.set_len(length)
        };
        failed(path)(error)
    })
}

/// The regular file that stands there, if any, and if it may be replaced.
fn replaced(path: &Path, force: bool) -> Result<Option<Metadata>, WriteError> {
    if path.to_string_lossy().ends_with(is_separator) || path.file_name().is_none() {
        return Err(WriteError::NoFile(path.to_path_buf()));
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(WriteError::SymbolicLink(path.to_path_buf())),
        Ok(found) if !found.is_file() => Err(WriteError::NoFile(path.to_path_buf())),
        Ok(_) if !force => Err(WriteError::Exists(path.to_path_buf())),
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
}

/// A temporary file in the same folder, which goes away unless it is renamed.
fn beside(path: &Path) -> Result<NamedTempFile, WriteError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pagelock-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What any new file gets, less the umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let made = builder.tempfile_in(folder.unwrap_or(Path::new(".")));
    made.map_err(failed(path))
}

/// A whole file under its temporary name.
fn staged(path: &Path, text: &str, force: bool) -> Result<TempPath, WriteError> {
    let old = replaced(path, force)?;
    let mut part = beside(path)?;
    let written = part.write_all(text.as_bytes()).and_then(|()| {
        if let Some(old) = old {
            part.as_file().set_permissions(old.permissions())?;
        }
        // Some filesystems find out only now that there is no room.
        part.as_file().sync_all()
    });
    written.map_err(failed(path))?;
    Ok(part.into_temp_path())
}

fn renamed(part: TempPath, path: &Path, force: bool) -> Result<(), WriteError> {
    let renamed = if force {
        part.persist(path)
    } else {
        part.persist_noclobber(path)
    };
    renamed.map_err(|failure| match failure.error.kind() {
        io::ErrorKind::AlreadyExists => WriteError::Exists(path.to_path_buf()),
        _ => failed(path)(failure.error),
    })
}

/// Files that are written together: all of them are whole before the first one is renamed. What is not renamed
/// goes away with the batch, and so do the folders that were made for it.
#[derive(Debug)]
pub(crate) struct Batch {
    force: bool,
    parts: Vec<(TempPath, PathBuf)>,
    /// Those inside of others first. They are dropped after the files.
    folders: Vec<Made>,
}

/// A folder that was made here. It goes away if nothing has come into it.
#[derive(Debug)]
struct Made(PathBuf);

impl Drop for Made {
    fn drop(&mut self) {
        // One that is not empty stays.
        let _ = fs::remove_dir(&self.0);
    }
}

impl Batch {
    pub(crate) fn new(force: bool) -> Self {
        Self {
            force,
            parts: Vec::new(),
            folders: Vec::new(),
        }
    }

    /// Adds a file with a path from a folder. The folder, and what is inside of it, is no symbolic link.
    pub(crate) fn add(&mut self, folder: &Path, name: &str, text: &str) -> Result<(), WriteError> {
        let folder = plain(folder);
        let path = folder.join(name);
        self.make(path.parent().unwrap_or(&folder), &folder)?;
        self.parts.push((staged(&path, text, self.force)?, path));
        Ok(())
    }

    /// Gives the files their names.
    pub(crate) fn commit(mut self) -> Result<(), WriteError> {
        for (part, path) in self.parts.drain(..) {
            renamed(part, &path, self.force)?;
        }
        Ok(())
    }

    /// Makes a folder and those that it is in, where they are not there.
    fn make(&mut self, folder: &Path, root: &Path) -> Result<(), WriteError> {
        if folder.as_os_str().is_empty() {
            return Ok(());
        }
        // Of the folders around the root its name says which are meant.
        let found = if folder.starts_with(root) {
            fs::symlink_metadata(folder)
        } else {
            fs::metadata(folder)
        };
        match found {
            Ok(found) if found.is_symlink() => Err(WriteError::SymbolicLink(folder.to_path_buf())),
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(WriteError::NoFolder(folder.to_path_buf())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(outer) = folder.parent() {
                    self.make(outer, root)?;
                }
                match fs::create_dir(folder) {
                    Ok(()) => self.folders.insert(0, Made(folder.to_path_buf())),
                    // As `..` behind a folder that has just been made.
                    Err(_) if folder.is_dir() => (),
                    Err(error) => return Err(failed(folder)(error)),
                }
                Ok(())
            }
            Err(error) => Err(failed(folder)(error)),
        }
    }
}

/// Without a separator at its end, which would follow a symbolic link.
fn plain(folder: &Path) -> PathBuf {
    folder.components().collect()
}

/// Whether files can be written into a folder, which need not be there.
pub(crate) fn folder_is_ready(folder: &Path, force: bool) -> Result<(), WriteError> {
    let folder = plain(folder);
    let mut batch = Batch::new(force);
    // It is made, and goes away with the batch.
    batch.make(&folder, &folder)?;
    let is_made = batch.folders.iter().any(|made| made.0 == folder);
    if !is_made && !force {
        let mut entries = fs::read_dir(&folder).map_err(failed(&folder))?;
        if entries.next().is_some() {
            return Err(WriteError::NotEmpty(folder));
        }
    }
    // The name does not matter.
    beside(&folder.join("index.html")).map(drop)
}
