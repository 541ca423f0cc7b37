//! The command line: a thin layer over the library.
//!
//! Exit codes: 0 every verdict is the expected one, 1 a verdict differs, 2 usage or bad input, 3 a search
//! did not complete, 4 engines disagree, 130 interrupted without an answer.
//!
//! The command line of one spec.

mod answer;
mod args;
mod atomicity;
mod check;
mod clauses;
mod diff;
mod explore;
mod export;
mod graph;
mod interrupt;
mod list;
mod merge;
mod output;
mod patch;
mod progress;
mod replay;
mod report;
mod shell;
mod trace;
mod worker;

use crate::engine::refuse_environment_limits;
use crate::escape;
use crate::output::{note, print, print_error};
use crate::runner::Workers;
use crate::spec::Specs;
use answer::{Answer, Exit, cannot_print};
use args::{Arguments, Command, SchemaOf};
use clap::FromArgMatches as _;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// Runs the command line of these specs with the program's own arguments: the whole `main` of a crate with other specs.
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

/// Prints what clap has to say: help and the version are errors too, and go to standard output.
fn print_clap_error(error: &clap::Error) -> Exit {
    let text = error.render().to_string();
    let printed = if escape::screen(&text) == text {
        error.print().and_then(|()| io::stdout().flush())
    } else {
        // It quotes the arguments.
        note(text.trim_end());
        Ok(())
    };
    match printed {
        _ if error.use_stderr() => Exit::BadInput,
        Err(failure) if failure.kind() != io::ErrorKind::BrokenPipe => {
            print_error(format_args!("{}", cannot_print(&failure)));
            Exit::BadInput
        }
        _ => Exit::AsExpected,
    }
}

/// The name that the program was started by.
fn program(first: Option<&OsString>) -> String {
    let stem = first.and_then(|path| Path::new(path).file_stem());
    let name = stem.map_or("pagelock".into(), std::ffi::OsStr::to_string_lossy);
    escape::printable(&name)
}

/// Whether a command depends on no spec.
fn is_of_no_spec(command: &Command) -> bool {
    matches!(
        command,
        Command::Completions(_) | Command::Man(_) | Command::Schema(_)
    )
}

/// Runs the command line of these specs with these arguments, the first of which is the program's name.
/// For `check`, the program must call this function again when it is started with the one argument `worker`: see
/// [`run`].
#[must_use]
pub fn run_with(
    specs: impl Into<Specs>,
    arguments: impl IntoIterator<Item = OsString>,
) -> ExitCode {
    let specs = specs.into();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let program = program(arguments.first());
    let matches = args::command(specs, &program).try_get_matches_from(arguments);
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            return ExitCode::from(print_clap_error(&error) as u8);
        }
    };
    arguments.color.write_global();
    let command = arguments.command.unwrap_or_default();
    let mistakes = specs.mistakes();
    if let (Some(_), false) = (mistakes.first(), is_of_no_spec(&command)) {
        for mistake in &mistakes {
            print_error(format_args!("{mistake}"));
        }
        return ExitCode::from(Exit::BadInput as u8);
    }
    let answer = match (&command, refuse_environment_limits()) {
        (
            Command::Check(_)
            | Command::Clauses(_)
            | Command::Explore(_)
            | Command::Patch(_)
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
        (Command::Check(check), _) => check::run(specs, check, &program),
        (Command::Clauses(clauses), _) => clauses::run(specs, clauses),
        (Command::Explore(explore), _) => explore::run(specs, explore),
        (Command::Patch(patch), _) => patch::run(specs, patch),
        (Command::Atomicity(atomicity), _) => atomicity::run(specs, atomicity),
        (Command::Merge(merge), _) => merge::run(specs, merge, &program),
        (Command::Worker, _) => worker::run(specs),
        (Command::List(list), _) => list::run(specs, list),
        (Command::Completions(completions), _) => {
            shell::completions(completions, args::command(specs, &program))
        }
        (Command::Man(man), _) => shell::man(man, args::command(specs, &program)),
        (Command::Schema(schema), _) => Answer::good(match schema.of {
            SchemaOf::Trace => crate::trace::JSON_SCHEMA.to_string(),
            SchemaOf::Corpus => crate::export::JSON_SCHEMA.to_string(),
            SchemaOf::Patch => crate::report::PATCH_JSON_SCHEMA.to_string(),
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
        print_error(format_args!("{}", cannot_print(&error)));
        return ExitCode::from(Exit::BadInput as u8);
    }
    for diagnostic in &answer.diagnostics {
        print_error(format_args!("{diagnostic}"));
    }
    ExitCode::from(answer.exit as u8)
}
