//! Bodies as the original's framework read them, and the entries with which it told what is wrong
//! (FastAPI with Pydantic 2): field by field, in the order in which they are declared.

use crate::base::json::{self, JsonError, Value, json};
use crate::base::limits;
use crate::http::request::Request;
use crate::surface::identity::answer::No;

/// A field that is a text.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Fewest characters.
    pub least: usize,
    /// Most characters.
    pub most: usize,
    /// What it is where it is left out; None: it must be there.
    pub default: Option<&'static str>,
}

/// The texts of a body, in the order of `fields`.
///
/// # Errors
/// 422 with an entry for each field that is wrong; 400 for what is no text at all.
pub fn texts<const N: usize>(request: &Request, fields: [Field; N]) -> Result<[String; N], No> {
    let body = body(request.header("content-type"), request.body())?;
    let mut wrong = Vec::new();
    let texts = fields.map(|field| match text(&body, field) {
        Ok(text) => text,
        Err(item) => {
            wrong.push(item);
            String::new()
        }
    });
    if wrong.is_empty() {
        Ok(texts)
    } else {
        Err(No::Items(wrong))
    }
}

/// One entry; `limit` is told once more beside the sentence.
fn item(kind: &str, place: Value, message: &str, input: &Value, limit: Option<Value>) -> Value {
    let mut item = json!({"type": kind, "loc": place, "msg": message, "input": input});
    if let (Some(limit), Some(fields)) = (limit, item.as_object_mut()) {
        fields.insert("ctx".to_owned(), limit);
    }
    item
}

fn missing(place: Value, input: &Value) -> Value {
    item("missing", place, "Field required", input, None)
}

/// Whether a body of this type is read as JSON: it is where nothing is said.
fn is_json(kind: Option<&str>) -> bool {
    let Some(kind) = kind else { return true };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind.strip_prefix("application/")
        .is_some_and(|rest| rest == "json" || rest.ends_with("+json"))
}

/// The object in a body.
fn body(kind: Option<&str>, bytes: &[u8]) -> Result<Value, No> {
    let value = if bytes.is_empty() {
        Value::Null
    } else if is_json(kind) {
        parsed(bytes)?
    } else {
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable())?;
        Value::from(text)
    };
    match value {
        Value::Object(_) => Ok(value),
        Value::Null => Err(No::Items(vec![missing(json!(["body"]), &value)])),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            let message = "Input should be a valid dictionary or object to extract fields from";
            let place = json!(["body"]);
            let item = item("model_attributes_type", place, message, &value, None);
            Err(No::Items(vec![item]))
        }
    }
}

const fn unreadable() -> No {
    No::Because(400, "There was an error parsing the body")
}

fn parsed(bytes: &[u8]) -> Result<Value, No> {
    json::decode::<Value>(bytes, limits::JSON_BODY_BYTES_MAX).map_err(|error| {
        let JsonError::Syntax(line, column) = error else {
            return unreadable();
        };
        let place = json!(["body", offset(bytes, line, column)]);
        let limit = json!({"error": "Expecting value"});
        No::Items(vec![item(
            "json_invalid",
            place,
            "JSON decode error",
            &json!({}),
            Some(limit),
        )])
    })
}

/// How many characters stand before the place where a text stops being JSON.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let before: usize = lines.map(|l| l.chars().count()).sum();
    let last = text.split_inclusive('\n').nth(line.saturating_sub(1));
    let within = last.and_then(|l| l.get(..column.saturating_sub(1).min(l.len())));
    before + within.map_or(column.saturating_sub(1), |l| l.chars().count())
}

fn text(body: &Value, field: Field) -> Result<String, Value> {
    let place = json!(["body", field.name]);
    let Some(value) = body.get(field.name) else {
        let left = field.default.map(str::to_owned);
        return left.ok_or_else(|| missing(place, body));
    };
    let Some(text) = value.as_str() else {
        let message = "Input should be a valid string";
        return Err(item("string_type", place, message, value, None));
    };
    let characters = text.chars().count();
    let count = |n: usize| format!("{n} character{}", if n == 1 { "" } else { "s" });
    if characters < field.least {
        let message = format!("String should have at least {}", count(field.least));
        let limit = json!({"min_length": field.least});
        return Err(item(
            "string_too_short",
            place,
            &message,
            value,
            Some(limit),
        ));
    }
    if characters > field.most {
        let message = format!("String should have at most {}", count(field.most));
        let limit = json!({"max_length": field.most});
        return Err(item("string_too_long", place, &message, value, Some(limit)));
    }
    Ok(text.to_owned())
}

/// The entry for a name that looks like another one.
pub fn misleading(name: &str) -> No {
    let message = "Value error, the name has characters that look like others or cannot be seen";
    let place = json!(["body", "username"]);
    No::Items(vec![item(
        "value_error",
        place,
        message,
        &Value::from(name),
        Some(json!({"error": {}})),
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_what_says_so_or_says_nothing() {
        let table = [
            (None, true),
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/problem+json"), true),
            (Some("text/plain"), false),
            (Some("text/json"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (Some(""), false),
        ];
        for (kind, want) in table {
            assert_eq!(is_json(kind), want, "{kind:?}");
        }
    }

    #[test]
    fn the_place_of_a_mistake_is_counted_in_characters() {
        for (text, want) in [("{bad}", 1), ("x", 0), ("{\"é\":x}", 5), ("{\n\"a\" 1}", 6)] {
            let Err(No::Items(items)) = parsed(text.as_bytes()) else {
                panic!("{text} was read")
            };
            assert_eq!(items[0]["loc"], json!(["body", want]), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let _ = body(None, &bytes);
            let _ = body(Some("text/plain"), &bytes);
        }
    }
}
