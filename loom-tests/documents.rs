//! The documents say what the program prints.

use pagelock::ablation;
use pagelock::report::{GENERATED, generate, merges, pictures, sections_from, studies};
use std::path::Path;

#[test]
fn clauses_are_needed_as_recorded_and_documents_are_up_to_date() {
    let studies = studies();
    let none: [String; 0] = [];
    for study in &studies {
        assert_eq!(ablation::differences(study), none);
    }
    let merges = merges();
    for merges in &merges {
        assert_eq!(merges.failed, none);
    }
    let sections =
        sections_from(crate::runs(), &studies, &merges).expect("every check has a result");
    for name in GENERATED {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = std::fs::read_to_string(&path).expect("the document is there");
        let made = generate(&text, &sections).expect("every part is known");
        assert!(text == made, "{name} is stale: run `cargo docs-update`");
        assert!(
            text.contains("<!-- generated: "),
            "{name} has a generated part"
        );
    }
}

#[test]
fn pictures_are_up_to_date() {
    for (name, made) in pictures(crate::runs()) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name);
        let drawn = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(drawn == made, "{name} is stale: run `cargo docs-update`");
    }
}
