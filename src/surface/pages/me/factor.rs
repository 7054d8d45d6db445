//! `/me/second-factor`: the second factor is turned on with a QR code for the app and its first
//! code, and off with the password; recovery codes are shown once, to be printed.

use crate::base::secret::Secret;
use crate::crypto::random::Seeded;
use crate::crypto::totp;
use crate::domain::actor::Actor;
use crate::domain::identity::factor::{self, Standing};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::clock;
use crate::surface::pages::field::{Field, done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, factor as words, general, me as account};
use crate::surface::{owner, qr};
use maud::{Markup, html};

/// What was wrong with what was typed: the field and the sentence.
type Fault = Option<(&'static str, Words)>;

/// One's second factor in a few words, as a part of `/me`.
///
/// # Errors
/// 401 for nobody; those of the box.
pub fn section(native: &Native, caller: &Caller, actor: Actor) -> Result<Markup, Problem> {
    let language = caller.language;
    let person = actor.person().ok_or_else(|| caller.stranger())?;
    let found = native.read(caller, |v, c| factor::find(v, c, person))?;
    Ok(html! {
        section.card aria-labelledby="factor" {
            h2 id="factor" { (words::TITLE.of(language)) }
            p.muted { (words::LEAD.of(language)) }
            @if let Some(found) = found { (standing(native, caller, found)) }
            @else { p { span.badge { (words::OFF.of(language)) } } }
            a.button href="/me/second-factor" {
                (if found.is_some() { words::CHANGE } else { words::TURN_ON }.of(language))
            }
        }
    })
}

fn standing(native: &Native, caller: &Caller, found: Standing) -> Markup {
    let language = caller.language;
    let since = clock::moment(language, &native.core.site().zone, found.since);
    let left = clock::number(u64::from(found.codes_left), language);
    html! {
        p {
            span.badge.good { (words::ON.of(language)) } " "
            (words::SINCE.fill(language, &[&since, &left]))
        }
    }
}

/// `GET /me/second-factor`.
///
/// # Errors
/// 403 for devices; those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let frame = Frame::of(native, caller, &request);
    let told = request.query("done").is_some();
    page(native, caller, &frame, None, None, told)
}

/// The page as it stands; `secret` is the one that was shown before.
fn page(
    native: &Native,
    caller: &Caller,
    frame: &Frame,
    secret: Option<Secret<String>>,
    fault: Fault,
    told: bool,
) -> Result<Reply, Problem> {
    let language = frame.language;
    let person = (caller.known()?.person()).ok_or_else(|| caller.stranger())?;
    let found = native.read(caller, |v, c| factor::find(v, c, person))?;
    let due = caller.session.as_ref().is_some_and(|session| session.bare);
    let title = words::TITLE.of(language);
    let inside = match found {
        Some(found) => on(native, caller, found, fault),
        None => off(native, caller, secret, fault)?,
    };
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            p.lead { (words::LEAD.of(language)) }
            @if due { p.notice.warn role="status" { (words::DUE.of(language)) } }
            @if told { (done(words::DONE_OFF.of(language))) }
            @if fault.is_some() { (refused(general::CHECK_FIELDS.of(language))) }
            (inside)
            p { a.button.quiet href="/me" { (general::ME.of(language)) } }
        }
    };
    let status = if fault.is_some() { 422 } else { 200 };
    Ok(layout::with_status(status, frame, Page::new(title, body)).with_secret())
}

fn field(name: &'static str, label: Words, fault: Fault, caller: &Caller) -> Markup {
    let language = caller.language;
    let told = fault.filter(|(field, _)| *field == name);
    let told = told.map(|(_, words)| words.of(language).to_owned());
    let field = match name {
        "password" => Field::password(name, label, "current-password"),
        _ => Field::new(name, label)
            .inputmode("numeric")
            .autocomplete("one-time-code")
            .chars_max(16),
    };
    field.error(told).show(language)
}

