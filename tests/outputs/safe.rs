//! What must hold of each output, whatever is in it.

use crate::hostile::HOSTILE;
use quick_xml::events::Event;
use serde_json::Value;

/// Whether a character does something, cannot be seen, or is none.
fn acts(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether GitHub's runner takes a line for a command: by the marks of today at its beginning, by the old ones
/// anywhere.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[")
}

/// A terminal, and the log of a job.
pub(crate) fn lines(text: &str, what: &str) {
    for line in text.split('\n') {
        assert!(!line.chars().any(acts), "{what}: {line:?}");
        assert!(!is_command(line), "{what}: {line:?}");
    }
}

/// A log in which there are this many commands, all of them the program's.
pub(crate) fn annotations(text: &str, count: usize, what: &str) {
    let is_ours = |line: &&str| line.starts_with("::error ") && line.contains("title=");
    let (ours, others): (Vec<&str>, Vec<&str>) = text.split('\n').partition(is_ours);
    assert_eq!(ours.len(), count, "{what}");
    assert!(!ours.iter().any(|line| line.chars().any(acts)), "{what}");
    lines(&others.join("\n"), what);
}

/// JSON that has the hostile text as it is.
pub(crate) fn json(text: &str, what: &str) -> Value {
    lines(text, what);
    let value: Value =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}: {text:?}"));
    assert!(has(&value, HOSTILE), "{what}");
    value
}

fn has(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.contains(text),
        Value::Array(parts) => parts.iter().any(|part| has(part, text)),
        Value::Object(fields) => {
            (fields.iter()).any(|(key, part)| key.contains(text) || has(part, text))
        }
        _ => false,
    }
}

/// XML that a strict parser reads.
pub(crate) fn xml(text: &str, what: &str) {
    lines(text, what);
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut elements = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(element) | Event::Empty(element)) => {
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{what}: {error}"));
                    assert!(!attribute.value.contains(&b'<'), "{what}");
                }
                assert_ne!(element.name().as_ref(), b"script", "{what}");
                elements += 1;
            }
            Ok(Event::GeneralRef(name)) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                let known = ["amp", "lt", "gt", "quot", "apos"].contains(&name.as_str());
                assert!(known || name.starts_with('#'), "{what}: &{name};");
            }
            Ok(_) => (),
            Err(error) => panic!("{what}: {error}"),
        }
    }
    assert!(elements > 1, "{what}");
}

/// HTML in which every tag is one of the program's.
pub(crate) fn html(text: &str, what: &str) {
    lines(text, what);
    // The style and the script are the program's, and have `<` in them.
    let mut rest = text;
    let mut outside = String::new();
    for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
        if let Some((before, after)) = rest.split_once(open) {
            outside.push_str(before);
            rest = after.split_once(close).expect("it is closed").1;
        }
    }
    outside.push_str(rest);
    for tag in outside.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag is closed");
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(
            tag.starts_with('/') || tag.starts_with("!DOCTYPE") || !name.is_empty(),
            "{what}: <{tag}>"
        );
        assert!(name != "script", "{what}: <{tag}>");
        assert!(
            name != "img" || tag.starts_with("img src=\""),
            "{what}: <{tag}>"
        );
        // An attribute that runs a script would stand outside of the quotes.
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(!outside.contains("onerror"), "{what}: <{tag}>");
    }
}

/// The places of a line of Markdown that mean something: what stands after a backslash, and in code, does not.
fn meaningful(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => match rest[1..].find('`') {
                // In a table, a bar ends a cell in code too.
                Some(end) => {
                    kept.extend(rest[1..=end].chars().filter(|letter| *letter == '|'));
                    end + 2
                }
                None => panic!("code that has no end: {line:?}"),
            },
            _ => {
                kept.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    kept
}

/// Markdown whose tables have as many cells in each row, and which has no HTML but the program's.
pub(crate) fn markdown(text: &str, what: &str) {
    let mut columns = None;
    let mut fence = None;
    for line in text.split('\n') {
        assert!(!line.chars().any(acts), "{what}: {line:?}");
        assert!(!is_command(line), "{what}: {line:?}");
        if let Some(language) = line.strip_prefix("```") {
            if let Some(block) = fence.take() {
                mermaid(block, what);
            } else {
                assert_eq!(language, "mermaid", "{what}");
                fence = Some(String::new());
            }
            continue;
        }
        if let Some(block) = &mut fence {
            block.push_str(line);
            block.push('\n');
            continue;
        }
        let mut means = meaningful(line);
        if line.starts_with('|') {
            let own = means.matches('|').count();
            assert_eq!(*columns.get_or_insert(own), own, "{what}: {line:?}");
        } else {
            columns = None;
        }
        for ours in ["<details>", "</details>", "<code>", "</code>"] {
            means = means.replace(ours, "");
        }
        if let Some(rest) = means.strip_prefix("<summary>") {
            means = rest.replacen("</summary>", "", 1);
        }
        means = means.replace("<0.1%", "");
        assert!(!means.contains(['<', '[']), "{what}: {line:?}");
    }
    assert!(fence.is_none(), "{what}");
}

/// A diagram whose every line is a statement of the program's.
pub(crate) fn mermaid(text: impl AsRef<str>, what: &str) {
    let text = text.as_ref();
    lines(text, what);
    let statements = [
        "participant t",
        "Note over t",
        "linkStyle ",
        "n0",
        "n1",
        "n2",
        "t0-x",
        "t1-x",
    ];
    for (number, line) in text.lines().enumerate() {
        let ours = statements
            .iter()
            .any(|statement| line.trim_start().starts_with(statement));
        assert!(
            ours || (number == 0 && ["sequenceDiagram", "flowchart TD"].contains(&line)),
            "{what}: {line:?}"
        );
        let plain = line
            .replace("<br/>", "")
            .replace("-->", "")
            .replace("stroke:#cf222e", "");
        let entities = plain.split('#').skip(1);
        let is_entity = |text: &str| {
            let (number, _) = text.split_once(';').unwrap_or_default();
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        };
        assert!(entities.into_iter().all(is_entity), "{what}: {line:?}");
        assert!(
            !plain.contains(['<', '`', '%', '&', '{']),
            "{what}: {line:?}"
        );
        assert!(plain.matches('"').count() % 2 == 0, "{what}: {line:?}");
    }
}

/// A graph in which each line is one statement, whose strings end where they should.
pub(crate) fn dot(text: &str, what: &str) {
    lines(text, what);
    for line in text.lines() {
        let plain = line.replace("\\\\", "").replace("\\\"", "");
        assert!(plain.matches('"').count() % 2 == 0, "{what}: {line:?}");
        let outside: String = plain.split('"').step_by(2).collect();
        assert!(
            !outside.contains("pwned") && !outside.contains('\\'),
            "{what}: {line:?}"
        );
    }
}
