//! One text with everything in it that means something to some output.

use super::*;
use proptest::prelude::*;

/// Letters, and marks that mean something somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\u{1b}[31m",
        "\u{9b}",
        "\u{85}",
        "\u{202e}",
        "\u{2066}",
        "\u{2028}",
        "\u{fffe}",
        "\u{feff}",
        "\u{7f}",
        "\0",
        "|",
        "`",
        "```",
        "<script>",
        "]]>",
        "%0A",
        "::error::",
        "##[error]",
        "###",
        "\"",
        "\\",
        "\\\"",
        "&lt;",
        "#35;",
        "~",
        "=7E",
        "-",
        " ",
        "\u{1fffe}",
        "\u{e0041}",
    ]);
    let part = prop_oneof![3 => marks.prop_map(ToString::to_string), 1 => ".{0,3}"];
    prop::collection::vec(part, 0..9).prop_map(|parts| parts.concat())
}

fn begins_a_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##")
}

proptest! {
    #[test]
    fn a_line_is_one_line_and_shows_as_itself(text in hostile()) {
        let line = printable(&text);
        prop_assert!(line.chars().all(is_printable), "{line:?}");
        prop_assert!(!begins_a_command(&line), "{line:?}");
        prop_assert_eq!(&printable(&line), &line);
    }

    #[test]
    fn a_text_has_the_lines_that_it_had(text in hostile()) {
        let shown = screen(&text);
        prop_assert_eq!(shown.matches('\n').count(), text.matches('\n').count());
        prop_assert!(shown.split('\n').all(|line| line.chars().all(is_printable)));
        prop_assert!(!shown.split('\n').any(begins_a_command), "{shown:?}");
    }

    #[test]
    fn json_is_read_as_what_it_was_and_shows_as_itself(text in hostile(), key in hostile()) {
        let value = serde_json::json!({ key: [text] });
        for document in [format!("{value}"), format!("{value:#}")] {
            let escaped = json(&document);
            prop_assert_eq!(screen(&escaped), escaped.clone());
            prop_assert_eq!(&serde_json::from_str::<Value>(&escaped).unwrap(), &value);
        }
    }

    #[test]
    fn markdown_leaves_nothing_that_means_anything(text in hostile()) {
        for escaped in [markdown(&text), code(&text)] {
            let inside = escaped.strip_prefix("<code>").and_then(|rest| rest.strip_suffix("</code>"));
            let inside = inside.or(escaped.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')));
            let inside = inside.unwrap_or(&escaped);
            // A mark that is not escaped; in code between backticks, there must be none of those that matter there.
            let is_code = escaped.starts_with('`');
            let means = if is_code { "`|" } else { "`*[]<|&" };
            let mut letters = inside.chars();
            while let Some(letter) = letters.next() {
                if letter == '\\' && !is_code {
                    letters.next();
                } else {
                    prop_assert!(!means.contains(letter), "{escaped:?}");
                }
            }
        }
    }

    #[test]
    fn a_string_of_dot_ends_at_its_end(text in hostile()) {
        let string = dot(&text);
        let inside = string[1..string.len() - 1].replace("\\\\", "").replace("\\\"", "");
        prop_assert!(!inside.contains(['"', '\\', '\n']), "{string}");
    }

    #[test]
    fn mermaid_and_xml_have_no_mark_of_theirs(text in hostile()) {
        prop_assert!(!mermaid(&text).contains(['\n', '"', '<', '>', '&', '%', '`', '|']));
        let entity = |text: &str| ["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|name| text.starts_with(name));
        let escaped = xml(&text);
        prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
        prop_assert!(escaped.split('&').skip(1).all(entity));
    }

    #[test]
    fn an_annotation_is_one_line_and_its_properties_end_where_they_should(text in hostile()) {
        prop_assert!(annotation(&text).chars().all(is_printable));
        prop_assert!(!annotation_property(&text).contains([':', ',']));
    }

    #[test]
    fn other_names_have_another_file(
        one in prop::collection::vec(hostile(), 1..4),
        other in prop::collection::vec(hostile(), 1..4),
    ) {
        let file = |names: &[String]| file_name(&names.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(one == other, file(&one) == file(&other));
        prop_assert!(file(&one).bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.=~".contains(&byte)));
    }
}

#[test]
fn names_that_join_to_the_same_have_other_files() {
    assert_ne!(file_name(&["a", "b-x"]), file_name(&["a-b", "x"]));
    assert_ne!(file_name(&["a~b", "x"]), file_name(&["a", "b~x"]));
    assert_eq!(file_name(&["ext4", "old", "v1.2"]), "ext4~old~v1.2");
}

#[test]
fn a_text_that_means_nothing_stays_as_it_is() {
    for text in [
        "lock_page: page 0 lock -> free (it's)",
        "Größe, 漢字 👩‍💻",
        "Task::cover",
        "# 1",
    ] {
        assert_eq!(printable(text), text);
    }
    assert_eq!(printable("a\r\n\u{1b}[2J"), "a\\r\\n\\u{1b}[2J");
    assert_eq!(printable("  ::error::x"), "  \\u{3a}:error::x");
    assert_eq!(printable("x ##[error]y"), "x #\\u{23}[error]y");
    assert_eq!(code("a|b`c"), "<code>a\\|b\\`c</code>");
    assert_eq!(json("\"\u{7f}\u{1fffe}\""), r#""\u007f\ud83f\udffe""#);
}
