//! Privacy: the notice, and what people ask for under the law, with its clock.

use crate::base::id::{ClaimId, PersonId};
use crate::base::limits;
use crate::domain::privacy::claim::{self, Claim, ClaimKind, ClaimState};
use crate::domain::privacy::notice::{self, Notice};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::Access;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{ClaimKindText, ClaimStateText, IdText, parse_some};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The notice in force.
#[derive(Debug, Serialize, JsonSchema)]
struct NoticeShape {
    /// Its number, from 1.
    version: u32,
    /// In Indonesian.
    id: String,
    /// In English.
    en: String,
    /// When it was published, in milliseconds since 1970.
    published_at_ms: i64,
}

/// A notice to be published.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewNotice {
    /// In Indonesian.
    #[schemars(length(min = 1, max = 8000))]
    id: String,
    /// In English.
    #[schemars(length(min = 1, max = 8000))]
    en: String,
}

/// Something that was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct ClaimShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: ClaimId,
    /// By whom, or for whom.
    #[schemars(with = "IdText")]
    person: PersonId,
    /// What.
    #[schemars(with = "ClaimKindText")]
    kind: ClaimKind,
    /// How it stands.
    #[schemars(with = "ClaimStateText")]
    state: ClaimState,
    /// In the person's own words.
    note: Option<String>,
    /// What was answered.
    answer: Option<String>,
    /// When, in milliseconds since 1970.
    made_at_ms: i64,
    /// Until when it has to be done.
    due_at_ms: i64,
    /// When it was closed; null: it waits.
    closed_at_ms: Option<i64>,
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct Claims {
    /// What waits, the first to be due first; of a person, the newest first.
    items: Vec<ClaimShape>,
    /// Always null: they are one page.
    next: Option<String>,
}

/// Something to be asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewClaim {
    /// What.
    #[schemars(with = "ClaimKindText")]
    kind: ClaimKind,
    /// In the person's own words, 1 to 500 characters.
    #[schemars(length(min = 1, max = 500))]
    note: Option<String>,
}

/// How something that waits is closed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Closing {
    /// Whether it is refused; it was done if not.
    #[serde(default)]
    refused: bool,
    /// What is answered, 1 to 500 characters; a refusal needs it.
    #[schemars(length(min = 1, max = 500))]
    answer: Option<String>,
}

impl From<Notice> for NoticeShape {
    fn from(notice: Notice) -> Self {
        Self {
            version: notice.version,
            id: notice.id,
            en: notice.en,
            published_at_ms: notice.published_at.as_millis(),
        }
    }
}

impl From<Claim> for ClaimShape {
    fn from(claim: Claim) -> Self {
        Self {
            id: claim.id,
            person: claim.person,
            kind: claim.kind,
            state: claim.state,
            note: claim.note,
            answer: claim.answer,
            made_at_ms: claim.made_at.as_millis(),
            due_at_ms: claim.due_at.as_millis(),
            closed_at_ms: claim.closed_at.map(|at| at.as_millis()),
        }
    }
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/privacy/notice", show)
            .about("Privacy", "The privacy notice in force, for everybody.")
            .access(Access::Public)
            .answers::<NoticeShape>(200)
            .refuses(&[(404, "no_notice")]),
        Entry::put("/api/v1/privacy/notice", publish)
            .about("Privacy", "Publishes a new version of the privacy notice.")
            .right("manage_settings")
            .takes::<NewNotice>(r#"{"id":"Kami menyimpan …","en":"We keep …"}"#)
            .answers::<NoticeShape>(200)
            .refuses(&[
                (409, "notice_same"),
                (422, "notice_empty"),
                (422, "notice_long"),
            ]),
        Entry::get("/api/v1/privacy/claims", list_open)
            .about("Privacy", "What people have asked for and what waits.")
            .right("manage_accounts")
            .answers::<Claims>(200),
        Entry::post("/api/v1/privacy/claims/{claim}/close", close)
            .about(
                "Privacy",
                "Closes what somebody has asked for, as done or refused.",
            )
            .right("manage_accounts")
            .takes::<Closing>(r#"{"refused":false,"answer":"Sudah dibetulkan."}"#)
            .refuses(&[(404, "no_claim"), (422, "no_reason")]),
        Entry::get("/api/v1/people/{person}/claims", list)
            .about(
                "Privacy",
                "What a person has asked for; one's own is everybody's.",
            )
            .right("manage_accounts")
            .answers::<Claims>(200),
        Entry::post("/api/v1/people/{person}/claims", make)
            .about(
                "Privacy",
                "Asks for something about a person's data; for oneself everybody may.",
            )
            .right("manage_accounts")
            .takes::<NewClaim>(r#"{"kind":"correct","note":"Nama saya salah tulis."}"#)
            .answers::<Claims>(201)
            .refuses(&[(404, "no_person"), (409, "claim_waits")]),
    ]
}

fn show(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    found(native)
}

/// The notice as it is now.
fn found(native: &Native) -> Result<Reply, Problem> {
    let notice = native.core.store.read(notice::find)?;
    let notice = notice.ok_or_else(|| Problem::missing().with_code("no_notice"))?;
    Ok(Reply::of(200, &NoticeShape::from(notice)))
}

fn publish(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewNotice = request.json()?;
    native.write(caller, move |tx, call| {
        notice::publish(tx, call, &new.id, &new.en)
    })?;
    found(native)
}

fn list_open(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let limit = limits::LIST_ROWS_MAX;
    let found = native.read(caller, |view, call| claim::list_open(view, call, limit))?;
    Ok(Reply::of(200, &shapes(found)))
}

fn shapes(found: Vec<Claim>) -> Claims {
    Claims {
        items: found.into_iter().map(ClaimShape::from).collect(),
        next: None,
    }
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    of_person(native, caller, request.id_param("person")?, 200)
}

/// What a person has asked for, as it is now.
fn of_person(
    native: &Native,
    caller: &Caller,
    person: PersonId,
    status: u16,
) -> Result<Reply, Problem> {
    let found = native.read(caller, |view, call| claim::list(view, call, person))?;
    Ok(Reply::of(status, &shapes(found)))
}

fn make(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    let new: NewClaim = request.json()?;
    let note = parse_some("note", new.note.as_deref())?;
    native.write(caller, move |tx, call| {
        claim::make(tx, call, person, new.kind, note.as_ref())
    })?;
    of_person(native, caller, person, 201)
}

fn close(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: ClaimId = request.id_param("claim")?;
    let closing: Closing = request.json()?;
    let answer = parse_some("answer", closing.answer.as_deref())?;
    native.write(caller, move |tx, call| {
        claim::close(tx, call, id, closing.refused, answer.as_ref())
    })?;
    Ok(Reply::empty())
}
