//! The logins of one entry of a person that become another's when both are merged: those on old
//! surfaces on which the other has none, each with the role that is held there. A login on the box's
//! own pages is not handed on: it may be guarded by a second factor, and it is given anew.

use crate::base::id::PersonId;
use crate::domain::fault::Fault;
use crate::domain::identity::account::{self, login_digest, row_of};
use crate::domain::identity::login::Login;
use crate::domain::identity::person::Error;
use crate::domain::site::Call;
use crate::domain::surface::Surface;
use crate::domain::vault::{self, place};
use crate::store::Tx;
use crate::store::accounts::{self, AccountRow};
use crate::store::people::{self, RoleRow};

/// Hands them on. Whoever asks has looked at the rights.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub(in crate::domain) fn logins(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    from: PersonId,
    into: PersonId,
) -> Result<(), Error> {
    for surface in Surface::ALL.iter().filter(|s| **s != Surface::Native) {
        let Some(row) = accounts::find_account(tx, from, surface.code())? else {
            continue;
        };
        if accounts::find_account(tx, into, surface.code())?.is_none() {
            login(tx, call, *surface, &row, into)?;
            role(tx, call, *surface, from, into)?;
        }
    }
    Ok(())
}

fn login(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    surface: Surface,
    row: &AccountRow,
    into: PersonId,
) -> Result<(), Error> {
    let (site, from) = (call.site, row.person);
    let key = vault::person_key(tx, site, from).map_err(Error::of)?;
    let at = row_of(from, surface);
    let name = vault::open_text(&key, place::LOGIN, &at, &row.login)?;
    let hash = vault::open_text(&key, place::PASSWORD, &at, &row.hash)?;
    let login = Login::typed(surface, &name).ok_or(Fault::Damaged("login"))?;
    // The name is nobody's for a moment, in this transaction alone.
    accounts::delete_account(tx, from, surface.code())?;
    accounts::update_used(tx, login_digest(site, surface, &login), into)?;
    account::keep(tx, call, surface, into, &login, &hash).map_err(|error| match error {
        account::Error::Fault(fault) => Error::Fault(fault),
        account::Error::NoPerson | account::Error::LoginTaken => Error::NoPerson,
    })
}

/// The role on the surface, if the other one holds none there.
fn role(
    tx: &Tx<'_>,
    call: &Call<'_>,
    surface: Surface,
    from: PersonId,
    into: PersonId,
) -> Result<(), Error> {
    let on = |row: &RoleRow| row.surface == surface.code();
    if people::list_roles(tx, into)?.iter().any(on) {
        return Ok(());
    }
    if let Some(row) = people::list_roles(tx, from)?.into_iter().find(on) {
        let row = RoleRow {
            person: into,
            ..row
        };
        people::insert_role(tx, &row, call.now.at)?;
    }
    Ok(())
}
