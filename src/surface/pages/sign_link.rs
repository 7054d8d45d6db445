//! `/sign-in/link/{token}`: whoever holds a link of an administrator chooses the password of the
//! account it is for, and the user name if there is none yet.

use crate::base::limits;
use crate::base::text::LoginName;
use crate::domain::actor::Actor;
use crate::domain::identity::account;
use crate::domain::identity::letter;
use crate::domain::identity::link::{self, Linked};
use crate::domain::identity::person;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::Rate;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::{Field, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{access as words, general, setup, sign_in};
use crate::surface::pages::{password, place};
use crate::surface::throttle;
use maud::html;

/// How these calls are named in the audit.
const SURFACE: &str = "link";

/// What is wrong with a field.
type Fault = (&'static str, String);

fn find(native: &Native, head: &Head) -> Result<Option<Linked>, Problem> {
    let found = (native.core).read(Actor::Stranger, SURFACE, |v, c| {
        link::find(v, c, head.param("token"))
    });
    Ok(found?)
}

/// The frame without navigation: the link's holder has not signed in here.
fn frame(native: &Native, caller: &Caller, head: &Head) -> Frame {
    let mut frame = Frame::of(native, caller, head);
    frame.actor = None;
    frame
}

fn gone(native: &Native, caller: &Caller, head: &Head) -> Reply {
    let language = caller.language;
    let title = words::GONE_TITLE.of(language);
    let body = html! {
        div.card.narrow.stack { h1 { (title) } p { (words::GONE.of(language)) } }
    };
    layout::with_status(404, &frame(native, caller, head), Page::new(title, body))
}

/// `GET /sign-in/link/{token}`.
///
/// # Errors
/// Those of the box; a link that is none any more is a page with 404.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    match find(native, &request)? {
        Some(linked) => page(native, caller, &request, &linked, "", None),
        None => Ok(gone(native, caller, &request)),
    }
}

fn page(
    native: &Native,
    caller: &Caller,
    head: &Head,
    linked: &Linked,
    typed: &str,
    fault: Option<Fault>,
) -> Result<Reply, Problem> {
    let (language, site) = (caller.language, native.core.site());
    // The link may have come into other hands: the name is shown masked.
    let name = native.core.read(linked.by, SURFACE, |v, _| {
        person::shown_name(v, &site, &Actor::Stranger, linked.person)
    })?;
    let error = |field: &str| {
        let found = fault.as_ref().filter(|(name, _)| *name == field);
        found.map(|(_, told)| told.clone())
    };
    let least = limits::PASSWORD_CHARS_MIN.to_string();
    let login = Field::new("login", setup::LOGIN)
        .value(typed)
        .autocomplete("username")
        .chars_max(limits::LOGIN_CHARS_MAX)
        .hint(setup::LOGIN_HINT.of(language))
        .error(error("login"));
    let fields = [
        Field::password("password", setup::PASSWORD, "new-password")
            .hint(setup::PASSWORD_HINT.fill(language, &[&least]))
            .error(error("password")),
        Field::password("again", setup::PASSWORD_AGAIN, "new-password").error(error("again")),
    ];
    let title = words::CHOOSE.of(language);
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            p.lead { (words::CHOOSE_LEAD.fill(language, &[&name.unwrap_or_default()])) }
            @if fault.is_some() { (refused(general::CHECK_FIELDS.of(language))) }
            form.card method="post" action={ "/sign-in/link/" (head.param("token")) } {
                @match &linked.login {
                    Some(login) => p { (words::LOGIN_IS.fill(language, &[login])) },
                    None => (login.show(language)),
                }
                @for field in &fields { (field.show(language)) }
                button.primary.large.block { (words::SAVE.of(language)) }
            }
        }
    };
    let status = if fault.is_some() { 422 } else { 200 };
    let frame = frame(native, caller, head);
    Ok(layout::with_status(status, &frame, Page::new(title, body)).with_secret())
}

