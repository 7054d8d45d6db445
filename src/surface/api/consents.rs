//! Consents of a person: who agreed to what, by whom, how; withdrawn with one call.

use crate::base::id::{ConsentId, PersonId};
use crate::base::json::Object;
use crate::domain::consent::{
    self, Consent, ConsentGiver, ConsentMeans, ConsentPurpose, Giver, Told,
};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{
    ConsentGiverText, ConsentMeansText, ConsentPurposeText, IdText, parse,
};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The guardian of a minor.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Guardian {
    /// Name of the guardian.
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// Relation: mother, father, guardian.
    #[schemars(length(min = 1, max = 120))]
    relation: String,
}

/// A consent to be recorded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewConsent {
    /// For what.
    #[schemars(with = "ConsentPurposeText")]
    purpose: ConsentPurpose,
    /// How it was given.
    #[schemars(with = "ConsentMeansText")]
    means: ConsentMeans,
    /// Version of the text that was agreed to: letters, digits and hyphens.
    #[schemars(length(min = 1, max = 64))]
    text_version: String,
    /// Who gave it, if it was not the person.
    #[schemars(with = "Option<Guardian>")]
    guardian: Option<Object<Guardian>>,
}

/// A consent that was recorded.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Consent")]
struct ConsentShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: ConsentId,
    /// For what.
    #[schemars(with = "ConsentPurposeText")]
    purpose: ConsentPurpose,
    /// Who gave it.
    #[schemars(with = "ConsentGiverText")]
    given_by: ConsentGiver,
    /// The guardian who gave it.
    guardian: Option<Guardian>,
    /// How it was given.
    #[schemars(with = "ConsentMeansText")]
    means: ConsentMeans,
    /// Version of the text that was agreed to.
    text_version: String,
    /// When, in milliseconds since 1970.
    given_at_ms: i64,
    /// When it was withdrawn; null: it is in force.
    withdrawn_at_ms: Option<i64>,
}

impl From<Told> for ConsentShape {
    fn from(told: Told) -> Self {
        let row = told.consent;
        let guardian = told.guardian;
        Self {
            id: row.id,
            purpose: row.purpose,
            given_by: row.given_by,
            guardian: guardian.map(|(name, relation)| Guardian { name, relation }),
            means: row.means,
            text_version: row.text_version,
            given_at_ms: row.given_at.as_millis(),
            withdrawn_at_ms: row.withdrawn_at.map(|t| t.as_millis()),
        }
    }
}

/// All consents of a person.
#[derive(Debug, Serialize, JsonSchema)]
struct Consents {
    /// The consents, also those withdrawn.
    items: Vec<ConsentShape>,
    /// Always null: a person's consents are one page.
    next: Option<String>,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/people/{person}/consents", list)
            .about(
                "Consents",
                "All consents of a person, also those withdrawn.",
            )
            .right("read_people")
            .answers::<Consents>(200),
        Entry::post("/api/v1/people/{person}/consents", record)
            .about(
                "Consents",
                "Records a consent, of the person or of a minor's guardian.",
            )
            .right("manage_consents")
            .takes::<NewConsent>(r#"{"purpose":"face","means":"paper","text_version":"2026-1"}"#)
            .answers::<Consents>(201)
            .refuses(&[(404, "no_person"), (409, "consent_in_force")]),
        Entry::delete("/api/v1/people/{person}/consents/{purpose}", withdraw)
            .about(
                "Consents",
                "Withdraws a consent; for faces, the face goes at once.",
            )
            .right("manage_consents")
            .refuses(&[(404, "no_consent")]),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    shown(native, caller, request.id_param("person")?, 200)
}

fn shown(
    native: &Native,
    caller: &Caller,
    person: PersonId,
    status: u16,
) -> Result<Reply, Problem> {
    let all = native.read(caller, |view, call| consent::list(view, call, person))?;
    let items = all.into_iter().map(ConsentShape::from).collect();
    Ok(Reply::of(status, &Consents { items, next: None }))
}

fn record(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    let new: NewConsent = request.json()?;
    let giver = match &new.guardian {
        None => Giver::Person,
        Some(Object(guardian)) => Giver::Guardian {
            name: parse("guardian.name", &guardian.name)?,
            relation: parse("guardian.relation", &guardian.relation)?,
        },
    };
    let wanted = Consent {
        person,
        purpose: new.purpose,
        giver,
        means: new.means,
        text_version: parse("text_version", &new.text_version)?,
    };
    native.write(caller, move |tx, call| consent::record(tx, call, &wanted))?;
    shown(native, caller, person, 201)
}

fn withdraw(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    let purpose = ConsentPurpose::read(request.param("purpose")).ok_or_else(Problem::missing)?;
    native.write(caller, move |tx, call| {
        consent::withdraw(tx, call, person, purpose)
    })?;
    Ok(Reply::empty())
}
