//! `/people/import`: a table is sent, what would happen is shown line by line, and then it is
//! done. The table goes along in the form, so that the box keeps nothing in between; the
//! browser's script writes a chosen file into the form byte by byte, since only the bytes tell
//! how its letters are written. Without the script a table can be pasted.

use crate::base::limits::IMPORT_BYTES_MAX;
use crate::domain::identity::column::Field;
use crate::domain::identity::import::{self, Counts, Error, Extent, Outcome, Plan, Step};
use crate::domain::identity::revert;
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Handler, Route};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::clock;
use crate::surface::pages::field::{done, refused, select};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::people::line;
use crate::surface::pages::people::table::{Table, carried};
use crate::surface::pages::send;
use crate::surface::pages::words::{Words, general, people as words};
use maud::{Markup, html};

/// Lines of each outcome that are shown, most.
const SHOWN_LINES_MAX: usize = 100;

/// A form that carries a whole table, each byte as two digits.
pub(super) const fn sending(path: &'static str, handle: Handler<Native>) -> Route<Native> {
    let mut route = send(path, Access::Person, handle);
    route.body_bytes_max = 2 * IMPORT_BYTES_MAX + 64 * 1024;
    route
}

/// `GET /people/import`.
///
/// # Errors
/// 403 for who may not manage people.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let frame = Frame::of(native, caller, &request);
    let undone = request.query("done") == Some("undone");
    let page = start(native, caller, undone, None)?;
    Ok(layout::with_status(200, &frame, page))
}

/// The form again, with what is wrong with the table.
pub(super) fn no_table(
    native: &Native,
    caller: &Caller,
    frame: &Frame,
    told: &str,
) -> Result<Reply, Problem> {
    let page = start(native, caller, false, Some(told))?;
    Ok(layout::with_status(422, frame, page))
}

/// `POST /people/import`: what would happen.
///
/// # Errors
/// Those of the box; what is no table is the form again.
pub fn check(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (language, form) = (caller.language, request.form()?);
    let frame = Frame::of(native, caller, &request);
    let table = match Table::read(&form, language) {
        Ok(table) => table,
        Err(told) => return no_table(native, caller, &frame, &told),
    };
    let notice =
        (table.columns.name.is_none()).then(|| words::IMPORT_NO_NAME.of(language).to_owned());
    preview(native, caller, &frame, &table, notice)
}

