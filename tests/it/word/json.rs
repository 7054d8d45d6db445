//! JSON from outside: how deep, how large, of which shape.

use hadir::base::json::{JsonError, Value, decode, json};
use hadir::base::limits::{JSON_BODY_BYTES_MAX, JSON_DEPTH_MAX};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn read(text: &str) -> Result<Value, JsonError> {
    decode(text.as_bytes(), JSON_BODY_BYTES_MAX)
}

#[test]
fn depth_ends_exactly_at_its_limit() {
    let forms = [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")];
    for (open, close) in forms {
        let levels = open.matches(['[', '{']).count();
        let nested = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
        let most = JSON_DEPTH_MAX / levels;
        assert!(read(&nested(most)).is_ok(), "{open} {most}");
        assert_eq!(read(&nested(most + 1)), Err(JsonError::TooDeep), "{open}");
        assert_eq!(read(&open.repeat(10_000)), Err(JsonError::TooDeep));
    }
}

#[test]
fn depth_is_of_what_is_open_at_once() {
    let wide = format!("[{}[]]", "[[]],".repeat(5000));
    assert!(read(&wide).is_ok());
}

#[test]
fn size_ends_exactly_at_its_limit() {
    let text = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2));
    for max in [2, 10, 1000] {
        assert!(decode::<Value>(text(max).as_bytes(), max).is_ok());
        let over = decode::<Value>(text(max + 1).as_bytes(), max);
        assert_eq!(over, Err(JsonError::TooLarge(max)));
    }
    // What is too large is not looked at: it need not even be JSON.
    assert_eq!(
        decode::<Value>(&[0xff; 11], 10),
        Err(JsonError::TooLarge(10))
    );
}

#[test]
fn what_is_not_json_names_the_place() {
    let table = [
        ("", 1, 0),
        ("nul", 1, 3),
        ("[1,]", 1, 4),
        ("{\"a\" 1}", 1, 6),
        ("[1]\n[2]", 2, 1),
        ("{\n \"a\": 01\n}", 2, 7),
        ("'a'", 1, 1),
        ("[NaN]", 1, 2),
        ("\"a\nb\"", 2, 0),
        ("\"\\u12\"", 1, 6),
    ];
    for (text, line, column) in table {
        let Err(JsonError::Syntax(at, _)) = read(text) else {
            panic!("{text:?}: {:?}", read(text))
        };
        assert_eq!(at, line, "{text:?}, about column {column}");
    }
    for bytes in [&b"\"\xff\""[..], b"\"\xc3\"", b"\xef\xbb\xbf\xfe"] {
        assert_eq!(decode::<Value>(bytes, 100), Err(JsonError::Encoding));
    }
}

#[test]
fn half_a_pair_of_surrogates_is_no_text() {
    assert!(read("\"\\ud83d\\ude00\"").is_ok());
    for text in ["\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83dx\""] {
        assert!(matches!(read(text), Err(JsonError::Syntax(..))), "{text}");
    }
}

#[test]
fn numbers_that_do_not_fit_are_of_the_wrong_shape() {
    assert_eq!(decode::<u8>(b"255", 10), Ok(255));
    for text in ["256", "-1", "1.5", "1e2", "\"1\"", "null", "[1]"] {
        let got = decode::<u8>(text.as_bytes(), 10);
        assert!(matches!(got, Err(JsonError::Shape(_))), "{text}: {got:?}");
    }
}

#[test]
fn errors_never_repeat_the_document() {
    let secret = "rahasia".repeat(10);
    let texts = [
        format!("{{\"a\": {secret}}}"),
        format!("[\"{secret}\", ]"),
        format!("\"{secret}"),
    ];
    for text in texts {
        let error = read(&text).expect_err("not JSON").to_string();
        assert!(!error.contains("rahasia"), "{error}");
    }
}

/// Levels of a value; a plain one has none.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(items) => 1 + items.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|b| json!(b)),
        any::<i64>().prop_map(|n| json!(n)),
        "[\\[\\]{}\"\\\\a-c\n]{0,12}".prop_map(|t| json!(t)),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map("[\\[{\"a-z]{0,4}", inner, 0..6)
                .prop_map(|m: BTreeMap<String, Value>| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn brackets_in_texts_and_keys_are_not_levels(value in value(), around in 0..40usize) {
        let text = format!("{}{}{}", "[".repeat(around), value, "]".repeat(around));
        let deep = depth(&value) + around > JSON_DEPTH_MAX;
        prop_assert_eq!(read(&text) == Err(JsonError::TooDeep), deep);
        prop_assert_eq!(read(&text).is_ok(), !deep);
    }
}
