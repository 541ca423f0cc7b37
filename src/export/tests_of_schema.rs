//! The JSON schema of the file is a file, so that other programs can read it.

use super::{Corpus, JSON_SCHEMA, SCHEMA, corpus, models};
use crate::protocols;
use crate::trace::kept_schema;

#[test]
fn the_schema_in_the_repository_is_that_of_the_corpus() {
    kept_schema(
        schemars::schema_for!(Corpus),
        SCHEMA,
        "schemas/pagelock-corpus-2.json",
    );
}

#[test]
fn an_export_is_what_the_schema_says() {
    let schema = serde_json::from_str(JSON_SCHEMA).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    for spec in protocols::ALL {
        let models = models(protocols::ALL, &[spec.name.to_string()], None).expect("it has models");
        // Those of the old design; the explicit-state engine does not run every one.
        let own = models.iter().filter(|model| model.design.name == "old");
        let own: Vec<_> = own.copied().collect();
        let made = corpus(&own, &|_, _| ()).expect("the searches end").corpus;
        let mut value = serde_json::to_value(&made).expect("it is JSON");
        let errors: Vec<String> = (schema.iter_errors(&value))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", spec.name);
        let models = &made.specs[0].models;
        assert!(models.iter().any(|model| model.left_out.is_some()));
        assert!(models.iter().any(|model| model.automata.is_some()));
        let place = &mut value["specs"][0]["models"][0]["automata"]["threads"][0]["places"][0];
        place["transitions"][0]["to"] = "nowhere".into();
        assert!(!schema.is_valid(&value));
    }
}
