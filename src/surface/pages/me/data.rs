//! The part of `/me` about one's own data: a copy of it, the consents, and how to withdraw them.

use crate::base::id::PersonId;
use crate::domain::consent::{self, ConsentPurpose, Told};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Route};
use crate::surface::copy;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::words::{Words, general, privacy as words};
use crate::surface::pages::{clock, person, send};
use maud::{Markup, html};

/// The routes of one's own data.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        send("/me/export", Access::Person, export),
        send("/me/consents/{purpose}/withdraw", Access::Person, withdraw),
    ]
}

fn own(caller: &Caller) -> Result<PersonId, Problem> {
    let forbidden = || Problem::new(crate::base::cause::Cause::Forbidden, "Only for people.");
    caller.known()?;
    person::own_id(caller).ok_or_else(forbidden)
}

/// The section of the page.
///
/// # Errors
/// 403 for devices; those of the box.
pub fn section(native: &Native, caller: &Caller) -> Result<Markup, Problem> {
    let (id, language) = (own(caller)?, caller.language);
    let consents = native.read(caller, |view, call| consent::list(view, call, id))?;
    Ok(html! {
        section.card aria-labelledby="own-data" {
            h2 id="own-data" { (words::OWN_DATA.of(language)) }
            p.muted { (words::OWN_COPY_LEAD.of(language)) }
            form method="post" action="/me/export" {
                button { (words::OWN_COPY.of(language)) }
            }
            h3 { (words::OWN_CONSENTS.of(language)) }
            @if consents.is_empty() { p.muted { (words::OWN_CONSENTS_NONE.of(language)) } }
            ul.list {
                @for told in &consents { (line(native, language, told)) }
            }
            div.actions { a.button href="/privacy" { (general::PRIVACY.of(language)) } }
        }
    })
}

/// The word for what a consent is for.
#[must_use]
pub const fn purpose(purpose: ConsentPurpose) -> Words {
    match purpose {
        ConsentPurpose::Face => words::FOR_FACE,
        ConsentPurpose::Image => words::FOR_IMAGE,
    }
}

fn line(native: &Native, language: Language, told: &Told) -> Markup {
    let site = native.core.site();
    let at = |at| clock::moment(language, &site.zone, at);
    let consent = &told.consent;
    let given = words::GIVEN.fill(language, &[&at(consent.given_at), &consent.text_version]);
    let name = purpose(consent.purpose).of(language);
    html! {
        li {
            div.grow {
                strong { (name) }
                small {
                    (given)
                    @if let Some(withdrawn) = consent.withdrawn_at {
                        " " (words::WITHDRAWN.fill(language, &[&at(withdrawn)]))
                    }
                }
            }
            @if consent.withdrawn_at.is_none() {
                form method="post" action={ "/me/consents/" (consent.purpose.code()) "/withdraw" } {
                    button.danger aria-label=(words::WITHDRAW_OF.fill(language, &[name])) {
                        (words::WITHDRAW.of(language))
                    }
                }
            }
        }
    }
}

/// `POST /me/export`: the copy of one's own data.
///
/// # Errors
/// 403 for devices; those of the box.
pub fn export(native: &Native, caller: &Caller, _request: Request) -> Result<Reply, Problem> {
    let id = own(caller)?;
    let copy = copy::make(&native.core, caller.known()?, SURFACE, id)?;
    Ok(copy::file(&copy, id))
}

/// `POST /me/consents/{purpose}/withdraw`: it counts at once; a face goes with it.
///
/// # Errors
/// 404 if none is in force; those of the box.
pub fn withdraw(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id = own(caller)?;
    let purpose = ConsentPurpose::read(request.param("purpose")).ok_or_else(Problem::missing)?;
    native.write(caller, move |tx, call| {
        consent::withdraw(tx, call, id, purpose)
    })?;
    Ok(Reply::see_other("/me?done=withdrawn"))
}
