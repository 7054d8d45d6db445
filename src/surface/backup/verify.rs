//! `hadir backup verify`: proves a backup again, as it was proven when it was made.

use super::pack::{self, who};
use super::scratch::Scratch;
use super::{Error, prove};
use crate::base::json;
use crate::base::time::Timestamp;
use crate::crypto::backup::{Header, Opener};
use crate::store::snapshot::Facts;
use std::path::Path;

/// What is told of a backup: when and of which box, how much is in it, who can open it.
pub(super) fn told(file: &Path, header: &Header, facts: &Facts) -> json::Value {
    let rows = |table: &str| facts.rows.get(table).copied().unwrap_or(0);
    json::json!({
        "file": file.display().to_string(),
        "made_at": Timestamp::from_millis(header.made_ms).to_string(),
        "box": header.of_box,
        "schema": header.schema,
        "people": rows("person"),
        "events": rows("event"),
        "visits": rows("visit"),
        "audit_rows": facts.end.count,
        "opens_with": who(&header.slots),
    })
}

/// Proves the backup in `file`, in a scratch folder in `parent`.
///
/// # Errors
/// What is wrong with it.
pub fn verify(file: &Path, openers: &[Opener], parent: &Path) -> Result<json::Value, Error> {
    let scratch = Scratch::new(parent)?;
    let into = scratch.folder("proof")?;
    let unpacked = pack::unpack(file, openers, &into)?;
    let facts = prove::prove(&into, &unpacked)?;
    Ok(told(file, &unpacked.header, &facts))
}
