//! Importing people from a table: what it would do, and doing it, in one transaction.

use crate::base::id::PersonId;
use crate::base::limits;
use crate::domain::fault::Fault;
use crate::domain::identity::column::{self, Columns};
use crate::domain::identity::import::{self, Extent, Outcome, Plan, Step};
use crate::domain::identity::sheet;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::page;
use crate::surface::api::shape::IdText;
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Serialize;

/// What became of a table, or would.
#[derive(Debug, Serialize, JsonSchema)]
struct Imported {
    /// Whether it was written; else this is what would be.
    written: bool,
    /// People added.
    create: usize,
    /// People changed.
    update: usize,
    /// Lines that say nothing new.
    unchanged: usize,
    /// Lines left out.
    skipped: usize,
    /// The lines that are left out or that somebody should look at, at most 500.
    lines: Vec<LineShape>,
}

/// A line that somebody should look at.
#[derive(Debug, Serialize, JsonSchema)]
struct LineShape {
    /// Line of the table, from 1.
    line: u32,
    /// The name as written there.
    name: String,
    /// Whom it changes.
    #[schemars(with = "Option<IdText>")]
    person: Option<PersonId>,
    /// Whether it is left out.
    skipped: bool,
    /// What is wrong or doubtful.
    reasons: Vec<String>,
}

const EXTENT: Param = Param {
    name: "extent",
    about: "`all`: nothing is imported if a line cannot be; `valid`: the lines that can be. \
        If not said, nothing is written and the answer is what would be.",
    required: false,
    form: Form::Words(&["all", "valid"]),
};

/// The route.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/people/import", import)
            .about(
                "People",
                "Imports people from a table with a header, or says what that would do.",
            )
            .right("manage_people")
            .query(&[EXTENT])
            .takes_table()
            .answers::<Imported>(200)
            .refuses(&[
                (409, "line_refused"),
                (409, "people_changed"),
                (422, "lines_refused"),
                (422, "no_table"),
            ]),
    ]
}

fn import(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["extent"])?;
    let _may = caller.known()?.manage_people().map_err(Fault::from)?;
    let extent: Option<Extent> = page::value(&request, "extent")?;
    let sheet = sheet::read(request.body())
        .map_err(|e| Problem::field("body", format!("{e}.")).with_code("no_table"))?;
    let columns = Columns::recognise(&sheet.header);
    if columns.name.is_none() {
        let message = "No column of the header is the name.";
        return Err(Problem::field("body", message).with_code("no_table"));
    }
    let drafts = column::read(&sheet, &columns);
    let plan = native.read(caller, |view, call| import::plan(view, call, &drafts))?;
    if let Some(extent) = extent {
        let seen = plan.counts();
        native.write(caller, move |tx, call| {
            import::apply(tx, call, &drafts, extent, Some(seen))
        })?;
    }
    Ok(Reply::of(200, &shape(&plan, extent.is_some())))
}

fn shape(plan: &Plan, written: bool) -> Imported {
    let counts = plan.counts();
    let lines = plan.steps.iter().map(line);
    let told = lines.filter(|l| l.skipped || !l.reasons.is_empty());
    let most = usize::try_from(limits::LIST_ROWS_MAX).unwrap_or(usize::MAX);
    Imported {
        written,
        create: counts.create,
        update: counts.update,
        unchanged: counts.unchanged,
        skipped: counts.skipped,
        lines: told.take(most).collect(),
    }
}

fn line(step: &Step) -> LineShape {
    let (person, troubles) = match &step.outcome {
        Outcome::Create(_) => (None, &[][..]),
        Outcome::Update(person, ..) | Outcome::Unchanged(person) => (Some(*person), &[][..]),
        Outcome::Skipped(troubles) => (None, troubles.as_slice()),
    };
    let troubles_told = troubles.iter().map(ToString::to_string);
    let doubts = step.doubts.iter().map(ToString::to_string);
    LineShape {
        line: step.line,
        name: step.name.clone(),
        person,
        skipped: matches!(step.outcome, Outcome::Skipped(_)),
        reasons: troubles_told.chain(doubts).collect(),
    }
}
