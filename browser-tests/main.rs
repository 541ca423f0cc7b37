//! The HTML in a real Chromium, headless. Needs `chromium` and `chromedriver`, so every test is ignored
//! unless it is asked for: `cargo test --test browser -- --ignored`.
#![cfg(not(loom))]

mod browser;
mod counterexample;
mod site;
