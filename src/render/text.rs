//! Lines of a given width, and phrases that several formats share.

use crate::trace::Trace;

/// Cuts a line that is too long and marks the cut.
pub(crate) fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_string();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('~');
    cut
}

/// Breaks a text at spaces into lines of at most a hundred columns, each indented by so many.
pub(crate) fn wrap(text: &str, indent: usize) -> Vec<String> {
    wrap_in(100, text, indent)
}

/// Breaks a text at spaces into lines of at most `width` columns, each indented by so many. A word that is
/// longer has a line of its own.
pub(crate) fn wrap_in(width: usize, text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    for word in text.split_whitespace() {
        if line.len() + 1 + word.len() > width && line.len() > indent {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        }
        if line.len() > indent {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A text after its title, with an indent that is the same under all titles.
pub(crate) fn titled(width: usize, title: &str, text: &str) -> Vec<String> {
    let mut lines = wrap_in(width, text, 11);
    if let Some(first) = lines.first_mut() {
        first.replace_range(..11, &format!("  {title:9}"));
    }
    lines
}

/// A number of things: `1 step`, `2 steps`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What fails, and how large the failure is: `deadlock: 3 threads, 1 preemption, 9 steps`.
pub(crate) fn facts(trace: &Trace) -> String {
    let mut facts = Vec::new();
    facts.extend((trace.cycle.as_ref()).map(|cycle| count(cycle.edges.len(), "thread")));
    facts.extend(trace.preemptions.map(|number| count(number, "preemption")));
    facts.push(count(trace.schedule.len(), "step"));
    let what = match trace.cycle {
        Some(_) => "deadlock",
        None => trace.property.as_str(),
    };
    format!("{what}: {}", facts.join(", "))
}
