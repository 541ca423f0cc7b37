//! Explicit-state search: every state once, on shuttle's threads.

pub(crate) mod cached_view;
pub(crate) mod explorer;
pub(crate) mod graph;
pub(crate) mod lock_order;
pub(crate) mod operation;
pub(crate) mod search;
pub(crate) mod state;
pub(crate) mod transition_cache;
