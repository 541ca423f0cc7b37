//! How far a command is: one line that is written anew on a terminal, and now and then a line elsewhere.

use crate::output;
use std::io::{IsTerminal as _, stderr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often the line of a terminal changes, and how often a log gets one.
const EVERY: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(20)];

/// How far one part of a command is, with an estimate of what is left.
#[derive(Debug)]
pub(super) struct Progress {
    doing: String,
    what: &'static str,
    is_terminal: bool,
    started: Instant,
    shown: Mutex<Instant>,
}

impl Progress {
    /// `doing` is what the command does: `exploring page-mkwrite`; `what` is what is counted: `scenarios`.
    pub(super) fn new(doing: impl Into<String>, what: &'static str) -> Self {
        let now = Instant::now();
        Self {
            doing: doing.into(),
            what,
            is_terminal: stderr().is_terminal(),
            started: now,
            shown: Mutex::new(now),
        }
    }

    /// So many of all are done. The line goes when all are.
    pub(super) fn show(&self, done: usize, all: usize) {
        if done == all {
            return clear();
        }
        // The thread that holds it shows something newer.
        let Ok(mut shown) = self.shown.try_lock() else {
            return;
        };
        let every = EVERY[usize::from(!self.is_terminal)];
        if shown.elapsed() < every || done == 0 {
            return;
        }
        *shown = Instant::now();
        let line = self.line(self.started.elapsed(), done, all);
        if self.is_terminal {
            output::progress(&format!("\r\x1b[K{line}"));
        } else {
            output::note(&line);
        }
    }

    fn line(&self, elapsed: Duration, done: usize, all: usize) -> String {
        let left = elapsed.mul_f64((all - done) as f64 / done as f64).as_secs();
        format!(
            "{}: {done} of {all} {}, about {left} s left",
            self.doing, self.what
        )
    }
}

/// Clears the line of a terminal.
pub(super) fn clear() {
    output::progress("\r\x1b[K");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_is_done() {
        let progress = Progress::new("checking", "searches");
        let line = progress.line(Duration::from_secs(30), 3, 9);
        assert_eq!(line, "checking: 3 of 9 searches, about 60 s left");
    }
}
