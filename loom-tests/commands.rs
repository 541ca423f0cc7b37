//! Every command that README.md and `--help` show runs as it stands there. Here, since the gate is the
//! suite that is built for speed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The commands of README.md and of the help, in their order, without the table of everything, which
/// `.ci/run` prints.
fn documented() -> Vec<String> {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there");
    let of_readme = (readme.lines()).filter_map(|line| {
        let command = line.strip_prefix("$ ")?;
        let own = command.strip_prefix("cargo run --release -- ");
        own.or_else(|| command.strip_prefix("pagelock "))
            .map(uncommented)
    });
    let help = Command::new(program())
        .arg("--help")
        .output()
        .expect("the program starts");
    let help = String::from_utf8(help.stdout).expect("help is text");
    let of_help =
        (help.lines()).filter_map(|line| line.strip_prefix("  pagelock ").map(uncommented));
    let mut commands: Vec<String> = of_readme.chain(of_help).collect();
    let mut seen = std::collections::BTreeSet::new();
    commands.retain(|command| !command.is_empty() && seen.insert(command.clone()));
    commands
}

/// A command without what is said of it: after a `#`, or after two blanks.
fn uncommented(line: &str) -> String {
    let line = line.split(" # ").next().unwrap_or_default();
    line.split("  ")
        .next()
        .unwrap_or_default()
        .trim()
        .to_string()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_pagelock"))
}

#[test]
fn every_documented_command_runs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented-commands");
    // What an earlier run has left would be in the way.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder of its own");
    let commands = documented();
    assert!(commands.len() > 15, "{commands:#?}");
    for command in commands {
        let line = format!("\"$PAGELOCK\" {command}");
        let output = Command::new("sh")
            .args(["-c", &line])
            .env("PAGELOCK", program())
            .current_dir(&folder)
            .output()
            .expect("a shell starts");
        assert!(
            output.status.success(),
            "pagelock {command}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
