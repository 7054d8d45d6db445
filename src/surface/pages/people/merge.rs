//! `POST /people/{person}/merge`: another entry of the same person is merged into this one.

use crate::base::id::PersonId;
use crate::base::text::IdNumber;
use crate::domain::identity::person;
use crate::domain::merge;
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::Field;
use crate::surface::pages::words::people as words;
use maud::{Markup, html};

/// The form on the page of the entry that stays.
#[must_use]
pub fn form(language: Language, id: PersonId) -> Markup {
    html! {
        details.card {
            summary { (words::MERGE.of(language)) }
            p.muted { (words::MERGE_MORE.of(language)) }
            form method="post" action={ "/people/" (id) "/merge" } {
                (Field::new("other", words::MERGE_OTHER).hint(words::MERGE_OTHER_HINT.of(language)).show(language))
                (Field::new("same", words::MERGE_TYPE).show(language))
                button.danger { (words::MERGE_DO.of(language)) }
            }
        }
    }
}

/// The form: `other`, a number or an id; `same`, the name of the entry that goes.
///
/// # Errors
/// 403 without the right, 404 without this entry, 409 for the last administrator, and those of the
/// box; another name, or none found, goes back to the page.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let _may = (actor.manage_accounts()).map_err(crate::domain::fault::Fault::from)?;
    let into: PersonId = request.id_param("person")?;
    let form = request.form()?;
    let wrong = || Reply::see_other(&format!("/people/{into}?merge=wrong"));
    let Some(from) = named(native, form.text("other"))? else {
        return Ok(wrong());
    };
    let gone = native.read(caller, |view, call| person::find(view, call, from))?;
    if from == into || gone.name != form.text("same") {
        return Ok(wrong());
    }
    native.write(caller, move |tx, call| merge::merge(tx, call, from, into))?;
    native.core.tallies.forget();
    native.core.empty_log(SURFACE);
    Ok(Reply::see_other(&format!("/people/{into}?done=merged")))
}

/// Who has this number, or is at this address.
fn named(native: &Native, text: &str) -> Result<Option<PersonId>, Problem> {
    let id = text.rsplit('/').next().unwrap_or_default();
    if let Ok(id) = id.parse() {
        return Ok(Some(id));
    }
    let Ok(number) = text.parse::<IdNumber>() else {
        return Ok(None);
    };
    let site = native.core.site();
    let found = (native.core.store).read(|view| person::find_by_number(view, &site, &number))?;
    Ok(found)
}
