//! The explicit-state engine beside Spin, on the same protocols, written twice: here in Rust, and by hand in the
//! Promela files of this folder. The verdicts must agree; states, transitions and times are printed side
//! by side. Compare figures of one run only.
//!
//! One scenario is none of its spec's: it has some 100,000 states, where the time that Spin takes to start
//! is no longer what is measured.
//!
//! `cargo bench --bench spin`. Needs `spin` (6.5) and `gcc`.

use pagelock::engine::{NO_DEADLOCK, Search, Strategy, search};
use pagelock::model::Encoding;
use pagelock::protocols;
use pagelock::protocols::ext4_journal_start as journal;
use pagelock::spec::{Spec, Variant};
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The Promela file of a spec, and the scenarios in it.
struct Model {
    spec: &'static str,
    file: &'static str,
    scenarios: &'static [&'static str],
    /// The points of the space that those are which the spec has no name for.
    points: &'static [(&'static str, &'static str)],
}

const MODELS: [Model; 4] = [
    Model {
        spec: "page-mkwrite",
        file: "page_mkwrite.pml",
        scenarios: &["two-rounds", "same-pte-flush"],
        points: &[
            ("two-rounds", "fault1=pte1,flushes=2"),
            ("same-pte-flush", "fault1=pte1,fault2=pte1,flushes=1"),
        ],
    },
    Model {
        spec: "ext4-writepage",
        file: "ext4_writepage.pml",
        scenarios: &["grow", "fault-flush"],
        points: &[],
    },
    Model {
        spec: "ext4-journal-start",
        file: "ext4_journal_start.pml",
        scenarios: &["write", "write-fault", LARGER],
        points: &[],
    },
    Model {
        spec: "nfs-coalesce",
        file: "nfs_coalesce.pml",
        scenarios: &["signal", "wb-pages"],
        points: &[(
            "wb-pages",
            "page1=written,page2=written,thread1=flusher,thread2=invalidate-page1",
        )],
    },
];

/// `write-fault` with three faults of the page: 100,000 states.
const LARGER: &str = "three-faults";

/// Searches are repeated so often, and the shortest time counts.
const REPEATS: usize = 5;

/// And searches of the larger scenario.
const REPEATS_OF_LARGER: usize = 2;

type Failure = Box<dyn Error>;

/// One Promela model: a file with a scenario and a design chosen.
struct Promela {
    file: PathBuf,
    switches: Vec<String>,
    folder: PathBuf,
}

/// What Spin's search says.
struct Explored {
    states: u64,
    transitions: u64,
    errors: u64,
    time: Duration,
}

fn run(command: &mut Command) -> Result<String, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{name}: {}{text}", output.status).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `   8178 states, stored` and the like.
fn number_before(text: &str, what: &str) -> Result<u64, Failure> {
    let before = text.split_once(what).map(|(before, _)| before.trim_end());
    let number = before.and_then(|before| before.rsplit(char::is_whitespace).next());
    Ok(number
        .ok_or_else(|| format!("Spin does not say `{what}`"))?
        .parse()?)
}

impl Promela {
    /// Makes the verifier and runs it; `check` is a property whose assertion is switched on.
    fn explore(
        &self,
        check: Option<&str>,
        options: &[&str],
        arguments: &[&str],
    ) -> Result<Explored, Failure> {
        let mut spin = Command::new("spin");
        // -o2: Spin may not leave out what only an assertion would read.
        spin.args(["-a", "-o2"]).args(&self.switches);
        spin.args(check.map(|check| format!("-DCHECK_{check}")));
        run(spin.arg(&self.file).current_dir(&self.folder))?;
        let mut gcc = Command::new("gcc");
        gcc.args(["-O2", "-w", "-fwrapv", "-DSAFETY"]).args(options);
        run(gcc.args(["-o", "pan", "pan.c"]).current_dir(&self.folder))?;
        let (mut time, mut text) = (Duration::MAX, String::new());
        for _ in 0..if check.is_some() { 1 } else { REPEATS } {
            let mut pan = Command::new("./pan");
            let start = Instant::now();
            text = run(pan
                .args(arguments)
                .arg("-m1000000")
                .current_dir(&self.folder))?;
            time = time.min(start.elapsed());
        }
        let errors = text.split_once("errors: ").map(|(_, rest)| rest);
        let errors = errors.and_then(|rest| rest.split_whitespace().next());
        Ok(Explored {
            states: number_before(&text, " states, stored")?,
            // The start is one of them to Spin.
            transitions: number_before(&text, " transitions (")?.saturating_sub(1),
            errors: errors.ok_or("Spin does not say `errors:`")?.parse()?,
            time,
        })
    }

    /// The properties that the file can check.
    fn properties(&self) -> Result<BTreeSet<String>, Failure> {
        let text = fs::read_to_string(&self.file)?;
        let words = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
        let checks = words.filter_map(|word| word.strip_prefix("CHECK_"));
        // CHECK_LEFT_OUT, that no part is reached which was left out, is no property of the spec: Rust never
        // says that it is violated, so Spin may not either.
        Ok(checks
            .filter(|check| !check.is_empty())
            .map(String::from)
            .collect())
    }

