//! The schema of the file is a file, so that others can read it.

use super::{Corpus, JSON_SCHEMA, SCHEMA, corpus, models};
use crate::protocols;
use serde_json::{Map, Value};
use std::{env, fs, path::Path};

#[test]
fn the_schema_in_the_repository_is_that_of_the_corpus() {
    let mut schema = schemars::schema_for!(Corpus);
    schema.insert("$id".to_string(), SCHEMA.into());
    without_examples(schema.ensure_object());
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/pagelock-corpus-1.json");
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

/// The examples of the documentation are of Rust, and nothing to whoever reads the file.
fn without_examples(schema: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        let end = text.find("```").unwrap_or(text.len());
        text.truncate(text[..end].trim_end().len());
    }
    for member in schema.values_mut() {
        let alternatives = member.as_array_mut().into_iter().flatten();
        let below = alternatives.filter_map(Value::as_object_mut);
        below.for_each(without_examples);
        member
            .as_object_mut()
            .into_iter()
            .for_each(without_examples);
    }
}

#[test]
fn an_export_is_what_the_schema_says_and_is_read_back() {
    let schema = serde_json::from_str(JSON_SCHEMA).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    for spec in protocols::ALL {
        let models = models(protocols::ALL, &[spec.name.to_string()], None).expect("it has models");
        // Those of the old design; the stateful engine does not run every one.
        let own = models.iter().filter(|model| model.design.name == "old");
        let own: Vec<_> = own.copied().collect();
        let made = corpus(&own, &|_, _| ()).expect("the searches end").corpus;
        let value = serde_json::to_value(&made).expect("it is JSON");
        let errors: Vec<String> = (schema.iter_errors(&value))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", spec.name);
        let again: Corpus = serde_json::from_value(value).expect("it is a corpus");
        assert_eq!(again, made);
        assert!(
            made.specs[0]
                .models
                .iter()
                .any(|model| model.left_out.is_some())
        );
        assert!(
            made.specs[0]
                .models
                .iter()
                .any(|model| model.automata.is_some())
        );
        let mut damaged = serde_json::to_value(&made).expect("it is JSON");
        damaged["specs"][0]["models"][0]["automata"]["threads"][0]["places"][0]["transitions"][0]
            ["to"] = "nowhere".into();
        assert!(!schema.is_valid(&damaged));
    }
}
