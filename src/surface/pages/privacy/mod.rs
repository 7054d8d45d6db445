//! `/privacy`: the notice, for everybody; what one has asked for, for whoever has signed in; what
//! waits and until when, for those who manage people; and a new notice.

mod claims;
mod publish;

use crate::base::text::Remark;
use crate::domain::privacy::claim::{self, ClaimKind};
use crate::domain::privacy::notice::{self, Notice};
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::{done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general, privacy as words};
use crate::surface::pages::{clock, read, send};
use maud::{Markup, html};

/// The routes of privacy.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/privacy", Access::Public, show),
        send("/privacy/claims", Access::Person, ask),
        send(
            "/privacy/claims/{claim}/close",
            Access::Person,
            claims::close,
        ),
        send("/privacy/notice", Access::Person, publish::send),
    ]
}

/// What is said after something was done (`?done=`), and whether it went well.
const DONE: [(&str, Words, bool); 6] = [
    ("asked", words::ASKED, true),
    ("waits", words::WAITS, false),
    ("kind", words::KIND_MISSING, false),
    ("closed", words::CLOSED, true),
    ("reason", words::REASON_MISSING, false),
    ("published", words::PUBLISHED, true),
];

/// What can be asked for, and how it is called.
pub const KINDS: [(ClaimKind, Words); 6] = [
    (ClaimKind::Access, words::KIND_ACCESS),
    (ClaimKind::Correct, words::KIND_CORRECT),
    (ClaimKind::Withdraw, words::KIND_WITHDRAW),
    (ClaimKind::Pause, words::KIND_PAUSE),
    (ClaimKind::Erase, words::KIND_ERASE),
    (ClaimKind::Object, words::KIND_OBJECT),
];

/// `GET /privacy`.
///
/// # Errors
/// Those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let said = request.query("done");
    let found = DONE.iter().find(|(name, ..)| Some(*name) == said);
    let frame = Frame::of(native, caller, &request);
    let language = caller.language;
    let told = html! {
        @match found {
            Some((_, words, true)) => (done(words.of(language))),
            Some((_, words, false)) => (refused(words.of(language))),
            None => {}
        }
    };
    page(native, caller, &frame, 200, &told, None)
}

/// The page; `typed`: the two texts of a notice that was not published.
fn page(
    native: &Native,
    caller: &Caller,
    frame: &Frame,
    status: u16,
    told: &Markup,
    typed: Option<(&str, &str)>,
) -> Result<Reply, Problem> {
    let language = caller.language;
    let notice = native.core.store.read(notice::find)?;
    let manages = caller.actor.filter(|actor| actor.manage_accounts().is_ok());
    let publishes = caller
        .actor
        .is_some_and(|actor| actor.manage_settings().is_ok());
    let body = html! {
        h1 { (general::PRIVACY.of(language)) }
        (told)
        @if manages.is_some() { (claims::waiting(native, caller)?) }
        div.split {
            (text(native, language, notice.as_ref()))
            div {
                (claims::own(native, caller)?)
                @if publishes { (publish::form(language, notice.as_ref(), typed)) }
            }
        }
    };
    let page = Page::new(general::PRIVACY.of(language), body);
    Ok(layout::with_status(status, frame, page))
}

/// The notice in force, else the box's own text.
fn text(native: &Native, language: Language, notice: Option<&Notice>) -> Markup {
    let own = words::NOTICE.of(language);
    let text = notice.map_or(own, |notice| notice.text(language));
    let version = match notice {
        Some(notice) => {
            let at = clock::moment(language, &native.core.site().zone, notice.published_at);
            words::VERSION.fill(language, &[&notice.version.to_string(), &at])
        }
        None => words::VERSION_NONE.of(language).to_owned(),
    };
    html! {
        section.card aria-labelledby="notice" {
            h2 id="notice" { (words::NOTICE_TITLE.of(language)) }
            @for part in text.split("\n\n") {
                p { @for (at, line) in part.lines().enumerate() { @if at > 0 { br; } (line) } }
            }
            p.muted { (version) }
            button type="button" data-print hidden { (general::PRINT.of(language)) }
        }
    }
}

/// A remark of a form; Err: it cannot be one. Nothing typed is none.
fn remark(form: &Form, name: &str) -> Result<Option<Remark>, Problem> {
    match form.text(name).trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            Problem::field(name, "A remark has 1 to 500 characters that can be seen.")
        }),
    }
}

/// `POST /privacy/claims`: `kind`, `note`; one's own.
///
/// # Errors
/// 403 for devices; those of the box.
pub fn ask(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let Some(person) = caller.known()?.person() else {
        return Err(Problem::new(
            crate::base::cause::Cause::Forbidden,
            "Only for people.",
        ));
    };
    let form = request.form()?;
    let Some(kind) = ClaimKind::read(form.text("kind")) else {
        return Ok(Reply::see_other("/privacy?done=kind"));
    };
    let note = remark(&form, "note")?;
    let actor = caller.known()?;
    let made = native
        .core
        .write(actor, crate::surface::native::SURFACE, move |tx, call| {
            claim::make(tx, call, person, kind, note.as_ref())
        });
    match made {
        Ok(_) => Ok(Reply::see_other("/privacy?done=asked")),
        Err(claim::Error::Waits) => Ok(Reply::see_other("/privacy?done=waits")),
        Err(error) => Err(error.into()),
    }
}
