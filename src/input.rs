//! Text from outside of the program: files, standard input, and the output of a worker process. It is read up to a
//! limit, and quoted briefly in messages.

#[cfg(feature = "cli")]
use std::fs::File;
use std::io::{self, BufRead, Read};
#[cfg(feature = "cli")]
use std::path::Path;

/// The most bytes of a file, or of a line between processes: the largest shard of this crate's own searches
/// has less than a tenth of it.
pub(crate) const MOST_BYTES: u64 = 64 << 20;

/// The most characters of a foreign text that a message repeats.
const MOST_QUOTED: usize = 60;

#[cfg(feature = "cli")]
/// All of a file; what is wrong with it names the file.
pub(crate) fn file(path: &Path) -> Result<String, String> {
    let name = path.display().to_string();
    let opened = File::open(path).map_err(|error| format!("{name}: {error}"))?;
    whole(&name, opened, MOST_BYTES)
}

#[cfg(feature = "cli")]
/// All of standard input.
pub(crate) fn standard_input() -> Result<String, String> {
    whole("standard input", io::stdin().lock(), MOST_BYTES)
}

#[cfg(feature = "cli")]
fn whole(name: &str, from: impl Read, most: u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = from.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("{name}: {error}"))?;
    if bytes.len() as u64 > most {
        return Err(format!("{name}: {}", too_long("it", most)));
    }
    String::from_utf8(bytes).map_err(|error| format!("{name}: {}", error.utf8_error()))
}

fn too_long(what: &str, most: u64) -> String {
    format!("{what} has more than {most} bytes, which is the most that is read")
}

/// The next line without its end; `None` at the end of the input.
///
/// # Errors
/// Those of reading; [`io::ErrorKind::InvalidData`] for a line that is too long or no UTF-8.
pub(crate) fn line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    line_up_to(from, MOST_BYTES)
}

fn line_up_to(from: &mut impl BufRead, most: u64) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = from.take(most + 1).read_until(b'\n', &mut bytes)?;
    let invalid = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    if read as u64 > most {
        return Err(invalid(too_long("a line", most)));
    }
    if read == 0 {
        return Ok(None);
    }
    let ending = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let length = ending.strip_suffix(b"\r").unwrap_or(ending).len();
    bytes.truncate(length);
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|error| invalid(error.utf8_error().to_string()))
}

/// A foreign text as a message repeats it: its beginning, every character printable.
pub(crate) fn brief(text: &str) -> String {
    let mut characters = text.chars();
    let mut brief: String = characters
        .by_ref()
        .take(MOST_QUOTED)
        .flat_map(printable)
        .collect();
    if characters.next().is_some() {
        brief.push_str("...");
    }
    brief
}

/// The message of a parser, which may quote a foreign text: its beginning, and its end with the position.
pub(crate) fn brief_error(error: &dyn ToString) -> String {
    let text = error.to_string();
    let characters: Vec<char> = text.chars().collect();
    let shown = |part: &[char]| part.iter().copied().flat_map(printable).collect::<String>();
    let (beginning, end) = (
        3 * MOST_QUOTED,
        characters.len().saturating_sub(MOST_QUOTED),
    );
    if end <= beginning {
        return shown(&characters);
    }
    format!(
        "{} ... {}",
        shown(&characters[..beginning]),
        shown(&characters[end..])
    )
}

/// The character, or its escape if it would not be seen as itself.
fn printable(character: char) -> impl Iterator<Item = char> {
    let plain = matches!(character, '"' | '\'' | '\\').then_some(character);
    let escaped = plain.is_none().then(|| character.escape_debug());
    plain.into_iter().chain(escaped.into_iter().flatten())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_the_limit() {
        // Neither of them has an end.
        let zeros = whole("zeros", io::repeat(0), 1_000).unwrap_err();
        assert_eq!(
            zeros,
            "zeros: it has more than 1000 bytes, which is the most that is read"
        );
        let mut endless = io::BufReader::new(io::repeat(b'x'));
        let error = line_up_to(&mut endless, 1_000).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a line has more than 1000 bytes, which is the most that is read"
        );
        // The limit itself is allowed, and what is too long is not called half a character.
        assert_eq!(whole("as", &b"aaaa"[..], 4).unwrap(), "aaaa");
        let error = whole("es", "é".repeat(9).as_bytes(), 4).unwrap_err();
        assert!(error.contains("more than 4 bytes"), "{error}");
        let error = whole("latin", &b"\xe9t\xe9"[..], 4).unwrap_err();
        assert!(
            error.starts_with("latin: invalid utf-8 sequence of 1 bytes from index 0"),
            "{error}"
        );
    }

    #[test]
    fn lines_are_read_one_by_one() {
        let mut text = &b"one\r\n\ntwo\xff\nthree"[..];
        assert_eq!(line(&mut text).unwrap().unwrap(), "one");
        assert_eq!(line(&mut text).unwrap().unwrap(), "");
        assert_eq!(
            line(&mut text).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
        assert_eq!(line(&mut text).unwrap().unwrap(), "three");
        assert_eq!(line(&mut text).unwrap(), None);
    }

    #[test]
    fn a_message_repeats_little_and_shows_all_of_that() {
        assert_eq!(brief("a \"name\""), "a \"name\"");
        assert_eq!(
            brief("\u{1b}[31m\n\u{202e}\u{9b}é"),
            "\\u{1b}[31m\\n\\u{202e}\\u{9b}é"
        );
        assert_eq!(brief(&"é".repeat(1_000_000)), "é".repeat(60) + "...");
        let error = format!(
            "invalid type: string \"{}\", at line 1 column 70",
            "\n".repeat(5_000)
        );
        let shown = brief_error(&error);
        assert!(
            shown.starts_with("invalid type: string") && shown.ends_with("at line 1 column 70")
        );
        assert!(shown.len() < 500 && !shown.contains('\n'), "{shown}");
    }
}
