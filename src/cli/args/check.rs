//! The arguments of `check` and `merge`.

use super::formats::EngineName;
use crate::runner::Shard;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Check designs against their expected verdicts.
#[derive(Debug, Default, Args)]
pub(crate) struct Check {
    /// What to check: a spec, or one of its designs; everything if left out
    #[arg(value_name = "SPEC[/DESIGN]")]
    pub(crate) targets: Vec<String>,
    /// Check by this engine only
    #[arg(long)]
    pub(crate) engine: Option<EngineName>,
    /// Check in this scenario only
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// End an explicit-state search that would visit more states; it is incomplete then, and the exit code 3
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_states: Option<u64>,
    /// End a search whose process would take more memory, such as 512M or 2G; it is incomplete then, and
    /// the exit code 3. Each search has a process of its own, and as many run at once as there are cores
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_memory: Option<u64>,
    /// Run one of N parts of the check, and print the file that `merge` merges with the others
    #[arg(long, value_name = "I/N", conflicts_with_all = ["json", "format"])]
    pub(crate) shard: Option<Shard>,
    #[command(flatten)]
    pub(crate) verdicts: Verdicts,
}

/// Merge the files of `check --shard`, and print what `check` prints.
///
/// Every shard has to be given once, and all of them of the same searches of the same models.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The files that `check --shard` has written
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) verdicts: Verdicts,
}

/// How to print verdicts.
#[derive(Debug, Default, Args)]
pub(crate) struct Verdicts {
    /// How to print the verdicts
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<CheckFormat>,
    /// Print one JSON object for each run, one to a line: the same as --format json
    #[arg(long)]
    json: bool,
    /// Print a row for each design in each scenario, in place of a few lines for each spec
    #[arg(long, conflicts_with_all = ["json", "format"])]
    pub(crate) table: bool,
}

impl Verdicts {
    pub(crate) fn format(&self) -> CheckFormat {
        match self.format {
            _ if self.json => CheckFormat::Json,
            Some(format) => format,
            None => CheckFormat::Screen,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum CheckFormat {
    /// A few lines for each spec, or a table
    Screen,
    /// One JSON object for each run, one to a line
    Json,
    /// JUnit XML: a case for each run
    Junit,
    /// Annotations for GitHub, and a summary of the job where GitHub wants it, or printed
    Github,
}

/// A number of bytes: `1000000`, `512K`, `512M`, `2G`.
fn size(text: &str) -> Result<u64, String> {
    let unit = |letter: char| "KMG".find(letter.to_ascii_uppercase());
    let (digits, shift) = match text.char_indices().next_back() {
        Some((at, last)) if unit(last).is_some() => {
            (&text[..at], 10 * (unit(last).unwrap_or_default() + 1))
        }
        _ => (text, 0),
    };
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_plain.then(|| digits.parse::<u64>().ok()).flatten();
    let bytes = number.and_then(|number| number.checked_mul(1 << shift));
    let wrong = || "a size is a number of bytes, or of K, M or G, as 512M".to_string();
    bytes.filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_a_number_with_a_letter() {
        assert_eq!(size("7"), Ok(7));
        assert_eq!(size("512K"), Ok(512 << 10));
        assert_eq!(size("512m"), Ok(512 << 20));
        assert_eq!(size("2G"), Ok(2 << 30));
        for wrong in [
            "",
            "G",
            "0",
            "0M",
            "-1",
            "+1",
            "1T",
            "1.5G",
            "20000000000G",
            "1é",
            "MM",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
