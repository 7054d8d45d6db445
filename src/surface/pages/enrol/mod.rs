//! The enrolment station: `/enrol` lists who is not enrolled yet, `/enrol/{person}` leads one
//! person through consent and pictures and then to the next. `look` says of a picture what the
//! camera's page shows as a hint; `own` is the same for one's own phone.

mod look;
pub mod own;
mod station;

use crate::base::id::PersonId;
use crate::domain::identity::person::{self, Person, PersonState};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Route};
use crate::surface::api::entry::Entry;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::Field;
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::read;
use crate::surface::pages::words::enrol as words;
use maud::{Markup, html};

/// People that the list shows.
const SHOWN: usize = 20;

/// People read for one list, most: opening each one's name takes time.
const READ_MAX: usize = 2_000;

/// What these pages send and ask for, with its document.
#[must_use]
pub fn entries() -> Vec<Entry> {
    [look::entries(), own::entries()].concat()
}

/// The routes of the station and of one's own phone.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let mut all = vec![
        read("/enrol", Access::Person, list),
        read("/enrol/next", Access::Person, next),
        read("/enrol/{person}", Access::Person, station::show),
    ];
    all.extend(entries().into_iter().map(|entry| entry.route));
    all.extend(own::routes());
    all
}

/// Active people of a class (all, if empty) whose face is not enrolled, in the order they were
/// added, after `after`.
fn waiting(
    native: &Native,
    caller: &Caller,
    class: &str,
    after: Option<PersonId>,
    most: usize,
) -> Result<Vec<Person>, Problem> {
    let class = class.to_lowercase();
    let waits = |p: &Person| {
        let same = || p.class.as_ref().is_some_and(|c| c.to_lowercase() == class);
        p.face_pictures.is_none() && p.state == PersonState::Active && (class.is_empty() || same())
    };
    let (mut found, mut after, mut seen) = (Vec::new(), after, 0);
    while found.len() < most && seen < READ_MAX {
        let rows = native.read(caller, |v, c| person::list(v, c, after, 200))?;
        let Some(last) = rows.last().map(|p| p.id) else {
            break;
        };
        seen += rows.len();
        after = Some(last);
        found.extend(rows.into_iter().filter(waits));
    }
    found.truncate(most);
    Ok(found)
}

/// Where the next one is enrolled.
fn next_address(person: PersonId, class: &str) -> String {
    format!("/enrol/{person}{}", class_query(class))
}

fn class_query(class: &str) -> String {
    if class.is_empty() {
        return String::new();
    }
    format!("?class={}", layout::escape(class))
}

/// `GET /enrol/next?after=&class=`: leads to the next one, or to the list.
fn next(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let class = request.query("class").unwrap_or_default();
    let after = request.query("after").and_then(|a| a.parse().ok());
    let found = waiting(native, caller, class, after, 1)?;
    let to = match found.first() {
        Some(person) => next_address(person.id, class),
        None => format!("/enrol{}", class_query(class)),
    };
    Ok(Reply::see_other(&to))
}

/// `GET /enrol?class=`.
fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let language = caller.language;
    let class = request.query("class").unwrap_or_default().trim();
    let found = waiting(native, caller, class, None, SHOWN)?;
    let body = html! {
        h1 { (words::TITLE.of(language)) }
        p.lead { (words::LEAD.of(language)) }
        (filter(language, class))
        (people(language, class, &found))
    };
    let page = Page::new(words::TITLE.of(language), body);
    Ok(layout::reply(native, caller, &request, page))
}

fn filter(language: Language, class: &str) -> Markup {
    let field = Field::new("class", words::CLASS).value(class).optional();
    html! {
        form.toolbar method="get" action="/enrol" {
            (field.hint(words::CLASS_HINT.of(language)).chars_max(120).show(language))
            button { (words::SHOW.of(language)) }
            a.button.quiet href="/people" { (words::FIND.of(language)) }
        }
    }
}

fn people(language: Language, class: &str, found: &[Person]) -> Markup {
    let Some(first) = found.first() else {
        return html! {
            div.card.empty {
                (icon::draw(Icon::Face))
                h2 { (words::NOBODY_TITLE.of(language)) }
                p { (words::NOBODY.of(language)) }
            }
        };
    };
    html! {
        p { a.button.primary.large href=(next_address(first.id, class)) { (words::START.of(language)) } }
        section.card {
            h2 { (words::WAITING.of(language)) }
            ul.list {
                @for person in found {
                    li {
                        div.grow {
                            a href=(next_address(person.id, class)) { (person.name) }
                            @if let Some(class) = &person.class { small { (class) } }
                        }
                        @if let Some(number) = &person.number { span.muted { (number) } }
                    }
                }
            }
        }
    }
}
