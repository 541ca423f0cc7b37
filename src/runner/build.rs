//! Which build of the program a process is.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::OnceLock;

/// The version of this crate in a program, and a hash of the program's file: a worker writes it before its first
/// answer, and its parent has computed it from the file that it starts. So a file that is replaced during a check, as by
/// a compiler, is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Build {
    version: String,
    program: String,
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {}, program {}", self.version, self.program)
    }
}

impl Build {
    /// The program in a file.
    pub(super) fn of(program: &Path) -> io::Result<Self> {
        Self::read(File::open(program)?)
    }

    /// The program that is running, whatever has become of its file since it was started. It is read once.
    pub(super) fn own() -> io::Result<Self> {
        static OWN: OnceLock<Build> = OnceLock::new();
        if let Some(own) = OWN.get() {
            return Ok(own.clone());
        }
        let file = File::open("/proc/self/exe");
        let own = Self::read(file.or_else(|_| File::open(std::env::current_exe()?))?)?;
        Ok(OWN.get_or_init(|| own).clone())
    }

    fn read(mut file: File) -> io::Result<Self> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (words, rest) = bytes.as_chunks::<8>();
        // By words, as rustc hashes: each new process reads a file of many megabytes. A changed byte changes the
        // hash, and that is all that is asked of it here.
        let mix =
            |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        let hash = (words.iter()).fold(0, |hash, word| mix(hash, u64::from_le_bytes(*word)));
        let hash = rest
            .iter()
            .fold(hash, |hash, byte| mix(hash, u64::from(*byte)));
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_string(),
            program: format!("{hash:016x}"),
        })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_its_file() {
        let own = Build::own().unwrap();
        assert_eq!(own, Build::of(&std::env::current_exe().unwrap()).unwrap());
        let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert_ne!(own, Build::of(&other).unwrap());
        assert!(own.to_string().starts_with(concat!(
            "version ",
            env!("CARGO_PKG_VERSION"),
            ", program "
        )));
    }
}
