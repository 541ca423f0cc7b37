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

/// A text in pieces of at most `width` columns, broken after a space, an underscore or a point where there is one; the
/// pieces after the first are indented by one column. Of an empty text, none.
pub(crate) fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for part in text.split_inclusive(['_', ' ', '.', ',']) {
        let mut part = part;
        while line.chars().count() + part.trim_end().chars().count() > width {
            if line.trim().is_empty() {
                // Nothing to break at.
                let room = width - line.chars().count();
                let at = part
                    .char_indices()
                    .nth(room)
                    .map_or(part.len(), |(at, _)| at);
                line.push_str(&part[..at]);
                part = &part[at..];
            }
            lines.push(std::mem::replace(&mut line, " ".to_string()));
        }
        line.push_str(part);
    }
    if !line.trim().is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
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

/// Lines of a name and what it is, one below the other.
pub(crate) fn beside(rows: &[(String, &str)]) -> String {
    let longest = rows.iter().map(|(name, _)| name.len()).max();
    let longest = longest.unwrap_or_default();
    let lines = rows
        .iter()
        .map(|(name, what)| format!("  {name:longest$}  {what}"));
    lines.collect::<Vec<_>>().join("\n")
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::pieces;

    #[test]
    fn a_long_name_goes_on_in_the_next_line() {
        assert_eq!(pieces("", 9), [""; 0]);
        assert_eq!(pieces("lock_page", 9), ["lock_page"]);
        assert_eq!(
            pieces("jbd2_journal_commit_transaction", 19),
            ["jbd2_journal_", " commit_transaction"]
        );
        assert_eq!(pieces("abcdefghij", 4), ["abcd", " efg", " hij"]);
        assert_eq!(
            pieces("page 0: dirty -> clean", 16),
            ["page 0: dirty ->", " clean"]
        );
    }
}
