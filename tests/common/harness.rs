//! The `main` of a test executable that is its own program: what cargo and nextest ask of one.

use std::process::ExitCode;

/// A test with its name.
pub(crate) type Test = (&'static str, fn());

/// Runs or lists the tests that the arguments name.
pub(crate) fn run<'t>(
    tests: impl IntoIterator<Item = &'t &'t [Test]>,
    arguments: &[String],
) -> ExitCode {
    let is = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let words: Vec<&String> = (arguments.iter())
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let wanted = |name: &str| {
        let exact = is("--exact");
        let fits =
            |word: &&String| name == word.as_str() || (!exact && name.contains(word.as_str()));
        !is("--ignored") && (words.is_empty() || words.iter().any(fits))
    };
    let tests = tests.into_iter().copied().flatten();
    for (name, test) in tests.filter(|(name, _)| wanted(name)) {
        if is("--list") {
            println!("{name}: test");
        } else {
            // A test that fails panics, and so ends all of this with an error.
            test();
            println!("test {name} ... ok");
        }
    }
    ExitCode::SUCCESS
}
