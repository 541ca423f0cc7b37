//! The JSON schema of a trace is a file, so that other programs can read it.

use super::{SCHEMA, Trace};
use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform as _};
use std::{env, fs, path::Path};

/// Leaves the example of the library out of a description, with the sentence that leads to it.
fn without_example(schema: &mut Schema) {
    let description = schema.get("description").and_then(|text| text.as_str());
    let before = description
        .and_then(|text| text.split_once("```"))
        .map(|(before, _)| before);
    if let Some((kept, _)) = before.and_then(|text| text.rsplit_once("\n\n")) {
        let kept = kept.to_string();
        schema.insert("description".to_string(), kept.into());
    }
}

/// Compares a schema with the file of the repository, or writes the file if `INSTA_UPDATE` asks for it.
pub(crate) fn kept_schema(mut schema: Schema, id: &str, file: &str) {
    schema.insert("$id".to_string(), id.into());
    RecursiveTransform(without_example).transform(&mut schema);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, &text).expect("the schema is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{file} is stale: run with INSTA_UPDATE=always");
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_record() {
    kept_schema(
        schemars::schema_for!(Trace),
        SCHEMA,
        "schemas/pagelock-trace-2.json",
    );
}
