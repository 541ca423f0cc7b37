//! The documents say what the program prints.

use pagelock::ablation;
use pagelock::report::documents;
use std::path::Path;

#[test]
fn clauses_are_needed_as_expected_and_documents_are_up_to_date() {
    let analyses = crate::analyses();
    let none: [String; 0] = [];
    for report in &analyses.ablations {
        assert_eq!(ablation::differences(report), none);
    }
    for atomicity in &analyses.atomicity {
        assert_eq!(atomicity.failed, none);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = documents(root, crate::runs(), analyses).expect("every part can be made");
    for (name, made) in documents {
        let text = std::fs::read_to_string(root.join(&name)).unwrap_or_default();
        assert!(text == made, "{name} is stale: run `cargo docs-update`");
    }
}
