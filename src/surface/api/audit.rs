//! The audit trail: read in pages, taken along as a file, and its end, to be kept elsewhere.

use crate::base::id::{DeviceId, PersonId};
use crate::base::time::Timestamp;
use crate::domain::audit::Act;
use crate::domain::trail::{self, Form as FileForm, Item, Subject, Wanted};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::page;
use crate::surface::native::{Caller, Native};
use crate::surface::trail as file;
use schemars::JsonSchema;
use serde::Serialize;

/// A row of the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
struct AuditRow {
    /// Its number in the chain, from 1.
    seq: u64,
    /// When, in milliseconds since 1970.
    at_ms: i64,
    /// Whether that time may be believed: `synced`, `unsynced`.
    clock: &'static str,
    /// Who: a kind and perhaps an id, such as `person:01JD…`, `operator`, `box`.
    actor: String,
    /// Through which surface.
    surface: String,
    /// By which request; empty: by none.
    request: String,
    /// What was done.
    act: String,
    /// On what: a kind and perhaps an id.
    object: String,
    /// Old and new values, words, numbers.
    detail: Option<String>,
    /// Whether the row has a detail that cannot be opened any more.
    sealed: bool,
    /// The link of the chain, hexadecimal.
    link: String,
}

/// A page of the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
struct AuditPage {
    /// The rows, newest first.
    items: Vec<AuditRow>,
    /// The cursor of the next page; null at the end. A page may be short or empty and still have
    /// a next one.
    next: Option<String>,
}

/// The end of the audit chain.
#[derive(Debug, Serialize, JsonSchema)]
struct AuditHead {
    /// Rows in the chain.
    count: u64,
    /// The last link, hexadecimal; zeros for an empty chain.
    link: String,
}

impl From<Item> for AuditRow {
    fn from(item: Item) -> Self {
        let (detail, sealed) = file::detail(&item);
        let detail = detail.map(str::to_owned);
        Self {
            seq: item.seq,
            at_ms: item.at.as_millis(),
            clock: file::clock(&item),
            link: file::hex(&item.link),
            actor: item.actor,
            surface: item.surface,
            request: item.request,
            act: item.act,
            object: item.object,
            detail,
            sealed,
        }
    }
}

const ACT: Param = Param {
    name: "act",
    about: "Only this deed.",
    required: false,
    form: Form::Words(Act::CODES),
};
const PERSON: Param = Param {
    name: "person",
    about: "Only what this person did, or what was done on them.",
    required: false,
    form: Form::Id,
};
const DEVICE: Param = Param {
    name: "device",
    about: "Only what this device did, or what was done on it; not together with `person`.",
    required: false,
    form: Form::Id,
};
const FROM: Param = Param {
    name: "from_s",
    about: "Only from this time on, in seconds since 1970.",
    required: false,
    form: Form::Count,
};
const UNTIL: Param = Param {
    name: "until_s",
    about: "Only before this time, in seconds since 1970.",
    required: false,
    form: Form::Count,
};
const AFTER: Param = Param {
    form: Form::Count,
    ..page::AFTER
};
/// What every route of the trail can be filtered by.
const FILTERS: &[Param] = &[ACT, PERSON, DEVICE, FROM, UNTIL];

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/audit", list)
            .about("Audit", "A page of the audit trail, newest first.")
            .right("read_audit")
            .query(&[ACT, PERSON, DEVICE, FROM, UNTIL, AFTER, page::LIMIT])
            .answers::<AuditPage>(200),
        Entry::get("/api/v1/audit/export.csv", export_table)
            .about(
                "Audit",
                "The audit trail as a table, oldest first, without what is sealed; the export is a row itself.",
            )
            .right("read_audit")
            .query(FILTERS)
            .answers_bytes("text/csv"),
        Entry::get("/api/v1/audit/export.ndjson", export_lines)
            .about("Audit", "The same with a line of JSON for each row.")
            .right("read_audit")
            .query(FILTERS)
            .answers_bytes("application/x-ndjson"),
        Entry::get("/api/v1/audit/head", head)
            .about("Audit", "The end of the audit chain, to be kept elsewhere.")
            .right("read_audit")
            .answers::<AuditHead>(200),
    ]
}

/// What the query asks for.
fn wanted(head: &Head) -> Result<Wanted, Problem> {
    let person: Option<PersonId> = page::value(head, "person")?;
    let device: Option<DeviceId> = page::value(head, "device")?;
    let time = |name| -> Result<Option<Timestamp>, Problem> {
        let seconds: Option<u32> = page::value(head, name)?;
        Ok(seconds.map(|s| Timestamp::from_millis(i64::from(s) * 1000)))
    };
    Ok(Wanted {
        act: page::value(head, "act")?,
        subject: (person.map(Subject::Person)).or(device.map(Subject::Device)),
        from: time("from_s")?,
        until: time("until_s")?,
    })
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let names = [
        "act", "person", "device", "from_s", "until_s", "after", "limit",
    ];
    page::known(&request, &names)?;
    let wanted = wanted(&request)?;
    let before: Option<u32> = page::value(&request, "after")?;
    let limit = page::limit(&request)?;
    let found = native.read(caller, |view, call| {
        trail::list(view, call, &wanted, before.map(u64::from), limit)
    })?;
    let page = AuditPage {
        items: found.items.into_iter().map(AuditRow::from).collect(),
        next: found.next.map(|n| n.to_string()),
    };
    Ok(Reply::of(200, &page))
}

fn export_table(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    export(native, caller, &request, FileForm::Csv)
}

fn export_lines(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    export(native, caller, &request, FileForm::Ndjson)
}

fn export(native: &Native, caller: &Caller, head: &Head, form: FileForm) -> Result<Reply, Problem> {
    page::known(head, &["act", "person", "device", "from_s", "until_s"])?;
    file::export(native, caller, wanted(head)?, form)
}

fn head(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let end = native.read(caller, trail::end)?;
    let head = AuditHead {
        count: end.count,
        link: file::hex(&end.link),
    };
    Ok(Reply::of(200, &head))
}
