//! The schema of the record is a file, so that others can read it.

use super::{SCHEMA, Trace};
use std::{env, fs, path::Path};

#[test]
fn the_schema_in_the_repository_is_that_of_the_record() {
    let mut schema = schemars::schema_for!(Trace);
    schema.insert("$id".to_string(), SCHEMA.into());
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/pagelock-trace-1.json");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, &text).expect("the schema is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept,
        text,
        "{} is stale: run with INSTA_UPDATE=always",
        path.display()
    );
}
