//! This executable, started as a program.

use crate::altered::ALTERED;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

/// The program under way.
pub(crate) struct Program {
    child: Child,
    said: BufReader<ChildStderr>,
    printed: JoinHandle<String>,
}

/// What came of it.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) printed: String,
    pub(crate) said: String,
}

impl Program {
    /// Starts it in a process group of its own, as a shell does.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_by(arguments, |command| command)
    }

    /// The same, with workers that are altered.
    pub(crate) fn start_altered(arguments: &[&str], how: &str) -> Self {
        Self::start_by(arguments, |command| command.env(ALTERED, how))
    }

    fn start_by(arguments: &[&str], with: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("it is running"));
        let pipes = with(&mut command)
            .args(arguments)
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("it starts");
        let mut printed = child.stdout.take().expect("it is piped");
        Self {
            said: BufReader::new(child.stderr.take().expect("it is piped")),
            printed: std::thread::spawn(move || {
                let mut text = String::new();
                printed.read_to_string(&mut text).expect("it prints text");
                text
            }),
            child,
        }
    }

    /// Waits until it has said a line that begins so, and says which.
    pub(crate) fn wait_for(&mut self, beginning: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.said.read_line(&mut line).expect("it says text");
            assert!(read > 0, "it ended without a word of `{beginning}`");
            if line.starts_with(beginning) {
                return line;
            }
        }
    }

    /// Sends the process a signal, or its whole group.
    pub(crate) fn signal(&self, name: &str, group: bool) {
        let minus = if group { "-" } else { "" };
        signal(name, &format!("{minus}{}", self.id()));
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end and for that of its workers: they have the same standard error, which does not end
    /// before the last of them has.
    pub(crate) fn end(mut self) -> Ended {
        let mut said = String::new();
        self.said.read_to_string(&mut said).expect("it says text");
        Ended {
            code: self.child.wait().expect("it ends").code(),
            printed: self.printed.join().expect("it is read"),
            said,
        }
    }
}

/// Sends a process a signal.
pub(crate) fn signal(name: &str, whom: &str) {
    let sent = Command::new("kill").args([name, "--", whom]).status();
    assert!(sent.expect("there is a kill").success());
}

impl Ended {
    /// Its lines of JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).expect("each line is JSON");
        self.printed.lines().map(parse).collect()
    }
}
