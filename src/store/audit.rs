//! The audit rows: append-only, each linked to the one before by an HMAC over that one's
//! link and all columns of its own. `meta` holds the chain's end (the last number, which is
//! the count, and the last link) under an HMAC of its own, so that rows cut from the end
//! are missed. Somebody who puts back a whole older file is not noticed here: the journal
//! and the backups carry the head out of the box for that.

use crate::base::time::{ClockState, Timestamp};
use crate::crypto::keyring::Key;
use crate::crypto::seal::{self, Context};
use crate::crypto::token;
use crate::store::error::Error;
use crate::store::tx::{Head, Marks, Tx, View};
use rusqlite::OptionalExtension;
use std::fmt;

/// Name of the chain's end in `meta`.
const HEAD: &str = "audit.head";

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Whether that time may be believed.
    pub clock: ClockState,
    /// Who did it: a kind and an id, never a name.
    pub actor: String,
    /// From where: a surface and what it knows of the caller.
    pub origin: String,
    /// What was done: a word of `domain::audit`.
    pub act: String,
    /// To what: a kind and an id.
    pub object: String,
    /// Old and new values; sensitive ones sealed before they come here.
    pub detail: Vec<u8>,
}

/// The end of the chain, as it goes to the journal and into backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainEnd {
    /// Rows in the chain.
    pub count: u64,
    /// The last row's link; zeros for an empty chain.
    pub link: [u8; 32],
}

/// What checking the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every row is there and unchanged.
    Whole(ChainEnd),
    /// Row numbers jump at this one.
    Gap(u64),
    /// This row, or the one before, is not what was written.
    Changed(u64),
    /// Rows are missing at the end: how many are there, how many there were.
    Cut {
        /// Rows found.
        found: u64,
        /// Rows that were written.
        written: u64,
    },
    /// The chain's end in `meta` is missing or was changed.
    HeadChanged,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(end) => write!(f, "{} rows, whole", end.count),
            Self::Gap(row) => write!(f, "a row is missing before row {row}"),
            Self::Changed(row) => {
                write!(f, "row {row}, or the one before, is not what was written")
            }
            Self::Cut { found, written } => {
                write!(
                    f,
                    "rows are missing at the end: {found} of {written} are there"
                )
            }
            Self::HeadChanged => f.write_str("the record of its end is missing or was changed"),
        }
    }
}

fn link(chain: &Key, seq: u64, before: &[u8; 32], entry: &Entry) -> [u8; 32] {
    let context = Context {
        table: "audit",
        column: "link",
        row: &seq.to_be_bytes(),
    };
    let synced = [u8::from(entry.clock == ClockState::Synced)];
    let at = entry.at.as_millis().to_be_bytes();
    let parts: [&[u8]; 8] = [
        before,
        &at,
        &synced,
        entry.actor.as_bytes(),
        entry.origin.as_bytes(),
        entry.act.as_bytes(),
        entry.object.as_bytes(),
        &entry.detail,
    ];
    let mut whole = Vec::with_capacity(256);
    for part in parts {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    seal::digest(chain, &context, &whole)
}

fn head_mac(chain: &Key, seq: u64, link: &[u8; 32]) -> [u8; 32] {
    let context = Context {
        table: "meta",
        column: HEAD,
        row: &seq.to_be_bytes(),
    };
    seal::digest(chain, &context, link)
}

fn last_row(view: &View<'_>) -> Result<Option<(u64, [u8; 32])>, Error> {
    let mut query = view
        .connection()
        .prepare_cached("SELECT seq, link FROM audit ORDER BY seq DESC LIMIT 1")?;
    let row = query
        .query_row([], |r| Ok((r.get::<_, i64>(0)?, r.get(1)?)))
        .optional()?;
    Ok(row.map(|(seq, link)| (u64::try_from(seq).unwrap_or(0), link)))
}

/// What a row appended to a broken end is linked to: nothing that was ever there.
const BROKEN: [u8; 32] = [0xff; 32];

/// Number and link of the row that the next one follows. Where the last row is not the one
/// that `meta` remembers, rows were cut or the record was changed; the next row then does not
/// hide that by closing the gap: it takes a number after both, and fits nothing.
fn end_to_extend(view: &View<'_>, chain: &Key) -> Result<(u64, [u8; 32]), Error> {
    let last = last_row(view)?;
    let written = remembered(view, chain)?.map(|end| (end.count, end.link));
    if last == written {
        return Ok(last.unwrap_or_default());
    }
    let number = |end: Option<(u64, [u8; 32])>| end.map_or(0, |(count, _)| count);
    Ok((number(last).max(number(written)), BROKEN))
}

/// Appends a row; gives its number. The number and the link follow from the rows before.
///
/// # Errors
/// Those of writing.
pub fn append(tx: &Tx<'_>, chain: &Key, entry: &Entry) -> Result<u64, Error> {
    let marks = tx.marks();
    let (last, before) = match marks.head {
        Some(head) => (head.seq, head.link),
        None => end_to_extend(tx, chain)?,
    };
    let seq = last + 1;
    let link = link(chain, seq, &before, entry);
    tx.connection()
        .prepare_cached(
            "INSERT INTO audit (seq, at, synced, actor, origin, act, object, detail, link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            seq.cast_signed(),
            entry.at.as_millis(),
            entry.clock == ClockState::Synced,
            &entry.actor,
            &entry.origin,
            &entry.act,
            &entry.object,
            &entry.detail,
            link,
        ))?;
    let mac = head_mac(chain, seq, &link);
    tx.set_marks(Marks {
        head: Some(Head { seq, link, mac }),
        latest: marks.latest.max(Some(entry.at)),
    });
    Ok(seq)
}

