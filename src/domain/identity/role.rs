//! Roles, held per surface: one obtained on an old surface is valid there alone, a native one
//! everywhere.

use crate::base::id::PersonId;
use crate::domain::actor::{Actor, Role};
use crate::domain::audit::{self, Act, Detail};
use crate::domain::identity::person::{Error, NATIVE, PersonState, keep_an_administrator};
use crate::domain::site::Call;
use crate::domain::surface::Surface;
use crate::store::people::{self, RoleRow};
use crate::store::{Tx, View};

/// Gives a person a role on a surface, in the place of the one held there. `word` is an old
/// surface's own word for it, which is kept and echoed.
///
/// # Errors
/// [`Error::NoPerson`], [`Error::LastAdministrator`], and the faults.
pub fn give(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    person: PersonId,
    surface: Surface,
    role: Role,
    word: Option<&str>,
) -> Result<(), Error> {
    let _may = call.actor.manage_roles()?;
    match people::find_state(tx, person)? {
        Some(PersonState::Active | PersonState::Disabled) => {}
        Some(PersonState::Erased) | None => return Err(Error::NoPerson),
    }
    if surface == NATIVE && role != Role::Admin {
        keep_an_administrator(tx, call, person)?;
    }
    let row = RoleRow {
        person,
        surface: surface.code().to_owned(),
        role: role.code().to_owned(),
        word: word.map(ToOwned::to_owned),
    };
    people::insert_role(tx, &row, call.now.at)?;
    let told = Detail::Plain(format!("{surface} {role}"));
    audit::record(tx, call, Act::RoleGive, format!("person:{person}"), told)?;
    Ok(())
}

/// The actor that a person is on a surface: the higher of the role there and the native one.
/// None for a person who is disabled, erased or not there.
///
/// # Errors
/// The faults.
pub fn actor_on(
    view: &View<'_>,
    person: PersonId,
    surface: Surface,
    supervise: bool,
) -> Result<Option<Actor>, Error> {
    if people::find_state(view, person)? != Some(PersonState::Active) {
        return Ok(None);
    }
    let roles = people::list_roles(view, person)?;
    let held = roles
        .iter()
        .filter(|r| r.surface == surface.code() || r.surface == NATIVE.code())
        .filter_map(|r| Role::read(&r.role))
        .max();
    Ok(Some(Actor::Person {
        id: person,
        role: held.unwrap_or(Role::User),
        supervise,
    }))
}
