//! Signing in and out, who one is, one's sessions, one's password.

use crate::base::cause::Cause;
use crate::base::id::{PersonId, SessionId};
use crate::base::secret::Secret;
use crate::base::text::LoginName;
use crate::base::{id::DeviceId, limits};
use crate::crypto::random::Seeded;
use crate::domain::actor::{Actor, DeviceAccess, Role};
use crate::domain::fault::Fault;
use crate::domain::identity::session::{self, Session, SessionKind};
use crate::domain::identity::{account, link};
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{
    DeviceAccessText, IdText, LanguageText, RoleText, SessionKindText, parse,
};
use crate::surface::entrance::{self, Given, Outcome};
use crate::surface::native::{Caller, Native};
use crate::surface::session as door;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The login name.
    #[schemars(length(min = 1, max = 64))]
    login: String,
    /// The password.
    #[schemars(length(min = 1, max = 1024))]
    password: String,
    /// The code of the second factor, for whoever has one: the app's, or a recovery code. One that
    /// nobody asked for is not looked at.
    code: Option<String>,
}

impl SignIn {
    /// What was given to sign in.
    pub(super) fn given(&self) -> Given<'_> {
        Given {
            login: &self.login,
            password: &self.password,
            code: self.code.as_deref(),
        }
    }
}

/// A login to be made or changed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewLogin {
    /// The login name: 3 to 64 letters, digits and . _ - @
    #[schemars(length(min = 3, max = 64))]
    login: String,
    /// The password, at least ten characters.
    #[schemars(length(min = 10, max = 1024))]
    password: String,
}

/// Who calls.
#[derive(Debug, Serialize, JsonSchema)]
struct Me {
    /// The person who signed in.
    #[schemars(with = "Option<IdText>")]
    person: Option<PersonId>,
    /// The person's role.
    #[schemars(with = "Option<RoleText>")]
    role: Option<Role>,
    /// Whether the person may do what supervisors may.
    supervise: bool,
    /// The device that the call comes from.
    #[schemars(with = "Option<IdText>")]
    device: Option<DeviceId>,
    /// What the device may do.
    #[schemars(with = "Option<DeviceAccessText>")]
    device_access: Option<DeviceAccess>,
    /// The language in which sentences come.
    #[schemars(with = "LanguageText")]
    language: crate::domain::rule::Language,
}

/// A session.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Session")]
struct SessionShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: SessionId,
    /// Whether it is the one of this call.
    current: bool,
    /// `pages`: a browser, in a cookie; `tokens`: a program.
    #[schemars(with = "SessionKindText")]
    kind: SessionKind,
    /// When it was opened, in milliseconds since 1970.
    opened_at_ms: i64,
    /// When it was last used, to some minutes.
    seen_at_ms: i64,
    /// When it ends at the latest.
    expires_at_ms: i64,
    /// The address it was opened from.
    address: String,
    /// The browser it was opened with.
    agent: String,
}

/// A link by which a person chooses the password. It is shown this once.
#[derive(Serialize, JsonSchema)]
struct LoginLink {
    /// The path of its page on this box.
    path: String,
    /// Until when it holds, in milliseconds since 1970.
    expires_at_ms: i64,
    /// Whether the person has no login yet and chooses the name, too.
    invites: bool,
}

