//! What the program writes, and what it leaves when it cannot.

use rustix::fs::{CWD, Mode, mkfifoat};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelock"));
    command.args(arguments);
    command
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("writing")
        .join(name);
    // What an earlier run has left.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder is made");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .display()
                .to_string()
        })
        .collect();
    names.sort();
    names
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the program prints UTF-8")
}

/// A diagnostic that names the file, and the exit code of bad input.
#[track_caller]
fn refused(output: &Output, path: &Path, why: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: "), "{said}");
    assert!(
        said.contains(&path.display().to_string()) && said.contains(why),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// Every command that writes a file, without its name.
const WRITE: [&[&str]; 4] = [
    &["trace", "ext4-journal-start/old", "-o"],
    &["diff", "ext4-journal-start", "-o"],
    &[
        "export",
        "ext4-journal-start/old",
        "--scenario",
        "write",
        "-o",
    ],
    &["report", "ext4-journal-start/old", "-o"],
];

/// The same with a limit on the size of a file: what is written fails in its middle, as on a full disk.
fn on_a_full_disk(arguments: &[&str]) -> Output {
    let limited = r#"trap "" XFSZ; ulimit -f 1; exec "$@""#;
    let program = env!("CARGO_BIN_EXE_pagelock");
    let mut shell = Command::new("sh");
    shell.args(["-c", limited, "sh", program]).args(arguments);
    shell.output().expect("there is a shell")
}

#[test]
fn a_full_disk_leaves_no_part_and_keeps_the_old_file() {
    let folder = folder("full");
    let kept = folder.join("kept.json");
    fs::write(&kept, "old").expect("it is written");
    let new = folder.join("new.json");
    for write in WRITE {
        let arguments = [write, &[new.to_str().expect("a name")]].concat();
        let output = on_a_full_disk(&arguments);
        refused(&output, &new, "File too large");
        assert_eq!(names(&folder), ["kept.json"], "{write:?}");
    }
    for write in &WRITE[..3] {
        let arguments = [write, &[kept.to_str().expect("a name"), "--force"][..]].concat();
        refused(&on_a_full_disk(&arguments), &kept, "File too large");
        assert_eq!(names(&folder), ["kept.json"], "{write:?}");
        assert_eq!(fs::read_to_string(&kept).expect("it is there"), "old");
    }
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = folder("replaced");
    let file = folder.join("trace.txt");
    fs::write(&file, "old").expect("it is written");
    let reader = File::open(&file).expect("it is there");
    let arguments = [WRITE[0], &[file.to_str().expect("a name"), "--force"]].concat();
    let output = command(&arguments).output().expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(names(&folder), ["trace.txt"]);
    let written = fs::read_to_string(&file).expect("it is there");
    assert!(written.starts_with("FAIL as expected"), "{written}");
    // A reader that has the old one open keeps it.
    assert_eq!(std::io::read_to_string(reader).expect("it is text"), "old");
}

#[test]
fn what_is_no_regular_file_is_refused() {
    let folder = folder("links");
    let target = folder.join("target");
    fs::write(&target, "kept").expect("it is written");
    let (link, dangling) = (folder.join("link"), folder.join("dangling"));
    symlink(&target, &link).expect("a link");
    symlink(folder.join("made"), &dangling).expect("a link");
    let pipe = folder.join("pipe");
    mkfifoat(CWD, &pipe, Mode::RUSR | Mode::WUSR).expect("a pipe with a name");
    for write in &WRITE[..3] {
        for (path, why) in [
            (&link, "is a symbolic link, which is not followed"),
            (&dangling, "is a symbolic link, which is not followed"),
            (&pipe, "is no regular file"),
            (&folder, "is no regular file"),
        ] {
            let name = path.to_str().expect("a name");
            for force in [&[name][..], &[name, "--force"]] {
                let output = command(&[write, force].concat()).output();
                refused(&output.expect("it starts"), path, why);
            }
        }
    }
    let report = [WRITE[3], &[link.to_str().expect("a name"), "--force"]].concat();
    refused(
        &command(&report).output().expect("it starts"),
        &link,
        "is a symbolic link",
    );
    assert_eq!(names(&folder), ["dangling", "link", "pipe", "target"]);
    assert_eq!(fs::read_to_string(&target).expect("it is there"), "kept");
}

#[test]
fn a_report_writes_through_no_link_in_its_folder() {
    let (folder, elsewhere) = (folder("report"), folder("elsewhere"));
    symlink(&elsewhere, folder.join("counterexamples")).expect("a link");
    let arguments = [WRITE[3], &[folder.to_str().expect("a name"), "--force"]].concat();
    let output = command(&arguments).output().expect("it starts");
    refused(
        &output,
        &folder.join("counterexamples"),
        "is a symbolic link",
    );
    assert!(names(&elsewhere).is_empty());
    assert_eq!(
        names(&folder),
        ["counterexamples"],
        "nothing is written in part"
    );
}

/// Standard output on a device that has no room.
fn full() -> File {
    let full = OpenOptions::new().write(true).open("/dev/full");
    full.expect("this is Linux")
}

#[test]
fn a_full_standard_output_is_an_error_of_every_command() {
    let trace = command(&["trace", "ext4-journal-start/old", "--format", "json"]).output();
    let trace: pagelock::trace::Trace =
        serde_json::from_slice(&trace.expect("it starts").stdout).expect("a record");
    let word = trace.replay().to_string();
    let check = ["check", "ext4-journal-start/old", "--scenario", "write"];
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["help", "check"],
        &["check", "--help"],
        &["list"],
        &["list", "--json"],
        &["completions", "bash"],
        &["man"],
        &["schema", "trace"],
        &["trace", "ext4-journal-start/old"],
        &["diff", "ext4-journal-start"],
        &["graph", "ext4-journal-start/old"],
        &["export", "ext4-journal-start/old", "--scenario", "write"],
        &["replay", &word],
        &["replay", "--step", &word],
        &check,
        &[&check[..], &["--json"]].concat(),
        &[&check[..], &["--shard", "1/1"]].concat(),
    ] {
        let output = command(arguments)
            .stdout(full())
            .output()
            .expect("it starts");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(
            said.contains("cannot write to standard output: No space left"),
            "{said}"
        );
    }
}

#[test]
fn a_full_standard_error_changes_no_exit_code() {
    for arguments in [
        &["check", "nonsense"][..],
        &["--nonsense"],
        &["trace", "page-mkwrite"],
    ] {
        let output = command(arguments)
            .stderr(full())
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

/// No thread can be made where each is to have a stack larger than an address space.
#[test]
fn where_no_thread_can_be_made_nothing_panics() {
    let export = WRITE[2].split_last().expect("an argument").1;
    let threads = command(export).output().expect("it starts");
    let alone = |arguments: &[&str]| {
        let mut command = command(arguments);
        let stack = (1_u64 << 50).to_string();
        command
            .env("RUST_MIN_STACK", stack)
            .output()
            .expect("it starts")
    };
    let output = alone(export);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        output.stdout == threads.stdout,
        "one thread does what several do"
    );
    let place = folder("no-threads").join("site").display().to_string();
    for arguments in [
        &["check", "ext4-journal-start/old", "--scenario", "write"][..],
        &["worker"],
        &["clauses", "ext4-journal-start"],
        &["atomicity", "ext4-journal-start"],
        &["patch", "ext4-journal-start"],
        &["report", "ext4-journal-start/old", "-o", &place],
    ] {
        let output = alone(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(
            said.contains("cannot wait for interrupts: Resource temporarily"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert!(!Path::new(&place).exists());
}

#[test]
fn the_summary_of_a_job_is_appended_or_nothing_is_lost() {
    let folder = folder("summary");
    let summary = folder.join("summary.md");
    fs::write(&summary, "before\n").expect("it is written");
    let check = [
        "check",
        "ext4-journal-start/old",
        "--scenario",
        "write",
        "--format",
        "github",
    ];
    let run = |path: &Path| {
        let mut command = command(&check);
        command
            .env("GITHUB_STEP_SUMMARY", path)
            .output()
            .expect("it starts")
    };
    assert_eq!(run(&summary).status.code(), Some(0));
    let written = fs::read_to_string(&summary).expect("it is there");
    assert!(
        written.starts_with("before\n") && written.lines().count() > 2,
        "{written}"
    );
    let full = run(Path::new("/dev/full"));
    assert_eq!(full.status.code(), Some(2));
    assert!(text(&full.stderr).contains("/dev/full is no regular file"));
    // It is printed then.
    let added = written.strip_prefix("before\n").expect("it is appended");
    assert_eq!(text(&full.stdout).lines().next(), added.lines().next());
}
