//! The audit trail as a file, written while it is read: a stretch of rows at a time, the next one
//! when the client has taken the last. Neither the length of the trail nor a slow client costs
//! memory or holds a thread.

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
use crate::surface::exports::Place;
use crate::surface::native::{Caller, Native, SURFACE};
use std::sync::Arc;
use tokio::runtime::Handle;

/// The columns of a table.
const COLUMNS: [&str; 11] = [
    "seq", "time", "clock", "actor", "surface", "request", "act", "object", "detail", "sealed",
    "link",
];

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
    let place = native.exports.begin()?;
    let last = native.write(caller, move |tx, call| trail::begin_export(tx, call, form))?;
    let (writer, body) = stream(2);
    let made = Export {
        core: Arc::clone(&native.core),
        actor,
        wanted,
        form,
        last,
        _place: place,
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
    _place: Place,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::{Value, decode};
    use crate::base::time::Timestamp;

    fn item(told: Told) -> Item {
        Item {
            seq: 7,
            at: Timestamp::from_millis(1_795_218_720_000),
            clock: ClockState::Synced,
            actor: "person:A".to_owned(),
            surface: "native".to_owned(),
            request: "R".to_owned(),
            act: "person.add".to_owned(),
            object: "person:B".to_owned(),
            told,
            link: [0xab; 32],
        }
    }

    fn table_text(told: Told) -> String {
        String::from_utf8(text(Form::Csv, &[item(told)])).expect("UTF-8")
    }

    #[test]
    fn a_table_begins_with_its_columns_and_has_a_line_for_each_row() {
        let begin = String::from_utf8(begin(Form::Csv)).expect("UTF-8");
        assert_eq!(
            begin,
            "\u{feff}seq,time,clock,actor,surface,request,act,object,detail,sealed,link\r\n"
        );
        let link = "ab".repeat(32);
        assert_eq!(
            table_text(Told::Plain("native user".to_owned())),
            format!(
                "7,2026-11-20T23:52:00.000Z,synced,person:A,native,R,person.add,person:B,native user,no,{link}\r\n"
            )
        );
    }

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_its_line() {
        let formula = table_text(Told::Plain("=1+1".to_owned()));
        assert!(formula.contains(",'=1+1,"), "{formula}");
        let quoted = table_text(Told::Plain("a,\"b\"".to_owned()));
        assert!(quoted.contains(",\"a,\"\"b\"\"\","), "{quoted}");
        assert_eq!(table_text(Told::Nothing).matches("\r\n").count(), 1);
    }

    #[test]
    fn what_is_sealed_is_said_to_be_and_not_shown() {
        for (told, want) in [
            (Told::Nothing, (None, false)),
            (Told::Plain("x".to_owned()), (Some("x"), false)),
            (Told::Opened("y".to_owned()), (Some("y"), false)),
            (Told::Sealed, (None, true)),
        ] {
            let item = item(told);
            assert_eq!(detail(&item), want, "{item:?}");
        }
        assert!(table_text(Told::Sealed).contains(",,yes,"));
    }

    #[test]
    fn lines_are_json_one_for_each_row() {
        assert!(begin(Form::Ndjson).is_empty());
        let rows = [
            item(Told::Plain("a \"b\"\n".to_owned())),
            item(Told::Sealed),
        ];
        let text = String::from_utf8(text(Form::Ndjson, &rows)).expect("UTF-8");
        let lines: Vec<Value> = text
            .lines()
            .map(|line| decode(line.as_bytes(), 10_000).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 2);
        let told = |line: usize, key: &str| lines.get(line).and_then(|l| l.get(key)).cloned();
        assert_eq!(told(0, "detail"), Some(json!("a \"b\"\n")));
        assert_eq!(told(0, "time"), Some(json!("2026-11-20T23:52:00.000Z")));
        assert_eq!(told(1, "detail"), Some(Value::Null));
        assert_eq!(told(1, "sealed"), Some(json!(true)));
        assert_eq!(told(1, "link"), Some(json!("ab".repeat(32))));
    }

    #[test]
    fn a_time_that_nobody_knew_is_told_apart() {
        let mut row = item(Told::Nothing);
        assert_eq!(clock(&row), "synced");
        row.clock = ClockState::Unsynced;
        assert_eq!(clock(&row), "unsynced");
    }
}
