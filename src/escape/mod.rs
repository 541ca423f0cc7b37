//! Text from outside, made safe for each output: what a spec, a record, a shard or an argument says is shown, and
//! never does anything. Nothing of the crate is used here, and nothing else in it escapes a text.
//!
//! | output | function |
//! |---|---|
//! | a line on a terminal or in a log | [`printable`] |
//! | a whole text of lines, and a document of HTML or XML | [`screen`] |
//! | a workflow command of GitHub | [`annotation`], [`annotation_property`] |
//! | Markdown | [`markdown`], [`code`] |
//! | XML and SVG | [`xml`] |
//! | HTML | `maud`, then [`screen`] |
//! | Mermaid | [`mermaid`] |
//! | DOT | [`dot`] |
//! | JSON | `serde_json`, then [`json`] |
//! | the name of a file | [`file_name`] |

#[cfg(all(test, not(loom)))]
mod tests;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Write as _;

/// A text as one line that changes nothing but itself: what is no printable character is spelt as Rust does,
/// `\n` and `\u{1b}`.
///
/// What reads a log takes commands from it: GitHub's runner a line that begins with `::`, after blanks, and `##[`
/// anywhere in one; others have marks of their own after `##`. Neither is left.
pub(crate) fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '#' if line.ends_with('#') => line.push_str("\\u{23}"),
            _ if is_printable(letter) => line.push(letter),
            _ => line.extend(letter.escape_default()),
        }
    }
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") {
        line.replace_range(start..=start, "\\u{3a}");
    }
    line
}

/// Whether a character shows as itself and does nothing else: controls do something, and so do those that turn the
/// direction of what follows, break lines, or cannot be seen.
fn is_printable(letter: char) -> bool {
    let code = u32::from(letter);
    let is_format = matches!(
        letter,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    );
    let is_no_character = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    !letter.is_control() && !is_format && !is_no_character
}

/// A text of lines, each of them [`printable`]. What is printable stays as it is, so a document whose own marks
/// are has them still.
pub(crate) fn screen(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    lines.join("\n")
}

/// The message of a workflow command, which a line break would end.
pub(crate) fn annotation(text: &str) -> String {
    screen(text).replace('%', "%25").replace('\n', "%0A")
}

/// A property of a workflow command, which ends at a comma or a colon too.
pub(crate) fn annotation_property(text: &str) -> String {
    annotation(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text in a paragraph, a heading, a list or a table of Markdown: it is one line, has no HTML, no link and no
/// image, and begins no code.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for letter in printable(text).chars() {
        if "\\`*[]<|&".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A text as code in Markdown, also in a table.
pub(crate) fn code(text: &str) -> String {
    let line = printable(text);
    if line.trim().is_empty() || line.contains(['`', '|']) {
        format!("<code>{}</code>", markdown(&line))
    } else {
        format!("`{line}`")
    }
}

/// A text in XML, between tags or in an attribute.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::new();
    for letter in printable(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// A text in a diagram of Mermaid, in which nothing ends a statement or a string, or begins an entity, a comment,
/// Markdown or HTML.
pub(crate) fn mermaid(text: &str) -> String {
    let mut escaped = String::new();
    for letter in printable(text).chars() {
        if "#;<>&\"%{}`|\\".contains(letter) {
            let _ = write!(escaped, "#{};", u32::from(letter));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// A string of Graphviz, with its quotes. It is a label too, in which a backslash begins an escape, and an
/// ampersand an entity.
pub(crate) fn dot(text: &str) -> String {
    let text = printable(text).replace('\\', "\\\\");
    format!("\"{}\"", text.replace('"', "\\\"").replace('&', "&amp;"))
}

/// A document of JSON that is read as the same, and in which every character is printable: in JSON, one that is
/// not can only be in a string.
pub(crate) fn json(document: &str) -> String {
    let mut escaped = String::with_capacity(document.len());
    let mut last = ' ';
    for letter in document.chars() {
        let begins_a_command = letter == '#' && last == '#';
        if letter == '\n' || (is_printable(letter) && !begins_a_command) {
            escaped.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
        last = letter;
    }
    escaped
}

/// A name of a file, or an identifier in a document, for names that belong together. No others have the same: the
/// names stand between `~`, and what is no letter, digit, dash, underscore or dot is spelt by its bytes.
pub(crate) fn file_name(names: &[&str]) -> String {
    let mut file = String::new();
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            file.push('~');
        }
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                file.push(char::from(byte));
            } else {
                let _ = write!(file, "={byte:02X}");
            }
        }
    }
    file
}

/// A value in which every text is made safe.
///
/// # Panics
/// If the value cannot be written as JSON and read again.
pub(crate) fn each<T: Serialize + DeserializeOwned>(record: &T, safe: fn(&str) -> String) -> T {
    let value = serde_json::to_value(record).map(|mut value| {
        each_text(&mut value, safe);
        value
    });
    let again = value.and_then(serde_json::from_value);
    again.expect("a record is read as it is written")
}

fn each_text(value: &mut Value, safe: fn(&str) -> String) {
    match value {
        Value::String(text) => *text = safe(text),
        Value::Array(parts) => parts.iter_mut().for_each(|part| each_text(part, safe)),
        Value::Object(fields) => fields.values_mut().for_each(|part| each_text(part, safe)),
        _ => (),
    }
}
