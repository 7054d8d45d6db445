//! The language that a person has chosen: for the pages of whoever signs in, and for the screen
//! that recognises somebody.

use crate::base::id::PersonId;
use crate::domain::fault::Fault;
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::store::{Tx, View, languages};

/// A person's language; None: none was chosen, or the person is erased.
///
/// # Errors
/// Those of reading.
pub fn of(view: &View<'_>, person: PersonId) -> Result<Option<Language>, Fault> {
    let code = languages::find_language(view, person)?;
    Ok(code.as_deref().and_then(Language::read))
}

/// Keeps the choice of the person who calls. Whoever else calls has nothing to keep it for.
///
/// # Errors
/// The faults.
pub fn choose(tx: &Tx<'_>, call: &mut Call<'_>, language: Language) -> Result<(), Fault> {
    if let Some(person) = call.actor.person() {
        languages::insert_language(tx, person, language.code())?;
    }
    Ok(())
}
