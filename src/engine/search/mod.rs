//! A whole search: which strategy, within which limits, and what came out of it.

pub(crate) mod diagnose;
pub(crate) mod fingerprint;
pub(crate) mod replay;
pub(crate) mod result;
pub(crate) mod run;
pub(crate) mod violations;
