//! The faces of a counterexample. Each is a leaf: it reads a [`Trace`] and nothing else.
//!
//! Whatever the face, it is made of the record alone, so one that was kept in a file has it too:
//! ```
//! use pagelock::render::{Format, Layout, render};
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
//! for format in Format::ALL {
//!     let text = render(&trace, *format, Layout::default()).unwrap();
//!     assert!(text.contains("kjournald2"), "{format}");
//! }
//! ```

mod beside;
mod changelog;
mod dept;
pub(crate) mod html;
mod lanes;
mod lockdep;
mod mermaid;
mod rows;
mod sarif;
mod screen;
mod steps;
pub(crate) mod text;

use crate::escape;
use crate::trace::{Cycle, Event, Trace};
use std::fmt;
use thiserror::Error;

/// The faces.
///
/// Two of them tell of deadlocks only; what violates another property has the other faces:
/// ```
/// use pagelock::render::{Format, Layout, render};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, Some("store")).unwrap().unwrap();
/// let has = |format: &Format| render(&trace, *format, Layout::default()).is_ok();
/// let without: Vec<String> = Format::ALL.iter().filter(|face| !has(face)).map(Format::to_string).collect();
/// assert_eq!(without, ["lockdep", "dept"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One screen of ASCII: verdict, lanes, cycle, receipt, replay.
    Screen,
    /// The record itself, as JSON.
    Json,
    /// A sequence diagram of Mermaid: at most 8 lanes and 40 steps.
    Mermaid,
    /// A deadlock in the shape of lockdep's report.
    Lockdep,
    /// A deadlock in DEPT's letters.
    Dept,
    /// Columns of calls in 75 characters, for a commit message.
    Changelog,
    /// SARIF 2.1.0, one thread flow for each thread.
    Sarif,
    /// One document for a browser, with nothing that has to be fetched.
    Html,
}

impl Format {
    /// Every face.
    pub const ALL: &[Self] = &[
        Self::Screen,
        Self::Json,
        Self::Mermaid,
        Self::Lockdep,
        Self::Dept,
        Self::Changelog,
        Self::Sarif,
        Self::Html,
    ];

    /// The name, as the command line spells it.
    ///
    /// ```
    /// use pagelock::render::Format;
    ///
    /// let named = |name: &str| Format::ALL.iter().copied().find(|format| format.name() == name);
    /// assert_eq!(named("mermaid"), Some(Format::Mermaid));
    /// assert_eq!(named("png"), None);
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Json => "json",
            Self::Mermaid => "mermaid",
            Self::Lockdep => "lockdep",
            Self::Dept => "dept",
            Self::Changelog => "changelog",
            Self::Sarif => "sarif",
            Self::Html => "html",
        }
    }

    /// What it is for, in one line.
    ///
    /// A list of the faces for a help text:
    /// ```
    /// use pagelock::render::Format;
    ///
    /// let line = |face: &Format| format!("{:9} {}", face.name(), face.summary());
    /// let help: Vec<String> = Format::ALL.iter().map(line).collect();
    /// assert_eq!(help[0], "screen    At most 40 lines of ASCII");
    /// ```
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Screen => "At most 40 lines of ASCII",
            Self::Json => "The whole record; its schema is schemas/pagelock-trace-1.json",
            Self::Mermaid => {
                "A sequence diagram that GitHub draws, of at most 8 lanes and 40 steps"
            }
            Self::Lockdep => "A deadlock in the shape of lockdep's report",
            Self::Dept => "A deadlock in DEPT's letters",
            Self::Changelog => "Columns of calls in 75 characters, for a commit message",
            Self::Sarif => "SARIF 2.1.0, for tools that read results of analyses",
            Self::Html => "One document for a browser, with nothing that has to be fetched",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How large a text may be.
///
/// ```
/// use pagelock::render::{Layout, screen};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let folded = screen(&trace, Layout { width: 80, ..Layout::default() });
/// assert!(folded.lines().all(|line| line.chars().count() <= 80));
/// assert!(folded.lines().count() <= 40);
/// let full = screen(&trace, Layout { full: true, ..Layout::default() });
/// assert!(full.lines().count() > folded.lines().count());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The most columns. What has a width of its own, a commit message, keeps it.
    pub width: usize,
    /// Whether every event is shown; otherwise what does not matter to the failure is folded, and the
    /// screen has at most 40 lines.
    pub full: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            width: 100,
            full: false,
        }
    }
}

/// Why a counterexample has no such face.
///
/// A lost store is no deadlock, so there is no cycle for lockdep to report:
/// ```
/// use pagelock::render::{Format, Layout, RenderError, beside, render};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
/// let mut trace = spec::counterexample(spec, old, scenario, Some("store")).unwrap().unwrap();
/// let error = render(&trace, Format::Lockdep, Layout::default()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`lockdep` tells of threads that wait for one another, and this counterexample violates `store`: the \
///      formats screen, changelog and mermaid show it"
/// );
/// trace.twin = None;
/// assert_eq!(beside(&trace, Layout::default()), Err(RenderError::NoTwin));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Nobody waits for ever in it.
    #[error(
        "`{format}` tells of threads that wait for one another, and this counterexample violates \
         `{property}`: the formats screen, changelog and mermaid show it"
    )]
    NoCycle {
        /// The face.
        format: Format,
        /// The property that is violated.
        property: String,
    },
    /// It has no twin.
    #[error("no design passes where this one fails: there is nothing to show beside it")]
    NoTwin,
}

