//! Registering, signing in, who a token's holder is. The order of the checks is the contract's.

use crate::base::id::PersonId;
use crate::base::json::{Value, json};
use crate::base::limits::OLD_PASSWORD_BYTES_MAX as PASSWORD_BYTES_MAX;
use crate::base::secret::Secret;
use crate::crypto::jwt::{Claims, Refusal};
use crate::crypto::random::Seeded;
use crate::domain::actor::{Actor, Role};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::identity::account::{self, Candidate};
use crate::domain::identity::holder::{self, Holder};
use crate::domain::identity::login::Login;
use crate::domain::identity::person::PersonState;
use crate::domain::identity::registration::{self, Error, Newcomer};
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::identity::SURFACE;
use crate::surface::identity::answer::{No, json_of, limiter, state, told};
use crate::surface::identity::shape::{self, Field};
use crate::surface::native::Native;
use crate::surface::session::set_cookie;
use crate::surface::throttle::{IDENTITY_MARKS, Try, marked};

const TOO_LONG: No = No::Because(
    400,
    "Password terlalu panjang (maks 72 bytes). Gunakan password lebih pendek.",
);
const TAKEN: No = No::Because(409, "Username already exists");
const WRONG: No = No::Because(401, "Invalid username/password");
const INVALID: No = No::Because(401, "Invalid token");

const fn field(name: &'static str, least: usize, most: usize) -> Field {
    Field {
        name,
        least,
        most,
        default: None,
    }
}

/// Makes an account.
///
/// # Errors
/// Those of the box.
pub fn register(native: &Native, request: &Request) -> Result<Reply, Problem> {
    told(registered(native, request))
}

fn registered(native: &Native, request: &Request) -> Result<Reply, No> {
    let policy = &state(native)?.setting;
    let role = Field {
        default: Some("committee"),
        ..field("role", 0, usize::MAX)
    };
    let password = field("password", policy.password_chars_min, 200);
    let [name, password, role] = shape::texts(request, [field("username", 3, 50), password, role])?;
    let login = Login::chosen(&name).ok_or_else(|| shape::misleading(&name))?;
    if !policy.policy.open {
        return Err(refused(&Error::Closed));
    }
    let site = native.core.site();
    let taken = (native.core.store)
        .read(|view| registration::is_taken(view, &site, Surface::Identity, &login));
    if taken.map_err(|e| No::from(of(&e)))? {
        return Err(TAKEN);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(TOO_LONG);
    }
    let role = match role.trim().to_lowercase().as_str() {
        "committee" => Role::Committee,
        "admin" => Role::Admin,
        _ => {
            return Err(No::Because(
                400,
                "Invalid role (use 'committee' or 'admin')",
            ));
        }
    };
    policy.policy.may(role).map_err(|e| refused(&e))?;
    keep(native, login, role, Secret::new(password))?;
    Ok(who(&name, role.code()))
}

/// Hashes the password and writes the account.
fn keep(native: &Native, login: Login, role: Role, password: Secret<String>) -> Result<(), No> {
    let mut chance = Seeded::new(&native.core.draw_seed());
    let hash = native.passwords.hash(&password, &mut chance);
    let hash = hash.map_err(|_| TOO_LONG)?;
    let new = Newcomer {
        surface: Surface::Identity,
        known: proven(native, login.as_str(), &password)?,
        login,
        role,
        hash,
    };
    let policy = state(native)?.setting.policy.clone();
    let done = native
        .core
        .write(Actor::Stranger, SURFACE, move |tx, call| {
            registration::register(tx, call, &policy, &new)
        });
    done.map(|_| ()).map_err(|e| refused(&e))
}

/// Who has this name and this password on another surface: it is the same person then.
fn proven(native: &Native, name: &str, password: &Secret<String>) -> Result<Option<PersonId>, No> {
    let site = native.core.site();
    for surface in [Surface::Native, Surface::PortalIdentity] {
        let found =
            (native.core.store).read(|view| account::find_candidate(view, &site, surface, name))?;
        let Some(candidate) = found else {
            // As much time as for a name that there is.
            let mut chance = Seeded::new(&native.core.draw_seed());
            let _ = native.passwords.hash(password, &mut chance);
            continue;
        };
        if matches(native, &candidate, password) {
            return Ok(Some(candidate.person));
        }
    }
    Ok(None)
}

fn matches(native: &Native, candidate: &Candidate, password: &Secret<String>) -> bool {
    let verdict = native.passwords.verify(password, candidate.hash.expose());
    verdict.is_ok_and(|v| v.matches)
}

/// A refusal of the domain in the contract's words.
fn refused(error: &Error) -> No {
    match error {
        Error::Closed => No::Because(403, "Registration is closed"),
        Error::Role => No::Because(403, "This role cannot be registered"),
        Error::LoginTaken => TAKEN,
        Error::Fault(_) => No::Else(of(error)),
    }
}

fn of(error: &Error) -> Problem {
    Problem::new(
        error.cause(),
        "The box cannot do this now. Try again in a moment.",
    )
}

