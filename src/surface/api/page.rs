//! Lists in pages: `after` is the cursor of the page before, `limit` how many; the answer has
//! `items` and `next`, which is null at the end.

use crate::base::limits;
use crate::http::problem::Problem;
use crate::http::request::Head;
use crate::surface::api::entry::{Form, Param};
use std::fmt::Display;
use std::str::FromStr;

/// Items of a page when nobody says how many.
const ROWS: u32 = 50;

/// The cursor of a page.
pub const AFTER: Param = Param {
    name: "after",
    about: "The `next` of the page before.",
    required: false,
    form: Form::Id,
};

/// How many items a page has.
pub const LIMIT: Param = Param {
    name: "limit",
    about: "Items of the page, most; 50 if not said.",
    required: false,
    form: Form::Number(limits::LIST_ROWS_MAX),
};

/// Refuses parameters that the route does not know.
///
/// # Errors
/// 422, naming the first of them.
pub fn known(head: &Head, names: &[&str]) -> Result<(), Problem> {
    let mut unknown = head.query_names().filter(|n| !names.contains(n));
    let Some(name) = unknown.next() else {
        return Ok(());
    };
    let known = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    let message = format!("There is no such parameter here; known are: {known}.");
    Err(Problem::field(name, message))
}

/// A parameter that may be missing.
///
/// # Errors
/// 422, naming it.
pub fn value<T: FromStr<Err: Display>>(head: &Head, name: &str) -> Result<Option<T>, Problem> {
    let read = |text: &str| {
        text.parse().map_err(|e: T::Err| {
            Problem::field(name, format!("The parameter {name} cannot be this: {e}."))
        })
    };
    head.query(name).map(read).transpose()
}

/// A text of the query that may be missing, without the space around it.
///
/// # Errors
/// 422, naming it: it has more than `chars_max` characters.
pub fn text<'a>(head: &'a Head, name: &str, chars_max: usize) -> Result<Option<&'a str>, Problem> {
    let text = head.query(name);
    if text.is_none_or(|t| t.chars().count() <= chars_max) {
        return Ok(text.map(str::trim));
    }
    let message = format!("The parameter {name} has at most {chars_max} characters.");
    Err(Problem::field(name, message))
}

/// Letters to look people up by, of a parameter that may be missing.
///
/// # Errors
/// 422, naming it: they are too few or too many.
pub fn letters<'a>(head: &'a Head, name: &str) -> Result<Option<&'a str>, Problem> {
    let found = text(head, name, limits::SEARCH_CHARS_MAX)?;
    if found.is_some_and(|t| t.chars().count() < limits::SEARCH_LETTERS_MIN) {
        return Err(Problem::field(name, "Give at least three letters."));
    }
    Ok(found)
}

/// How many items the page may have.
///
/// # Errors
/// 422, naming `limit`.
pub fn limit(head: &Head) -> Result<u32, Problem> {
    let asked: u32 = value(head, "limit")?.unwrap_or(ROWS);
    if (1..=limits::LIST_ROWS_MAX).contains(&asked) {
        return Ok(asked);
    }
    let message = format!("A page has 1 to {} items.", limits::LIST_ROWS_MAX);
    Err(Problem::field("limit", message))
}

/// The cursor of the next page: the last item's, if the page is full.
pub fn next<T>(items: &[T], limit: u32, cursor: impl Fn(&T) -> String) -> Option<String> {
    let full = u32::try_from(items.len()).is_ok_and(|n| n >= limit);
    items.last().filter(|_| full).map(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let text = |n: &u32| n.to_string();
        assert_eq!(next(&[1, 2], 2, text), Some("2".to_owned()));
        assert_eq!(next(&[1], 2, text), None);
        assert_eq!(next(&[], 2, text), None);
    }
}
