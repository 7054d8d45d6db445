//! Looking people up at the desk: from three letters of a name, in any order, or the beginning
//! of a number; with what the desk must know of each before it admits.

use crate::base::id::{Nonce, PersonId};
use crate::base::time::Timestamp;
use crate::domain::checkin::standing::{self, Place};
use crate::domain::checkin::{Error, Occasion};
use crate::domain::fault::Fault;
use crate::domain::identity::directory::Hit;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Lane, Rate};
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::page;
use crate::surface::api::shape::IdText;
use crate::surface::desk::state::{OCCASION, occasion_of};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::Serialize;

const QUERY: &[Param] = &[
    OCCASION,
    Param {
        name: "q",
        about: "At least three letters: parts of the name in any order, or a number's beginning.",
        required: true,
        form: Form::Letters,
    },
];

/// Who was found.
#[derive(Debug, Serialize, JsonSchema)]
struct HitList {
    /// At most twenty.
    items: Vec<HitShape>,
}

/// One of them.
#[derive(Debug, Serialize, JsonSchema)]
struct HitShape {
    /// Who.
    #[schemars(with = "IdText")]
    person: PersonId,
    /// The name.
    name: String,
    /// The number.
    number: Option<String>,
    /// The class or group.
    class: Option<String>,
    /// Tickets in force; null: the occasion has none.
    tickets: Option<usize>,
    /// Whether inside now.
    inside: bool,
    /// When the first entry was, in milliseconds since 1970.
    first_at_ms: Option<i64>,
    /// When the entry was by which somebody is inside, in milliseconds since 1970.
    entry_at_ms: Option<i64>,
    /// That entry, for an undo.
    #[schemars(with = "Option<IdText>")]
    visit: Option<Nonce>,
}

/// The route.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/desk/search", search)
            .about(
                "Desk",
                "Looks people up by name or number, with where they stand.",
            )
            .access(Access::Known)
            .lane(Lane::Ordinary, Rate::Poll)
            .right("attend")
            .query(QUERY)
            .answers::<HitList>(200),
    ]
}

fn search(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["occasion", "q"])?;
    let may = caller.known()?.attend().map_err(Fault::from)?;
    let occasion = occasion_of(native, &request)?;
    let text = page::letters(&request, "q")?;
    let text = text.ok_or_else(|| Problem::field("q", "The parameter q is missing."))?;
    let core = &native.core;
    let directory = core.directory.get(&core.store, &core.site())?;
    let found = directory.search(may, text);
    let items = found
        .into_iter()
        .filter(|hit| !hit.disabled)
        .map(|hit| shape(native, caller, occasion, hit))
        .collect::<Result<_, _>>()?;
    Ok(Reply::of(200, &HitList { items }))
}

fn shape(
    native: &Native,
    caller: &Caller,
    occasion: Occasion,
    hit: Hit,
) -> Result<HitShape, Problem> {
    let place: Place = native.read(caller, |view, call| -> Result<_, Error> {
        standing::of_person(view, call, occasion, hit.person)
    })?;
    Ok(HitShape {
        person: hit.person,
        name: hit.name,
        number: hit.number,
        class: hit.class,
        tickets: place.tickets,
        inside: place.inside,
        first_at_ms: place.first_at.map(Timestamp::as_millis),
        entry_at_ms: place.entry_at.map(Timestamp::as_millis),
        visit: place.entry,
    })
}
