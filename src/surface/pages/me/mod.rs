//! `/me`: one's own data, password, second factor and sessions.

pub mod data;
pub mod factor;

use crate::base::cause::Cause;
use crate::base::id::SessionId;
use crate::base::text::LoginName;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::account;
use crate::domain::identity::session::{self as sessions, Session, SessionKind};
use crate::domain::surface::Surface;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Rate, Route};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::{Field, done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general, me as words, privacy};
use crate::surface::pages::{browser, clock, guarded, password, person, read, send};
use crate::surface::{owner, session};
use maud::{Markup, html};

/// What is wrong with what was typed into the form of the password.
type Faults = Vec<(&'static str, String)>;

/// The pages.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/me", Access::Person, show),
        guarded("/me/password", Access::Person, Rate::Login, change_password),
        read("/me/second-factor", Access::Person, factor::show),
        guarded(
            "/me/second-factor",
            Access::Person,
            Rate::Login,
            factor::send,
        ),
        send("/me/sessions/{session}/end", Access::Person, end),
        send("/me/sessions/end-all", Access::Person, end_all),
    ]
}

/// `GET /me`; `done` in the query names what was just done.
///
/// # Errors
/// 403 for devices; those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let told = match request.query("done") {
        Some("password") => Some(words::CHANGED),
        Some("session") => Some(words::ENDED),
        Some("withdrawn") => Some(privacy::OWN_WITHDRAWN),
        _ => None,
    };
    let frame = Frame::of(native, caller, &request);
    let page = page(native, caller, &frame, told, &Faults::new())?;
    Ok(layout::with_status(200, &frame, page))
}

fn page(
    native: &Native,
    caller: &Caller,
    frame: &Frame,
    told: Option<Words>,
    faults: &Faults,
) -> Result<Page, Problem> {
    let language = frame.language;
    let title = general::ME.of(language);
    let body = html! {
        h1 { (title) }
        p.lead { (words::LEAD.of(language)) }
        @if let Some(told) = told { (done(told.of(language))) }
        @if !faults.is_empty() { (refused(general::CHECK_FIELDS.of(language))) }
        div.split {
            div { (data(native, caller, frame)?) (list(native, caller, frame)?) }
            div {
                (change(frame, faults))
                (factor::section(native, caller, own(caller)?.0)?)
                (data::section(native, caller)?)
            }
        }
    };
    Ok(Page::new(title, body))
}

/// The word for a role.
#[must_use]
pub const fn role_word(role: Role) -> Words {
    match role {
        Role::User => words::ROLE_USER,
        Role::Developer => words::ROLE_DEVELOPER,
        Role::Teacher => words::ROLE_TEACHER,
        Role::Committee => words::ROLE_COMMITTEE,
        Role::Admin => words::ROLE_ADMIN,
    }
}

/// Whoever has signed in; a device has no account.
fn own(caller: &Caller) -> Result<(Actor, crate::base::id::PersonId, Role), Problem> {
    match caller.known()? {
        actor @ Actor::Person { id, role, .. } => Ok((actor, id, role)),
        Actor::Operator | Actor::Device { .. } | Actor::Key { .. } | Actor::Stranger => {
            Err(Problem::new(Cause::Forbidden, "Only for people."))
        }
    }
}

fn data(native: &Native, caller: &Caller, frame: &Frame) -> Result<Markup, Problem> {
    let (actor, id, role) = own(caller)?;
    let language = frame.language;
    let name = person::own_whole_name(native, caller)?.unwrap_or_default();
    let login = native.core.read(actor, SURFACE, |view, call| {
        account::find_login(view, call, Surface::Native, id)
    })?;
    let pairs = [
        (words::NAME, name),
        (words::LOGIN, login.unwrap_or_default()),
        (words::ROLE, role_word(role).of(language).to_owned()),
    ];
    Ok(html! {
        section.card aria-labelledby="data" {
            h2 id="data" { (words::DATA.of(language)) }
            dl.pairs { @for (name, value) in &pairs { dt { (name.of(language)) } dd { (value) } } }
        }
    })
}

fn list(native: &Native, caller: &Caller, frame: &Frame) -> Result<Markup, Problem> {
    let (actor, id, _) = own(caller)?;
    let language = frame.language;
    let all = native
        .core
        .read(actor, SURFACE, |view, call| sessions::list(view, call, id))?;
    Ok(html! {
        section.card aria-labelledby="sessions" {
            h2 id="sessions" { (words::SESSIONS.of(language)) }
            ul.list { @for one in all.iter().rev() { (line(native, caller, frame, one)) } }
            div.actions {
                form method="post" action="/sign-out" {
                    button { (general::SIGN_OUT.of(language)) }
                }
                form method="post" action="/me/sessions/end-all" {
                    button.danger { (words::END_ALL.of(language)) }
                }
            }
        }
    })
}

