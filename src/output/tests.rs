//! What is on the disk after a failure.

use super::files::{Batch, WriteError, folder_is_ready};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder is made")
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("it can be read").file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).into_string().expect("a name in UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_batch_is_written_as_a_whole() {
    let folder = folder();
    let site = folder.path().join("new/site");
    let mut batch = Batch::new(false);
    batch.add(&site, "index.html", "one").unwrap();
    batch.add(&site, "graphs/a.svg", "two").unwrap();
    assert!(
        !site.join("index.html").exists(),
        "nothing has its name yet"
    );
    batch.commit().unwrap();
    assert_eq!(names(&site), ["graphs", "index.html"]);
    assert_eq!(names(&site.join("graphs")), ["a.svg"]);
    assert_eq!(fs::read_to_string(site.join("index.html")).unwrap(), "one");
}

#[test]
fn a_batch_that_fails_leaves_everything_as_it_was() {
    let folder = folder();
    let old = folder.path().join("index.html");
    fs::write(&old, "old").unwrap();
    fs::create_dir(folder.path().join("taken.svg")).unwrap();
    for bad in ["taken.svg", "index.html/below", &"n".repeat(300)] {
        let mut batch = Batch::new(true);
        batch.add(folder.path(), "index.html", "new").unwrap();
        batch.add(folder.path(), "made/deep/a.svg", "new").unwrap();
        let error = batch.add(folder.path(), bad, "a secret text").unwrap_err();
        drop(batch);
        let said = error.to_string();
        assert!(said.contains(bad.split('/').next().unwrap()), "{said}");
        assert!(!said.contains("secret"), "{said}");
        assert_eq!(names(folder.path()), ["index.html", "taken.svg"]);
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
    }
}

#[test]
fn a_folder_that_goes_away_is_an_error() {
    let folder = folder();
    let site = folder.path().join("site");
    let mut batch = Batch::new(true);
    batch.add(&site, "index.html", "new").unwrap();
    fs::remove_dir_all(&site).unwrap();
    let error = batch.commit().unwrap_err();
    assert!(matches!(&error, WriteError::Io { path, .. } if *path == site.join("index.html")));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn whether_a_folder_can_be_written_into_is_known_without_a_trace() {
    let folder = folder();
    let below = folder.path().join("a/b");
    folder_is_ready(&below, false).unwrap();
    let long = folder.path().join("a").join("n".repeat(300)).join("b");
    assert!(matches!(
        folder_is_ready(&long, true),
        Err(WriteError::Io { .. })
    ));
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn no_symbolic_link_is_followed() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (folder(), folder());
    let target = elsewhere.path().join("target");
    fs::write(&target, "kept").unwrap();
    symlink(&target, folder.path().join("index.html")).unwrap();
    symlink(elsewhere.path(), folder.path().join("graphs")).unwrap();
    for name in ["index.html", "graphs/new.svg", "graphs/target"] {
        let error = Batch::new(true)
            .add(folder.path(), name, "new")
            .unwrap_err();
        assert!(matches!(error, WriteError::SymbolicLink(_)), "{error}");
    }
    // Nor is one that the whole site is to go into.
    for name in ["graphs", "graphs/"] {
        let error = folder_is_ready(&folder.path().join(name), true).unwrap_err();
        assert!(matches!(error, WriteError::SymbolicLink(_)), "{error}");
    }
    // One that comes after the look is replaced, and not written through.
    let late = folder.path().join("late.html");
    let mut batch = Batch::new(true);
    batch.add(folder.path(), "late.html", "new").unwrap();
    symlink(&target, &late).unwrap();
    batch.commit().unwrap();
    assert!(late.symlink_metadata().unwrap().is_file());
    assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
    assert_eq!(names(elsewhere.path()), ["target"]);
}

#[cfg(all(unix, feature = "cli"))]
#[test]
fn permissions_are_those_of_any_new_file_and_those_that_a_file_had() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (plain, written) = (folder.path().join("plain"), folder.path().join("written"));
    fs::write(&plain, "").unwrap();
    super::write(&written, "text", false).unwrap();
    assert_eq!(mode(&written), mode(&plain));
    fs::set_permissions(&written, fs::Permissions::from_mode(0o640)).unwrap();
    super::write(&written, "more", true).unwrap();
    assert_eq!(mode(&written), 0o640);
    assert_eq!(fs::read_to_string(&written).unwrap(), "more");
}

#[cfg(feature = "cli")]
#[test]
fn one_appends_to_regular_files_only() {
    let folder = folder();
    let summary = folder.path().join("summary.md");
    super::append(&summary, "one\n").unwrap();
    super::append(&summary, "two\n").unwrap();
    assert_eq!(fs::read_to_string(&summary).unwrap(), "one\ntwo\n");
    let error = super::append(folder.path(), "three\n").unwrap_err();
    assert!(matches!(error, WriteError::NoFile(_)), "{error}");
}
