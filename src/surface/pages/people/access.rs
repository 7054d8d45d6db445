//! How a person signs in, for administrators: the link by which they choose a password, the
//! second factor of somebody who has lost the app, all sessions.

use crate::base::id::PersonId;
use crate::domain::identity::account;
use crate::domain::identity::factor;
use crate::domain::identity::letter;
use crate::domain::identity::link;
use crate::domain::identity::person::{self, PersonState};
use crate::domain::identity::session;
use crate::domain::rule::Language;
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::done;
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::words::access as words;
use crate::surface::pages::{clock, place, read, send};
use crate::surface::qr;
use maud::{Markup, html};

/// The pages.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let person = Access::Person;
    vec![
        read("/people/{person}/access", person, show),
        send("/people/{person}/access/link", person, make_link),
        send("/people/{person}/access/mail", person, mail_link),
        send("/people/{person}/access/factor", person, take_factor),
        send("/people/{person}/access/sessions", person, end_sessions),
    ]
}

/// The way to the page, as a part of the page of a person.
#[must_use]
pub fn section(language: Language, person: PersonId) -> Markup {
    html! {
        section.card aria-labelledby="access" {
            h2 id="access" { (words::TITLE.of(language)) }
            p.muted { (words::LEAD.of(language)) }
            a.button href={ "/people/" (person) "/access" } { (words::OPEN.of(language)) }
        }
    }
}

/// `GET /people/{person}/access`.
fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (id, language) = (request.id_param::<PersonId>("person")?, caller.language);
    let found = native.read(caller, |v, c| factor::find(v, c, id))?;
    let person = native.read(caller, |v, c| person::find(v, c, id))?;
    let login = native.read(caller, |v, c| {
        account::find_login(v, c, Surface::Native, id)
    })?;
    let sessions = native.read(caller, |v, c| session::list(v, c, id))?;
    let title = words::OF.fill(language, &[&person.name]);
    let to = |part: &str| format!("/people/{id}/access/{part}");
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            @match request.query("done") {
                Some("mail") => (done(words::LINK_MAILED.of(language))),
                Some(_) => (done(words::DONE.of(language))),
                None => {}
            }
            section.card {
                h2 { (words::SIGNS_IN.of(language)) }
                p { @match &login {
                    Some(login) => (words::AS.fill(language, &[login])),
                    None => (words::NEVER.of(language)),
                } }
                @if person.state == PersonState::Active {
                    p.muted { (words::LINK_LEAD.of(language)) }
                    form method="post" action=(to("link")) {
                        button.primary {
                            (if login.is_some() { words::LINK_RESET } else { words::LINK_INVITE }.of(language))
                        }
                    }
                    @if person.email.is_some() && native.core.post.setting().is_some() {
                        form method="post" action=(to("mail")) {
                            button { (words::LINK_MAIL.of(language)) }
                        }
                    }
                }
            }
            section.card {
                h2 { (words::FACTOR.of(language)) }
                @if found.is_some() {
                    p { (words::FACTOR_ON.of(language)) }
                    form method="post" action=(to("factor")) {
                        button.danger { (words::FACTOR_TAKE.of(language)) }
                    }
                } @else { p { (words::FACTOR_OFF.of(language)) } }
            }
            section.card {
                h2 { (words::SESSIONS.of(language)) }
                p { (words::SESSIONS_NOW.fill(language, &[&sessions.len().to_string()])) }
                @if !sessions.is_empty() {
                    form method="post" action=(to("sessions")) {
                        button.danger { (words::SESSIONS_END.of(language)) }
                    }
                }
            }
            p { a.button.quiet href={ "/people/" (id) } { (person.name) } }
        }
    };
    Ok(layout::reply(
        native,
        caller,
        &request,
        Page::new(title, body),
    ))
}

/// `POST /people/{person}/access/link`: makes a link and shows it with its QR code.
fn make_link(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (id, language) = (request.id_param::<PersonId>("person")?, caller.language);
    let found = native.read(caller, |v, c| person::find(v, c, id))?;
    let made = native.write(caller, move |tx, call| link::make(tx, call, id))?;
    let to = place::address(&request, &format!("/sign-in/link/{}", made.token.expose()));
    let until = clock::moment(language, &native.core.site().zone, made.expires_at);
    let title = words::LINK_SHOWN.fill(language, &[&found.name]);
    let body = html! {
        div.narrow-column.centred {
            h1 { (title) }
            div.qr { (qr::svg(&to, words::LINK_QR.of(language))) }
            p { a id="link" href=(to) { (to) } }
            p.muted { (words::LINK_UNTIL.fill(language, &[&until])) }
            div.actions { a.button href={ "/people/" (id) } { (found.name) } }
        }
    };
    let page = Page::new(title, body);
    Ok(layout::reply(native, caller, &request, page).with_secret())
}

/// `POST /people/{person}/access/mail`: sends a link to the person's address.
fn mail_link(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: PersonId = request.id_param("person")?;
    let page = place::address(&request, "/sign-in/link/");
    native.write(caller, move |tx, call| letter::send(tx, call, id, &page))?;
    Ok(Reply::see_other(&format!("/people/{id}/access?done=mail")))
}

fn back(id: PersonId) -> Reply {
    Reply::see_other(&format!("/people/{id}/access?done=yes"))
}

/// `POST /people/{person}/access/factor`: turns the second factor off.
fn take_factor(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| factor::turn_off(tx, call, id))?;
    Ok(back(id))
}

/// `POST /people/{person}/access/sessions`: ends them all.
fn end_sessions(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| session::end_all(tx, call, id))?;
    Ok(back(id))
}