/// One's sessions.
#[derive(Debug, Serialize, JsonSchema)]
struct Sessions {
    /// The sessions that go on, the oldest first.
    items: Vec<SessionShape>,
    /// Always null: they are one page.
    next: Option<String>,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/session", sign_in)
            .about(
                "Session",
                "Signs in; the answer sets the cookie of the session.",
            )
            .access(Access::Public)
            .lane(Lane::Password, Rate::Login)
            .takes::<SignIn>(r#"{"login":"sari","password":"kuda laut biru"}"#)
            .answers::<Me>(201)
            .refuses(&[
                (401, "wrong_password"),
                (401, "code_needed"),
                (401, "wrong_code"),
                (403, "disabled"),
            ]),
        Entry::get("/api/v1/session", me)
            .about("Session", "Who calls: a person, a device, or both.")
            .access(Access::Known)
            .answers::<Me>(200),
        Entry::delete("/api/v1/session", sign_out).about("Session", "Signs out."),
        Entry::get("/api/v1/sessions", list)
            .about("Session", "The caller's own sessions.")
            .answers::<Sessions>(200),
        Entry::delete("/api/v1/sessions/{session}", end)
            .about(
                "Session",
                "Ends a session: a device that was lost, a browser elsewhere.",
            )
            .refuses(&[(404, "no_session")]),
        Entry::put("/api/v1/people/{person}/login", set_login)
            .about("People", "Gives a person a login and ends their sessions.")
            .right("manage_accounts")
            .lane(Lane::Password, Rate::Auth)
            .takes::<NewLogin>(r#"{"login":"sari","password":"kuda laut biru"}"#)
            .refuses(&[(404, "no_person"), (409, "login_taken")]),
        Entry::post("/api/v1/people/{person}/login-link", link_for)
            .about(
                "People",
                "Makes a link by which a person chooses the password, for three days and one use.",
            )
            .right("manage_accounts")
            .lane(Lane::Ordinary, Rate::Auth)
            .answers::<LoginLink>(201)
            .refuses(&[(404, "no_person")]),
        Entry::delete("/api/v1/people/{person}/sessions", end_all)
            .about("People", "Ends all sessions of a person.")
            .right("manage_accounts"),
    ]
}

fn shape(caller: &Caller) -> Me {
    let (person, role, supervise) = match caller.actor {
        Some(Actor::Person {
            id,
            role,
            supervise,
        }) => (Some(id), Some(role), supervise),
        Some(Actor::Operator | Actor::Device { .. } | Actor::Key { .. } | Actor::Stranger)
        | None => (None, None, false),
    };
    Me {
        person,
        role,
        supervise,
        device: caller.device.as_ref().map(|d| d.id),
        device_access: caller.device.as_ref().map(|d| d.access),
        language: caller.language,
    }
}

fn sign_in(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: SignIn = request.json()?;
    let kind = SessionKind::Pages;
    let entered = match entrance::sign_in(native, &request, kind, &new.given())? {
        Outcome::In(entered) => entered,
        Outcome::Code(_) => return Err(code_needed()),
    };
    let mut signed = caller.clone();
    door::identify_session(native, entered.opened.token.expose(), &mut signed)?;
    Ok(entered.into_reply(Reply::of(201, &shape(&signed)), request.peer.secure))
}

/// The refusal of whoever has to send the code of the second factor along.
pub(super) fn code_needed() -> Problem {
    let message = "Send the code of the second factor along in the field code.";
    Problem::new(Cause::Unauthenticated, message)
        .with_code("code_needed")
        .with_field("code")
}

fn me(_: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    Ok(Reply::of(200, &shape(caller)))
}

fn sign_out(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    door::sign_out(native, caller)?;
    let cookie = door::clear_cookie(door::PERSON, request.peer.secure);
    Ok(Reply::empty().with_header("set-cookie", cookie))
}

/// The session of a route that only signed-in people may call.
fn own(caller: &Caller) -> Result<&Session, Problem> {
    caller.session.as_ref().ok_or_else(|| caller.stranger())
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let current = own(caller)?;
    let all = native.read(caller, |view, call| {
        session::list(view, call, current.person)
    })?;
    let items = all.into_iter().map(|s| SessionShape {
        current: s.id == current.id,
        kind: s.kind,
        id: s.id,
        opened_at_ms: s.opened_at.as_millis(),
        seen_at_ms: s.seen_at.as_millis(),
        expires_at_ms: s.expires_at.as_millis(),
        address: s.address,
        agent: s.agent,
    });
    let items = items.collect();
    Ok(Reply::of(200, &Sessions { items, next: None }))
}

fn end(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: SessionId = request.id_param("session")?;
    native.write(caller, move |tx, call| session::end(tx, call, id))?;
    Ok(Reply::empty())
}

fn set_login(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    // Asked before the password is hashed, which takes its time.
    if own(caller)?.person != person {
        let _may = caller.known()?.manage_accounts().map_err(Fault::from)?;
    }
    let new: NewLogin = request.json()?;
    let login: LoginName = parse("login", &new.login)?;
    if new.password.chars().count() < limits::PASSWORD_CHARS_MIN {
        let least = limits::PASSWORD_CHARS_MIN;
        let message = format!("A password has at least {least} characters.");
        return Err(Problem::field("password", message));
    }
    let mut chance = Seeded::new(&native.core.draw_seed());
    let hash = (native.passwords)
        .hash(&Secret::new(new.password), &mut chance)
        .map_err(|e| Problem::field("password", format!("The password cannot be this: {e}.")))?;
    native.write(caller, move |tx, call| {
        account::set_login(tx, call, Surface::Native, person, &login, &hash)
    })?;
    Ok(Reply::empty())
}

fn link_for(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    let made = native.write(caller, move |tx, call| link::make(tx, call, person))?;
    let shape = LoginLink {
        path: format!("/sign-in/link/{}", made.token.expose()),
        expires_at_ms: made.expires_at.as_millis(),
        invites: made.invites,
    };
    Ok(Reply::of(201, &shape).with_secret())
}

fn end_all(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| session::end_all(tx, call, person))?;
    Ok(Reply::empty())
}
