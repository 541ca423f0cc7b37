//! The shell script of the GitHub action, with a `cargo` that installs programs which write down how they are
//! called.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A runner's folder, with the fake programs.
struct Runner {
    folder: PathBuf,
}

/// Installs the programs that are called `$INSTALLS`, or the one that is asked for.
const CARGO: &str = r#"#!/usr/bin/env bash
set -euo pipefail
printf 'cargo %s\n' "$*" >> "$CALLS"
programs=$INSTALLS
while [ $# -gt 0 ]; do
    case $1 in
    --root) root=$2 ;;
    --bin) programs=$2 ;;
    esac
    shift
done
mkdir -p "$root/bin"
for program in $programs; do
    printf '#!/usr/bin/env bash\nexec "$FAKE" %s "$@"\n' "$program" > "$root/bin/$program"
    chmod +x "$root/bin/$program"
done
"#;

/// Ends as `$CHECK_ENDS` and `$MERGE_ENDS` say.
const PROGRAM: &str = r#"#!/usr/bin/env bash
{ printf '%s' "$1"; shift; printf ' [%s]' "$@"; echo; } >> "$CALLS"
case $1 in
check) echo "results of $*"; echo "what check says" >&2; exit "${CHECK_ENDS:-0}" ;;
merge) echo "merged as $4"; exit "${MERGE_ENDS:-0}" ;;
esac
exit 99
"#;

impl Runner {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("action")
            .join(name);
        // What an earlier run has left.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("path")).expect("the folder is made");
        for (name, text) in [("path/cargo", CARGO), ("fake", PROGRAM)] {
            let path = folder.join(name);
            fs::write(&path, text).expect("the script is written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can run");
        }
        Self { folder }
    }

    /// Runs the action's script with these inputs, and other variables.
    fn run(&self, variables: &[(&str, &str)]) -> Output {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = std::env::var("PATH").expect("there is a path");
        let mut command = Command::new("bash");
        command.arg(root.join(".github/action/run.sh"));
        for input in ["PACKAGE", "PROGRAM", "TARGETS", "ENGINE", "JUNIT"] {
            command.env(input, "");
        }
        command
            .current_dir(&self.folder)
            .env(
                "PATH",
                format!("{}:{path}", self.folder.join("path").display()),
            )
            .env("RUNNER_TEMP", &self.folder)
            .env("GITHUB_ACTION_PATH", "/the/action")
            .env("INSTALLS", "pagelock")
            .env("FAKE", self.folder.join("fake"))
            .env("CALLS", self.folder.join("calls"))
            .envs(variables.iter().copied())
            .output()
            .expect("there is a bash, which README.md asks for")
    }

    /// The calls so far, without the paths, which differ each time.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.folder.join("calls")).expect("something was called");
        calls.lines().map(str::to_string).collect()
    }
}

fn check(calls: &[String]) -> Vec<&String> {
    calls
        .iter()
        .filter(|call| call.contains("[check]"))
        .collect()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the scripts print UTF-8")
}

