//! `/people`: search and list; `/people/new`: add one. What is shown of one person is in `one`,
//! importing in `import`.

pub mod access;
pub mod bulk;
pub mod consent;
pub mod import;
mod line;
pub mod merge;
pub mod one;
pub mod profile;
pub mod rest;
pub mod revert;
mod table;

use crate::base::id::PersonId;
use crate::domain::fault::Fault;
use crate::domain::identity::person::{self, Person, PersonState};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::{done, refused};
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::words::{general, people as words};
use crate::surface::pages::{read, send};
use maud::{Markup, html};

/// People of one page of the list.
const ROWS: u32 = 50;

/// The routes of people.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let person = Access::Person;
    vec![
        read("/people", person, list),
        read("/people/new", person, profile::show_new),
        send("/people/new", person, profile::add),
        read("/people/import", person, import::show),
        import::sending("/people/import", import::check),
        import::sending("/people/import/apply", import::apply),
        import::sending("/people/import/bad", rest::send),
        read("/people/import/{import}", person, revert::show),
        send("/people/import/{import}/undo", person, revert::undo),
        send("/people/bulk", person, bulk::send),
        read("/people/{person}", person, one::show),
        send("/people/{person}", person, one::alter),
        send("/people/{person}/consent", person, consent::give),
        send(
            "/people/{person}/consent/withdraw",
            person,
            consent::withdraw,
        ),
        send("/people/{person}/face/remove", person, one::remove_face),
        send("/people/{person}/disable", person, one::disable),
        send("/people/{person}/enable", person, one::enable),
        send("/people/{person}/erase", person, one::erase),
        send("/people/{person}/export", person, one::export),
        send("/people/{person}/merge", person, merge::send),
    ]
}

/// What a list shows: people, and where it goes on.
struct Found {
    people: Vec<Person>,
    next: Option<PersonId>,
    short: bool,
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let query = request.query("q").unwrap_or_default().trim();
    let found = find(native, caller, query, &request)?;
    let language = caller.language;
    let may_add = caller.known()?.manage_people().is_ok();
    let erased = request.query("done") == Some("erased");
    let body = html! {
        div.head {
            h1 { (words::TITLE.of(language)) }
            @if may_add {
                div.actions {
                    a.button.primary href="/people/new" { (words::ADD.of(language)) }
                    a.button href="/people/import" { (words::IMPORT.of(language)) }
                }
            }
        }
        @if erased { (done(words::ERASED.of(language))) }
        (told(language, request.query("bulk")))
        (search(language, query))
        (results(language, query, &found, may_add))
    };
    let page = Page::new(words::TITLE.of(language), body);
    Ok(layout::reply(native, caller, &request, page))
}

/// What came of doing something to several people.
fn told(language: Language, name: Option<&str>) -> Markup {
    let found = bulk::TOLD.iter().find(|(of, ..)| Some(*of) == name);
    html! {
        @match found {
            Some((_, words, true)) => (done(words.of(language))),
            Some((_, words, false)) => (refused(words.of(language))),
            None => {}
        }
    }
}

fn find(
    native: &Native,
    caller: &Caller,
    query: &str,
    request: &Request,
) -> Result<Found, Problem> {
    let after = request.query("after").and_then(|a| a.parse().ok());
    if query.is_empty() {
        let people = native.read(caller, |v, c| person::list(v, c, after, ROWS))?;
        let full = people.len() == ROWS as usize;
        let next = people.last().filter(|_| full).map(|p| p.id);
        return Ok(Found {
            people,
            next,
            short: false,
        });
    }
    let hits = hits(native, caller, query)?;
    Ok(Found {
        short: hits.is_empty() && query.chars().count() < 3,
        people: hits,
        next: None,
    })
}

/// Whom a text names: parts of the name in any order, or the start of the number.
fn hits(native: &Native, caller: &Caller, query: &str) -> Result<Vec<Person>, Problem> {
    let may = caller.known()?.read_people().map_err(Fault::from)?;
    let core = &native.core;
    let found = core
        .directory
        .get(&core.store, &core.site())?
        .search(may, query);
    native.read(caller, |view, call| {
        let found = found.iter().map(|hit| person::find(view, call, hit.person));
        found.collect::<Result<Vec<_>, _>>()
    })
}

fn search(language: Language, query: &str) -> Markup {
    html! {
        form.toolbar role="search" method="get" action="/people" {
            div.field {
                label for="q" { (words::QUERY.of(language)) }
                input id="q" name="q" type="search" value=(query) autocomplete="off" maxlength="120";
            }
            button { (general::SEARCH.of(language)) }
        }
    }
}

fn results(language: Language, query: &str, found: &Found, ticks: bool) -> Markup {
    html! {
        @if found.short {
            p.notice role="status" { (words::QUERY_SHORT.of(language)) }
        } @else if found.people.is_empty() && query.is_empty() {
            div.card.empty {
                (icon::draw(Icon::People))
                h2 { (words::EMPTY_TITLE.of(language)) }
                p { (words::EMPTY.of(language)) }
            }
        } @else if found.people.is_empty() {
            p.card role="status" { (words::NOTHING_FOUND.fill(language, &[query])) }
        } @else {
            form method="post" action="/people/bulk" {
                div.card.scroll tabindex="0" role="region" aria-label=(words::TITLE.of(language)) {
                    (table(language, &found.people, ticks))
                }
                @if ticks { (bulk::fields(language)) }
            }
            @if let Some(next) = found.next {
                a.button href={ "/people?after=" (next) } { (words::MORE_ROWS.of(language)) }
            }
        }
    }
}

fn table(language: Language, people: &[Person], ticks: bool) -> Markup {
    html! {
        table {
            thead { tr {
                @if ticks { td {} }
                th scope="col" { (words::NAME.of(language)) }
                th scope="col" { (words::NUMBER.of(language)) }
                th scope="col" { (words::CLASS.of(language)) }
                th scope="col" { (words::FACE.of(language)) }
            } }
            tbody {
                @for person in people {
                    tr {
                        @if ticks { (tick(language, person)) }
                        td {
                            a href={ "/people/" (person.id) } { (person.name) }
                            @if person.state != PersonState::Active {
                                " " span.badge { (words::DISABLED.of(language)) }
                            }
                        }
                        td { (person.number.as_deref().unwrap_or("–")) }
                        td { (person.class.as_deref().unwrap_or("–")) }
                        td { (face(language, person)) }
                    }
                }
            }
        }
    }
}

/// The box to tick for doing something to several people.
fn tick(language: Language, person: &Person) -> Markup {
    let id = format!("tick-{}", person.id);
    html! {
        td {
            label.tick for=(id) {
                input type="checkbox" id=(id) name="person" value=(person.id)
                    aria-label=(words::TICK.fill(language, &[&person.name]));
            }
        }
    }
}

/// Whether a face is enrolled, as a mark with a word.
pub(super) fn face(language: Language, person: &Person) -> Markup {
    html! {
        @if person.face_pictures.is_some() {
            span.badge.good { (words::FACE_YES.of(language)) }
        } @else {
            span.badge { (words::FACE_NO.of(language)) }
        }
    }
}
