#![cfg(loom)]
//! Draft.

