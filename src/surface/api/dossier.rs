//! A person as a whole: everything that is kept of them as a file, and two entries that become one.

use crate::base::id::PersonId;
use crate::domain::merge;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::people::{KEPT, NO_PERSON, PersonShape, shown};
use crate::surface::api::shape::IdText;
use crate::surface::copy;
use crate::surface::native::{Caller, Native, SURFACE};
use schemars::JsonSchema;
use serde::Deserialize;

/// Another entry of the same person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Merging {
    /// The entry that goes.
    #[schemars(with = "IdText")]
    from: PersonId,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/people/{person}/export", export)
            .about(
                "People",
                "All that is kept of a person, as one file; one's own is everybody's.",
            )
            .right("manage_accounts")
            .answers_bytes("application/json")
            .refuses(NO_PERSON),
        Entry::post("/api/v1/people/{person}/merge", merge_into)
            .about(
                "People",
                "Merges another entry of the same person into this one, and erases it.",
            )
            .right("manage_accounts")
            .takes::<Merging>(r#"{"from":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B3"}"#)
            .answers::<PersonShape>(200)
            .refuses(KEPT),
    ]
}

fn export(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: PersonId = request.id_param("person")?;
    let copy = copy::make(&native.core, caller.known()?, SURFACE, id)?;
    Ok(copy::file(&copy, id))
}

fn merge_into(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let into: PersonId = request.id_param("person")?;
    let Merging { from } = request.json()?;
    native.write(caller, move |tx, call| merge::merge(tx, call, from, into))?;
    native.core.tallies.forget();
    native.core.empty_log(SURFACE);
    shown(native, caller, into, 200)
}