/// Renders a counterexample.
///
/// A diagram for a page in Markdown:
/// ```
/// use pagelock::render::{Format, Layout, render};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let diagram = render(&trace, Format::Mermaid, Layout::default()).unwrap();
/// assert!(diagram.starts_with("sequenceDiagram\n  participant t0 as writer\n"));
/// assert!(diagram.contains("t1-xt0: start_this_handle: waits for transaction (writer)"));
/// ```
///
/// # Errors
/// [`RenderError::NoCycle`] for [`Format::Lockdep`] and [`Format::Dept`] of what is no deadlock.
pub fn render(trace: &Trace, format: Format, layout: Layout) -> Result<String, RenderError> {
    let shown = &lines_of(trace);
    Ok(match format {
        Format::Screen => screen(trace, layout),
        Format::Json => json(trace),
        Format::Mermaid => mermaid::render(shown, layout.full),
        Format::Lockdep => escape::screen(&lockdep::render(shown, cycle(shown, format)?, layout)),
        Format::Dept => escape::screen(&dept::render(shown, cycle(shown, format)?)),
        Format::Changelog => escape::screen(&changelog::render(shown, layout.full)),
        Format::Sarif => escape::json(&sarif::render(trace)),
        Format::Html => html::render(trace),
    })
}

/// The record with each of its texts as one printable line, for the faces that are for a reader.
fn lines_of(trace: &Trace) -> Trace {
    escape::each(trace, escape::printable)
}

/// The screen: the face that every counterexample has.
///
/// What a search of one's own has found, on a screen:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::render::{Layout, screen};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let trace = spec::found(&run, run.search.finding("no-deadlock").unwrap()).unwrap();
/// let text = screen(&trace, Layout::default());
/// assert!(text.starts_with("FAIL as recorded  ext4-journal-start/old in write  deadlock: 3 threads"));
/// assert!(text.contains("flusher -> kjournald2 -> writer -> flusher"));
/// ```
#[must_use]
pub fn screen(trace: &Trace, layout: Layout) -> String {
    escape::screen(&screen::render(&lines_of(trace), layout))
}

/// The counterexample step by step: its head, a text for each operation, its end.
///
/// For a program that shows one operation at a time:
/// ```
/// use pagelock::render::{Layout, steps};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let texts = steps(&trace, Layout::default());
/// // A head, each operation, an end.
/// assert_eq!(texts.len(), 1 + trace.schedule.len() + 1);
/// assert!(texts[2].starts_with("   2 of 9  flusher: lock_page  page 0 lock: flusher\n"));
/// assert_eq!(texts.last().unwrap(), "deadlock: flusher -> kjournald2 -> writer -> flusher\n");
/// ```
#[must_use]
pub fn steps(trace: &Trace, layout: Layout) -> Vec<String> {
    let texts = steps::render(&lines_of(trace), layout).into_iter();
    texts.map(|text| escape::screen(&text)).collect()
}

/// An execution that violates nothing, operation by operation: what leads to an order of locks, for one.
///
/// ```
/// use pagelock::engine::{Encoding, Function, World, replay};
/// use pagelock::render::{Layout, execution};
/// use std::sync::Arc;
///
/// const ADD: Function = Function::new("atomic_inc", "include/linux/atomic.h");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let counter = world.cell("counter", 0_u8);
///     world.thread("one", move |task| task.step(&counter, ADD, |counter| *counter += 1));
/// });
/// let text = execution(&replay(&model, &[]).unwrap().events, Layout::default());
/// assert!(text.starts_with("   1 of 1  one: atomic_inc  counter: 0 -> 1\n"));
/// ```
#[must_use]
pub fn execution(events: &[Event], layout: Layout) -> String {
    let events: Vec<Event> = escape::each(&events.to_vec(), escape::printable);
    escape::screen(&steps::execution(&events, layout))
}

/// The counterexample beside its twin in the same schedule, step by step.
///
/// ```
/// use pagelock::render::{Layout, beside};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let text = beside(&trace, Layout::default()).unwrap();
/// let verdicts = text.lines().find(|line| line.starts_with("old: FAIL")).unwrap();
/// assert!(verdicts.ends_with("patched: PASS"));
/// assert!(text.contains("because J-C1 handle-before-page-lock: writepages starts the handle before"));
/// ```
///
/// # Errors
/// [`RenderError::NoTwin`] if it has none.
pub fn beside(trace: &Trace, layout: Layout) -> Result<String, RenderError> {
    let trace = lines_of(trace);
    let twin = trace.twin.as_ref().ok_or(RenderError::NoTwin)?;
    Ok(escape::screen(&beside::render(&trace, twin, layout)))
}

fn cycle(trace: &Trace, format: Format) -> Result<&Cycle, RenderError> {
    trace.cycle.as_ref().ok_or_else(|| RenderError::NoCycle {
        format,
        property: trace.property.clone(),
    })
}

/// The record as JSON, as its schema has it.
///
/// ```
/// use pagelock::render::json;
/// use pagelock::{protocols, spec};
/// use pagelock::trace::{SCHEMA, Trace};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let text = json(&trace);
/// let value: serde_json::Value = serde_json::from_str(&text).unwrap();
/// assert_eq!((&value["schema"], &value["threads"][1]), (&SCHEMA.into(), &"flusher".into()));
/// assert_eq!(serde_json::from_str::<Trace>(&text).unwrap(), trace);
/// ```
#[must_use]
pub fn json(trace: &Trace) -> String {
    // A record consists of texts, numbers and lists: there is nothing in it that has no JSON.
    let text = serde_json::to_string_pretty(trace);
    text.map_or_else(|error| error.to_string(), |text| escape::json(&text) + "\n")
}
