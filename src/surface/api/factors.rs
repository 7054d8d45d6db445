//! The second factor: one's own, and taking away that of somebody who has lost the app.

use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::crypto::random::Seeded;
use crate::crypto::totp;
use crate::domain::identity::factor;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::native::{Caller, Native};
use crate::surface::owner;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one's second factor stands.
#[derive(Debug, Serialize, JsonSchema)]
struct SecondFactor {
    /// Whether it is asked for.
    on: bool,
    /// Since when, in milliseconds since 1970.
    since_ms: Option<i64>,
    /// Recovery codes that were not used yet.
    codes_left: u32,
}

/// A secret for an authenticator app; nothing is kept of it.
#[derive(Serialize, JsonSchema)]
struct AppSecret {
    /// In base 32, as apps take it.
    secret: String,
    /// The same as a link, for a QR code.
    uri: String,
}

/// What turns the second factor on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TurnOn {
    /// The secret that the app was given.
    #[schemars(length(min = 32, max = 32))]
    secret: String,
    /// The code that the app shows.
    #[schemars(length(min = 6, max = 16))]
    code: String,
    /// One's password.
    #[schemars(length(min = 1, max = 1024))]
    password: String,
}

/// One's password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Password {
    /// The password.
    #[schemars(length(min = 1, max = 1024))]
    password: String,
}

/// Codes for whoever has lost the app, each for one use. They are shown this once.
#[derive(Serialize, JsonSchema)]
struct RecoveryCodes {
    /// The codes.
    recovery_codes: Vec<String>,
}

const OWN: &str = "/api/v1/me/second-factor";
const PASSWORD: &str = r#"{"password":"kuda laut biru"}"#;

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get(OWN, show)
            .about("Session", "How one's second factor stands.")
            .answers::<SecondFactor>(200),
        Entry::post("/api/v1/me/second-factor/secret", offer)
            .about("Session", "A new secret for an authenticator app; nothing is kept of it.")
            .answers::<AppSecret>(200),
        Entry::put(OWN, turn_on)
            .about("Session", "Turns one's second factor on; the recovery codes are shown this once.")
            .lane(Lane::Password, Rate::Login)
            .takes::<TurnOn>(
                r#"{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","code":"287082","password":"kuda laut biru"}"#,
            )
            .answers::<RecoveryCodes>(200)
            .refuses(&[
                (404, "no_person"),
                (409, "second_factor_on"),
                (422, "wrong_code"),
                (422, "wrong_password"),
            ]),
        Entry::post("/api/v1/me/second-factor/codes", renew)
            .about("Session", "New recovery codes in the place of the old ones.")
            .lane(Lane::Password, Rate::Login)
            .takes::<Password>(PASSWORD)
            .answers::<RecoveryCodes>(200)
            .refuses(&[(409, "no_second_factor"), (422, "wrong_password")]),
        Entry::post("/api/v1/me/second-factor/off", turn_off)
            .about("Session", "Turns one's second factor off.")
            .lane(Lane::Password, Rate::Login)
            .takes::<Password>(PASSWORD)
            .refuses(&[(409, "no_second_factor"), (422, "wrong_password")]),
        Entry::delete("/api/v1/people/{person}/second-factor", take_away)
            .about("People", "Turns a person's second factor off: the app and the codes are lost.")
            .right("manage_accounts")
            .refuses(&[(409, "no_second_factor")]),
    ]
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let session = caller.session.as_ref().ok_or_else(|| caller.stranger())?;
    let found = native.read(caller, |v, c| factor::find(v, c, session.person))?;
    let shape = SecondFactor {
        on: found.is_some(),
        since_ms: found.map(|f| f.since.as_millis()),
        codes_left: found.map_or(0, |f| f.codes_left),
    };
    Ok(Reply::of(200, &shape))
}

fn offer(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let login = owner::login(native, caller)?;
    let secret = totp::new_secret(&mut Seeded::new(&native.core.draw_seed()));
    let uri = totp::uri(&native.core.site().rules.name, &login, &secret);
    let shape = AppSecret {
        secret: secret.expose().clone(),
        uri: uri.expose().clone(),
    };
    Ok(Reply::of(200, &shape).with_secret())
}

/// Asks for the password again: whoever has found an open session may not change the lock.
fn check(native: &Native, caller: &Caller, typed: &str) -> Result<(), Problem> {
    let (_, own) = owner::is_own(native, caller, typed)?;
    let wrong = || Problem::field("password", "The password is wrong.").with_code("wrong_password");
    own.then_some(()).ok_or_else(wrong)
}

fn shown(codes: &[Secret<String>]) -> Reply {
    let recovery_codes = codes.iter().map(|code| code.expose().clone()).collect();
    Reply::of(200, &RecoveryCodes { recovery_codes }).with_secret()
}

fn turn_on(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: TurnOn = request.json()?;
    check(native, caller, &new.password)?;
    let secret = Secret::new(new.secret);
    let codes = native.write(caller, move |tx, call| {
        factor::turn_on(tx, call, &secret, &new.code)
    })?;
    Ok(shown(&codes))
}

fn renew(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let asked: Password = request.json()?;
    check(native, caller, &asked.password)?;
    let codes = native.write(caller, factor::renew_codes)?;
    Ok(shown(&codes))
}

fn turn_off(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let asked: Password = request.json()?;
    check(native, caller, &asked.password)?;
    let session = caller.session.as_ref().ok_or_else(|| caller.stranger())?;
    let person = session.person;
    native.write(caller, move |tx, call| factor::turn_off(tx, call, person))?;
    Ok(Reply::empty())
}

fn take_away(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| factor::turn_off(tx, call, person))?;
    Ok(Reply::empty())
}
