//! A corpus is what its JSON schema says.

use crate::schema::errors;
use pagelock::export::{JSON_SCHEMA, corpus, models};
use pagelock::protocols::ALL;
use serde_json::Value;

#[test]
fn an_export_is_what_the_schema_says() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).expect("the schema is JSON");
    for spec in ALL {
        let models = models(ALL, &[spec.name.to_string()], None).expect("it has models");
        // Those of the old design; the explicit-state engine does not run every one.
        let own = models.iter().filter(|model| model.design.name == "old");
        let own: Vec<_> = own.copied().collect();
        let made = corpus(&own, &|_, _| ()).expect("the searches end").corpus;
        let mut value = serde_json::to_value(&made).expect("it is JSON");
        assert_eq!(errors(&schema, &value), [""; 0], "{}", spec.name);
        let models = &made.specs[0].models;
        assert!(models.iter().any(|model| model.left_out.is_some()));
        assert!(models.iter().any(|model| model.automata.is_some()));
        let local =
            &mut value["specs"][0]["models"][0]["automata"]["threads"][0]["local_states"][0];
        local["transitions"][0]["to"] = "nowhere".into();
        assert_eq!(errors(&schema, &value).len(), 1);
    }
}
