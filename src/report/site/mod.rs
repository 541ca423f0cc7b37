//! The whole report as a site: verdicts, clauses, lock orders and every counterexample, in files that need
//! no server.
//!
//! A site of one design and one of its searches. Nothing is written before it is asked for:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::lock_order::Graph;
//! use pagelock::report::site::{Contents, site};
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
//! let graphs = [Graph::of(spec.name, old.name, &[&run])];
//! let contents = Contents { designs: &[(spec, old)], runs: &[&run], graphs: &graphs, traces: &[], studies: &[] };
//! let files = site(&contents);
//! let paths: Vec<&str> = files.iter().map(|file| &*file.path).collect();
//! assert_eq!(paths, ["index.html", "graphs/ext4-journal-start.html", "graphs/ext4-journal-start~old.svg"]);
//! ```

mod clauses;
mod graphs;
mod index;
mod traces;
mod write;

pub use crate::output::WriteError;
pub use traces::{Found, counterexamples};
pub use write::{ready, write};

use crate::ablation::Study;
use crate::escape::file_name;
use crate::lock_order::Graph;
use crate::render::html::shell;
use crate::spec::{Design, Run, Spec};
use maud::{Markup, html};

/// A file of the site, with its path from the site's folder.
///
/// ```
/// use pagelock::report::site::{File, write};
///
/// let folder = std::env::temp_dir().join(format!("pagelock-file-{}", std::process::id()));
/// let page = File { path: "notes/one.txt".to_string(), text: "one\n".to_string() };
/// write(&folder, &[page], false).unwrap();
/// assert_eq!(std::fs::read_to_string(folder.join("notes").join("one.txt")).unwrap(), "one\n");
/// std::fs::remove_dir_all(folder).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path, with slashes.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What a site tells of.
///
/// A site with a page of what the clauses are needed for, and without a search:
/// ```
/// use pagelock::ablation;
/// use pagelock::report::site::{Contents, site};
/// use pagelock::protocols::{nfs_coalesce::SPEC};
/// use pagelock::spec::{Spec};
///
/// static SIGNAL: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let studies = [ablation::patch(&SIGNAL, &|_, _| ()).unwrap()];
/// let patched = (&SIGNAL, &SIGNAL.designs[1]);
/// let contents = Contents { designs: &[patched], runs: &[], graphs: &[], traces: &[], studies: &studies };
/// let files = site(&contents);
/// let page = files.iter().find(|file| file.path == "clauses/nfs-coalesce.html").unwrap();
/// assert!(page.text.contains("sync-through-writepages"));
/// ```
#[derive(Debug)]
pub struct Contents<'c> {
    /// The designs, those of a spec together.
    pub designs: &'c [(&'static Spec, &'static Design)],
    /// What the searches found.
    pub runs: &'c [&'c Run],
    /// Their lock orders.
    pub graphs: &'c [Graph],
    /// The counterexamples.
    pub traces: &'c [Found],
    /// What the clauses are needed for.
    pub studies: &'c [Study],
}

impl Contents<'_> {
    /// The specs, each once.
    fn specs(&self) -> Vec<&'static Spec> {
        let mut specs: Vec<&'static Spec> = self.designs.iter().map(|(spec, _)| *spec).collect();
        specs.dedup_by_key(|spec| spec.name);
        specs
    }

    fn studies_of(&self, spec: &Spec) -> Vec<&Study> {
        let own = |study: &&Study| study.spec.name == spec.name;
        self.studies.iter().filter(own).collect()
    }
}

/// Every file of the site, the first page first.
///
/// A verdict links to its counterexample, if the site has it:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::report::site::{Contents, counterexamples, site};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (fixed, scenario) = (spec.design("fixed").unwrap(), spec.scenario("cyclic").unwrap());
/// let run = spec::check(spec, fixed, scenario, &Strategy::States).unwrap();
/// let designs = [(spec, fixed)];
/// let traces: Vec<_> = counterexamples(&designs, &|_, _| ()).into_iter().map(Result::unwrap).collect();
/// let with = |traces| site(&Contents { designs: &designs, runs: &[&run], graphs: &[], traces, studies: &[] });
/// let link = r#"<a href="counterexamples/ext4-journal-start~fixed~cyclic~disksize.html">"#;
/// assert!(with(&traces)[0].text.contains(link));
/// assert!(!with(&[])[0].text.contains(link));
/// ```
#[must_use]
pub fn site(contents: &Contents<'_>) -> Vec<File> {
    let mut files = vec![File {
        path: "index.html".to_string(),
        text: index::page(contents),
    }];
    for spec in contents.specs() {
        let studies = contents.studies_of(spec);
        if !studies.is_empty() {
            files.push(clauses::page(spec, &studies));
        }
        files.extend(graphs::files(contents, spec));
    }
    files.extend(contents.traces.iter().flat_map(traces::files));
    files
}

/// Where the page of a spec's clauses stands.
fn clauses_of(spec: &Spec) -> String {
    format!("clauses/{}.html", file_name(&[spec.name]))
}

/// Where the page of a spec's lock orders stands.
fn graphs_of(spec: &Spec) -> String {
    format!("graphs/{}.html", file_name(&[spec.name]))
}

/// A page below the site's folder, with a way back to the first one.
fn below(title: &str, body: &Markup) -> String {
    let body = html! { (back()) (body) };
    shell::page(title, false, &body)
}

fn back() -> Markup {
    html! { nav aria-label="Site" { a href="../index.html" { "All verdicts" } } }
}
