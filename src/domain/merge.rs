//! Two people of the list who are one: what one of them was admitted to and holds becomes the
//! other's, what the other lacks is filled in, logins on old surfaces too, what the one asked for
//! under the law goes on waiting, and the one is erased. Its login on the box's own pages with the
//! second factor, its consents and its face go with it: they were given under another name, and are
//! given anew.

use crate::base::id::{Id, PersonId};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::checkin::presence;
use crate::domain::identity::change::{self, Change};
use crate::domain::identity::hand_on;
use crate::domain::identity::person::{self, Error, Person};
use crate::domain::privacy::claim;
use crate::domain::site::Call;
use crate::store::visits::{self, OccasionKey};
use crate::store::{self, Tx, dossiers, events, merging};

/// Merges `from` into `into`. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoPerson`] if one of them is not there or both are the same,
/// [`Error::LastAdministrator`], and the faults.
pub fn merge(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    from: PersonId,
    into: PersonId,
) -> Result<(), Error> {
    let _may = call.actor.manage_accounts()?;
    if from == into {
        return Err(Error::NoPerson);
    }
    let (gone, stays) = (person::find(tx, call, from)?, person::find(tx, call, into)?);
    let told = Detail::Plain(format!("person:{from}"));
    audit::record(tx, call, Act::PersonMerge, format!("person:{into}"), told)?;
    for ticket in dossiers::list_held(tx, from)? {
        merging::update_admitted(tx, ticket.id.to_bytes(), into)?;
    }
    merging::update_holder(tx, from, into)?;
    take_over(tx, from, into)?;
    hand_on::logins(tx, call, from, into)?;
    claim::hand_on(tx, call, from, into)?;
    // Before the values are given on: number and address are nobody's twice.
    person::erase(tx, call, from)?;
    change::change(tx, call, into, &missing(&gone, &stays))
}

/// What the one has and the other lacks.
fn missing(gone: &Person, stays: &Person) -> Change {
    fn fill<T: std::str::FromStr>(
        from: Option<&String>,
        into: Option<&String>,
    ) -> Option<Option<T>> {
        match (from, into) {
            (Some(text), None) => text.parse().ok().map(Some),
            (_, _) => None,
        }
    }
    Change {
        name: None,
        number: fill(gone.number.as_ref(), stays.number.as_ref()),
        email: fill(gone.email.as_ref(), stays.email.as_ref()),
        class: fill(gone.class.as_ref(), stays.class.as_ref()),
    }
}

/// The admissions without a ticket become the other's, and where both stand at each occasion is
/// counted anew from them.
fn take_over(tx: &Tx<'_>, from: PersonId, into: PersonId) -> Result<(), store::Error> {
    let (old, new) = (from.to_bytes(), into.to_bytes());
    let occasions = merging::list_occasions(tx, old)?;
    let mut before = Vec::new();
    for key in occasions {
        let stood = [
            (old, visits::find_presence(tx, &key, old)?),
            (new, visits::find_presence(tx, &key, new)?),
        ];
        before.push((key, stood));
    }
    merging::update_admitted(tx, old, into)?;
    for (key, stood) in before {
        for (subject, presence) in stood {
            stand(tx, &key, subject, presence.as_ref())?;
        }
    }
    Ok(())
}

fn stand(
    tx: &Tx<'_>,
    key: &OccasionKey,
    subject: [u8; 16],
    before: Option<&visits::Presence>,
) -> Result<(), store::Error> {
    let now = presence::fold(&visits::list_passages(tx, key, subject)?);
    visits::update_presence(tx, key, subject, &now)?;
    let (inside, admitted) = presence::change(before, &now);
    match key.as_event() {
        Some(event) if (inside, admitted) != (0, 0) => {
            events::update_counts(tx, event, inside, admitted)
        }
        Some(_) | None => Ok(()),
    }
}