/// The login of the form, and whether the password may be.
fn judge(linked: &Linked, caller: &Caller, form: &Form) -> Result<LoginName, Fault> {
    let language = caller.language;
    let typed = linked
        .login
        .as_deref()
        .unwrap_or_else(|| form.text("login").trim());
    let login = typed.parse::<LoginName>();
    let login = login.map_err(|_| ("login", setup::LOGIN_BAD.of(language).to_owned()))?;
    let (new, again) = (
        form.get("password").unwrap_or_default(),
        form.get("again").unwrap_or_default(),
    );
    match password::fault(new, again, typed, language) {
        Some(fault) => Err(fault),
        None => Ok(login),
    }
}

/// `POST /sign-in/link/{token}`: `login`, `password`, `again`.
///
/// # Errors
/// Those of the box; what cannot be is the form again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let Some(linked) = find(native, &request)? else {
        return Ok(gone(native, caller, &request));
    };
    let form = request.form()?;
    let typed = form.text("login").to_owned();
    let login = match judge(&linked, caller, &form) {
        Ok(login) => login,
        Err(fault) => return page(native, caller, &request, &linked, &typed, Some(fault)),
    };
    let hash = password::hash(native, form.get("password").unwrap_or_default())?;
    let token = request.param("token").to_owned();
    let set = native.core.write(linked.by, SURFACE, move |tx, call| {
        link::redeem(tx, call, &token, &login, &hash)
    });
    match set {
        Ok(()) => Ok(Reply::see_other("/sign-in?done=password")),
        Err(account::Error::LoginTaken) => {
            let fault = ("login", setup::LOGIN_TAKEN.of(caller.language).to_owned());
            page(native, caller, &request, &linked, &typed, Some(fault))
        }
        Err(account::Error::NoPerson) => Ok(gone(native, caller, &request)),
        Err(account::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `GET /sign-in/forgotten`: for whoever has forgotten the password, where the box sends mails.
///
/// # Errors
/// 404 where it does not.
pub fn ask(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    if native.core.post.setting().is_none() {
        return Err(Problem::missing());
    }
    let language = caller.language;
    let title = words::FORGOT_TITLE.of(language);
    let login = Field::new("login", setup::LOGIN)
        .autocomplete("username")
        .chars_max(limits::LOGIN_CHARS_MAX);
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            p.lead { (words::FORGOT_LEAD.of(language)) }
            form.card method="post" action="/sign-in/forgotten" {
                (login.show(language))
                button.primary.large.block { (words::FORGOT_SEND.of(language)) }
            }
            p.small.centred { a href="/sign-in" { (sign_in::TITLE.of(language)) } }
        }
    };
    let frame = frame(native, caller, &request);
    Ok(layout::with_status(200, &frame, Page::new(title, body)))
}

/// The box's address as it was asked for, if it is one of its own, else the first of its own. What
/// a stranger says in `Host` must not lead somebody else's link to another place.
fn own_address(native: &Native, head: &Head) -> Result<String, Problem> {
    let own = native.addresses();
    let asked = place::address(head, "");
    let found = own.iter().find(|address| **address == asked);
    (found.or_else(|| own.first()).cloned()).ok_or_else(Problem::missing)
}

/// `POST /sign-in/forgotten`: `login`. The answer is the same whatever was typed.
///
/// # Errors
/// 404 where the box sends no mails; those of the box.
pub fn mail(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    if native.core.post.setting().is_none() {
        return Err(Problem::missing());
    }
    let login = request.form()?.text("login").to_owned();
    let page = format!("{}/sign-in/link/", own_address(native, &request)?);
    // Nobody's mailbox is filled: a name is counted as an address is.
    let now = native.core.clock.stamp().at;
    let name = throttle::name(native, "mailed", &login);
    if native.limiter.count(Rate::Code, name, now).is_ok() {
        (native.core).write(Actor::Stranger, SURFACE, move |tx, call| {
            letter::forgotten(tx, call, &login, &page)
        })?;
    }
    Ok(Reply::see_other("/sign-in?done=mail"))
}
