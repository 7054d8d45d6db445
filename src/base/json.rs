//! JSON with limits: size before parsing, depth while parsing (serde_json stops at 128
//! levels; we stop earlier), unknown fields named in the error.

use crate::base::limits;
use std::fmt;

/// A JSON value of any shape.
pub type Value = serde_json::Value;

/// Why a text is not the JSON that was wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// Longer than the limit, in bytes.
    TooLarge(usize),
    /// Nested deeper than [`limits::JSON_DEPTH_MAX`].
    TooDeep,
    /// Not UTF-8.
    Encoding,
    /// Not JSON: line, column.
    Syntax(usize, usize),
    /// JSON, but not of the wanted shape. The text ends with ", in" and, between backticks, the
    /// field with those around it: "in `person.name`"; nothing for the whole text.
    Shape(String),
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(max) => write!(f, "the JSON text is longer than {max} bytes"),
            Self::TooDeep => write!(
                f,
                "the JSON text is nested deeper than {} levels",
                limits::JSON_DEPTH_MAX
            ),
            Self::Encoding => f.write_str("the JSON text is not valid UTF-8"),
            Self::Syntax(line, column) => write!(f, "not JSON: line {line}, column {column}"),
            Self::Shape(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for JsonError {}

/// Nesting depth of a JSON text, without parsing it: brackets outside of strings.
fn depth(text: &[u8]) -> usize {
    let (mut now, mut most, mut quoted, mut escaped) = (0usize, 0usize, false, false);
    for b in text {
        match (quoted, escaped, b) {
            (true, true, _) => escaped = false,
            (true, false, b'\\') => escaped = true,
            (_, false, b'"') => quoted = !quoted,
            (false, _, b'[' | b'{') => {
                now += 1;
                most = most.max(now);
            }
            (false, _, b']' | b'}') => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// The field in which a reader stopped at this line and column: the names of the objects around
/// it and the numbers of list entries, between dots. The text is JSON up to there.
fn place(text: &str, line: usize, column: usize) -> String {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let end = before.saturating_add(column).min(text.len());
    let read = text.as_bytes().get(..end).unwrap_or_default();
    // Some faults are only told when the object around them has been closed.
    let read = match read.split_last() {
        Some((b'}' | b']', inside))
            if !matches!(inside.trim_ascii_end().last(), Some(b'{' | b'[')) =>
        {
            inside
        }
        Some(_) | None => read,
    };
    let mut around: Vec<Step> = Vec::new();
    let mut quoted: Option<Vec<u8>> = None;
    let mut last = String::new();
    let mut escaped = false;
    for b in read {
        if let Some(word) = &mut quoted {
            match (escaped, b) {
                (false, b'"') => {
                    last = String::from_utf8_lossy(word).into_owned();
                    quoted = None;
                }
                (_, _) => word.push(*b),
            }
            escaped = !escaped && *b == b'\\';
            continue;
        }
        match (b, around.last_mut()) {
            (b'"', _) => quoted = Some(Vec::new()),
            (b'{', _) => around.push(Step::Field(String::new())),
            (b'[', _) => around.push(Step::Entry(0)),
            (b'}' | b']', _) => drop(around.pop()),
            (b':', Some(Step::Field(name))) => name.clone_from(&last),
            (b',', Some(Step::Entry(number))) => *number += 1,
            (_, _) => {}
        }
    }
    let steps = around.iter().map(ToString::to_string);
    steps
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(".")
}

/// One step on the way to a place in a JSON text.
enum Step {
    /// The field of an object that was read last.
    Field(String),
    /// The entry of a list.
    Entry(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Entry(number) => number.fmt(f),
        }
    }
}

/// Reads a value from at most `bytes_max` bytes of JSON.
///
/// # Errors
/// Each variant of [`JsonError`]; a shape error names the field.
pub fn decode<T: serde::de::DeserializeOwned>(
    text: &[u8],
    bytes_max: usize,
) -> Result<T, JsonError> {
    if text.len() > bytes_max {
        return Err(JsonError::TooLarge(bytes_max));
    }
    if depth(text) > limits::JSON_DEPTH_MAX {
        return Err(JsonError::TooDeep);
    }
    let text = std::str::from_utf8(text).map_err(|_| JsonError::Encoding)?;
    serde_json::from_str(text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => {
            let place = place(text, e.line(), e.column());
            JsonError::Shape(format!("{e}, in `{place}`"))
        }
        serde_json::error::Category::Io
        | serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof => JsonError::Syntax(e.line(), e.column()),
    })
}

/// What was written as an object. A derived struct also takes a list of values in the order of its
/// fields; in this it does not.
#[derive(Debug)]
pub struct Object<T>(pub T);

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Object<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Fields(std::marker::PhantomData))
    }
}

