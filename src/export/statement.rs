//! What stands at a line and a column: the call, cut out of the source.

/// The call that stands at a place of a Rust source, as `std::panic::Location` names it: the line from 1, the
/// column from 1 in characters. Of a method call, that is where the method's name stands; the receiver is
/// part of what is returned if it is a path or a chain of fields. Lines after the first lose the indentation of
/// the line that the call begins on. `None` if there is no such place.
///
/// The text is for readers. What a checker needs of an operation stands in its transitions.
///
/// ```
/// use pagelock::export::statement;
///
/// let source = "fn body() {\n    let was = task.step(&cell, READ, |cell| cell.take(')'))?;\n}\n";
/// let call = "task.step(&cell, READ, |cell| cell.take(')'))?";
/// assert_eq!(statement(source, 2, 20).as_deref(), Some(call));
/// assert_eq!(statement(source, 9, 1), None);
/// ```
#[must_use]
pub fn statement(text: &str, line: u32, column: u32) -> Option<String> {
    let lines = (line as usize).checked_sub(1)?;
    let begin: usize = text.split_inclusive('\n').take(lines).map(str::len).sum();
    let rest = text.get(begin..).filter(|rest| !rest.is_empty())?;
    let own = rest.lines().next()?;
    let characters = (column as usize).checked_sub(1)?;
    let (offset, _) = own.char_indices().nth(characters)?;
    let name = begin + offset;
    let start = receiver(text, name);
    let call = &text[start..name + call(&text[name..])];
    let first = &text[text[..start].rfind('\n').map_or(0, |newline| newline + 1)..];
    let indent = first.len() - first.trim_start_matches(' ').len();
    let lines: Vec<&str> = (call.trim_end().lines().enumerate())
        .map(|(number, line)| {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            &line[if number == 0 { 0 } else { spaces.min(indent) }..]
        })
        .collect();
    Some(lines.join("\n"))
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Where the path or the chain of fields begins that a method is called on.
fn receiver(text: &str, name: usize) -> usize {
    let mut start = name;
    loop {
        let before = &text[..start];
        let trimmed = before.trim_end();
        let owner = if let Some(path) = before.strip_suffix("::") {
            path
        } else if let Some(chain) = trimmed.strip_suffix('.') {
            chain.trim_end()
        } else {
            return start;
        };
        let next = owner.trim_end_matches(is_name).len();
        let line = owner.rfind('\n').map_or(0, |newline| newline + 1);
        if next == owner.len() || owner[line..].contains("//") {
            return start;
        }
        start = next;
    }
}

/// The length of a call: up to the bracket that closes its arguments, and the `?` behind it.
fn call(text: &str) -> usize {
    let mut at = 0;
    let (mut depth, mut angles) = (0_usize, 0_usize);
    while let Some(character) = text[at..].chars().next() {
        let length = token(&text[at..]);
        let next = at + length;
        match character {
            '(' | '[' | '{' => depth += 1,
            // What a call stands in ends here, and it was none.
            ')' | ']' | '}' | ',' | ';' if depth == 0 && angles == 0 => return at,
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && angles == 0 {
                    let rest = &text[next..];
                    return next + rest.len() - rest.trim_start_matches('?').len();
                }
            }
            // Outside of the arguments, these are of types.
            '<' if depth == 0 => angles += 1,
            '>' if depth == 0 => angles = angles.saturating_sub(1),
            _ => {}
        }
        at = next;
    }
    at
}

/// The length of what must not be looked into: a comment, a string, a character, a name; of anything else, of
/// one character.
fn token(text: &str) -> usize {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return 0;
    };
    match (first, characters.next()) {
        ('/', Some('/')) => text.find('\n').unwrap_or(text.len()),
        ('/', Some('*')) => block_comment(text),
        ('"', _) => 1 + quoted(&text[1..], '"'),
        ('\'', Some('\\')) => 1 + quoted(&text[1..], '\''),
        ('\'', Some(one)) if characters.next() == Some('\'') => 2 + one.len_utf8(),
        _ if is_name(first) => name(text),
        _ => first.len_utf8(),
    }
}

/// The length of a name, with the string whose prefix it may be: `r#"`, `b"`, `b'`.
fn name(text: &str) -> usize {
    let length = text.len() - text.trim_start_matches(is_name).len();
    let rest = &text[length..];
    let marks = rest.len() - rest.trim_start_matches('#').len();
    match &text[..length] {
        "r" | "br" | "cr" if rest[marks..].starts_with('"') => {
            let begin = length + marks + 1;
            let end = format!("\"{}", "#".repeat(marks));
            let found = text[begin..].find(&end);
            found.map_or(text.len(), |place| begin + place + end.len())
        }
        "b" if rest.starts_with('\'') => length + 1 + quoted(&rest[1..], '\''),
        "b" | "c" if rest.starts_with('"') => length + 1 + quoted(&rest[1..], '"'),
        _ => length,
    }
}

/// The length up to and with the quote, over what is escaped.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if character == quote && !escaped {
            return at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    text.len()
}

/// The length of a comment, which may have others in it.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}
