//! `POST /people/import/bad`: the lines of a table that cannot be imported, as a file for a
//! spreadsheet: as they came, each with its number and what is wrong with it.

use crate::domain::identity::import::{self, Outcome, Plan};
use crate::domain::identity::sheet::{self, Sheet};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::Frame;
use crate::surface::pages::people::import::no_table;
use crate::surface::pages::people::line;
use crate::surface::pages::people::table::Table;
use crate::surface::pages::words::people as words;

/// The file.
///
/// # Errors
/// Those of the box; what is no table is the form again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let language = caller.language;
    let table = match Table::read(&request.form()?, language) {
        Ok(table) => table,
        Err(told) => {
            return no_table(native, caller, &Frame::of(native, caller, &request), &told);
        }
    };
    let drafts = table.drafts();
    let plan = native.read(caller, |view, call| import::plan(view, call, &drafts))?;
    let lines = bad_lines(language, &table.sheet, &plan);
    let name = words::IMPORT_BAD_NAME.of(language);
    let reply = Reply::bytes(
        "text/csv; charset=utf-8",
        sheet::write(table.sheet.separator, &lines),
    );
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(reply.with_header("content-disposition", disposition))
}

/// The header with two more columns, and the lines that are skipped.
fn bad_lines(language: Language, sheet: &Sheet, plan: &Plan) -> Vec<Vec<String>> {
    let mut header = sheet.header.clone();
    let more = [words::LINE, words::IMPORT_WHY];
    header.extend(more.map(|words| words.of(language).to_owned()));
    let mut all = vec![header];
    for step in &plan.steps {
        let Outcome::Skipped(troubles) = &step.outcome else {
            continue;
        };
        let Some(line) = sheet.lines.iter().find(|line| line.number == step.line) else {
            continue;
        };
        let why: Vec<String> = troubles
            .iter()
            .map(|trouble| line::of_trouble(trouble, language))
            .collect();
        let mut cells = line.cells.clone();
        // What is wrong stands in its column, also beside a line with cells missing.
        cells.resize(sheet.header.len().max(cells.len()), String::new());
        cells.extend([step.line.to_string(), why.join(" ")]);
        all.push(cells);
    }
    all
}