/// Writes the chain's end, and behind it the latest instant of any row, of which the store
/// has seen `seen` so far; the writer calls it once before each commit.
pub(in crate::store) fn flush_head(tx: &Tx<'_>, seen: Timestamp) -> Result<(), Error> {
    let marks = tx.marks();
    let Some(head) = marks.head else {
        return Ok(());
    };
    let latest = marks.latest.map_or(seen, |at| at.max(seen));
    let mut value = Vec::with_capacity(80);
    value.extend_from_slice(&head.seq.to_be_bytes());
    value.extend_from_slice(&head.link);
    value.extend_from_slice(&head.mac);
    value.extend_from_slice(&latest.as_millis().to_be_bytes());
    tx.connection()
        .prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute((HEAD, value))?;
    Ok(())
}

/// The end of the chain, from its last row.
///
/// # Errors
/// Those of reading.
pub fn head(view: &View<'_>) -> Result<ChainEnd, Error> {
    let (count, link) = last_row(view)?.unwrap_or_default();
    Ok(ChainEnd { count, link })
}

fn find_head(view: &View<'_>) -> Result<Option<Vec<u8>>, Error> {
    Ok(view
        .connection()
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([HEAD], |r| r.get(0))
        .optional()?)
}

/// The latest instant that any row carries.
pub(in crate::store) fn find_latest(view: &View<'_>) -> Result<Option<Timestamp>, Error> {
    let value = find_head(view)?.unwrap_or_default();
    let latest = value.last_chunk::<8>().copied();
    Ok(latest.map(|ms| Timestamp::from_millis(i64::from_be_bytes(ms))))
}

/// The count and link that `meta` remembers; `Err` if they are missing or changed.
fn remembered(view: &View<'_>, chain: &Key) -> Result<Option<ChainEnd>, Error> {
    let parse = |value: &[u8]| {
        let (seq, rest) = value.split_first_chunk::<8>()?;
        let (link, rest) = rest.split_first_chunk::<32>()?;
        let (mac, _latest) = rest.split_first_chunk::<32>()?;
        let seq = u64::from_be_bytes(*seq);
        token::equal(&head_mac(chain, seq, link), mac).then_some(ChainEnd {
            count: seq,
            link: *link,
        })
    };
    Ok(find_head(view)?.as_deref().and_then(parse))
}

/// The objects of all rows with this act, in their order.
///
/// # Errors
/// Those of reading.
pub fn list_objects(view: &View<'_>, act: &str) -> Result<Vec<String>, Error> {
    let mut query = view
        .connection()
        .prepare_cached("SELECT object FROM audit WHERE act = ?1 ORDER BY seq")?;
    let rows = query.query_map([act], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A row of the columns seq, at, synced, actor, origin, act, object, detail, link.
pub(in crate::store) fn entry_of(
    row: &rusqlite::Row<'_>,
) -> rusqlite::Result<(u64, Entry, [u8; 32])> {
    let synced: bool = row.get(2)?;
    let entry = Entry {
        at: Timestamp::from_millis(row.get(1)?),
        clock: if synced {
            ClockState::Synced
        } else {
            ClockState::Unsynced
        },
        actor: row.get(3)?,
        origin: row.get(4)?,
        act: row.get(5)?,
        object: row.get(6)?,
        detail: row.get(7)?,
    };
    let seq = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
    Ok((seq, entry, row.get(8)?))
}

/// Checks the whole chain, from the first row to the remembered end.
///
/// # Errors
/// Those of reading.
pub fn verify(view: &View<'_>, chain: &Key) -> Result<Verdict, Error> {
    let mut query = view.connection().prepare_cached(
        "SELECT seq, at, synced, actor, origin, act, object, detail, link FROM audit ORDER BY seq",
    )?;
    let mut rows = query.query([])?;
    let mut end = ChainEnd {
        count: 0,
        link: [0; 32],
    };
    while let Some(row) = rows.next()? {
        let (seq, entry, found) = entry_of(row)?;
        if seq != end.count + 1 {
            return Ok(Verdict::Gap(seq));
        }
        if !token::equal(&link(chain, seq, &end.link, &entry), &found) {
            return Ok(Verdict::Changed(seq));
        }
        end = ChainEnd {
            count: seq,
            link: found,
        };
    }
    Ok(match remembered(view, chain)? {
        None if end.count == 0 => Verdict::Whole(end),
        None => Verdict::HeadChanged,
        Some(written) if written.count > end.count => Verdict::Cut {
            found: end.count,
            written: written.count,
        },
        Some(written) if written == end => Verdict::Whole(end),
        Some(_) => Verdict::HeadChanged,
    })
}