/// `POST /people/import/apply`: `extent`, and the counts that were looked at.
///
/// # Errors
/// Those of the box; lines that cannot be imported, or people changed meanwhile, are the
/// outcome again.
pub fn apply(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (language, form) = (caller.language, request.form()?);
    let frame = Frame::of(native, caller, &request);
    let table = match Table::read(&form, language) {
        Ok(table) => table,
        Err(told) => return no_table(native, caller, &frame, &told),
    };
    let extent = Extent::read(form.text("extent")).unwrap_or(Extent::All);
    let (drafts, seen) = (table.drafts(), seen(&form));
    let imported = native
        .core
        .write(caller.known()?, SURFACE, move |tx, call| {
            import::apply(tx, call, &drafts, extent, seen)
        });
    match imported {
        Ok(counts) => {
            let page = finished(native, caller, counts)?;
            Ok(layout::with_status(200, &frame, page))
        }
        Err(Error::Lines(_)) => preview(native, caller, &frame, &table, None),
        Err(Error::Changed | Error::Person(..)) => {
            let told = words::IMPORT_CHANGED.of(language).to_owned();
            preview(native, caller, &frame, &table, Some(told))
        }
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

/// The counts that somebody looked at before pressing the button.
fn seen(form: &Form) -> Option<Counts> {
    let count = |name: &str| form.text(name).parse().ok();
    Some(Counts {
        create: count("create")?,
        update: count("update")?,
        unchanged: count("unchanged")?,
        skipped: count("skipped")?,
    })
}

fn preview(
    native: &Native,
    caller: &Caller,
    frame: &Frame,
    table: &Table,
    notice: Option<String>,
) -> Result<Reply, Problem> {
    let drafts = table.drafts();
    let plan = native.read(caller, |view, call| import::plan(view, call, &drafts))?;
    let status = if notice.is_some() { 422 } else { 200 };
    let page = outcome(caller.language, table, &plan, notice.as_deref());
    Ok(layout::with_status(status, frame, page))
}

fn start(
    native: &Native,
    caller: &Caller,
    undone: bool,
    told: Option<&str>,
) -> Result<Page, Problem> {
    let language = caller.language;
    let latest = latest(native, caller)?;
    let body = html! {
        div.medium-column {
            h1 { (words::IMPORT_TITLE.of(language)) }
            p.lead { (words::IMPORT_LEAD.of(language)) }
            @if let Some(told) = told { (refused(told)) }
            @if undone { (done(words::IMPORT_UNDONE.of(language))) }
            form.card method="post" action="/people/import" id="import" {
                input type="hidden" name="file" id="file-digits";
                div.field id="file-field" hidden {
                    label for="file" { (words::IMPORT_FILE.of(language)) }
                    input type="file" id="file" accept=".csv,.tsv,.txt,text/csv,text/plain" data-bytes-max=(IMPORT_BYTES_MAX);
                    p.hint { (words::IMPORT_HINT.of(language)) }
                }
                div.field {
                    label for="table" { (words::IMPORT_PASTE.of(language)) }
                    textarea id="table" name="table" rows="6" spellcheck="false" placeholder="Nama;NIS;Kelas" {}
                }
                div.actions {
                    button.primary { (words::IMPORT_CHECK.of(language)) }
                    a.button.quiet href="/people" { (general::CANCEL.of(language)) }
                }
            }
            (latest)
        }
    };
    Ok(Page::new(words::IMPORT_TITLE.of(language), body).script("import.js"))
}

/// The imports that may still be taken back.
fn latest(native: &Native, caller: &Caller) -> Result<Markup, Problem> {
    let language = caller.language;
    let all = native.read(caller, revert::list)?;
    let zone = &native.core.site().zone;
    Ok(html! {
        @if !all.is_empty() {
            section.card aria-labelledby="latest" {
                h2 id="latest" { (words::IMPORTS.of(language)) }
                ul.list {
                    @for import in &all {
                        @let numbers = [import.created.to_string(), import.updated.to_string()];
                        li {
                            div.grow {
                                strong { (clock::moment(language, zone, import.at)) }
                                small { (words::IMPORT_COUNTS.fill(language, &[&numbers[0], &numbers[1]])) }
                            }
                            a.button href={ "/people/import/" (import.id) } { (words::IMPORT_UNDO.of(language)) }
                        }
                    }
                }
            }
        }
    })
}

fn finished(native: &Native, caller: &Caller, counts: Counts) -> Result<Page, Problem> {
    let language = caller.language;
    let latest = latest(native, caller)?;
    let numbers = [
        counts.create,
        counts.update,
        counts.unchanged,
        counts.skipped,
    ];
    let numbers = numbers.map(|n| n.to_string());
    let numbers = numbers.each_ref().map(String::as_str);
    let body = html! {
        div.medium-column {
            h1 { (words::IMPORT_TITLE.of(language)) }
            (done(&words::IMPORTED.fill(language, &numbers)))
            div.actions {
                a.button.primary href="/people" { (words::TITLE.of(language)) }
                a.button href="/enrol" { (general::ENROL.of(language)) }
            }
            (latest)
        }
    };
    Ok(Page::new(words::IMPORT_TITLE.of(language), body))
}

fn outcome(language: Language, table: &Table, plan: &Plan, notice: Option<&str>) -> Page {
    let counts = plan.counts();
    let read_as = format!("{}, {}", table.sheet.encoding, table.sheet.separator);
    let lines = table.sheet.lines.len().to_string();
    let body = html! {
        h1 { (words::IMPORT_TITLE.of(language)) }
        p.muted { (words::IMPORT_READ_AS.fill(language, &[&read_as, &lines])) }
        @if let Some(notice) = notice { (refused(notice)) }
        @if counts.skipped > 0 && notice.is_none() {
            (refused(&words::IMPORT_BAD.fill(language, &[&counts.skipped.to_string()])))
        }
        (numbers(language, counts))
        (buttons(language, table, counts))
        (bad_lines(language, table, counts))
        (columns(language, table))
        (group(language, plan, words::SKIPPED, true, |o| matches!(o, Outcome::Skipped(_))))
        (group(language, plan, words::UPDATE, false, |o| matches!(o, Outcome::Update(..))))
        (group(language, plan, words::CREATE, false, |o| matches!(o, Outcome::Create(_))))
        (group(language, plan, words::UNCHANGED, false, |o| matches!(o, Outcome::Unchanged(_))))
    };
    Page::new(words::IMPORT_TITLE.of(language), body)
}

fn numbers(language: Language, counts: Counts) -> Markup {
    let all = [
        (words::CREATE, counts.create),
        (words::UPDATE, counts.update),
        (words::UNCHANGED, counts.unchanged),
        (words::SKIPPED, counts.skipped),
    ];
    html! {
        dl.numbers {
            @for (name, count) in all { div { dt { (name.of(language)) } dd { (count) } } }
        }
    }
}

fn buttons(language: Language, table: &Table, counts: Counts) -> Markup {
    let people = counts.create + counts.update;
    let (extent, label) = if counts.skipped == 0 {
        let label = words::IMPORT_ALL.fill(language, &[&people.to_string()]);
        (Extent::All, label)
    } else {
        let values = [people.to_string(), counts.skipped.to_string()];
        let label = words::IMPORT_VALID.fill(language, &[&values[0], &values[1]]);
        (Extent::Valid, label)
    };
    let main = (extent == Extent::All).then_some("primary");
    html! {
        @if people == 0 && counts.skipped == 0 {
            (done(words::IMPORT_NOTHING.of(language)))
        }
        form.actions method="post" action="/people/import/apply" {
            @if people > 0 {
                (carried(table))
                input type="hidden" name="extent" value=(extent);
                input type="hidden" name="create" value=(counts.create);
                input type="hidden" name="update" value=(counts.update);
                input type="hidden" name="unchanged" value=(counts.unchanged);
                input type="hidden" name="skipped" value=(counts.skipped);
                button class=[main] { (label) }
            }
            a.button href="/people/import" { (general::BACK.of(language)) }
        }
    }
}

/// The lines that cannot be imported, to be mended in a spreadsheet.
fn bad_lines(language: Language, table: &Table, counts: Counts) -> Markup {
    html! {
        @if counts.skipped > 0 {
            form.actions method="post" action="/people/import/bad" data-file {
                (carried(table))
                button { (words::IMPORT_BAD_FILE.of(language)) }
            }
        }
    }
}

fn columns(language: Language, table: &Table) -> Markup {
    let known = |field: Field| {
        table
            .columns
            .get(field)
            .map_or(String::new(), |c| c.to_string())
    };
    let mut all = vec![(
        String::new(),
        words::IMPORT_NO_COLUMN.of(language).to_owned(),
    )];
    let headers = table.sheet.header.iter().enumerate();
    all.extend(headers.map(|(i, header)| (i.to_string(), header.clone())));
    let all: Vec<(&str, String)> = all.iter().map(|(v, l)| (v.as_str(), l.clone())).collect();
    let names = [
        "column-name",
        "column-number",
        "column-email",
        "column-class",
    ];
    html! {
        details open[table.columns.name.is_none()] {
            summary { (words::IMPORT_COLUMNS.of(language)) }
            p.hint { (words::IMPORT_COLUMNS_MORE.of(language)) }
            form method="post" action="/people/import" {
                input type="hidden" name="file" value=(table.digits());
                div.columns {
                    @for (name, field) in names.iter().zip(Field::ALL) {
                        (select(name, line::of_field(*field).of(language), &all, &known(*field)))
                    }
                }
                button { (words::IMPORT_CHECK_AGAIN.of(language)) }
            }
        }
    }
}

fn group(
    language: Language,
    plan: &Plan,
    title: Words,
    open: bool,
    belongs: impl Fn(&Outcome) -> bool,
) -> Markup {
    let steps: Vec<&Step> = plan.steps.iter().filter(|s| belongs(&s.outcome)).collect();
    let rest = steps.len().saturating_sub(SHOWN_LINES_MAX);
    html! {
        @if !steps.is_empty() {
            details open[open] {
                summary { (title.of(language)) " (" (steps.len()) ")" }
                div.scroll tabindex="0" role="region" aria-label=(title.of(language)) {
                    table {
                        thead { tr {
                            th scope="col" { (words::LINE.of(language)) }
                            th scope="col" { (words::NAME.of(language)) }
                            th scope="col" { (words::OUTCOME.of(language)) }
                        } }
                        tbody { @for step in steps.iter().take(SHOWN_LINES_MAX) { (row(language, step)) } }
                    }
                }
                @if rest > 0 { p.muted { (words::IMPORT_MORE.fill(language, &[&rest.to_string()])) } }
            }
        }
    }
}

fn row(language: Language, step: &Step) -> Markup {
    let told: Vec<String> = match &step.outcome {
        Outcome::Skipped(troubles) => troubles
            .iter()
            .map(|t| line::of_trouble(t, language))
            .collect(),
        Outcome::Update(_, _, fields) => {
            let names = fields.iter().map(|f| line::of_field(*f).of(language));
            vec![names.collect::<Vec<_>>().join(", ")]
        }
        Outcome::Create(_) | Outcome::Unchanged(_) => Vec::new(),
    };
    html! {
        tr {
            td { (step.line) }
            td { (step.name) }
            td {
                @for text in &told { div { (text) } }
                @for doubt in &step.doubts {
                    div { span.badge.warn { (words::IMPORT_DOUBT.of(language)) } " " (line::of_doubt(*doubt).of(language)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_looked_at_come_back_or_are_none() {
        let form = Form::read("create=1&update=2&unchanged=3&skipped=4").expect("a form");
        let want = Counts {
            create: 1,
            update: 2,
            unchanged: 3,
            skipped: 4,
        };
        assert_eq!(seen(&form), Some(want));
        let form = Form::read("create=1&update=2&unchanged=3").expect("a form");
        assert_eq!(seen(&form), None);
    }
}
