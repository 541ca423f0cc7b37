//! Which file of the crate imports which: every room has one rank, imports go down, and no large cycle is left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the lowest: a file imports from its own room and from those above it in this list. The files at the
/// root of `engine` are a room of their own, below `engine/execution`. A folder of `protocols` without a row is of the room
/// `protocols`.
const RANKS: [&str; 25] = [
    "escape",
    "input",
    "parallel",
    "trace",
    "engine",
    "engine/execution",
    "model",
    "engine/scheduler",
    "engine/backend",
    "engine/explicit",
    "engine/search",
    "engine/analysis",
    "kernel",
    "spec",
    "protocols/ext4_small_blocks",
    "protocols",
    "ablation",
    "explore",
    "lock_order",
    "runner",
    "export",
    "render",
    "output",
    "report",
    "cli",
];

/// Modules in an import cycle, at most.
const LARGEST_CYCLE: usize = 3;

/// A path of Rust: the names between its colons.
type Names = Vec<String>;

/// One module of the crate.
struct Module {
    file: String,
    /// What is defined in it.
    items: BTreeSet<String>,
    /// The paths that it uses, from the root of the crate.
    uses: Vec<Names>,
    /// Those of them that it exports again.
    exports: Vec<Names>,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text without comments, without what is in quotes, and without what is compiled for tests alone.
fn code(text: &str) -> String {
    let end = text
        .find("#[cfg(all(test")
        .filter(|at| text[*at..].contains("mod tests {"));
    let text = &text[..end.unwrap_or(text.len())];
    let mut code = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        for (place, part) in line.split('"').enumerate() {
            if place % 2 == 0 {
                code.push_str(part);
            }
        }
        code.push('\n');
    }
    code
}

/// The paths of a use tree.
fn expand(prefix: &[String], tree: &str, paths: &mut Vec<Names>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let names = path.split("::").map(|name| name.trim().to_string());
        let names = names.filter(|name| !name.is_empty() && name != "self");
        paths.push(prefix.iter().cloned().chain(names).collect());
        return;
    };
    let mut longer = prefix.to_vec();
    let names = tree[..open].split("::").map(|name| name.trim().to_string());
    longer.extend(names.filter(|name| !name.is_empty()));
    let (mut depth, mut part) = (0, String::new());
    for letter in tree[open + 1..tree.rfind('}').expect("the brace is closed")].chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if letter == ',' && depth == 0 {
            expand(&longer, &part, paths);
            part.clear();
        } else {
            part.push(letter);
        }
    }
    if !part.trim().is_empty() {
        expand(&longer, &part, paths);
    }
}

/// A path from the root of the crate, if it is one of the crate.
fn absolute(own: &[String], path: &[String], modules: &BTreeSet<Names>) -> Option<Names> {
    let mut base = own.to_vec();
    let rest = match path.first()?.as_str() {
        "crate" => {
            base.clear();
            &path[1..]
        }
        "super" => {
            let ups = path.iter().take_while(|name| *name == "super").count();
            base.truncate(base.len().saturating_sub(ups));
            &path[ups..]
        }
        name => {
            let child = [own, &[name.to_string()]].concat();
            if !modules.contains(&child) {
                return None;
            }
            path
        }
    };
    Some([&base[..], rest].concat())
}

/// The paths of `crate::` and `super::` in expressions and types.
fn inline(code: &str) -> Vec<Names> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // `pub(in crate::room)` imports nothing.
            if code[..at].ends_with("(in ") {
                continue;
            }
            let whole = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
            let end = code[at..].find(|letter| !whole(letter));
            let path = &code[at..end.map_or(code.len(), |end| at + end)];
            let names = path.split("::").filter(|name| !name.is_empty());
            found.push(names.map(ToString::to_string).collect());
        }
    }
    found
}

fn is_use(statement: &str) -> bool {
    let mut lines = statement.lines().map(str::trim);
    lines
        .any(|line| line.starts_with("use ") || (line.starts_with("pub") && line.contains(" use ")))
}

fn item(line: &str) -> Option<String> {
    let line = line
        .strip_prefix("pub(crate) ")
        .or_else(|| line.strip_prefix("pub(super) "))
        .or_else(|| line.strip_prefix("pub "))
        .unwrap_or(line);
    let line = line.strip_prefix("const fn ").map_or(line, |_| &line[6..]);
    let kinds = [
        "fn ",
        "struct ",
        "enum ",
        "trait ",
        "type ",
        "const ",
        "static ",
        "macro_rules! ",
    ];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let name = rest
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()?;
    Some(name.to_string())
}

