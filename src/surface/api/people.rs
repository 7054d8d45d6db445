//! People: listed, searched, added, changed, disabled, erased; their roles.

use crate::base::id::PersonId;
use crate::domain::actor::Role;
use crate::domain::fault::Fault;
use crate::domain::identity::change::{self, Change};
use crate::domain::identity::person::{self, NATIVE, Person, PersonState, Profile};
use crate::domain::identity::role;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::{Entry, Form, Param};
use crate::surface::api::page;
use crate::surface::api::shape::{IdText, PersonStateText, RoleText, parse, parse_some, said};
use crate::surface::native::{Caller, Native, SURFACE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person as staff see it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Person")]
pub struct PersonShape {
    /// Who.
    #[schemars(with = "IdText")]
    id: PersonId,
    /// Whether the person may take part.
    #[schemars(with = "PersonStateText")]
    state: PersonState,
    /// The name.
    name: String,
    /// The student's or member's number.
    number: Option<String>,
    /// The e-mail address.
    email: Option<String>,
    /// The class or group.
    class: Option<String>,
    /// The role on the box's own pages.
    #[schemars(with = "Option<RoleText>")]
    role: Option<Role>,
    /// Pictures of the enrolled face; null: not enrolled.
    face_pictures: Option<u32>,
    /// When the person was added, in milliseconds since 1970.
    created_at_ms: i64,
}

impl From<Person> for PersonShape {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            state: person.state,
            name: person.name,
            number: person.number,
            email: person.email,
            class: person.class,
            role: person.role,
            face_pictures: person.face_pictures,
            created_at_ms: person.created_at.as_millis(),
        }
    }
}

/// A page of people.
#[derive(Debug, Serialize, JsonSchema)]
struct PeoplePage {
    /// The people.
    items: Vec<PersonShape>,
    /// The cursor of the next page; null at the end.
    next: Option<String>,
}

/// A person to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    /// The name, 1 to 120 characters.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// The student's or member's number.
    #[schemars(length(max = 32))]
    number: Option<String>,
    /// The e-mail address.
    #[schemars(length(max = 254))]
    email: Option<String>,
    /// The class or group.
    #[schemars(length(max = 120))]
    class: Option<String>,
    /// The role; `user` if not said.
    #[schemars(with = "Option<RoleText>")]
    role: Option<Role>,
}

/// What is to be changed about a person; what is not there stays, null takes away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonChange {
    /// The name.
    #[schemars(length(min = 1, max = 120))]
    name: Option<String>,
    /// The student's or member's number.
    #[serde(default, deserialize_with = "said")]
    #[schemars(length(max = 32))]
    number: Option<Option<String>>,
    /// The e-mail address.
    #[serde(default, deserialize_with = "said")]
    #[schemars(length(max = 254))]
    email: Option<Option<String>>,
    /// The class or group.
    #[serde(default, deserialize_with = "said")]
    #[schemars(length(max = 120))]
    class: Option<Option<String>>,
}

/// A role to be given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    /// The role.
    #[schemars(with = "RoleText")]
    role: Role,
}

const SEARCH: Param = Param {
    name: "search",
    about: "Parts of name, class or number, each from its beginning; the best fits first, one page.",
    required: false,
    form: Form::Letters,
};

const TAKEN: &[(u16, &str)] = &[(409, "number_taken"), (409, "email_taken")];
pub(super) const NO_PERSON: &[(u16, &str)] = &[(404, "no_person")];

