//! The parts of every page: head, style, footer.

use crate::escape::screen;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A whole document, with nothing that has to be fetched. A page without steps has no script.
pub(crate) fn page(title: &str, moves: bool, body: &Markup) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // A browser asks for an icon that is not there otherwise.
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#content" { "Skip to the content" }
                main id="content" { (body) }
                footer { "Written by pagelock " (env!("CARGO_PKG_VERSION")) "." }
                @if moves { script { (PreEscaped(SCRIPT)) } }
            }
        }
    };
    screen(&document.into_string()) + "\n"
}