/// How it is turned on: the app, its first code, the password.
fn off(
    native: &Native,
    caller: &Caller,
    secret: Option<Secret<String>>,
    fault: Fault,
) -> Result<Markup, Problem> {
    let language = caller.language;
    let mut chance = Seeded::new(&native.core.draw_seed());
    let secret = secret.unwrap_or_else(|| totp::new_secret(&mut chance));
    let login = owner::login(native, caller)?;
    let uri = totp::uri(&native.core.site().rules.name, &login, &secret);
    let groups: Vec<String> = (secret.expose().as_bytes().chunks(4))
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    Ok(html! {
        form.card method="post" action="/me/second-factor" {
            input type="hidden" name="what" value="on";
            input type="hidden" name="secret" value=(secret.expose());
            p { (words::SCAN.of(language)) }
            div.qr { (qr::svg(uri.expose(), words::QR.of(language))) }
            p { a.button href=(uri.expose()) { (words::OPEN_APP.of(language)) } }
            p.small { (words::BY_HAND.of(language)) " " code { (groups.join(" ")) } }
            (field("code", words::CODE, fault, caller))
            (field("password", account::CURRENT, fault, caller))
            button.primary.large { (words::TURN_ON.of(language)) }
        }
    })
}

/// What can be done with one that is on.
fn on(native: &Native, caller: &Caller, found: Standing, fault: Fault) -> Markup {
    let language = caller.language;
    html! {
        form.card method="post" action="/me/second-factor" {
            (standing(native, caller, found))
            p.muted { (words::CODES_LEAD.of(language)) }
            (field("password", account::CURRENT, fault, caller))
            div.actions {
                button name="what" value="codes" { (words::NEW_CODES.of(language)) }
                button.danger name="what" value="off" { (words::TURN_OFF.of(language)) }
            }
        }
    }
}

/// `POST /me/second-factor`: `what` is `on`, `codes` or `off`; with the password.
///
/// # Errors
/// 404 for what is none of these; what cannot be is the page again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let frame = Frame::of(native, caller, &request);
    let form = request.form()?;
    let secret = Secret::new(form.text("secret").to_owned());
    let typed = form.get("password").unwrap_or_default();
    if !owner::is_own(native, caller, typed)?.1 {
        let fault = Some(("password", account::WRONG));
        return page(native, caller, &frame, kept(secret), fault, false);
    }
    match act(native, caller, &form, &secret) {
        Ok(Some(codes)) => Ok(codes_shown(&frame, &codes)),
        Ok(None) => Ok(Reply::see_other("/me/second-factor?done=off")),
        Err(problem) if problem.code == "wrong_code" => {
            let fault = Some(("code", words::WRONG_CODE));
            page(native, caller, &frame, kept(secret), fault, false)
        }
        Err(problem) => Err(problem),
    }
}

/// The secret that the form brought back, if it may be one.
fn kept(secret: Secret<String>) -> Option<Secret<String>> {
    let is_one = totp::is_secret(secret.expose());
    is_one.then_some(secret)
}

fn act(
    native: &Native,
    caller: &Caller,
    form: &Form,
    secret: &Secret<String>,
) -> Result<Option<Vec<Secret<String>>>, Problem> {
    match form.text("what") {
        "on" => {
            let (secret, code) = (secret.clone(), form.text("code").to_owned());
            let turned = native.write(caller, move |tx, call| {
                factor::turn_on(tx, call, &secret, &code)
            })?;
            Ok(Some(turned))
        }
        "codes" => native.write(caller, factor::renew_codes).map(Some),
        "off" => {
            let person = (caller.known()?.person()).ok_or_else(|| caller.stranger())?;
            native.write(caller, move |tx, call| factor::turn_off(tx, call, person))?;
            Ok(None)
        }
        _ => Err(Problem::missing()),
    }
}

fn codes_shown(frame: &Frame, codes: &[Secret<String>]) -> Reply {
    let language = frame.language;
    let title = words::CODES_TITLE.of(language);
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            (done(words::DONE_ON.of(language)))
            p.lead { (words::CODES_ONCE.of(language)) }
            ol.card {
                @for code in codes {
                    @let (one, two) = code.expose().split_at(code.expose().len() / 2);
                    li { code { (one) "-" (two) } }
                }
            }
            div.actions { a.button.primary href="/me" { (general::ME.of(language)) } }
        }
    };
    layout::with_status(200, frame, Page::new(title, body)).with_secret()
}
