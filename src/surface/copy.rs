//! The copy of one person's data as a file: made for the person, for an administrator's page, and
//! for the command line. That it was made stands in the audit trail.

use crate::base::id::PersonId;
use crate::base::json::{Value, json};
use crate::base::limits;
use crate::domain::actor::Actor;
use crate::domain::identity::copy;
use crate::domain::identity::person::Error;
use crate::domain::trail;
use crate::http::reply::Reply;
use crate::store::audit::head;
use crate::surface::core::Core;

/// Makes the copy. The audit trail is read a stretch at a time; of very many rows the first ones
/// are told, and that there are more.
///
/// # Errors
/// [`Error::NoPerson`], and the faults.
pub fn make(
    core: &Core,
    actor: Actor,
    surface: &'static str,
    id: PersonId,
) -> Result<Value, Error> {
    core.write(actor, surface, move |tx, call| copy::begin(tx, call, id))?;
    let mut copy = core.read(actor, surface, |view, call| copy::collect(view, call, id))?;
    let last = core.store.read(head)?.count;
    let (mut deeds, mut first) = (Vec::new(), 1);
    while first <= last && deeds.len() <= limits::COPY_DEEDS_MAX {
        let end = last.min(first + limits::AUDIT_LOOKED_ROWS_MAX - 1);
        let rows = core.read(actor, surface, |view, call| {
            trail::about(view, call, id, first, end)
        })?;
        deeds.extend(copy::deeds(id, &rows));
        first = end + 1;
    }
    let more = deeds.len() > limits::COPY_DEEDS_MAX;
    deeds.truncate(limits::COPY_DEEDS_MAX);
    if let Some(map) = copy.as_object_mut() {
        map.insert("audit".to_owned(), Value::Array(deeds));
        map.insert("audit_has_more".to_owned(), json!(more));
    }
    Ok(copy)
}

/// The copy as a file that a browser keeps.
#[must_use]
pub fn file(copy: &Value, id: PersonId) -> Reply {
    let text = format!("{copy:#}\n").into_bytes();
    let name = format!("attachment; filename=\"person-{id}.json\"");
    let reply = Reply::bytes("application/json", text).with_secret();
    reply.with_header("content-disposition", name)
}
