//! What every workflow and the action keep to: nothing unpinned, no more rights than needed, and no
//! third-party text inside a shell line.

use std::fs;
use std::path::{Path, PathBuf};
use yaml_rust2::{Yaml, YamlLoader};

fn documents() -> Vec<(PathBuf, Yaml)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workflows = fs::read_dir(root.join(".github/workflows")).expect("the folder is there");
    let mut paths: Vec<PathBuf> = workflows
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    assert!(!paths.is_empty());
    paths.push(root.join("action.yml"));
    let parse = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("it is text");
        let mut parsed = YamlLoader::load_from_str(&text).expect("it is YAML");
        assert_eq!(parsed.len(), 1, "{}", path.display());
        (path, parsed.remove(0))
    };
    paths.into_iter().map(parse).collect()
}

fn workflows() -> impl Iterator<Item = Yaml> {
    let is_workflow = |document: &Yaml| !document["jobs"].is_badvalue();
    (documents().into_iter().map(|(_, document)| document)).filter(is_workflow)
}

/// The jobs of all workflows, each with its name.
fn jobs() -> Vec<(String, Yaml)> {
    let of = |document: Yaml| {
        let jobs = document["jobs"].clone().into_hash().expect("jobs by name");
        let named = |(name, job): (Yaml, Yaml)| (name.into_string().expect("a name"), job);
        jobs.into_iter().map(named)
    };
    workflows().flat_map(of).collect()
}

/// Every step of every job and of the action.
fn steps() -> Vec<Yaml> {
    let steps = |of: &Yaml| of["steps"].as_vec().expect("it has steps").clone();
    let mut all: Vec<Yaml> = jobs().iter().flat_map(|(_, job)| steps(job)).collect();
    let actions = documents().into_iter().map(|(_, document)| document);
    let actions = actions.filter(|document| !document["runs"].is_badvalue());
    all.extend(actions.flat_map(|action| steps(&action["runs"])));
    assert!(all.len() > 10);
    all
}

/// The shell lines of all steps.
fn shell_lines() -> Vec<String> {
    let run = |step: Yaml| Some(step["run"].as_str()?.to_string());
    let scripts: Vec<String> = steps().into_iter().filter_map(run).collect();
    let lines = scripts.iter().flat_map(|script| script.lines());
    lines.map(str::to_string).collect()
}

#[test]
fn no_expression_is_expanded_inside_a_shell_line() {
    // The shell would execute what the expression expands to. Variables of the environment are data.
    for line in shell_lines() {
        assert!(!line.contains("${{"), "{line}");
    }
}

#[test]
fn every_job_has_a_time_limit_and_few_rights() {
    for (name, job) in jobs() {
        let minutes = job["timeout-minutes"].as_i64();
        assert!(minutes.is_some(), "{name} has no `timeout-minutes`");
        assert!(job["permissions"].is_badvalue(), "{name} has other rights");
    }
    for workflow in workflows() {
        let rights = workflow["permissions"]
            .as_hash()
            .expect("it says its rights");
        let only: Vec<(&Yaml, &Yaml)> = rights.iter().collect();
        let read = Yaml::from_str("read");
        assert_eq!(only, [(&Yaml::from_str("contents"), &read)]);
    }
}

#[test]
fn credentials_are_not_kept_for_later_steps() {
    let is_checkout = |step: &Yaml| {
        let uses = step["uses"].as_str();
        uses.is_some_and(|name| name.starts_with("actions/checkout@"))
    };
    let checkouts: Vec<Yaml> = steps().into_iter().filter(is_checkout).collect();
    assert!(!checkouts.is_empty());
    for step in checkouts {
        let kept = step["with"]["persist-credentials"].as_bool();
        assert_eq!(kept, Some(false), "{step:?}");
    }
}

#[test]
fn no_document_installs_the_crate_from_a_registry() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = |name: &str| {
        let entries = fs::read_dir(root.join(name)).expect("the folder is there");
        entries.map(|entry| entry.expect("it can be read").path())
    };
    let ending = |path: &PathBuf, wanted: &[&str]| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| wanted.contains(&extension))
    };
    let paths = folder(".")
        .chain(folder("docs"))
        .chain(folder(".github/action"));
    let documents: Vec<PathBuf> = paths
        .filter(|path| ending(path, &["md", "yml", "sh"]))
        .collect();
    assert!(documents.len() > 8);
    for path in documents {
        let text = fs::read_to_string(&path).expect("it is text");
        for line in text.lines().filter(|line| line.contains("pagelock")) {
            let from_registry = line.contains("cargo install") && !line.contains("--git");
            assert!(
                !from_registry && !line.contains("cargo add"),
                "{}: {line}",
                path.display()
            );
        }
    }
}

fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn what_is_used_is_pinned() {
    for step in steps() {
        if let Some(uses) = step["uses"].as_str() {
            let (_, revision) = uses.split_once('@').expect("an action has a revision");
            assert!(is_hexadecimal(revision, 40), "{uses} is not pinned");
        }
    }
    for (name, job) in jobs() {
        let machine = job["runs-on"].as_str().expect("a machine");
        assert!(!machine.ends_with("-latest"), "{name} runs on {machine}");
        if job["container"].is_badvalue() {
            continue;
        }
        let image = job["container"].as_str().expect("a plain image");
        let digest = image.split_once("@sha256:").map(|(_, digest)| digest);
        assert!(
            digest.is_some_and(|digest| is_hexadecimal(digest, 64)),
            "{image}"
        );
    }
    // The compiler is not: the weekly run is there to see a new one. Packages of the container's distribution are
    // as its mirror has them.
    for line in shell_lines() {
        if let Some((_, tool)) = line.split_once("cargo install ") {
            for flag in ["--version ", "--locked"] {
                assert!(tool.contains(flag), "{line}");
            }
        }
    }
}
