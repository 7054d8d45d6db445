//! `/sign-in` and `/sign-out`. The check of the password is that of the interface; here are
//! the form, the cookie and the way back.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::domain::identity::session::SessionKind;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Rate, Route};
use crate::surface::entrance::{self, Given, Outcome};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::choice::local;
use crate::surface::pages::field::{Field, done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, access, desk, factor, sign_in};
use crate::surface::pages::{guarded, read, send as sending, sign_link};
use crate::surface::session;
use maud::{Markup, html};

/// The pages.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/sign-in", Access::Public, show),
        guarded("/sign-in", Access::Public, Rate::Login, send),
        guarded("/sign-in/code", Access::Public, Rate::Login, send_code),
        read("/sign-in/forgotten", Access::Public, sign_link::ask),
        guarded(
            "/sign-in/forgotten",
            Access::Public,
            Rate::Code,
            sign_link::mail,
        ),
        read("/sign-in/link/{token}", Access::Public, sign_link::show),
        guarded(
            "/sign-in/link/{token}",
            Access::Public,
            Rate::Auth,
            sign_link::send,
        ),
        sending("/sign-out", Access::Person, leave),
    ]
}

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
    let told = match request.query("done") {
        Some("password") => Some(done(access::CHOSEN.of(frame.language))),
        Some("mail") => Some(done(access::FORGOT_SENT.of(frame.language))),
        _ => None,
    };
    let form = page(native, &frame, "", to, told, caller.device_revoked);
    Ok(layout::with_status(200, &frame, form))
}

/// `POST /sign-in`: `login`, `password`, `to`.
///
/// # Errors
/// Those of the box; a wrong password is the form again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let form = request.form()?;
    let (login, to) = (form.text("login"), local(Some(form.text("to"))));
    let password = form.get("password").unwrap_or_default();
    let frame = Frame::of(native, caller, &request);
    let given = Given {
        login,
        password,
        code: None,
    };
    match entrance::sign_in(native, &request, SessionKind::Pages, &given) {
        Ok(Outcome::In(entered)) => {
            Ok(entered.into_reply(Reply::see_other(to), request.peer.secure))
        }
        Ok(Outcome::Code(pass)) => {
            let page = code_page(&frame, login, to, pass.expose(), None);
            Ok(layout::with_status(200, &frame, page).with_secret())
        }
        Err(problem) => {
            let told = told(&problem).ok_or_else(|| problem.clone())?;
            let told = Some(refused(told.of(frame.language)));
            let page = page(native, &frame, login, to, told, caller.device_revoked);
            Ok(layout::with_status(401, &frame, page).of_problem(&problem))
        }
    }
}

/// `POST /sign-in/code`: `login`, `pass`, `code`, `to`.
///
/// # Errors
/// Those of the box; a wrong code is the form again.
pub fn send_code(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let form = request.form()?;
    let (login, to) = (form.text("login"), local(Some(form.text("to"))));
    let pass = form.text("pass");
    let frame = Frame::of(native, caller, &request);
    match entrance::go_on(native, &request, login, pass, form.text("code")) {
        Ok(entered) => Ok(entered.into_reply(Reply::see_other(to), request.peer.secure)),
        Err(problem) if problem.code == "wrong_code" => {
            let page = code_page(&frame, login, to, pass, Some(factor::ASK_WRONG));
            let reply = layout::with_status(401, &frame, page);
            Ok(reply.of_problem(&problem).with_secret())
        }
        Err(problem) => {
            let told = told(&problem).ok_or_else(|| problem.clone())?;
            let told = Some(refused(told.of(frame.language)));
            let page = page(native, &frame, login, to, told, caller.device_revoked);
            Ok(layout::with_status(401, &frame, page).of_problem(&problem))
        }
    }
}

/// The page that asks for the code of the second factor.
fn code_page(frame: &Frame, login: &str, to: &str, pass: &str, told: Option<Words>) -> Page {
    let language = frame.language;
    let title = factor::ASK_TITLE.of(language);
    let code = Field::new("code", factor::CODE)
        .autocomplete("one-time-code")
        .chars_max(16);
    let body = html! {
        div.narrow-column.rise {
            h1 { (title) }
            p.lead { (factor::ASK_LEAD.of(language)) }
            @if let Some(told) = told { (refused(told.of(language))) }
            form.card method="post" action="/sign-in/code" {
                input type="hidden" name="login" value=(login);
                input type="hidden" name="pass" value=(pass);
                input type="hidden" name="to" value=(to);
                (code.show(language))
                button.primary.large.block { (sign_in::BUTTON.of(language)) }
            }
            p.small.centred { a href="/sign-in" { (sign_in::TITLE.of(language)) } }
        }
    };
    Page::new(title, body)
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
        "sign_in_again" => Some(factor::ASK_AGAIN),
        _ if problem.cause == Cause::Unauthenticated => Some(sign_in::WRONG),
        _ => None,
    }
}

fn page(
    native: &Native,
    frame: &Frame,
    login: &str,
    to: &str,
    told: Option<Markup>,
    revoked: bool,
) -> Page {
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
            @if let Some(told) = told { (told) }
            // What the desk left on a phone that is signed out goes, or is counted here.
            p class="notice warn" id="desk-left" role="status" hidden
                data-revoked=(if revoked { "yes" } else { "no" }) data-text=(desk::LEFT.of(language)) {}
            form.card method="post" action="/sign-in" {
                (login.show(language))
                (password.show(language))
                input type="hidden" name="to" value=(to);
                button.primary.large.block { (sign_in::BUTTON.of(language)) }
            }
            (forgotten(native, frame))
            p.small.centred { a href="/kiosk" { (sign_in::KIOSK.of(language)) } }
        }
    };
    Page::new(title, body).script("desk_left.js")
}

fn forgotten(native: &Native, frame: &Frame) -> Markup {
    html! {
        details {
            summary { (sign_in::FORGOTTEN.of(frame.language)) }
            @if native.core.post.setting().is_some() {
                p { a.button.quiet href="/sign-in/forgotten" { (access::FORGOT.of(frame.language)) } }
            }
            p { (sign_in::FORGOTTEN_HOW.of(frame.language)) }
            pre { "hadir person passwd" }
        }
    }
}
