//! `/people/{person}`: what is known of one person, and what can be done.

use crate::base::id::PersonId;
use crate::domain::consent::{self, ConsentPurpose, Told};
use crate::domain::identity::change;
use crate::domain::identity::enrol;
use crate::domain::identity::person::{self, Person, PersonState};
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::store::Tx;
use crate::surface::copy;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::{Field, done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::people::access;
use crate::surface::pages::people::consent as consents;
use crate::surface::pages::people::merge;
use crate::surface::pages::people::profile::Typed;
use crate::surface::pages::words::{Words, general, people as words, privacy};
use maud::{Markup, html};

/// What is said after something was done (`?done=`).
const DONE: [(&str, Words); 9] = [
    ("added", words::ADDED),
    ("changed", words::CHANGED),
    ("consent", words::CONSENT_SAVED),
    ("withdrawn", words::CONSENT_GONE),
    ("face-removed", words::FACE_REMOVED),
    ("disabled", words::DISABLED_DONE),
    ("enabled", words::ENABLED_DONE),
    ("enrolled", words::FACE_YES),
    ("merged", words::MERGED),
];

/// What the page shows.
struct Shown {
    person: Person,
    consents: Vec<Told>,
    admin: bool,
    enrols: bool,
}

/// `GET /people/{person}`.
///
/// # Errors
/// 404, and those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id = request.id_param("person")?;
    page(native, caller, &request, id, None)
}

/// The page; with `typed`, what was typed and is wrong.
///
/// # Errors
/// 404, and those of the box.
pub fn page(
    native: &Native,
    caller: &Caller,
    head: &Head,
    id: PersonId,
    typed: Option<Typed>,
) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let person = native.read(caller, |v, c| person::find(v, c, id))?;
    let consents = native.read(caller, |v, c| consent::list(v, c, id))?;
    let shown = Shown {
        person,
        consents,
        admin: actor.manage_people().is_ok(),
        enrols: actor.manage_faces().is_ok(),
    };
    let status = if typed.is_some() { 422 } else { 200 };
    let typed = typed.unwrap_or_else(|| Typed::of(&shown.person));
    let page = Page::new(
        shown.person.name.clone(),
        body(native, caller.language, head, &shown, &typed),
    );
    let frame = Frame::of(native, caller, head);
    Ok(layout::with_status(status, &frame, page))
}

fn body(native: &Native, language: Language, head: &Head, shown: &Shown, typed: &Typed) -> Markup {
    let said = head.query("done");
    let said = DONE.iter().find(|(name, _)| Some(*name) == said);
    let person = &shown.person;
    html! {
        div.head {
            h1 { (person.name) }
            @if person.state != PersonState::Active { span.badge.warn { (words::DISABLED.of(language)) } }
        }
        @if let Some((_, words)) = said { (done(words.of(language))) }
        @if typed.is_refused() { (refused(general::CHECK_FIELDS.of(language))) }
        @if head.query("merge") == Some("wrong") { (refused(words::MERGE_WRONG.of(language))) }
        @if head.query("erase") == Some("wrong") { (refused(words::ERASE_WRONG.of(language))) }
        div.split {
            div {
                (details(language, shown, typed))
                @if shown.admin {
                    (access::section(language, person.id))
                    (privacy(language, person.id))
                    (merge::form(language, person.id))
                    (danger(language, person))
                }
            }
            div {
                (face(language, shown))
                (consents::section(native, language, person.id, &shown.consents))
            }
        }
    }
}

fn details(language: Language, shown: &Shown, typed: &Typed) -> Markup {
    let person = &shown.person;
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    html! {
        section.card {
            h2 { (words::DATA.of(language)) }
            @if shown.admin {
                form method="post" action={ "/people/" (person.id) } {
                    (typed.fields(language))
                    div.actions { button.primary { (general::SAVE.of(language)) } }
                }
            } @else {
                dl.pairs {
                    dt { (words::NUMBER.of(language)) } dd { (or_none(&person.number)) }
                    dt { (words::CLASS.of(language)) } dd { (or_none(&person.class)) }
                    dt { (words::EMAIL.of(language)) } dd { (or_none(&person.email)) }
                }
                p.hint { (words::ONLY_ADMIN.of(language)) }
            }
        }
    }
}