#[test]
fn each_line_and_each_word_is_a_target() {
    let runner = Runner::new("targets");
    let output = runner.run(&[
        ("TARGETS", "spec-a/old\nspec-b\n  spec-c   spec-*\n"),
        ("ENGINE", "loom"),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let calls = runner.calls();
    let expected = "pagelock [check] [--engine] [loom] [--shard] [1/1] [--] [spec-a/old] [spec-b] [spec-c] [spec-*]";
    assert_eq!(check(&calls), [expected]);
    assert!(text(&output.stdout).contains("merged as github"));
    // Without a target, everything.
    let runner = Runner::new("no-targets");
    assert_eq!(runner.run(&[]).status.code(), Some(0));
    assert_eq!(
        check(&runner.calls()),
        ["pagelock [check] [--shard] [1/1] [--]"]
    );
}

#[test]
fn a_second_use_in_a_job_runs_its_own_program() {
    let runner = Runner::new("twice");
    assert_eq!(runner.run(&[]).status.code(), Some(0));
    let mine = [("PACKAGE", "/my/package"), ("INSTALLS", "mine")];
    assert_eq!(runner.run(&mine).status.code(), Some(0));
    let calls = runner.calls();
    assert_eq!(
        check(&calls),
        [
            "pagelock [check] [--shard] [1/1] [--]",
            "mine [check] [--shard] [1/1] [--]"
        ]
    );
    // The action's own revision is built, from no registry, unless another package is named.
    let installs: Vec<&String> = calls
        .iter()
        .filter(|call| call.starts_with("cargo "))
        .collect();
    assert!(
        installs[0].starts_with("cargo install --locked --path /the/action --root "),
        "{calls:?}"
    );
    assert!(
        installs[1].starts_with("cargo install --locked --path /my/package --root "),
        "{calls:?}"
    );
}

#[test]
fn of_several_programs_one_has_to_be_named() {
    let runner = Runner::new("several");
    let several = ("INSTALLS", "another mine");
    let output = runner.run(&[several, ("PACKAGE", "/my/package")]);
    assert_eq!(output.status.code(), Some(2));
    let diagnostic = "::error title=pagelock::/my/package has several programs; set `program` to one of: another mine";
    assert!(
        text(&output.stdout).contains(diagnostic),
        "{}",
        text(&output.stdout)
    );
    assert!(check(&runner.calls()).is_empty());
    let output = runner.run(&[several, ("PROGRAM", "mine")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(
        check(&runner.calls()),
        ["mine [check] [--shard] [1/1] [--]"]
    );
}

#[test]
fn the_first_failure_ends_it_and_is_shown() {
    for code in ["2", "101", "137"] {
        let runner = Runner::new("bad-input");
        let output = runner.run(&[("CHECK_ENDS", code), ("JUNIT", "junit.xml")]);
        assert_eq!(
            output.status.code().map(|code| code.to_string()).as_deref(),
            Some(code)
        );
        assert!(text(&output.stderr).contains("what check says"));
        assert!(!runner.calls().iter().any(|call| call.contains("[merge]")));
    }
    let runner = Runner::new("no-junit");
    let output = runner.run(&[("JUNIT", "no/such/folder/junit.xml")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no/such/folder/junit.xml"));
    assert!(
        check(&runner.calls()).is_empty(),
        "it is known before the searches"
    );
    let runner = Runner::new("merge-fails");
    let output = runner.run(&[("MERGE_ENDS", "2"), ("JUNIT", "junit.xml")]);
    assert_eq!(output.status.code(), Some(2));
    let calls = runner.calls();
    assert_eq!(
        calls.iter().filter(|call| call.contains("[merge]")).count(),
        1
    );
}

#[test]
fn a_verdict_that_differs_is_told_in_every_format() {
    for code in ["1", "3", "4"] {
        // What `check` has found counts, whatever `merge` says of it.
        for merge in [code, "0"] {
            let runner = Runner::new("differs");
            let output = runner.run(&[
                ("CHECK_ENDS", code),
                ("MERGE_ENDS", merge),
                ("JUNIT", "junit.xml"),
            ]);
            assert_eq!(
                output.status.code().map(|code| code.to_string()).as_deref(),
                Some(code)
            );
            assert!(text(&output.stdout).contains("merged as github"));
            let junit = fs::read_to_string(runner.folder.join("junit.xml")).expect("it is written");
            assert_eq!(junit, "merged as junit\n");
        }
    }
}

#[test]
fn the_action_runs_that_script_with_every_input() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("action.yml")).expect("the action is there");
    let action = yaml_rust2::YamlLoader::load_from_str(&text)
        .expect("it is YAML")
        .remove(0);
    let steps = action["runs"]["steps"].as_vec().expect("it has steps");
    assert_eq!(steps.len(), 1);
    assert_eq!(
        steps[0]["run"].as_str(),
        Some(r#"bash "$GITHUB_ACTION_PATH/.github/action/run.sh""#)
    );
    let passed = steps[0]["env"].as_hash().expect("it has variables");
    let inputs = action["inputs"].as_hash().expect("it has inputs");
    assert_eq!(passed.len(), inputs.len());
    for (variable, value) in passed {
        let name = match variable.as_str() {
            Some("PACKAGE") => "path".to_string(),
            other => other.expect("a name").to_lowercase(),
        };
        let expression = format!("${{{{ inputs.{name} }}}}");
        assert_eq!(value.as_str(), Some(&*expression));
        assert!(!action["inputs"][&*name].is_badvalue(), "{name}");
    }
}