    /// The properties that some schedule violates.
    fn violated(&self) -> Result<BTreeSet<String>, Failure> {
        let mut violated = BTreeSet::new();
        if self.explore(None, &[], &[])?.errors > 0 {
            violated.insert(NO_DEADLOCK.to_string());
        }
        for property in self.properties()? {
            if self.explore(Some(&property), &[], &["-E"])?.errors > 0 {
                violated.insert(property.to_lowercase().replace('_', "-"));
            }
        }
        Ok(violated)
    }
}

fn repeats(scenario: &str) -> usize {
    match scenario {
        LARGER => REPEATS_OF_LARGER,
        _ => REPEATS,
    }
}

fn larger(variant: &Variant) -> Result<Arc<dyn Encoding>, Failure> {
    let smaller = journal::SPEC
        .scenario("write-fault")
        .ok_or("no such scenario")?;
    let config = journal::Config {
        faults: &[0, 0, 0],
        ..smaller.config(journal::SCENARIOS)
    };
    Ok(journal::encoding(variant, &config))
}

fn encoding(
    model: &Model,
    spec: &Spec,
    design: &str,
    scenario: &str,
) -> Result<Arc<dyn Encoding>, Failure> {
    let design = spec.design(design).ok_or("no such design")?;
    if scenario == LARGER {
        return larger(&Variant::from(design));
    }
    let point = model.points.iter().find(|(name, _)| *name == scenario);
    let scenario = match point {
        Some((_, text)) => spec.point(text).ok_or("no such point")??,
        None => spec.scenario(scenario).ok_or("no such scenario")?,
    };
    Ok(spec.encoding(design, scenario))
}

fn searched(model: &Model, design: &str, scenario: &str) -> Result<(Search, Duration), Failure> {
    let spec = protocols::find(model.spec).ok_or("no such spec")?;
    let encoding = encoding(model, spec, design, scenario)?;
    let (mut time, mut last) = (Duration::MAX, None);
    for _ in 0..repeats(scenario) {
        let start = Instant::now();
        last = Some(search(&encoding, &Strategy::ExplicitState)?);
        time = time.min(start.elapsed());
    }
    Ok((last.ok_or("no search")?, time))
}

fn upper(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// One line of the table; whether the verdicts agree.
fn compare(model: &Model, design: &str, scenario: &str, folder: &Path) -> Result<bool, Failure> {
    let promela = Promela {
        file: Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("benches/spin")
            .join(model.file),
        switches: vec![
            format!("-DDESIGN_{}", upper(design)),
            format!("-DSCENARIO_{}", upper(scenario)),
        ],
        folder: folder.to_path_buf(),
    };
    let (found, time) = searched(model, design, scenario)?;
    let own = found.statistics.states.ok_or("the search kept no states")?;
    let whole = promela.explore(None, &["-DNOREDUCE"], &["-E"])?;
    let reduced = promela.explore(None, &[], &["-E"])?;
    let (violated, findings) = (promela.violated()?, found.findings.iter());
    let expected: BTreeSet<String> = findings.map(|finding| finding.property.clone()).collect();
    let agree = violated == expected;
    let ratio = |a: f64, b: f64| format!("{:.2}", a / b);
    println!(
        "| {}/{design} | {scenario} | {} | {} | {:.1} | {} | {} | {:.1} | {} | {} | {} | {} |",
        model.spec,
        own.states,
        own.transitions,
        time.as_secs_f64() * 1e3,
        whole.states,
        whole.transitions,
        whole.time.as_secs_f64() * 1e3,
        reduced.transitions,
        ratio(own.states as f64, whole.states as f64),
        ratio(time.as_secs_f64(), whole.time.as_secs_f64()),
        if expected.is_empty() {
            "pass".to_string()
        } else {
            expected.iter().cloned().collect::<Vec<_>>().join(", ")
        },
    );
    if !agree {
        eprintln!("Spin says instead: {violated:?}");
    }
    Ok(agree)
}

fn table() -> Result<bool, Failure> {
    let folder = std::env::temp_dir().join(format!("pagelock-spin-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    println!(
        "| design | scenario | states | transitions | ms | Spin: states | transitions | ms | reduced | states, ratio | time, ratio | both say |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let mut agree = true;
    for model in &MODELS {
        for scenario in model.scenarios {
            for design in ["old", "patched"] {
                agree &= compare(model, design, scenario, &folder)?;
            }
        }
    }
    fs::remove_dir_all(&folder)?;
    Ok(agree)
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and runs benchmarks too, to see whether they start.
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    match table() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("error: Spin and the explicit-state engine disagree");
            ExitCode::from(4)
        }
        Err(error) => {
            eprintln!("error: {error}\nDebian has Spin in the package `spin`");
            ExitCode::FAILURE
        }
    }
}
