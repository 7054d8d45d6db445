//! `/people/import/{import}`: taking an import back as a whole, or who stands against it.

use crate::base::id::ImportId;
use crate::domain::identity::revert::{self, Error, Objection, Why};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::clock;
use crate::surface::pages::field::refused;
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{general, people as words};
use maud::{Markup, html};

/// People who are named, most.
const NAMED_MAX: usize = 50;

/// `GET /people/import/{import}`.
///
/// # Errors
/// 404 for an import that cannot be taken back any more; those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page(native, caller, &request, 200)
}

fn page(
    native: &Native,
    caller: &Caller,
    request: &Request,
    status: u16,
) -> Result<Reply, Problem> {
    let (id, language) = (request.id_param::<ImportId>("import")?, caller.language);
    let (import, against) = native.read(caller, |view, call| revert::check(view, call, id))?;
    let at = clock::moment(language, &native.core.site().zone, import.at);
    let numbers = [import.created.to_string(), import.updated.to_string()];
    let title = words::IMPORT_UNDO_TITLE.of(language);
    let body = html! {
        div.medium-column {
            h1 { (title) }
            p.lead { (at) ": " (words::IMPORT_COUNTS.fill(language, &[&numbers[0], &numbers[1]])) }
            @if against.is_empty() {
                p { (words::IMPORT_UNDO_MORE.of(language)) }
                form.actions method="post" action={ "/people/import/" (id) "/undo" } {
                    button.danger { (words::IMPORT_UNDO_DO.fill(language, &[&numbers[0]])) }
                    a.button.quiet href="/people/import" { (general::CANCEL.of(language)) }
                }
            } @else {
                (refused(&words::IMPORT_UNDO_NO.fill(language, &[&against.len().to_string()])))
                (objections(language, &against))
                a.button href="/people/import" { (general::BACK.of(language)) }
            }
        }
    };
    let frame = Frame::of(native, caller, request);
    Ok(layout::with_status(status, &frame, Page::new(title, body)))
}

fn objections(language: Language, against: &[Objection]) -> Markup {
    let rest = against.len().saturating_sub(NAMED_MAX);
    html! {
        ul.card {
            @for one in against.iter().take(NAMED_MAX) {
                li { a href={ "/people/" (one.person) } { (one.name) } ": " (why(language, &one.why)) }
            }
            @if rest > 0 { li { (words::IMPORT_MORE.fill(language, &[&rest.to_string()])) } }
        }
    }
}

/// What somebody has got since, in words.
fn why(language: Language, why: &Why) -> String {
    let Why::Facts(facts) = why else {
        return words::SINCE_CHANGED.of(language).to_owned();
    };
    let all = [
        (words::SINCE_CONSENT, facts.consents),
        (words::SINCE_FACE, facts.faces),
        (words::SINCE_TICKETS, facts.tickets),
        (words::SINCE_CHECK_INS, facts.admissions),
        (words::SINCE_LOGIN, facts.logins),
    ];
    let some = all.iter().filter(|(_, number)| *number > 0);
    let told: Vec<&str> = some.map(|(words, _)| words.of(language)).collect();
    told.join(", ")
}

/// `POST /people/import/{import}/undo`.
///
/// # Errors
/// As [`show`]; who stands against it is the page again.
pub fn undo(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id = request.id_param::<ImportId>("import")?;
    let undone = native
        .core
        .write(caller.known()?, SURFACE, move |tx, call| {
            revert::undo(tx, call, id)
        });
    match undone {
        Ok(_) => {
            native.core.empty_log(SURFACE);
            Ok(Reply::see_other("/people/import?done=undone"))
        }
        Err(Error::Objections(_)) => page(native, caller, &request, 409),
        Err(other) => Err(other.into()),
    }
}
