//! Variables of the environment that would bound or change a search behind its back.

use thiserror::Error;

/// A variable is set that the engines would read and that would make a search mean something else.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{variable} is set in the environment, and it {effect}; unset it and run again")]
pub struct EnvironmentLimit {
    /// The variable's name.
    pub variable: &'static str,
    /// What it would do to the search.
    pub effect: &'static str,
}

/// The variables that loom 0.7 and shuttle 0.9 read, with what each would do.
const LIMITS: [(&str, &str); 7] = [
    (
        "LOOM_MAX_PREEMPTIONS",
        "would bound loom's search, so that a pass proves nothing",
    ),
    ("LOOM_MAX_PERMUTATIONS", "would end loom's search early"),
    ("LOOM_MAX_DURATION", "would end loom's search early"),
    (
        "LOOM_MAX_BRANCHES",
        "would limit the length of an execution",
    ),
    (
        "LOOM_CHECKPOINT_FILE",
        "would start loom's search in the middle",
    ),
    (
        "LOOM_CHECKPOINT_INTERVAL",
        "would change when loom looks at its limits",
    ),
    (
        "SHUTTLE_RANDOM_SEED",
        "would override the seeds that are printed and pinned",
    ),
];

/// Refuses to search while the environment holds a limit.
///
/// A bounded run proves nothing, not even for the bound, and loom ends a limited run without a
/// word; so a limit is an error, never a default.
///
/// A program that runs itself again with a bound in the environment:
///
/// ```standalone_crate
/// use pagelock::engine::refuse_environment_limits;
/// use std::{env, process::Command};
///
/// if env::var_os("LOOM_MAX_PREEMPTIONS").is_none() {
///     assert_eq!(refuse_environment_limits(), Ok(()));
///     let mut again = Command::new(env::current_exe().unwrap());
///     assert!(again.env("LOOM_MAX_PREEMPTIONS", "2").status().unwrap().success());
/// } else {
///     let limit = refuse_environment_limits().unwrap_err();
///     assert_eq!(limit.variable, "LOOM_MAX_PREEMPTIONS");
/// }
/// ```
///
/// # Errors
/// [`EnvironmentLimit`] names the first variable found and what it would do.
pub fn refuse_environment_limits() -> Result<(), EnvironmentLimit> {
    match LIMITS
        .iter()
        .find(|(variable, _)| std::env::var_os(variable).is_some())
    {
        Some(&(variable, effect)) => Err(EnvironmentLimit { variable, effect }),
        None => Ok(()),
    }
}
