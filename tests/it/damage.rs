//! Documents, damaged.

use proptest::prelude::*;
use serde_json::{Value, json};

/// What becomes of a part of a document, or of its text.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// The part of this number is another value.
    Put(usize, Value),
    /// The number of this number is the largest there is.
    Largest(usize),
    /// The part is gone.
    Remove(usize),
    /// The part lies this deep in lists.
    Bury(usize, usize),
    /// A byte is another one.
    Byte(usize, u8),
    /// The text ends there.
    Truncate(usize),
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(u64::MAX), 0..5_u64].prop_map(Value::from),
        prop_oneof![Just(i64::MIN), Just(-1)].prop_map(Value::from),
        Just(json!(1e300)),
        ".{0,9}".prop_map(Value::from),
        Just(Value::from("\u{202e}é\u{0}\x1b[31m")),
        Just(Value::from("x".repeat(5_000))),
        prop::collection::vec(0..9_u8, 0..300).prop_map(Value::from),
    ]
}

pub(crate) fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let one = prop_oneof![
        6 => (any::<usize>(), values()).prop_map(|(part, value)| Damage::Put(part, value)),
        2 => any::<usize>().prop_map(Damage::Largest),
        3 => any::<usize>().prop_map(Damage::Remove),
        1 => (any::<usize>(), prop_oneof![Just(3_usize), Just(200), Just(100_000)])
            .prop_map(|(part, deep)| Damage::Bury(part, deep)),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        1 => any::<usize>().prop_map(Damage::Truncate),
    ];
    prop::collection::vec(one, 1..4)
}

/// Every part of a document as a way to it.
fn parts(value: &Value, way: &str, found: &mut Vec<String>) {
    found.push(way.to_string());
    match value {
        Value::Array(list) => {
            for (place, part) in list.iter().enumerate() {
                parts(part, &format!("{way}/{place}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, part) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                parts(part, &format!("{way}/{name}"), found);
            }
        }
        _ => (),
    }
}

pub(crate) fn damaged(whole: &Value, damage: &[Damage]) -> String {
    let mut value = whole.clone();
    let mut text = None;
    for damage in damage {
        let mut ways = Vec::new();
        parts(&value, "", &mut ways);
        let way = |part: &usize| ways[part % ways.len()].clone();
        match damage {
            Damage::Put(part, other) => {
                *value.pointer_mut(&way(part)).expect("a part") = other.clone();
            }
            Damage::Largest(part) => {
                ways.retain(|way| value.pointer(way).is_some_and(Value::is_number));
                if !ways.is_empty() {
                    let way = &ways[part % ways.len()];
                    *value.pointer_mut(way).expect("a part") = u64::MAX.into();
                }
            }
            Damage::Remove(part) => {
                let way = way(part);
                let (parent, name) = way.rsplit_once('/').unwrap_or_default();
                match value.pointer_mut(parent) {
                    Some(Value::Object(fields)) => drop(fields.remove(name)),
                    Some(Value::Array(list)) if !list.is_empty() => {
                        list.remove(part % list.len());
                    }
                    _ => (),
                }
            }
            Damage::Bury(part, deep) => {
                let mark = "to be buried";
                *value.pointer_mut(&way(part)).expect("a part") = mark.into();
                let buried = "[".repeat(*deep) + &"]".repeat(*deep);
                text = Some(value.to_string().replace(&format!("\"{mark}\""), &buried));
            }
            Damage::Byte(at, byte) => {
                let mut bytes = value.to_string().into_bytes();
                let at = at % bytes.len();
                bytes[at] = *byte;
                text = Some(String::from_utf8_lossy(&bytes).into_owned());
            }
            Damage::Truncate(at) => {
                let mut whole = value.to_string();
                while !whole.is_char_boundary(at % (whole.len() + 1)) {
                    whole.pop();
                }
                whole.truncate(at % (whole.len() + 1));
                text = Some(whole);
            }
        }
    }
    text.unwrap_or_else(|| value.to_string())
}
