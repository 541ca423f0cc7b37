//! Draft.
pub mod engine;
pub mod kernel;
pub mod spec;
pub mod trace;
