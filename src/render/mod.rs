//! The formats of a counterexample. Each reads a [`Trace`] and nothing else, so a stored trace has every format that a
//! new one has:
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

mod changelog;
mod columns;
mod dept;
mod format;
pub(crate) mod html;
mod lockdep;
mod mermaid;
mod ring;
mod rows;
mod sarif;
mod screen;
mod side_by_side;
mod steps;
pub(crate) mod text;

pub use format::{Format, Layout, RenderError};
pub(crate) use ring::{Background, ring};

use crate::escape;
use crate::trace::{Cycle, Event, Trace};

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
/// assert!(diagram.contains("t1-xt2: start_this_handle: waits for commit of T1 (kjournald2)"));
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

/// The trace with each of its texts as one printable line, for the formats that people read.
fn lines_of(trace: &Trace) -> Trace {
    escape::each(trace, escape::printable)
}

/// The screen: the format that every counterexample has.
#[must_use]
pub fn screen(trace: &Trace, layout: Layout) -> String {
    escape::screen(&screen::render(&lines_of(trace), layout))
}

/// The counterexample step by step: its head, a text for each operation, its end.
#[must_use]
pub fn steps(trace: &Trace, layout: Layout) -> Vec<String> {
    let texts = steps::render(&lines_of(trace), layout).into_iter();
    texts.map(|text| escape::screen(&text)).collect()
}

/// An execution that violates nothing, operation by operation: a witness of a lock order, for one.
#[must_use]
pub fn execution(events: &[Event], layout: Layout) -> String {
    let events: Vec<Event> = escape::each(&events.to_vec(), escape::printable);
    escape::screen(&steps::execution(&events, layout))
}

/// The counterexample and its reference design in the same schedule, side by side.
///
/// # Errors
/// [`RenderError::NoReference`] if it has none.
pub fn side_by_side(trace: &Trace, layout: Layout) -> Result<String, RenderError> {
    let trace = lines_of(trace);
    let reference = trace.reference.as_ref().ok_or(RenderError::NoReference)?;
    Ok(escape::screen(&side_by_side::render(
        &trace, reference, layout,
    )))
}

fn cycle(trace: &Trace, format: Format) -> Result<&Cycle, RenderError> {
    trace.cycle.as_ref().ok_or_else(|| RenderError::NoCycle {
        format,
        property: trace.property.clone(),
    })
}

/// The trace as JSON, as its schema describes it.
#[must_use]
pub fn json(trace: &Trace) -> String {
    // A trace consists of texts, numbers and lists, all of which JSON has.
    let text = serde_json::to_string_pretty(trace);
    text.map_or_else(|error| error.to_string(), |text| escape::json(&text) + "\n")
}
