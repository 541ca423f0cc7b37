//! Where kernel functions and commits can be read.

use maud::{Markup, html};
use std::fmt::Write as _;

const LINUX: &str = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git";

/// Whether a text names a commit: hexadecimal, with a `^` for its parent.
fn is_commit(text: &str) -> bool {
    let hash = text.strip_suffix('^').unwrap_or(text);
    hash.len() >= 7 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A text as a part of an address.
pub(super) fn percent_encoded(text: &str, plain: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let letter = char::from(byte);
        if byte.is_ascii_alphanumeric() || plain.contains(letter) {
            encoded.push(letter);
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The address of a file in the tree of a commit.
fn tree(file: &str, commit: &str) -> Option<String> {
    (is_commit(commit) && !file.is_empty()).then(|| {
        let (file, commit) = (percent_encoded(file, "/-_."), percent_encoded(commit, ""));
        format!("{LINUX}/tree/{file}?id={commit}")
    })
}

/// A function, with a link to the file that it stands in.
pub(super) fn function(name: &str, file: &str, commit: &str) -> Markup {
    html! {
        @if let Some(address) = tree(file, commit) {
            a href=(address) title={ (file) " at " (commit) } { code { (breakable(name)) } }
        } @else {
            code { (breakable(name)) }
        }
    }
}

/// A commit, with a link to it.
pub(crate) fn commit(commit: &str) -> Markup {
    html! {
        @if is_commit(commit) {
            a href={ (LINUX) "/commit/?id=" (percent_encoded(commit, "")) } { code { (commit) } }
        } @else {
            code { (commit) }
        }
    }
}

/// A name that may be broken after each of its underscores.
pub(crate) fn breakable(name: &str) -> Markup {
    html! {
        @for (place, part) in name.split_inclusive('_').enumerate() {
            @if place > 0 { wbr; }
            (part)
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_encoded() {
        assert_eq!(
            tree("fs/jbd2/commit.c", "61628a3f3a37^").as_deref(),
            Some(
                "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/\
                 fs/jbd2/commit.c?id=61628a3f3a37%5E"
            )
        );
    }

    #[test]
    fn what_is_no_commit_gets_no_link() {
        for text in ["", "^", "v2.6.27", "61628a3f3a37^^", "javascript:alert(1)"] {
            assert_eq!(tree("mm/filemap.c", text), None, "{text}");
            assert!(!commit(text).into_string().contains("href"), "{text}");
        }
        assert_eq!(tree("", "61628a3f3a37"), None);
    }

    #[test]
    fn a_name_breaks_after_its_underscores() {
        assert_eq!(breakable("lock_page").into_string(), "lock_<wbr>page");
        assert_eq!(breakable("<_").into_string(), "&lt;_");
    }
}
