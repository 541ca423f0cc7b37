//! A counterexample as one word, to be pasted.

use super::schedule::{Schedule, ThreadId};
use crate::input::brief;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A model and a schedule: `SPEC/DESIGN@SCENARIO:FINGERPRINT:SCHEDULE`.
///
/// A design without some of its clauses is `DESIGN~CLAUSE~CLAUSE`. A schedule is the thread of each
/// operation, counted from 0, with a dot between turns; `1x5` is five turns of thread 1.
///
/// ```
/// use pagelock::trace::{Replay, Schedule};
///
/// let word = "nfs-coalesce/patched~always-complete@error:0123456789abcdef:0x3.1";
/// let replay: Replay = word.parse().unwrap();
/// assert_eq!(replay.without, ["always-complete"]);
/// assert_eq!(replay.schedule, Schedule::from([0, 0, 0, 1]));
/// assert_eq!(replay.to_string(), word);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The spec's name.
    pub spec: String,
    /// The design's name.
    pub design: String,
    /// The clauses that are taken from the design.
    pub without: Vec<String>,
    /// The scenario's name.
    pub scenario: String,
    /// The model's fingerprint, 16 hexadecimal digits.
    pub fingerprint: String,
    /// The thread of each operation.
    pub schedule: Schedule,
}

/// Why a text is no replay.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "character {position}: {what}; a replay is SPEC/DESIGN@SCENARIO:FINGERPRINT:SCHEDULE, such as \
     ext4-journal-start/old@write:0123456789abcdef:1x5.0x3.2"
)]
pub struct ReplayTextError {
    /// The place, from 1.
    pub position: usize,
    /// What is wrong there.
    pub what: String,
}

/// The most turns of a schedule: the engines' own limit is lower.
const MOST_TURNS: usize = 100_000;

/// The most letters of a name: four of them, with what stands between, are the name of a file.
const LONGEST_NAME: usize = 60;

/// Whether a name can stand in a replay, on a command line and in the name of a file: it has letters and digits of
/// ASCII, `-`, `_` and `.`, begins with a letter or a digit, and is not too long.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(is_in_a_name)
        && name.len() <= LONGEST_NAME
}

fn is_in_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.".contains(letter)
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.spec, self.design)?;
        for clause in &self.without {
            write!(f, "~{clause}")?;
        }
        write!(f, "@{}:{}:", self.scenario, self.fingerprint)?;
        for (place, run) in self.schedule.chunk_by(|a, b| a == b).enumerate() {
            let dot = if place == 0 { "" } else { "." };
            match run.len() {
                1 => write!(f, "{dot}{}", run[0])?,
                times => write!(f, "{dot}{}x{times}", run[0])?,
            }
        }
        Ok(())
    }
}

impl FromStr for Replay {
    type Err = ReplayTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rest = Rest { text, at: 0 };
        let spec = rest.name('/', "the spec's name")?;
        let design = rest.name('@', "the design's name")?;
        let scenario = rest.name(':', "the scenario's name")?;
        let at = rest.at;
        let fingerprint = rest.name(':', "the model's fingerprint")?;
        let is_hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if fingerprint.len() != 16 || !fingerprint.bytes().all(is_hexadecimal) {
            return Err(rest.wrong(at, "a fingerprint has 16 hexadecimal digits".to_string()));
        }
        let mut parts = design.split('~');
        let design = parts.next().unwrap_or_default().to_string();
        let without = parts.map(ToString::to_string).collect();
        Ok(Self {
            spec,
            design,
            without,
            scenario,
            fingerprint,
            schedule: rest.schedule()?,
        })
    }
}

/// What is left of a text.
struct Rest<'t> {
    text: &'t str,
    at: usize,
}

