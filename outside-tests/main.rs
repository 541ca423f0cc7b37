//! What takes the tools of others: the HTML in a real Chromium, headless, and SARIF read by the types of another
//! library. What they need takes as long to build as all other tests, so they are a package of their own.
//!
//! The tests in a browser need `chromium` and `chromedriver`, and are ignored unless they are asked for:
//! `cargo test -p pagelock-outside-tests -- --include-ignored`.

mod browser;
mod counterexample;
mod sarif;
mod site;
