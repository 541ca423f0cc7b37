//! One of the two executions of a page.

use super::states::{Execution, Moment, Span};
use crate::trace::{Reference, Trace};
use maud::{Markup, html};

/// One of the two executions, with how it is shown.
pub(super) struct Side<'t> {
    /// Distinguishes the identifiers of the two.
    pub(super) key: &'static str,
    pub(super) design: String,
    pub(super) execution: Execution<'t>,
    pub(super) moments: Vec<Moment<'t>>,
    /// The reference design, if this is its execution.
    pub(super) reference: Option<&'t Reference>,
}

impl<'t> Side<'t> {
    pub(super) fn both(trace: &'t Trace) -> Vec<Self> {
        let side = |key, design, execution: Execution<'t>, reference| Side {
            key,
            design,
            moments: execution.moments(),
            execution,
            reference,
        };
        let failing = side("this", trace.design_name(), Execution::failing(trace), None);
        let reference = trace.reference.as_ref().map(|reference| {
            let execution = Execution::of_reference(trace, reference);
            side(
                "reference",
                reference.design.clone(),
                execution,
                Some(reference),
            )
        });
        std::iter::once(failing).chain(reference).collect()
    }

    pub(super) fn last(&self) -> usize {
        self.moments.len() - 1
    }
}

/// An element that is true for some steps. Without a script, the last is shown.
pub(super) fn timed<T>(side: &Side<'_>, span: &Span<T>, content: &Markup) -> Markup {
    html! {
        span data-from=(span.from) data-to=(span.to) hidden[span.to < side.last()] { (content) }
    }
}
