//! The command line: a thin face over the library.
//!
//! Exit codes: 0 every verdict as recorded, 1 a verdict differs, 2 usage or bad input, 3 a search
//! did not complete, 4 engines disagree, 130 interrupted without an answer.
//!
//! The command line of one spec. What that does not have is bad input:
//! ```
//! use pagelock::cli::run_with;
//! use pagelock::protocols::{page_mkwrite};
//! use pagelock::spec::{Specs};
//! use std::process::ExitCode;
//!
//! const MINE: Specs = Specs::new(&[&page_mkwrite::SPEC]);
//! let code = run_with(MINE, ["mine", "trace", "nfs-coalesce/old"].map(Into::into));
//! assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(2)));
//! ```

mod args;
mod atomicity;
mod check;
mod clauses;
mod diff;
mod export;
mod graph;
mod interrupt;
mod list;
mod merge;
mod output;
mod replay;
mod report;
mod shell;
mod trace;
mod worker;

use crate::engine::refuse_environment_limits;
use crate::escape;
use crate::output::{complain, note, print};
use crate::runner::Workers;
use crate::spec::Specs;
use args::{Arguments, Command, SchemaOf};
use clap::Parser;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Exit {
    #[default]
    AsRecorded = 0,
    Differs = 1,
    BadInput = 2,
    Incomplete = 3,
    Disagree = 4,
}

/// What a command has to say: its output, and how it ends.
struct Answer {
    text: String,
    /// Goes to standard error, after the output.
    complaints: Vec<String>,
    exit: Exit,
}

impl Answer {
    fn good(text: String) -> Self {
        Self {
            text,
            complaints: Vec::new(),
            exit: Exit::AsRecorded,
        }
    }

    fn complain(&mut self, exit: Exit, complaint: String) {
        self.complaints.push(complaint);
        self.exit = self.exit.max(exit);
    }

    fn bad(complaint: impl Into<String>) -> Self {
        Self {
            text: String::new(),
            complaints: vec![complaint.into()],
            exit: Exit::BadInput,
        }
    }
}

/// Runs the command line of these specs with the program's own arguments: all that the `main` of a crate
/// with specs of its own needs.
///
/// ```no_run
/// use pagelock::protocols;
/// use pagelock::spec::{Spec};
///
/// static MINE: Spec = protocols::nfs_coalesce::SPEC;
///
/// fn main() -> std::process::ExitCode {
///     static SPECS: [&Spec; 1] = [&MINE];
///     pagelock::cli::run(&SPECS)
/// }
/// ```
///
/// `check` starts the program again, as `worker`, for each core: so the arguments are left to this function.
#[must_use]
pub fn run(specs: impl Into<Specs>) -> ExitCode {
    run_with(specs, std::env::args_os())
}

/// Help and version come as errors too, and go to standard output.
fn told_by_clap(error: &clap::Error) -> Exit {
    let text = error.render().to_string();
    let told = if escape::screen(&text) == text {
        error.print().and_then(|()| io::stdout().flush())
    } else {
        // What was given is quoted in it.
        note(text.trim_end());
        Ok(())
    };
    match told {
        _ if error.use_stderr() => Exit::BadInput,
        Err(failure) if failure.kind() != io::ErrorKind::BrokenPipe => {
            complain(format_args!("{}", cannot_print(&failure)));
            Exit::BadInput
        }
        _ => Exit::AsRecorded,
    }
}

fn cannot_print(error: &io::Error) -> String {
    format!("cannot write to standard output: {error}")
}

/// Whether a command has nothing to do with any spec.
fn is_of_no_spec(command: &Command) -> bool {
    matches!(
        command,
        Command::Completions(_) | Command::Man(_) | Command::Schema(_)
    )
}

/// Runs the command line of these specs with these arguments, the first of which is the program's name.
/// For `check`, the program must come here again when it is started with the one argument `worker`: see
/// [`run`].
///
/// ```
/// use pagelock::cli::run_with;
/// use pagelock::trace::Trace;
/// use std::process::ExitCode;
///
/// let file = std::env::temp_dir().join(format!("pagelock-trace-{}.json", std::process::id()));
/// let arguments = ["pagelock", "trace", "ext4-journal-start/old", "--format", "json", "--output"];
/// let arguments = arguments.map(Into::into).into_iter().chain([file.clone().into()]);
/// let code = run_with(pagelock::protocols::ALL, arguments);
/// assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
/// let trace: Trace = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
/// assert_eq!(trace.property, "no-deadlock");
/// std::fs::remove_file(file).unwrap();
/// ```
#[must_use]
pub fn run_with(
    specs: impl Into<Specs>,
    arguments: impl IntoIterator<Item = OsString>,
) -> ExitCode {
    let specs = specs.into();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            return ExitCode::from(told_by_clap(&error) as u8);
        }
    };
    arguments.color.write_global();
    let command = arguments.command.unwrap_or_default();
    let mistakes = specs.mistakes();
    if let (Some(_), false) = (mistakes.first(), is_of_no_spec(&command)) {
        for mistake in &mistakes {
            complain(format_args!("{mistake}"));
        }
        return ExitCode::from(Exit::BadInput as u8);
    }
    let answer = match (&command, refuse_environment_limits()) {
        (
            Command::Check(_)
            | Command::Clauses(_)
            | Command::Atomicity(_)
            | Command::Merge(_)
            | Command::Worker
            | Command::Trace(_)
            | Command::Diff(_)
            | Command::Replay(_)
            | Command::Graph(_)
            | Command::Report(_)
            | Command::Export(_)
            | Command::Docs(_),
            Err(limit),
        ) => Answer::bad(limit.to_string()),
        (Command::Check(check), _) => check::run(specs, check),
        (Command::Clauses(clauses), _) => clauses::run(specs, clauses),
        (Command::Atomicity(atomicity), _) => atomicity::run(specs, atomicity),
        (Command::Merge(merge), _) => merge::run(specs, merge),
        (Command::Worker, _) => worker::run(specs),
        (Command::List(list), _) => list::run(specs, list),
        (Command::Completions(completions), _) => shell::completions(completions),
        (Command::Man(man), _) => shell::man(man),
        (Command::Schema(schema), _) => Answer::good(match schema.of {
            SchemaOf::Trace => crate::trace::JSON_SCHEMA.to_string(),
            SchemaOf::Corpus => crate::export::JSON_SCHEMA.to_string(),
        }),
        (Command::Trace(trace), _) => trace::run(specs, trace),
        (Command::Diff(diff), _) => diff::run(specs, diff),
        (Command::Replay(replay), _) => replay::run(specs, replay),
        (Command::Graph(graph), _) => graph::run(specs, graph),
        (Command::Report(report), _) => report::run(specs, report),
        (Command::Export(export), _) => export::run(specs, export),
        (Command::Docs(docs), _) => crate::report::command(docs.write, &Workers::of_this_program())
            .map_or_else(Answer::bad, Answer::good),
    };
    if let Err(error) = print(&answer.text) {
        complain(format_args!("{}", cannot_print(&error)));
        return ExitCode::from(Exit::BadInput as u8);
    }
    for complaint in &answer.complaints {
        complain(format_args!("{complaint}"));
    }
    ExitCode::from(answer.exit as u8)
}
