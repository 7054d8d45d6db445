//! `/sign-in` and `/sign-out`. The check of the password is that of the interface; here are
//! the form, the cookie and the way back.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::choice::local;
use crate::surface::pages::field::{Field, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, desk, sign_in};
use crate::surface::session;
use maud::{Markup, html};

/// `GET /sign-in?to=/path`.
///
/// # Errors
/// None.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let to = local(request.query("to"));
    if caller.actor.is_some() {
        return Ok(Reply::see_other(to));
    }
    let frame = Frame::of(native, caller, &request);
    let form = page(&frame, "", to, None, caller.device_revoked);
    Ok(layout::with_status(200, &frame, form))
}

/// `POST /sign-in`: `login`, `password`, `to`.
///
/// # Errors
/// Those of the box; a wrong password is the form again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let form = request.form()?;
    let login = form.text("login");
    match session::sign_in(
        native,
        &request,
        login,
        form.get("password").unwrap_or_default(),
    ) {
        Ok(opened) => {
            let cookie =
                session::set_cookie(session::PERSON, opened.token.expose(), request.peer.secure);
            let to = local(Some(form.text("to")));
            Ok(Reply::see_other(to).with_header("set-cookie", cookie))
        }
        Err(problem) => {
            let told = told(&problem).ok_or_else(|| problem.clone())?;
            let frame = Frame::of(native, caller, &request);
            let to = local(Some(form.text("to")));
            let page = page(&frame, login, to, Some(told), caller.device_revoked);
            Ok(layout::with_status(401, &frame, page).of_problem(&problem))
        }
    }
}

/// `POST /sign-out`.
///
/// # Errors
/// Those of the box.
pub fn leave(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    session::sign_out(native, caller)?;
    let cookie = session::clear_cookie(session::PERSON, request.peer.secure);
    Ok(Reply::see_other("/sign-in").with_header("set-cookie", cookie))
}

/// What the form says to a refusal; None: that is no matter of the form.
fn told(problem: &Problem) -> Option<Words> {
    match problem.code {
        "disabled" => Some(sign_in::DISABLED),
        _ if problem.cause == Cause::Unauthenticated => Some(sign_in::WRONG),
        _ => None,
    }
}

fn page(frame: &Frame, login: &str, to: &str, told: Option<Words>, revoked: bool) -> Page {
    let language = frame.language;
    let title = sign_in::TITLE.of(language);
    let login = Field::new("login", sign_in::LOGIN)
        .value(login)
        .autocomplete("username")
        .chars_max(limits::LOGIN_CHARS_MAX);
    let password = Field::password("password", sign_in::PASSWORD, "current-password");
    let body = html! {
        div.narrow-column.rise {
            h1 { (title) }
            p.lead { (sign_in::HERE_FOR.of(language)) }
            @if let Some(told) = told { (refused(told.of(language))) }
            // What the desk left on a phone that is signed out goes, or is counted here.
            p class="notice warn" id="desk-left" role="status" hidden
                data-revoked=(if revoked { "yes" } else { "no" }) data-text=(desk::LEFT.of(language)) {}
            form.card method="post" action="/sign-in" {
                (login.show(language))
                (password.show(language))
                input type="hidden" name="to" value=(to);
                button.primary.large.block { (sign_in::BUTTON.of(language)) }
            }
            (forgotten(frame))
            p.small.centred { a href="/kiosk" { (sign_in::KIOSK.of(language)) } }
        }
    };
    Page::new(title, body).script("desk_left.js")
}

fn forgotten(frame: &Frame) -> Markup {
    html! {
        details {
            summary { (sign_in::FORGOTTEN.of(frame.language)) }
            p { (sign_in::FORGOTTEN_HOW.of(frame.language)) }
            pre { "hadir person passwd" }
        }
    }
}