impl Rest<'_> {
    fn wrong(&self, at: usize, what: String) -> ReplayTextError {
        ReplayTextError {
            position: self.text[..at].chars().count() + 1,
            what,
        }
    }

    /// The text up to a separator, which is skipped.
    fn name(&mut self, separator: char, what: &str) -> Result<String, ReplayTextError> {
        let rest = &self.text[self.at..];
        let Some(length) = rest.find(separator) else {
            let end = self.text.len();
            return Err(self.wrong(end, format!("`{separator}` is missing after {what}")));
        };
        let name = &rest[..length];
        // Before an `@` stands a design, which may be without some of its clauses.
        let separates = |letter: char| letter == '~' && separator == '@';
        if let Some(place) = name.find(|c| !is_in_a_name(c) && !separates(c)) {
            return Err(self.wrong(self.at + place, format!("this is not in {what}")));
        }
        if name.is_empty() {
            return Err(self.wrong(self.at, format!("{what} is empty")));
        }
        self.at += length + separator.len_utf8();
        Ok(name.to_string())
    }

    fn schedule(&self) -> Result<Schedule, ReplayTextError> {
        let mut schedule = Schedule::default();
        let mut at = self.at;
        if at == self.text.len() {
            // What fails before the first operation needs no turn.
            return Ok(schedule);
        }
        for turn in self.text[self.at..].split('.') {
            let (thread, times) = turn.split_once('x').unwrap_or((turn, "1"));
            // A number that Rust would read may have a sign, or leading zeros.
            let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let parsed = (plain(thread) && plain(times))
                .then(|| Some((thread.parse::<u8>().ok()?, times.parse::<usize>().ok()?)))
                .flatten();
            let Some((thread, times)) = parsed else {
                let what = format!("`{}` is no turn: THREAD, or THREADxTIMES", brief(turn));
                return Err(self.wrong(at, what));
            };
            // What is left is counted down: a sum with the number in a word can be more than a `usize` holds.
            if times == 0 || times > MOST_TURNS - schedule.len() {
                let what = format!("{times} turns are not between 1 and {MOST_TURNS}");
                return Err(self.wrong(at, what));
            }
            for _ in 0..times {
                schedule.push(ThreadId::new(usize::from(thread)));
            }
            at += turn.len() + 1;
        }
        Ok(schedule)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(text: &str) -> (usize, String) {
        let error = Replay::from_str(text).expect_err("it is corrupt");
        (error.position, error.what)
    }

    #[test]
    fn says_where_it_is_corrupt() {
        assert_eq!(
            refused("ext4"),
            (5, "`/` is missing after the spec's name".into())
        );
        assert_eq!(
            refused("a/b c@d:"),
            (4, "this is not in the design's name".into())
        );
        assert_eq!(
            refused("a/b@c:0123:1"),
            (7, "a fingerprint has 16 hexadecimal digits".into())
        );
        assert_eq!(
            refused("a/b@c:0123456789abcdef:1x5.y"),
            (28, "`y` is no turn: THREAD, or THREADxTIMES".into())
        );
        assert_eq!(
            refused("a/b@c:0123456789abcdef:1x0"),
            (24, "0 turns are not between 1 and 100000".into())
        );
    }

    #[test]
    fn counts_are_bounded_before_they_are_added_or_kept() {
        let schedule = |text: &str| format!("a/b@c:0123456789abcdef:{text}");
        for (text, position, times) in [
            ("0.0x18446744073709551615", 26, "18446744073709551615"),
            ("0x18446744073709551615.0", 24, "18446744073709551615"),
            ("0x99999.1.1", 34, "1"),
            ("0x100001", 24, "100001"),
        ] {
            let what = format!("{times} turns are not between 1 and 100000");
            assert_eq!(refused(&schedule(text)), (position, what), "{text}");
        }
        let most = Replay::from_str(&schedule("0x99999.1")).unwrap();
        assert_eq!(most.schedule.len(), MOST_TURNS);
        for text in ["0x18446744073709551616", "256", "-1", "+1", "1x", "x1", "."] {
            assert!(
                refused(&schedule(text))
                    .1
                    .ends_with("is no turn: THREAD, or THREADxTIMES")
            );
        }
        let (_, what) = refused(&schedule(&"z".repeat(1_000_000)));
        assert!(what.len() < 200, "{what}");
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(
            without in prop::collection::vec("[a-z._-]{1,9}", 0..3),
            schedule in prop::collection::vec(0..4_u8, 0..60),
        ) {
            let replay = Replay {
                spec: "nfs-coalesce".to_string(),
                design: "patched".to_string(),
                without,
                scenario: "error".to_string(),
                fingerprint: "00ff00ff00ff00ff".to_string(),
                schedule: schedule.into(),
            };
            prop_assert_eq!(Replay::from_str(&replay.to_string()), Ok(replay));
        }

        #[test]
        fn never_panics(text in ".{0,60}", tail in "a/b@c:0123456789abcdef:[0-9x.é]{0,20}") {
            let _ = (Replay::from_str(&text), Replay::from_str(&tail));
        }

        #[test]
        fn has_no_more_turns_than_the_most(
            turns in prop::collection::vec((any::<u8>(), prop_oneof![any::<u64>(), 0..200_000_u64]), 1..9),
        ) {
            let turns: Vec<String> = turns.iter().map(|(thread, times)| format!("{thread}x{times}")).collect();
            let word = format!("a/b@c:0123456789abcdef:{}", turns.join("."));
            prop_assert!(Replay::from_str(&word).map_or(true, |word| word.schedule.len() <= MOST_TURNS));
        }
    }
}