/// Name and role, in the order of the contract's examples.
fn who(name: &str, role: &str) -> Reply {
    let (name, role) = (Value::from(name), Value::from(role));
    let text = format!(r#"{{"username":{name},"role":{role}}}"#);
    Reply::bytes("application/json", text.into_bytes())
}

/// Gives a token for a name and a password.
///
/// # Errors
/// Those of the box.
pub fn login(native: &Native, request: &Request) -> Result<Reply, Problem> {
    told(signed_in(native, request))
}

fn signed_in(native: &Native, request: &Request) -> Result<Reply, No> {
    let any = |name| field(name, 0, usize::MAX);
    let [name, password] = shape::texts(request, [any("username"), any("password")])?;
    let (core, site) = (&native.core, native.core.site());
    let tried = format!("{SURFACE}\0{name}");
    let marks = request.cookie(IDENTITY_MARKS).unwrap_or_default();
    let counted = Try::count_by(native, limiter(native), request.peer.address, marks, &tried)?;
    let password = Secret::new(password);
    let found =
        (core.store).read(|view| account::find_candidate(view, &site, Surface::Identity, &name))?;
    let Some(candidate) = found else {
        // As much time as for a name that there is.
        let mut chance = Seeded::new(&core.draw_seed());
        let _ = native.passwords.hash(&password, &mut chance);
        return Err(WRONG);
    };
    if password.expose().len() > PASSWORD_BYTES_MAX {
        return Err(TOO_LONG);
    }
    let verdict = native.passwords.verify(&password, candidate.hash.expose());
    let verdict = verdict.ok().filter(|v| v.matches).ok_or(WRONG)?;
    if candidate.state != PersonState::Active {
        return Err(WRONG);
    }
    let newer = verdict.needs_upgrade.then(|| {
        let mut chance = Seeded::new(&core.draw_seed());
        native.passwords.hash(&password, &mut chance).ok()
    });
    let token = give(native, &name, candidate.person, newer.flatten())?;
    counted.succeeded();
    let marks = marked(native, marks, &tried);
    let body = json!({"access_token": token.expose(), "token_type": "bearer"});
    let mark = set_cookie(IDENTITY_MARKS, &marks, request.peer.secure);
    Ok(json_of(200, &body).with_header("set-cookie", mark))
}

/// Writes down that a token is given, with a newer hash if there is one, and makes it.
fn give(
    native: &Native,
    name: &str,
    person: PersonId,
    newer: Option<String>,
) -> Result<Secret<String>, No> {
    let (core, now) = (&native.core, native.core.clock.stamp());
    core.write_at(now, Actor::Stranger, SURFACE, move |tx, call| {
        if let Some(hash) = &newer {
            account::upgrade_hash(tx, call, Surface::Identity, person, hash)?;
        }
        let told = Detail::Plain(SURFACE.to_owned());
        audit::record(tx, call, Act::TokenGive, format!("person:{person}"), told)?;
        Ok::<_, account::Error>(())
    })?;
    let site = core.site();
    let holder = (core.store).read(|view| holder::find(view, &site, Surface::Identity, name))?;
    let Holder::Known { role, .. } = holder else {
        return Err(WRONG);
    };
    let now_s = now.at.as_millis().div_euclid(1000);
    Ok(state(native)?.token(name, role.code(), now_s))
}

/// Who the holder of a token is.
///
/// # Errors
/// Those of the box.
pub fn me(native: &Native, request: &Request) -> Result<Reply, Problem> {
    told(known(native, request))
}

fn known(native: &Native, request: &Request) -> Result<Reply, No> {
    let claims = claims(native, request)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, role) = (text("sub"), text("role"));
    let site = native.core.site();
    let holder =
        (native.core.store).read(|view| holder::find(view, &site, Surface::Identity, name))?;
    let given_s = claims.get("iat").and_then(Value::as_i64);
    if !holder.stands_for(Role::read(role), given_s) {
        return Err(INVALID);
    }
    Ok(who(name, role))
}

/// The claims of a request's token.
fn claims(native: &Native, request: &Request) -> Result<Claims, No> {
    let header = request.header("authorization").unwrap_or_default();
    if header.is_empty() {
        return Err(No::Because(401, "Missing Authorization header"));
    }
    let words: Vec<&str> = header.split_whitespace().collect();
    let token = match words.as_slice() {
        [scheme, token] if scheme.eq_ignore_ascii_case("bearer") => *token,
        _ => {
            let text = "Invalid Authorization header format. Use: Bearer <token>";
            return Err(No::Because(401, text));
        }
    };
    let now_s = native.core.clock.stamp().at.as_millis().div_euclid(1000);
    state(native)?
        .read(token, now_s)
        .map_err(|refusal| match refusal {
            Refusal::Expired => No::Because(401, "Token expired"),
            Refusal::Form
            | Refusal::Algorithm
            | Refusal::Key
            | Refusal::Signature
            | Refusal::Claims
            | Refusal::Early => INVALID,
        })
}
