//! Changing what is said of a person. Values are sealed anew under the person's own key; the
//! audit row says which fields changed, not to what.

use crate::base::id::PersonId;
use crate::base::text::{Email, IdNumber, Name};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::identity::person::{Error, email_digest, number_digest, spare_staff, taken};
use crate::domain::site::Call;
use crate::domain::vault::{self, Place, place};
use crate::store::Tx;
use crate::store::people::{self, ProfileField};

/// What is to be changed. The outer None leaves a value as it is, the inner one takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The name.
    pub name: Option<Name>,
    /// The student's or member's number.
    pub number: Option<Option<IdNumber>>,
    /// The e-mail address.
    pub email: Option<Option<Email>>,
    /// The class or group.
    pub class: Option<Option<Name>>,
}

/// Changes a person. Nothing to change is no change. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::NumberTaken`], [`Error::EmailTaken`], and the faults.
pub fn change(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: PersonId,
    change: &Change,
) -> Result<(), Error> {
    let _may = call.actor.manage_people()?;
    spare_staff(tx, call, id)?;
    let site = call.site;
    let key = vault::person_key(tx, site, id).map_err(Error::of)?;
    let row = vault::row_of(id);
    let mut seal =
        |at: Place, plain: &str| vault::seal_value(&key, at, &row, plain.as_bytes(), call.entropy);
    let mut fields = Vec::new();
    if let Some(name) = &change.name {
        let sealed = seal(place::NAME, name.as_str())?;
        fields.push(("name", ProfileField::Name(sealed)));
    }
    if let Some(number) = &change.number {
        let value = match number {
            Some(n) => Some((seal(place::NUMBER, n.as_str())?, number_digest(site, n))),
            None => None,
        };
        fields.push(("number", ProfileField::Number(value)));
    }
    if let Some(email) = &change.email {
        let value = match email {
            Some(e) => Some((seal(place::EMAIL, e.as_str())?, email_digest(site, e))),
            None => None,
        };
        fields.push(("email", ProfileField::Email(value)));
    }
    if let Some(class) = &change.class {
        let value = class.as_ref().map(|c| seal(place::CLASS, c.as_str()));
        fields.push(("class", ProfileField::Class(value.transpose()?)));
    }
    if fields.is_empty() {
        return Ok(());
    }
    for (_, field) in &fields {
        people::update_profile(tx, id, field).map_err(taken)?;
    }
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let told = Detail::Plain(names.join(" "));
    audit::record(tx, call, Act::PersonChange, format!("person:{id}"), told)?;
    Ok(())
}
