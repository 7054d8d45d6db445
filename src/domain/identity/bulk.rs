//! The same done to several people at once: all of it in one transaction, or nothing. Each person
//! has an audit row of their own.

use crate::base::id::PersonId;
use crate::base::text::Name;
use crate::domain::identity::change::{self, Change};
use crate::domain::identity::person::{self, Error};
use crate::domain::site::Call;
use crate::store::Tx;

/// What is done to each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bulk {
    /// They may take part again.
    Enable,
    /// They may not take part any more.
    Disable,
    /// They are in this class now; None: in none.
    Class(Option<Name>),
    /// They are erased for ever.
    Erase,
}

/// Does it. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::NoPerson`] if one of them is not there, [`Error::LastAdministrator`], and the faults;
/// nothing was done then.
pub fn apply(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    people: &[PersonId],
    what: &Bulk,
) -> Result<(), Error> {
    let _may = call.actor.manage_people()?;
    for &id in people {
        match what {
            Bulk::Enable => person::set_enabled(tx, call, id, true)?,
            Bulk::Disable => person::set_enabled(tx, call, id, false)?,
            Bulk::Erase => person::erase(tx, call, id)?,
            Bulk::Class(class) => {
                let change = Change {
                    class: Some(class.clone()),
                    ..Change::default()
                };
                change::change(tx, call, id, &change)?;
            }
        }
    }
    Ok(())
}