struct Fields<T>(std::marker::PhantomData<T>);

impl<'de, T: serde::Deserialize<'de>> serde::de::Visitor<'de> for Fields<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: serde::de::MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Object)
    }
}

/// Writes a value as JSON on one line.
///
/// # Errors
/// [`JsonError::Shape`] if the value cannot be JSON (a map with keys that are no texts).
pub fn encode<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
    serde_json::to_string(value).map_err(|e| JsonError::Shape(e.to_string()))
}

/// Builds a JSON value: `base::json::json!({"a": 1})`.
pub use serde_json::json;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Point {
        x: i32,
    }

    #[test]
    fn a_list_of_its_fields_is_no_object() {
        let read = |text: &str| decode::<Object<Point>>(text.as_bytes(), 100).map(|o| o.0);
        assert_eq!(decode::<Point>(b"[7]", 100), Ok(Point { x: 7 }));
        assert_eq!(read(r#"{"x":7}"#), Ok(Point { x: 7 }));
        for text in ["[7]", "null", "7"] {
            let Err(JsonError::Shape(what)) = read(text) else {
                panic!("{text} was taken")
            };
            assert!(what.contains("expected an object"), "{what}");
            assert!(what.ends_with("in ``"), "{what}");
        }
        let field = |text| match read(text) {
            Err(JsonError::Shape(what)) => what,
            other => panic!("{text}: {other:?}"),
        };
        assert!(field("{\"x\":\"1\"}").ends_with("in `x`"));
        assert!(field("{\"y\":1}").starts_with("unknown field `y`"));
    }

    #[test]
    fn bad_json_says_what_is_wrong() {
        let deep = "[".repeat(10_000);
        let table: [(&[u8], JsonError); 4] = [
            (b"{\"x\": 1, }", JsonError::Syntax(1, 10)),
            (b"\xff", JsonError::Encoding),
            (deep.as_bytes(), JsonError::TooDeep),
            (&[b' '; 2000], JsonError::TooLarge(1000)),
        ];
        for (text, want) in table {
            let max = if want == JsonError::TooLarge(1000) {
                1000
            } else {
                100_000
            };
            assert_eq!(decode::<Point>(text, max), Err(want));
        }
        for (text, field) in [
            ("{\"x\":1,\"y\":2}", "`y`"),
            ("{}", "`x`"),
            ("{\"x\":\"1\"}", "expected i32"),
        ] {
            match decode::<Point>(text.as_bytes(), 100) {
                Err(JsonError::Shape(what)) => assert!(what.contains(field), "{what}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[allow(dead_code, reason = "only its reading matters")]
        points: Vec<Point>,
        #[allow(dead_code, reason = "only its reading matters")]
        name: String,
    }

    #[test]
    fn a_wrong_value_is_found_again() {
        let table = [
            (r#"{"name":1}"#, "name"),
            (r#"{"name":{"x":1}}"#, "name"),
            ("{\n \"points\": [{\"x\":1},\n {\"x\":null}]}", "points.1.x"),
            (r#"{"points":[{"x":1}],"name":"a","z":2}"#, "name"),
            (r#"{"points":[{"x":1},{}]}"#, "points.1"),
            (r#"{"points":[{"x":1}],"name":["a\"]{"]}"#, "name"),
            (r#"{"name":"\\","points":7}"#, "points"),
            (r#"{"points":[],"name":"a","name":"b"}"#, "name"),
            ("[]", ""),
        ];
        for (text, want) in table {
            match decode::<Line>(text.as_bytes(), 1000) {
                Err(JsonError::Shape(what)) => {
                    let end = format!(", in `{want}`");
                    assert!(what.ends_with(&end), "{text}: {what}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn brackets_in_texts_do_not_count_as_depth() {
        let text = format!("[\"{}\\\"[\"]", "[".repeat(1000));
        assert!(decode::<Value>(text.as_bytes(), 10_000).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = decode::<Value>(&bytes, 1000);
            let _ = decode::<Line>(&bytes, 1000);
        }
    }
}
