#![cfg(not(loom))]
//! Draft.

