//! Access and refresh tokens for programs that keep no cookies.

use crate::base::cause::Cause;
use crate::base::id::{PersonId, SessionId};
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::domain::actor::Actor;
use crate::domain::identity::refresh::{self, Answer, Refreshed};
use crate::domain::identity::session::SessionKind;
use crate::domain::surface::Surface;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::access;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::sessions::{SignIn, code_needed};
use crate::surface::api::shape::IdText;
use crate::surface::entrance::{self, Outcome};
use crate::surface::native::{Caller, Native, SURFACE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A refresh token.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    /// The token that the last answer gave.
    #[schemars(length(min = 1, max = 200))]
    refresh_token: String,
}

/// Tokens. They are shown this once.
#[derive(Serialize, JsonSchema)]
struct Tokens {
    /// For `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the access token holds.
    expires_in: i64,
    /// For the next access token; each is for one use.
    refresh_token: String,
    /// When the session ends at the latest, in milliseconds since 1970.
    refresh_expires_at_ms: i64,
    /// The session, as the list of sessions has it.
    #[schemars(with = "IdText")]
    session: SessionId,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/tokens", sign_in)
            .about(
                "Session",
                "Signs a program in: an access token for an hour, and a refresh token.",
            )
            .access(Access::Public)
            .lane(Lane::Password, Rate::Login)
            .takes::<SignIn>(r#"{"login":"sari","password":"kuda laut biru"}"#)
            .answers::<Tokens>(201)
            .refuses(&[
                (401, "wrong_password"),
                (401, "code_needed"),
                (401, "wrong_code"),
                (403, "disabled"),
            ]),
        Entry::post("/api/v1/tokens/refresh", again)
            .about(
                "Session",
                "The next tokens for a refresh token, which ends with that; one that comes a second time ends the session.",
            )
            .access(Access::Public)
            .takes::<Refresh>(r#"{"refresh_token":"hdrr_01JD5Z3N8GQ4X6V7W8Y9Z0A1B2"}"#)
            .answers::<Tokens>(200)
            .refuses(&[(401, "refresh_refused"), (401, "refresh_reused")]),
    ]
}

fn shape(
    native: &Native,
    person: PersonId,
    session: SessionId,
    refresh_token: &Secret<String>,
    ends: Timestamp,
) -> Tokens {
    let now = native.core.clock.stamp().at;
    let (token, expires_in) = access::sign(&native.core.site(), person, session, now);
    Tokens {
        access_token: token.expose().clone(),
        token_type: "Bearer",
        expires_in,
        refresh_token: refresh_token.expose().clone(),
        refresh_expires_at_ms: ends.as_millis(),
        session,
    }
}

fn sign_in(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: SignIn = request.json()?;
    let kind = SessionKind::Tokens;
    match entrance::sign_in(native, &request, kind, &new.given())? {
        Outcome::In(entered) => {
            let (opened, ends) = (&entered.opened, entered.ends);
            let tokens = shape(native, entered.person, opened.id, &opened.token, ends);
            Ok(Reply::of(201, &tokens).with_secret())
        }
        Outcome::Code(_) => Err(code_needed()),
    }
}

fn again(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let given: Refresh = request.json()?;
    let refused = |code, message| Problem::new(Cause::Unauthenticated, message).with_code(code);
    let answer = (native.core).write(Actor::Stranger, SURFACE, move |tx, call| {
        refresh::rotate(tx, call, Surface::Native, &given.refresh_token)
    })?;
    match answer {
        Answer::Good(Refreshed {
            person,
            id,
            expires_at,
            token,
        }) => {
            let tokens = shape(native, person, id, &token, expires_at);
            Ok(Reply::of(200, &tokens).with_secret())
        }
        Answer::Unknown => Err(refused(
            "refresh_refused",
            "This refresh token is none, or its session has ended. Sign in again.",
        )),
        Answer::Reused => Err(refused(
            "refresh_reused",
            "This refresh token came a second time, so its session was ended. Sign in again.",
        )),
    }
}
