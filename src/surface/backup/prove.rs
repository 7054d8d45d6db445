//! The proof: what came out of a backup opens as a store, is sound, and holds what went in.

use super::Error;
use super::pack::Unpacked;
use crate::crypto::keyring::{Keyring, Purpose};
use crate::store::audit::{self, Verdict};
use crate::store::inspect;
use crate::store::snapshot::{self, Facts};
use std::path::Path;

/// Looks at a copy of a store: its file, its rows, its audit chain with the keys.
pub fn look(copy: &Path, keyring: &Keyring) -> Result<Facts, Error> {
    let chain = keyring.purpose(Purpose::AuditChain);
    let seen = inspect::inspect(copy, |view| {
        Ok((snapshot::facts(view)?, audit::verify(view, chain)?))
    })?;
    let Some((outside, inside)) = seen else {
        return Err(Error::Unproven("it holds no store".to_owned()));
    };
    let Some((facts, verdict)) = inside else {
        let first = outside.findings.into_iter().next().unwrap_or_default();
        return Err(Error::Unproven(format!(
            "the store in it is damaged: {first}"
        )));
    };
    match verdict {
        Verdict::Whole(_) => Ok(facts),
        broken @ (Verdict::Gap(_)
        | Verdict::Changed(_)
        | Verdict::Cut { .. }
        | Verdict::HeadChanged) => Err(Error::Unproven(format!(
            "the audit chain in it is broken: {broken}"
        ))),
    }
}

/// Proves what was unpacked into `copy`.
pub fn prove(copy: &Path, unpacked: &Unpacked) -> Result<Facts, Error> {
    let facts = look(copy, &unpacked.keyring)?;
    let manifest = &unpacked.manifest;
    if facts.schema != unpacked.header.schema {
        return Err(Error::Unproven("its schema is another one".to_owned()));
    }
    if let Some(table) = difference(&facts, manifest) {
        return Err(Error::Unproven(format!(
            "the rows of {table} are not as many as there were"
        )));
    }
    if (facts.end.count, facts.end.link) != (manifest.chain_count, manifest.chain_link) {
        return Err(Error::Unproven(
            "the end of its audit chain is another one".to_owned(),
        ));
    }
    Ok(facts)
}

/// A table that has more or fewer rows than the backup says.
fn difference(facts: &Facts, manifest: &super::pack::Manifest) -> Option<String> {
    let all = facts.rows.keys().chain(manifest.rows.keys());
    let mut all = all.filter(|table| facts.rows.get(*table) != manifest.rows.get(*table));
    all.next().cloned()
}