fn face(language: Language, shown: &Shown) -> Markup {
    let person = &shown.person;
    let consented = shown
        .consents
        .iter()
        .any(|t| consents::is_in_force(t, ConsentPurpose::Face));
    html! {
        section.card {
            h2 { (words::FACE.of(language)) }
            @match person.face_pictures {
                Some(pictures) => p { span.badge.good { (words::FACE_PICTURES.fill(language, &[&pictures.to_string()])) } },
                None => p { span.badge { (words::FACE_NO.of(language)) } },
            }
            @if shown.enrols && person.state == PersonState::Active {
                div.actions {
                    a.button.primary[person.face_pictures.is_none()] href={ "/enrol/" (person.id) } {
                        @if person.face_pictures.is_some() { (words::ENROL_AGAIN.of(language)) }
                        @else { (words::ENROL.of(language)) }
                    }
                    @if person.face_pictures.is_some() {
                        form method="post" action={ "/people/" (person.id) "/face/remove" } {
                            button.danger { (words::FACE_REMOVE.of(language)) }
                        }
                    }
                }
                @if !consented { p.hint { (words::CONSENT_NONE.of(language)) } }
                details {
                    summary { (words::LINK.of(language)) }
                    p { (words::LINK_MORE.of(language)) }
                    form method="post" action={ "/people/" (person.id) "/link" } {
                        button { (words::LINK_MAKE.of(language)) }
                    }
                }
            }
        }
    }
}

fn danger(language: Language, person: &Person) -> Markup {
    let active = person.state == PersonState::Active;
    let (to, label) = if active {
        ("disable", words::DISABLE)
    } else {
        ("enable", words::ENABLE)
    };
    html! {
        section.card {
            h2 { (words::STATE.of(language)) }
            form method="post" action={ "/people/" (person.id) "/" (to) } {
                button { (label.of(language)) }
            }
            details {
                summary { (words::ERASE.of(language)) }
                p { (words::ERASE_MORE.of(language)) }
                form method="post" action={ "/people/" (person.id) "/erase" } {
                    (Field::new("typed", words::ERASE_TYPE).show(language))
                    button.danger { (words::ERASE.of(language)) }
                }
            }
        }
    }
}

/// `POST /people/{person}`.
///
/// # Errors
/// Those of the box; what is wrong with a field is the page again.
pub fn alter(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (language, id) = (caller.language, request.id_param::<PersonId>("person")?);
    let mut typed = Typed::from_form(&request.form()?);
    if let Some(change) = typed.change(language) {
        let changed = native
            .core
            .write(caller.known()?, SURFACE, move |tx, call| {
                change::change(tx, call, id, &change)
            });
        match changed {
            Ok(()) => return Ok(Reply::see_other(&format!("/people/{id}?done=changed"))),
            Err(error) => typed.refuse(error, language)?,
        }
    }
    page(native, caller, &request, id, Some(typed))
}

/// Does something to the person of the path and goes back to the page.
fn act<E>(
    native: &Native,
    caller: &Caller,
    request: &Request,
    said: &str,
    act: fn(&Tx<'_>, &mut Call<'_>, PersonId) -> Result<(), E>,
) -> Result<Reply, Problem>
where
    E: From<crate::store::Error> + Into<Problem> + Send + 'static,
{
    let id: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| act(tx, call, id))?;
    Ok(Reply::see_other(&format!("/people/{id}?done={said}")))
}

/// `POST /people/{person}/face/remove`.
///
/// # Errors
/// 404 without a face, and those of the box.
pub fn remove_face(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    act(native, caller, &request, "face-removed", enrol::remove)
}

/// `POST /people/{person}/disable`.
///
/// # Errors
/// Those of the box.
pub fn disable(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    act(native, caller, &request, "disabled", |tx, call, id| {
        person::set_enabled(tx, call, id, false)
    })
}

/// `POST /people/{person}/enable`.
///
/// # Errors
/// Those of the box.
pub fn enable(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    act(native, caller, &request, "enabled", |tx, call, id| {
        person::set_enabled(tx, call, id, true)
    })
}

/// `POST /people/{person}/export`: the copy of the person's data.
///
/// # Errors
/// 404, and those of the box.
pub fn export(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: PersonId = request.id_param("person")?;
    let copy = copy::make(&native.core, caller.known()?, SURFACE, id)?;
    Ok(copy::file(&copy, id))
}

/// The way to the copy of the person's data and to what was done with it.
fn privacy(language: Language, id: PersonId) -> Markup {
    html! {
        section.card aria-labelledby="privacy" {
            h2 id="privacy" { (general::PRIVACY.of(language)) }
            p.muted { (privacy::PERSON_COPY_LEAD.of(language)) }
            div.actions {
                form method="post" action={ "/people/" (id) "/export" } {
                    button { (privacy::PERSON_COPY.of(language)) }
                }
                a.button href={ "/audit?person=" (id) } { (privacy::PERSON_TRAIL.of(language)) }
            }
        }
    }
}

/// `POST /people/{person}/erase`: `typed` must be the person's name.
///
/// # Errors
/// Those of the box; another name goes back to the page.
pub fn erase(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: PersonId = request.id_param("person")?;
    let form = request.form()?;
    let person = native.read(caller, |v, c| person::find(v, c, id))?;
    if form.text("typed") != person.name {
        return Ok(Reply::see_other(&format!("/people/{id}?erase=wrong")));
    }
    native.core.erase(caller.known()?, SURFACE, id)?;
    Ok(Reply::see_other("/people?done=erased"))
}
