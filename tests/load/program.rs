//! This executable, started as a program.

use crate::altered::ALTERED;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

/// The program under way. Whatever becomes of a test, its processes end with this.
pub(crate) struct Program {
    child: Child,
    said: BufReader<ChildStderr>,
    printed: Option<JoinHandle<String>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        // As long as nothing has waited for the process, no other one has its number or that of its group.
        if self.printed.is_some() {
            // There is none if all of them have ended.
            let _ = kill_process_group(self.pid(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
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
            printed: Some(std::thread::spawn(move || {
                let mut text = String::new();
                printed.read_to_string(&mut text).expect("it prints text");
                text
            })),
            child,
        }
    }

    /// Waits until it has said a line that begins so, and says which.
    pub(crate) fn wait_for(&mut self, beginning: &str) -> String {
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "it ended without a word of `{beginning}`");
            if line.starts_with(beginning) {
                return line;
            }
        }
    }

    /// The next line that it says; empty at the end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("it says text");
        line
    }

    /// Sends the process a signal, or its whole group.
    pub(crate) fn signal(&self, signal: Signal, group: bool) {
        let send = if group {
            kill_process_group
        } else {
            kill_process
        };
        send(self.pid(), signal).expect("it is there");
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Waits for its end and for that of its workers: they have the same standard error, which does not end
    /// before the last of them has.
    pub(crate) fn end(mut self) -> Ended {
        let mut said = String::new();
        self.said.read_to_string(&mut said).expect("it says text");
        let code = self.child.wait().expect("it ends").code();
        let printed = self.printed.take().expect("it ends once").join();
        Ended {
            code,
            printed: printed.expect("it is read"),
            said,
        }
    }
}

impl Ended {
    /// Its lines of JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).expect("each line is JSON");
        self.printed.lines().map(parse).collect()
    }
}
