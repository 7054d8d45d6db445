//! `POST /people/bulk`: the same done to everybody who is ticked in the list.

use crate::base::id::PersonId;
use crate::base::limits;
use crate::base::text::Name;
use crate::domain::identity::bulk::{self, Bulk};
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::Field;
use crate::surface::pages::words::{Words, people as words};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// What can be chosen, and how it is called.
const CHOICES: [(&str, Words); 4] = [
    ("class", words::BULK_CLASS),
    ("disable", words::DISABLE),
    ("enable", words::ENABLE),
    ("erase", words::ERASE),
];

/// What is said after it was tried (`?bulk=`).
pub const TOLD: [(&str, Words, bool); 4] = [
    ("done", words::BULK_DONE, true),
    ("nobody", words::BULK_NOBODY, false),
    ("count", words::BULK_COUNT, false),
    ("class", words::BULK_CLASS_WRONG, false),
];

/// The fields below the list, within its form.
#[must_use]
pub fn fields(language: Language) -> Markup {
    let class = Field::new("class", words::CLASS).hint(words::BULK_CLASS_HINT.of(language));
    let count = Field::new("count", words::BULK_COUNT_FIELD)
        .hint(words::BULK_COUNT_HINT.of(language))
        .inputmode("numeric");
    html! {
        details.card {
            summary { (words::BULK.of(language)) }
            fieldset {
                legend { (words::BULK_WHAT.of(language)) }
                @for (at, (value, label)) in CHOICES.iter().enumerate() {
                    label.choice {
                        input type="radio" name="act" value=(value) checked[at == 0];
                        span { (label.of(language)) }
                    }
                }
            }
            (class.optional().show(language))
            (count.optional().show(language))
            button { (words::BULK_DO.of(language)) }
        }
    }
}

/// The form: `person` for each who is ticked, `act`, `class`, `count`.
///
/// # Errors
/// 403 without the right, 404 if one of them is gone, 409 for the last administrator, and those of
/// the box; nothing was done then.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let _may = (actor.manage_people()).map_err(crate::domain::fault::Fault::from)?;
    let form = request.form()?;
    let ids: BTreeSet<PersonId> = form
        .all("person")
        .filter_map(|id| id.parse().ok())
        .collect();
    let ids: Vec<PersonId> = ids.into_iter().take(limits::BULK_PEOPLE_MAX).collect();
    let what = match read(&form, ids.len()) {
        Ok(what) => what,
        Err(told) => return Ok(Reply::see_other(&format!("/people?bulk={told}"))),
    };
    let erases = what == Bulk::Erase;
    native.write(caller, move |tx, call| bulk::apply(tx, call, &ids, &what))?;
    if erases {
        native.core.empty_log(SURFACE);
    }
    Ok(Reply::see_other("/people?bulk=done"))
}

/// What is to be done; Err: what is said instead.
fn read(form: &Form, people: usize) -> Result<Bulk, &'static str> {
    if people == 0 {
        return Err("nobody");
    }
    match form.text("act") {
        "enable" => Ok(Bulk::Enable),
        "disable" => Ok(Bulk::Disable),
        // Nobody erases more people than they have counted.
        "erase" if form.text("count").parse() == Ok(people) => Ok(Bulk::Erase),
        "erase" => Err("count"),
        _ => match form.text("class") {
            "" => Ok(Bulk::Class(None)),
            class => class
                .parse::<Name>()
                .map(|c| Bulk::Class(Some(c)))
                .map_err(|_| "class"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_form(text: &str, people: usize) -> Result<Bulk, &'static str> {
        read(&Form::read(text).expect("a form"), people)
    }

    #[test]
    fn each_choice_is_read_and_what_is_missing_is_said() {
        assert_eq!(read_form("act=disable", 2), Ok(Bulk::Disable));
        assert_eq!(read_form("act=enable", 2), Ok(Bulk::Enable));
        assert_eq!(read_form("act=class&class=", 2), Ok(Bulk::Class(None)));
        let class = "XI IPA 1".parse().ok();
        assert_eq!(
            read_form("act=class&class=XI+IPA+1", 2),
            Ok(Bulk::Class(class))
        );
        assert_eq!(read_form("act=class&class=%00", 2), Err("class"));
        for act in ["disable", "enable", "class", "erase"] {
            assert_eq!(read_form(&format!("act={act}&count=0"), 0), Err("nobody"));
        }
    }

    /// Nobody is erased by a slip: the number must be how many are ticked.
    #[test]
    fn erasing_needs_the_right_number() {
        assert_eq!(read_form("act=erase&count=2", 2), Ok(Bulk::Erase));
        for count in ["", "1", "3", "dua", "2.0", "-2"] {
            let text = format!("act=erase&count={count}");
            assert_eq!(read_form(&text, 2), Err("count"), "{count}");
        }
    }

    #[test]
    fn everything_that_is_said_is_said_once() {
        for (at, (name, ..)) in TOLD.iter().enumerate() {
            let other = TOLD.iter().skip(at + 1).any(|(other, ..)| other == name);
            assert!(!other, "{name} twice");
        }
        let text = fields(Language::En).into_string();
        assert_eq!(text.matches("type=\"radio\"").count(), CHOICES.len());
        assert_eq!(text.matches(" checked").count(), 1, "the harmless one");
        assert!(text.contains("value=\"class\" checked"), "{text}");
    }
}
