//! Validates JSON by a JSON Schema, as far as the schemas of this crate use it. An unknown keyword is a panic, so no
//! rule of a schema is skipped.

use serde_json::Value;

/// Every place where a value does not fit the schema, with the reason.
pub(crate) fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    let root = schema;
    check(root, schema, value, "", &mut errors);
    errors
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, errors: &mut Vec<String>) {
    let rules = schema.as_object().expect("a schema is an object");
    for (keyword, rule) in rules {
        let alternatives = || rule.as_array().expect("a list of schemas");
        let fitting = || {
            let fits = |one: &&Value| {
                let mut own = Vec::new();
                check(root, one, value, at, &mut own);
                own.is_empty()
            };
            alternatives().iter().filter(fits).count()
        };
        let fits = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "format" | "default" => true,
            "$ref" => {
                let path = rule.as_str().and_then(|path| path.strip_prefix('#'));
                let target = path.and_then(|path| root.pointer(path));
                check(root, target.expect("it is in the file"), value, at, errors);
                true
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|one| is_of(one, value)),
                one => is_of(one, value),
            },
            "const" => rule == value,
            "enum" => alternatives().contains(value),
            // A rule for numbers, lists or objects says nothing of other values.
            "minimum" => (value.as_f64()).is_none_or(|number| Some(number) >= rule.as_f64()),
            "maximum" => (value.as_f64()).is_none_or(|number| Some(number) <= rule.as_f64()),
            "minItems" => (value.as_array()).is_none_or(|list| Some(list.len()) >= length(rule)),
            "maxItems" => (value.as_array()).is_none_or(|list| Some(list.len()) <= length(rule)),
            "anyOf" => fitting() > 0,
            "oneOf" => fitting() == 1,
            "required" => {
                let has = |name: &Value| value.get(name.as_str().expect("a name")).is_some();
                !value.is_object() || alternatives().iter().all(has)
            }
            "properties" => {
                for (name, of) in rule.as_object().expect("schemas by name") {
                    if let Some(member) = value.get(name) {
                        check(root, of, member, &format!("{at}/{name}"), errors);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Value::as_object);
                let members = value.as_object().into_iter().flatten();
                let mut others =
                    members.filter(|(name, _)| !known.is_some_and(|it| it.contains_key(*name)));
                match rule {
                    Value::Bool(allowed) => *allowed || others.next().is_none(),
                    of => {
                        for (name, member) in others {
                            check(root, of, member, &format!("{at}/{name}"), errors);
                        }
                        true
                    }
                }
            }
            "prefixItems" => {
                let pairs = alternatives()
                    .iter()
                    .zip(value.as_array().into_iter().flatten());
                for (index, (of, item)) in pairs.enumerate() {
                    check(root, of, item, &format!("{at}/{index}"), errors);
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}/{index}"), errors);
                }
                true
            }
            other => panic!("the validator does not know `{other}`"),
        };
        if !fits {
            errors.push(format!("{at}: {keyword} {rule}"));
        }
    }
}

fn length(rule: &Value) -> Option<usize> {
    rule.as_u64()
        .and_then(|length| usize::try_from(length).ok())
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        _ => panic!("the validator does not know the type {kind}"),
    }
}

#[test]
fn the_validator_refuses_what_does_not_fit() {
    let schema = serde_json::json!({
        "$defs": {"name": {"type": "string"}},
        "type": "object",
        "properties": {
            "name": {"$ref": "#/$defs/name"},
            "kind": {"oneOf": [{"const": "a"}, {"enum": ["b"]}]},
            "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "null"}],
                "minItems": 2, "maxItems": 2},
            "more": {"type": ["array", "null"], "items": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 2}]}},
        },
        "required": ["name"],
        "additionalProperties": false,
    });
    let fits = serde_json::json!({"name": "n", "kind": "b", "pair": [1, null], "more": [1, 2]});
    assert_eq!(errors(&schema, &fits), [""; 0]);
    for (way, bad) in [
        ("name", serde_json::json!(1)),
        ("kind", serde_json::json!("c")),
        ("pair", serde_json::json!([1])),
        ("pair", serde_json::json!([1, 2])),
        ("pair", serde_json::json!([1, null, 3])),
        ("more", serde_json::json!([0])),
        ("more", serde_json::json!([3])),
        ("more", serde_json::json!({})),
        ("pair", serde_json::json!({})),
        ("other", serde_json::json!(1)),
    ] {
        let mut value = fits.clone();
        value[way] = bad;
        assert!(!errors(&schema, &value).is_empty(), "{value}");
    }
    assert!(!errors(&schema, &serde_json::json!({})).is_empty());
}
