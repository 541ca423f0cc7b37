//! The JSON schema of the file is a file, so that other programs can read it.

use super::{Corpus, SCHEMA};
use crate::trace::kept_schema;

#[test]
fn the_schema_in_the_repository_is_that_of_the_corpus() {
    let schema = schemars::schema_for!(Corpus);
    kept_schema(schema, SCHEMA, "schemas/pagelock-corpus-3.json");
}
