//! JSON within limits.

use hadir::base::json::{JsonError, Value, decode, encode, json};
use hadir::base::limits::JSON_DEPTH_MAX;
use proptest::prelude::*;

/// JSON values of every kind, some levels deep.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[\\[\\]{}\"\\\\]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-z\"\\[]{1,4}", inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_comes_back(value in values()) {
        let text = encode(&value).expect("encode");
        prop_assert_eq!(decode::<Value>(text.as_bytes(), text.len()), Ok(value));
    }

    #[test]
    fn one_byte_over_the_limit_is_too_much(value in values()) {
        let text = encode(&value).expect("encode");
        let max = text.len() - 1;
        prop_assert_eq!(decode::<Value>(text.as_bytes(), max), Err(JsonError::TooLarge(max)));
    }

    #[test]
    fn a_text_that_was_cut_is_no_value(value in values(), at in 0.0..1.0f64) {
        let text = encode(&json!([value])).expect("encode");
        let cut = (at * (text.len() - 1) as f64) as usize;
        prop_assume!(text.is_char_boundary(cut));
        let got = decode::<Value>(&text.as_bytes()[..cut], 100_000);
        prop_assert!(matches!(got, Err(JsonError::Syntax(..))), "{got:?}");
    }

    #[test]
    fn depth_is_limited_whatever_the_brackets(brackets in "[\\[{]{33,80}") {
        prop_assert_eq!(decode::<Value>(brackets.as_bytes(), 1000), Err(JsonError::TooDeep));
    }
}

#[test]
fn the_deepest_value_is_read_and_the_next_is_not() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(decode::<Value>(nested(JSON_DEPTH_MAX).as_bytes(), 1000).is_ok());
    let deeper = nested(JSON_DEPTH_MAX + 1);
    assert_eq!(
        decode::<Value>(deeper.as_bytes(), 1000),
        Err(JsonError::TooDeep)
    );
}

#[test]
fn what_follows_a_value_is_an_error() {
    for text in ["{} {}", "1 2", "[]]", "null,"] {
        let got = decode::<Value>(text.as_bytes(), 100);
        assert!(
            matches!(got, Err(JsonError::Syntax(1, _))),
            "{text}: {got:?}"
        );
    }
}

#[test]
fn each_error_says_where_or_how_much() {
    for (error, says) in [
        (JsonError::TooLarge(7), "7 bytes"),
        (JsonError::TooDeep, "32 levels"),
        (JsonError::Encoding, "UTF-8"),
        (JsonError::Syntax(3, 9), "line 3, column 9"),
        (JsonError::Shape("missing field `x`".to_owned()), "`x`"),
    ] {
        assert!(error.to_string().contains(says), "{error}");
    }
}
