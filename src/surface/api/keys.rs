//! Keys of programs: made, listed, rotated, revoked.

use crate::base::id::ApiKeyId;
use crate::domain::actor::Scope;
use crate::domain::api_key::{self, ApiKey, NewKey as Wanted};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{IdText, ScopeText, parse};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key of a program.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
struct KeyShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: ApiKeyId,
    /// What people call it.
    name: String,
    /// What it is for.
    #[schemars(with = "Vec<ScopeText>")]
    scopes: Vec<Scope>,
    /// When it was made, in milliseconds since 1970.
    made_at_ms: i64,
    /// When it ends.
    expires_at_ms: i64,
    /// When it was last used, to some minutes; null: never.
    seen_at_ms: Option<i64>,
    /// Until when the text before the last rotation holds; null: it does not.
    old_until_ms: Option<i64>,
}

impl KeyShape {
    fn of(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes,
            made_at_ms: key.made_at.as_millis(),
            expires_at_ms: key.expires_at.as_millis(),
            seen_at_ms: key.seen_at.map(|at| at.as_millis()),
            old_until_ms: key.old_until.map(|at| at.as_millis()),
        }
    }
}

/// All keys.
#[derive(Debug, Serialize, JsonSchema)]
struct Keys {
    /// The keys in the order they were made, those that have ended too.
    items: Vec<KeyShape>,
}

/// A key to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewKey {
    /// What people call it.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// What it is for.
    #[schemars(with = "Vec<ScopeText>", length(min = 1))]
    scopes: Vec<Scope>,
    /// How long it holds, in days; 90 if not said.
    #[schemars(range(min = 1, max = 366))]
    days: Option<u16>,
}

/// Days that a key holds if nobody says how long.
const DAYS: u16 = 90;

/// A key that was made.
#[derive(Debug, Serialize, JsonSchema)]
struct MadeKey {
    /// Which.
    #[schemars(with = "IdText")]
    key: ApiKeyId,
    /// Its text, a bearer token, shown this once.
    token: String,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    const GROUP: &str = "Keys";
    const RIGHT: &str = "manage_keys";
    vec![
        Entry::get("/api/v1/keys", list)
            .about(GROUP, "All keys of programs.")
            .right(RIGHT)
            .answers::<Keys>(200),
        Entry::post("/api/v1/keys", make)
            .about(GROUP, "Makes a key; its text is shown once.")
            .right(RIGHT)
            .takes::<NewKey>(r#"{"name":"Laporan harian","scopes":["people.read","attend"]}"#)
            .answers::<MadeKey>(201)
            .refuses(&[
                (422, "no_scopes"),
                (422, "key_days"),
                (409, "too_many_keys"),
            ]),
        Entry::post("/api/v1/keys/{key}/rotate", rotate)
            .about(
                GROUP,
                "Gives a key another text; the one it had holds a day longer.",
            )
            .right(RIGHT)
            .answers::<MadeKey>(201)
            .refuses(&[(404, "no_key")]),
        Entry::delete("/api/v1/keys/{key}", revoke)
            .about(GROUP, "Revokes a key with all its texts.")
            .right(RIGHT)
            .refuses(&[(404, "no_key")]),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let keys = native.read(caller, api_key::list)?;
    let items = keys.into_iter().map(KeyShape::of).collect();
    Ok(Reply::of(200, &Keys { items }))
}

fn make(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewKey = request.json()?;
    let wanted = Wanted {
        name: parse("name", &new.name)?,
        scopes: new.scopes,
        days: new.days.unwrap_or(DAYS),
    };
    let (key, text) = native.write(caller, move |tx, call| api_key::make(tx, call, &wanted))?;
    let token = text.expose().clone();
    Ok(Reply::of(201, &MadeKey { key, token }).with_secret())
}

fn rotate(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let key: ApiKeyId = request.id_param("key")?;
    let text = native.write(caller, move |tx, call| api_key::rotate(tx, call, key))?;
    let token = text.expose().clone();
    Ok(Reply::of(201, &MadeKey { key, token }).with_secret())
}

fn revoke(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let key: ApiKeyId = request.id_param("key")?;
    native.write(caller, move |tx, call| api_key::revoke(tx, call, key))?;
    Ok(Reply::empty())
}