fn line(native: &Native, caller: &Caller, frame: &Frame, one: &Session) -> Markup {
    let language = frame.language;
    let site = native.core.site();
    let name = match (one.kind, browser::name(&one.agent)) {
        (SessionKind::Tokens, _) => words::PROGRAM.fill(language, &[&one.agent]),
        (SessionKind::Pages, Some((browser, system))) => {
            words::BROWSER_ON.fill(language, &[browser, system])
        }
        (SessionKind::Pages, None) => words::UNKNOWN_AGENT.of(language).to_owned(),
    };
    let at = |time| clock::moment(language, &site.zone, time);
    let told = words::SINCE.fill(language, &[&at(one.opened_at), &at(one.seen_at)]);
    html! {
        li {
            div.grow { strong { (name) } small { (one.address) " · " (told) } }
            @if caller.session.as_ref().is_some_and(|own| own.id == one.id) {
                span.badge.good { (words::THIS.of(language)) }
            } @else {
                form method="post" action={ "/me/sessions/" (one.id) "/end" } {
                    button aria-label=(words::END_OF.fill(language, &[&name])) { (words::END.of(language)) }
                }
            }
        }
    }
}

fn change(frame: &Frame, faults: &Faults) -> Markup {
    let error = |name: &str| {
        let found = faults.iter().find(|(field, _)| *field == name);
        found.map(|(_, told)| told.clone())
    };
    let fields = [
        Field::password("current", words::CURRENT, "current-password").error(error("current")),
        Field::password("password", words::NEW, "new-password").error(error("password")),
        Field::password("again", words::AGAIN, "new-password").error(error("again")),
    ];
    html! {
        section.card aria-labelledby="change" {
            h2 id="change" { (words::PASSWORD.of(frame.language)) }
            p.muted { (words::PASSWORD_LEAD.of(frame.language)) }
            form method="post" action="/me/password" {
                @for field in &fields { (field.show(frame.language)) }
                button.primary { (words::CHANGE.of(frame.language)) }
            }
        }
    }
}

/// `POST /me/password`: `current`, `password`, `again`. Ends all sessions and opens one.
///
/// # Errors
/// 403 for devices; those of the box; what cannot be is the form again.
pub fn change_password(
    native: &Native,
    caller: &Caller,
    request: Request,
) -> Result<Reply, Problem> {
    let (actor, id, _) = own(caller)?;
    let form = request.form()?;
    let frame = Frame::of(native, caller, &request);
    let (login, faults) = judge(native, caller, &frame, &form)?;
    if !faults.is_empty() {
        let page = page(native, caller, &frame, None, &faults)?;
        return Ok(layout::with_status(422, &frame, page));
    }
    let login: LoginName = login.parse().map_err(|_| Problem::missing())?;
    let hash = password::hash(native, form.get("password").unwrap_or_default())?;
    let address = request.peer.address.to_string();
    let agent = request.header("user-agent").unwrap_or_default().to_owned();
    let opened = native.core.write(actor, SURFACE, move |tx, call| {
        account::set_login(tx, call, Surface::Native, id, &login, &hash)?;
        let opened = sessions::open(tx, call, id, Surface::Native, &address, &agent)?;
        Ok::<_, Problem>(opened)
    })?;
    let token = opened.token.expose();
    let cookie = session::set_cookie(session::PERSON, token, request.peer.secure);
    Ok(Reply::see_other("/me?done=password").with_header("set-cookie", cookie))
}

fn judge(
    native: &Native,
    caller: &Caller,
    frame: &Frame,
    form: &Form,
) -> Result<(String, Faults), Problem> {
    let (login, known) = owner::is_own(native, caller, form.get("current").unwrap_or_default())?;
    let mut faults = Faults::new();
    if !known {
        faults.push(("current", words::WRONG.of(frame.language).to_owned()));
    }
    let (new, again) = (
        form.get("password").unwrap_or_default(),
        form.get("again").unwrap_or_default(),
    );
    faults.extend(password::fault(new, again, &login, frame.language));
    Ok((login, faults))
}

/// `POST /me/sessions/{session}/end`.
///
/// # Errors
/// 404 for a session that is none of one's own; those of the box.
pub fn end(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: SessionId = request.id_param("session")?;
    let (actor, ..) = own(caller)?;
    native
        .core
        .write(actor, SURFACE, move |tx, call| sessions::end(tx, call, id))?;
    Ok(Reply::see_other("/me?done=session"))
}

/// `POST /me/sessions/end-all`: also this one.
///
/// # Errors
/// 403 for devices; those of the box.
pub fn end_all(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (actor, id, _) = own(caller)?;
    native.core.write(actor, SURFACE, move |tx, call| {
        sessions::end_all(tx, call, id)
    })?;
    let cookie = session::clear_cookie(session::PERSON, request.peer.secure);
    Ok(Reply::see_other("/sign-in").with_header("set-cookie", cookie))
}