/// Where somebody may be the last one who can run the box.
pub(super) const KEPT: &[(u16, &str)] = &[(404, "no_person"), (409, "last_administrator")];

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/people", list)
            .about(
                "People",
                "A page of people in the order they were added, or those who fit a search.",
            )
            .right("read_people")
            .query(&[SEARCH, page::AFTER, page::LIMIT])
            .answers::<PeoplePage>(200),
        Entry::post("/api/v1/people", add)
            .about("People", "Adds a person.")
            .right("manage_people")
            .takes::<NewPerson>(r#"{"name":"Budi Santoso","number":"2026001","class":"X-1"}"#)
            .answers::<PersonShape>(201)
            .refuses(TAKEN),
        Entry::get("/api/v1/people/{person}", find)
            .about("People", "One person.")
            .right("read_people")
            .answers::<PersonShape>(200)
            .refuses(NO_PERSON),
        Entry::patch("/api/v1/people/{person}", alter)
            .about("People", "Changes what is said of a person.")
            .right("manage_people")
            .takes::<PersonChange>(r#"{"class":"XI-1","email":null}"#)
            .answers::<PersonShape>(200)
            .refuses(&[
                (404, "no_person"),
                (409, "number_taken"),
                (409, "email_taken"),
            ]),
        Entry::delete("/api/v1/people/{person}", erase)
            .about(
                "People",
                "Erases a person for ever: key, face, number, address.",
            )
            .right("manage_people")
            .refuses(KEPT),
        Entry::post("/api/v1/people/{person}/disable", disable)
            .about("People", "Keeps a person out until enabled again.")
            .right("manage_people")
            .answers::<PersonShape>(200)
            .refuses(KEPT),
        Entry::post("/api/v1/people/{person}/enable", enable)
            .about("People", "Lets a disabled person take part again.")
            .right("manage_people")
            .answers::<PersonShape>(200)
            .refuses(NO_PERSON),
        Entry::put("/api/v1/people/{person}/role", give_role)
            .about("People", "Gives a person a role on the box's own pages.")
            .right("manage_roles")
            .takes::<NewRole>(r#"{"role":"committee"}"#)
            .answers::<PersonShape>(200)
            .refuses(KEPT),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &["search", "after", "limit"])?;
    if let Some(letters) = page::letters(&request, "search")? {
        return search(native, caller, &request, letters);
    }
    let (after, limit) = (page::value(&request, "after")?, page::limit(&request)?);
    let people = native.read(caller, |view, call| person::list(view, call, after, limit))?;
    let next = page::next(&people, limit, |p| p.id.to_string());
    let items = people.into_iter().map(PersonShape::from).collect();
    Ok(Reply::of(200, &PeoplePage { items, next }))
}

/// Who fits, as far as they are still there.
fn search(
    native: &Native,
    caller: &Caller,
    request: &Request,
    letters: &str,
) -> Result<Reply, Problem> {
    if request.query("after").is_some() {
        return Err(Problem::field("after", "What fits a search is one page."));
    }
    let may = caller.known()?.read_people().map_err(Fault::from)?;
    let core = &native.core;
    let directory = core.directory.get(&core.store, &core.site())?;
    let mut hits = directory.search(may, letters);
    hits.truncate(usize::try_from(page::limit(request)?).unwrap_or(usize::MAX));
    let items = native.read(caller, |view, call| -> Result<_, person::Error> {
        let mut items = Vec::with_capacity(hits.len());
        for hit in hits {
            match person::find(view, call, hit.person) {
                Ok(person) => items.push(PersonShape::from(person)),
                Err(person::Error::NoPerson) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(items)
    })?;
    Ok(Reply::of(200, &PeoplePage { items, next: None }))
}

fn add(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewPerson = request.json()?;
    let profile = Profile {
        name: parse("name", &new.name)?,
        number: parse_some("number", new.number.as_deref())?,
        email: parse_some("email", new.email.as_deref())?,
        class: parse_some("class", new.class.as_deref())?,
        role: new.role.unwrap_or(Role::User),
    };
    let id = native.write(caller, move |tx, call| person::add(tx, call, &profile))?;
    shown(native, caller, id, 201)
}

fn find(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    shown(native, caller, request.id_param("person")?, 200)
}

/// The person as it is now.
pub(super) fn shown(
    native: &Native,
    caller: &Caller,
    id: PersonId,
    status: u16,
) -> Result<Reply, Problem> {
    let person = native.read(caller, |view, call| person::find(view, call, id))?;
    Ok(Reply::of(status, &PersonShape::from(person)))
}

fn alter(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: PersonId = request.id_param("person")?;
    let new: PersonChange = request.json()?;
    let text = |field: &Option<Option<String>>| field.clone();
    let change = Change {
        name: parse_some("name", new.name.as_deref())?,
        number: twice("number", text(&new.number))?,
        email: twice("email", text(&new.email))?,
        class: twice("class", text(&new.class))?,
    };
    native.write(caller, move |tx, call| {
        change::change(tx, call, id, &change)
    })?;
    shown(native, caller, id, 200)
}

/// Reads a field that may be missing, null or a text.
fn twice<T: std::str::FromStr<Err: std::fmt::Display>>(
    field: &str,
    text: Option<Option<String>>,
) -> Result<Option<Option<T>>, Problem> {
    text.map(|t| parse_some(field, t.as_deref())).transpose()
}

fn erase(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: PersonId = request.id_param("person")?;
    native.core.erase(caller.known()?, SURFACE, id)?;
    Ok(Reply::empty())
}

fn disable(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    set_enabled(native, caller, &request, false)
}

fn enable(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    set_enabled(native, caller, &request, true)
}

fn set_enabled(
    native: &Native,
    caller: &Caller,
    request: &Request,
    enabled: bool,
) -> Result<Reply, Problem> {
    page::known(request, &[])?;
    let id: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| {
        person::set_enabled(tx, call, id, enabled)
    })?;
    shown(native, caller, id, 200)
}

fn give_role(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: PersonId = request.id_param("person")?;
    let new: NewRole = request.json()?;
    native.write(caller, move |tx, call| {
        role::give(tx, call, id, NATIVE, new.role, None)
    })?;
    shown(native, caller, id, 200)
}
