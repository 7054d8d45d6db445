//! The audit trail as a file, written while it is read: a stretch of rows at a time, the next one
//! when the client has taken the last. Neither the length of the trail nor a slow client costs
//! memory or holds a thread.

use crate::base::cause::Cause;
use crate::base::json::json;
use crate::base::limits;
use crate::base::time::ClockState;
use crate::domain::actor::Actor;
use crate::domain::fault::Fault;
use crate::domain::identity::sheet::{self, Separator};
use crate::domain::trail::{self, Form, Item, Told, Wanted};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::stream::{Writer, stream};
use crate::surface::core::Core;
use crate::surface::native::{Caller, Native, SURFACE};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The columns of a table.
const COLUMNS: [&str; 11] = [
    "seq", "time", "clock", "actor", "surface", "request", "act", "object", "detail", "sealed",
    "link",
];

/// The exports under way.
#[derive(Debug, Clone)]
pub struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(limits::AUDIT_EXPORTS_MAX)))
    }
}

/// A file of the rows that are wanted, oldest first. That it was made stands in the trail.
///
/// # Errors
/// 403 without the right, 503 while others are under way, and those of the box.
pub fn export(
    native: &Native,
    caller: &Caller,
    wanted: Wanted,
    form: Form,
) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let _may = actor.read_audit().map_err(Fault::from)?;
    let permit = Arc::clone(&native.exports.0).try_acquire_owned();
    let permit = permit.map_err(|_| {
        Problem::new(
            Cause::Busy,
            "Other exports are under way; try again in a moment.",
        )
    })?;
    let last = native.write(caller, move |tx, call| trail::begin_export(tx, call, form))?;
    let (writer, body) = stream(2);
    let made = Export {
        core: Arc::clone(&native.core),
        actor,
        wanted,
        form,
        last,
        _permit: permit,
    };
    drop(Handle::current().spawn(made.run(writer)));
    let (kind, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Form::Ndjson => ("application/x-ndjson; charset=utf-8", "audit.ndjson"),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(Reply::stream(kind, body).with_header("content-disposition", disposition))
}

/// An export under way.
struct Export {
    core: Arc<Core>,
    actor: Actor,
    wanted: Wanted,
    form: Form,
    last: u64,
    _permit: OwnedSemaphorePermit,
}

impl Export {
    /// Writes the whole file, or as much of it as the client takes and the store gives. What was
    /// cut off is seen by its last row, which is not the export's own.
    async fn run(self, writer: Writer) {
        let begin = begin(self.form);
        if !begin.is_empty() && !writer.send_on(begin).await {
            return;
        }
        let whole = Arc::new(self);
        let mut first = 1;
        while first <= whole.last {
            let part = Arc::clone(&whole);
            let read = tokio::task::spawn_blocking(move || part.read(first)).await;
            let Ok(Ok(text)) = read else {
                return;
            };
            if !text.is_empty() && !writer.send_on(text).await {
                return;
            }
            first += limits::AUDIT_EXPORT_ROWS;
        }
    }

    /// The text of the rows of one stretch.
    fn read(&self, first: u64) -> Result<Vec<u8>, Fault> {
        let last = self.last.min(first + limits::AUDIT_EXPORT_ROWS - 1);
        let rows = self.core.read(self.actor, SURFACE, |view, call| {
            trail::export(view, call, &self.wanted, first, last)
        })?;
        Ok(text(self.form, &rows))
    }
}

/// How a file of this form begins: a table with the mark of UTF-8 and its columns.
#[must_use]
pub fn begin(form: Form) -> Vec<u8> {
    match form {
        Form::Csv => sheet::write(Separator::Comma, &[COLUMNS.map(str::to_owned).to_vec()]),
        Form::Ndjson => Vec::new(),
    }
}

/// Rows as lines of a file of this form.
#[must_use]
pub fn text(form: Form, rows: &[Item]) -> Vec<u8> {
    match form {
        Form::Csv => table(rows),
        Form::Ndjson => lines(rows),
    }
}

fn table(rows: &[Item]) -> Vec<u8> {
    let lines: Vec<Vec<String>> = rows.iter().map(cells).collect();
    sheet::append(Separator::Comma, &lines)
}

fn cells(item: &Item) -> Vec<String> {
    let (detail, sealed) = detail(item);
    vec![
        item.seq.to_string(),
        item.at.to_string(),
        clock(item).to_owned(),
        item.actor.clone(),
        item.surface.clone(),
        item.request.clone(),
        item.act.clone(),
        item.object.clone(),
        detail.unwrap_or_default().to_owned(),
        if sealed { "yes" } else { "no" }.to_owned(),
        hex(&item.link),
    ]
}

fn lines(rows: &[Item]) -> Vec<u8> {
    let mut text = String::new();
    for item in rows {
        let (detail, sealed) = detail(item);
        let line = json!({
            "seq": item.seq,
            "time": item.at.to_string(),
            "clock": clock(item),
            "actor": item.actor,
            "surface": item.surface,
            "request": item.request,
            "act": item.act,
            "object": item.object,
            "detail": detail,
            "sealed": sealed,
            "link": hex(&item.link),
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text.into_bytes()
}

/// What a row tells besides, and whether something in it is sealed and not shown.
#[must_use]
pub fn detail(item: &Item) -> (Option<&str>, bool) {
    match &item.told {
        Told::Nothing => (None, false),
        Told::Plain(text) | Told::Opened(text) => (Some(text), false),
        Told::Sealed => (None, true),
    }
}

/// Whether the time of a row may be believed, in a word.
#[must_use]
pub const fn clock(item: &Item) -> &'static str {
    match item.clock {
        ClockState::Synced => "synced",
        ClockState::Unsynced => "unsynced",
    }
}

/// A link in hexadecimal digits.
#[must_use]
pub fn hex(link: &[u8; 32]) -> String {
    link.iter().map(|byte| format!("{byte:02x}")).collect()
}
