//! docs/mistakes.md is written by hand: it must have every error that there is.

/// The variants of an enum, from its source.
fn variants(source: &str, name: &str) -> Vec<String> {
    let (_, body) = source
        .split_once(&format!("pub enum {name} {{\n"))
        .expect("it is there");
    let (body, _) = body.split_once("\n}\n").expect("it ends");
    let starts = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = starts.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names
        .map(|line| {
            let end = line.find(|c: char| !c.is_alphanumeric());
            line[..end.unwrap_or(line.len())].to_string()
        })
        .collect()
}

#[test]
fn every_error_stands_in_the_table() {
    let table = include_str!("../../docs/mistakes.md");
    for (name, source) in [
        ("SearchError", include_str!("../../src/engine/error.rs")),
        ("SpecMistake", include_str!("../../src/spec/validate.rs")),
    ] {
        let variants = variants(source, name);
        assert!(variants.len() > 5, "{variants:?}");
        for variant in variants {
            assert!(
                table.contains(&format!("`{name}::{variant}`")),
                "{name}::{variant}"
            );
        }
    }
}