fn modules() -> BTreeMap<Names, Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut texts: BTreeMap<Names, (String, String)> = BTreeMap::new();
    for path in files {
        let file = path
            .strip_prefix(&root)
            .expect("below the root")
            .to_string_lossy()
            .into_owned();
        if file.contains("tests") || file == "main.rs" {
            continue;
        }
        let mut names: Names = file
            .trim_end_matches(".rs")
            .split('/')
            .map(ToString::to_string)
            .collect();
        if names
            .last()
            .is_some_and(|name| name == "mod" || name == "lib")
        {
            names.pop();
        }
        let text = fs::read_to_string(&path).expect("a source is text");
        texts.insert(names, (file, code(&text)));
    }
    let known: BTreeSet<Names> = texts.keys().cloned().collect();
    let module = |(names, (file, code)): (Names, (String, String))| {
        let (mut uses, mut exports) = (Vec::new(), Vec::new());
        for statement in code.split(';') {
            let Some(at) = statement.rfind("use ") else {
                continue;
            };
            let before = statement[..at].lines().last().unwrap_or_default().trim();
            if !(before.is_empty() || before.starts_with("pub")) {
                continue;
            }
            let mut paths = Vec::new();
            expand(&[], &statement[at + 4..], &mut paths);
            let paths = paths
                .iter()
                .filter_map(|path| absolute(&names, path, &known));
            let paths: Vec<Names> = paths.collect();
            if before.starts_with("pub") {
                exports.extend(paths.iter().cloned());
            }
            uses.extend(paths);
        }
        // What a `use` names is taken in already.
        let statements = code.split(';').filter(|statement| !is_use(statement));
        let here: Vec<Names> = statements.flat_map(inline).collect();
        uses.extend(
            here.iter()
                .filter_map(|path| absolute(&names, path, &known)),
        );
        let items = code.lines().filter_map(item).collect();
        (
            names,
            Module {
                file,
                items,
                uses,
                exports,
            },
        )
    };
    texts.into_iter().map(module).collect()
}

/// The files that define what a path names, through whatever exports it again.
fn resolve(path: &[String], modules: &BTreeMap<Names, Module>, depth: usize) -> BTreeSet<String> {
    let longest = (0..=path.len())
        .rev()
        .find(|length| modules.contains_key(&path[..*length]));
    let Some(length) = longest.filter(|_| depth < 8) else {
        return BTreeSet::new();
    };
    let module = &modules[&path[..length]];
    let Some(name) = path
        .get(length)
        .filter(|name| !module.items.contains(*name))
    else {
        return BTreeSet::from([module.file.clone()]);
    };
    let mut found = BTreeSet::new();
    for export in &module.exports {
        let last = export.last().map(String::as_str);
        if last == Some(name) && export[..] != *path {
            found.extend(resolve(export, modules, depth + 1));
        } else if last == Some("*") {
            let inner = [&export[..export.len() - 1], std::slice::from_ref(name)].concat();
            let files = resolve(&inner, modules, depth + 1);
            let defines = |file: &String| {
                modules
                    .values()
                    .any(|one| one.file == *file && one.items.contains(name))
            };
            found.extend(files.into_iter().filter(defines));
        }
    }
    if found.is_empty() {
        found.insert(module.file.clone());
    }
    found
}

/// The files that each file imports from; what it exports again for others is no import of its own.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let modules = modules();
    let edges = |module: &Module| {
        let used = module
            .uses
            .iter()
            .filter(|path| !module.exports.contains(path));
        let mut files: BTreeSet<String> =
            used.flat_map(|path| resolve(path, &modules, 0)).collect();
        files.retain(|file| *file != module.file && file != "lib.rs");
        (module.file.clone(), files)
    };
    modules.values().map(edges).collect()
}

fn room(file: &str) -> String {
    let mut parts: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if parts.len() > 1 {
        parts.pop();
    }
    let inner = parts[..parts.len().min(2)].join("/");
    if parts[0] == "engine" || RANKS.contains(&inner.as_str()) {
        return inner;
    }
    parts[0].to_string()
}

#[test]
fn imports_are_seen_in_use_trees_in_paths_and_through_exports() {
    let imports = imports();
    let sees = |file: &str, other: &str| imports[file].contains(other);
    // By a full path, through what a module exports again, and by a path in an expression.
    assert!(sees(
        "engine/backend/loom.rs",
        "engine/execution/backend.rs"
    ));
    assert!(sees("kernel/page.rs", "model/world.rs"));
    assert!(sees(
        "ablation/atomicity.rs",
        "engine/analysis/atomicity.rs"
    ));
    // What a façade exports is no import of its own, and no file sees itself.
    assert!(imports["engine/mod.rs"].is_empty());
    assert!(imports.iter().all(|(file, others)| !others.contains(file)));
    let mut paths = Vec::new();
    expand(&[], "crate::{a::{self, b::C}, d as e}", &mut paths);
    let paths: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["crate::a", "crate::a::b::C", "crate::d"]);
}

#[test]
fn imports_go_down() {
    let rank = |room: &str| RANKS.iter().position(|known| *known == room);
    let mut checked = 0;
    for (file, imported) in imports() {
        if file == "lib.rs" {
            continue;
        }
        let own = room(&file);
        let own_rank =
            rank(&own).unwrap_or_else(|| panic!("the room `{own}` of {file} has no rank"));
        for other in imported {
            let rank = rank(&room(&other)).unwrap_or_else(|| panic!("{other} has no rank"));
            assert!(
                rank <= own_rank,
                "src/{file} imports upwards, from src/{other}"
            );
            checked += usize::from(rank < own_rank);
        }
    }
    assert!(checked > 300, "only {checked} imports were seen");
}

#[test]
fn no_import_cycle_is_large() {
    let imports = imports();
    let reach = |start: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start.clone()]);
        while let Some(file) = open.pop() {
            for next in imports.get(&file).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        imports.keys().map(|file| (file, reach(file))).collect();
    for (file, others) in &reached {
        let both = others
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(*file)));
        let cycle: Vec<&String> = both.collect();
        assert!(cycle.len() <= LARGEST_CYCLE, "an import cycle: {cycle:?}");
    }
}
