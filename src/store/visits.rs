//! Decisions, where each subject stands at an occasion, and what was only counted.
//!
//! An occasion is an event's id (16 bytes) or a day (10 ASCII characters). A subject is a
//! ticket's id, or a person's where there is no ticket.

use crate::base::id::{BoxId, DeviceId, EventId, Id, Nonce, PersonId, TicketId};
use crate::base::time::{LocalDay, Timestamp};
use crate::store::column;
use crate::store::error::Error;
use crate::store::people::Digest;
use crate::store::tx::{Tx, View};
use crate::store::verdicts::{
    Direction, Liveness, Means, Mode, Reason, Standing, UndoReason, Verdict, VisitFilter,
};
use rusqlite::{OptionalExtension, Row, params};

/// An occasion as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OccasionKey(Vec<u8>);

impl OccasionKey {
    /// An event.
    #[must_use]
    pub fn event(id: EventId) -> Self {
        Self(id.to_bytes().to_vec())
    }

    /// A day of attendance.
    #[must_use]
    pub fn day(day: LocalDay) -> Self {
        Self(day.to_string().into_bytes())
    }

    /// An occasion as it was stored.
    pub(in crate::store) const fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The stored bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The event, if it is one.
    #[must_use]
    pub fn as_event(&self) -> Option<EventId> {
        <[u8; 16]>::try_from(self.0.as_slice())
            .ok()
            .map(EventId::from_bytes)
    }

    /// The day, if it is one.
    #[must_use]
    pub fn as_day(&self) -> Option<LocalDay> {
        std::str::from_utf8(&self.0).ok()?.parse().ok()
    }
}

/// A decision as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitRow {
    /// The client's nonce, which names the decision.
    pub nonce: Nonce,
    /// Digest of what was asked under that nonce.
    pub contents: Digest,
    /// The box that decided.
    pub box_id: BoxId,
    /// Where.
    pub occasion: OccasionKey,
    /// By which device; None: the command line or a page.
    pub device: Option<DeviceId>,
    /// The means.
    pub means: Means,
    /// The direction.
    pub direction: Direction,
    /// The mode.
    pub mode: Mode,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason; None: admitted.
    pub reason: Option<Reason>,
    /// What else staff should know.
    pub detail: Option<String>,
    /// Who.
    pub person: Option<PersonId>,
    /// With which ticket.
    pub ticket: Option<TicketId>,
    /// The second candidate of an ambiguous face.
    pub rival: Option<PersonId>,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When the box heard of it.
    pub arrived_at: Timestamp,
    /// Whether the clock could be believed.
    pub synced: bool,
    /// First entry, for `already`.
    pub first_at: Option<Timestamp>,
    /// Device of the first entry.
    pub first_by: Option<DeviceId>,
    /// From when on, for `not_yet_valid`.
    pub opens_at: Option<Timestamp>,
    /// The standing on a day of attendance.
    pub standing: Option<Standing>,
    /// Minutes of lateness.
    pub late_min: Option<u32>,
    /// The liveness, where a face was shown.
    pub liveness: Option<Liveness>,
    /// Cosine of the best person.
    pub cosine: Option<f32>,
    /// Cosine of the second.
    pub second: Option<f32>,
    /// The threshold in force.
    pub threshold: Option<f32>,
    /// The rule that an offline fact went against.
    pub conflict: Option<Reason>,
}

/// A decision read back, with what the store added.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVisit {
    /// The box's sequence number.
    pub seq: u64,
    /// The decision.
    pub row: VisitRow,
    /// Whether it was undone later.
    pub undone: bool,
}

/// Keeps a decision and gives its sequence number.
///
/// # Errors
/// [`Error::Conflict`] if the nonce is taken.
pub fn insert_visit(tx: &Tx<'_>, v: &VisitRow) -> Result<u64, Error> {
    let sql = "INSERT INTO visit (nonce, contents, box, occasion, device, means, direction, mode, verdict, reason,
             detail, person, ticket, rival, happened_at, arrived_at, synced, first_at, first_by, opens_at,
             standing, late_min, liveness, cosine, second, threshold, conflict)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
             ?21, ?22, ?23, ?24, ?25, ?26, ?27)";
    let c = tx.connection();
    c.prepare_cached(sql)?.execute(params![
        v.nonce.to_bytes(),
        v.contents,
        v.box_id.to_bytes(),
        v.occasion.as_bytes(),
        v.device.map(Id::to_bytes),
        v.means.code(),
        v.direction.code(),
        v.mode.code(),
        v.verdict.code(),
        v.reason.map(Reason::code),
        v.detail,
        v.person.map(Id::to_bytes),
        v.ticket.map(Id::to_bytes),
        v.rival.map(Id::to_bytes),
        v.happened_at.as_millis(),
        v.arrived_at.as_millis(),
        v.synced,
        v.first_at.map(Timestamp::as_millis),
        v.first_by.map(Id::to_bytes),
        v.opens_at.map(Timestamp::as_millis),
        v.standing.map(Standing::code),
        v.late_min,
        v.liveness.map(Liveness::code),
        v.cosine,
        v.second,
        v.threshold,
        v.conflict.map(Reason::code),
    ])?;
    Ok(c.last_insert_rowid().unsigned_abs())
}

/// The columns that [`read_visit`] reads, for `concat!`: a finished text costs nothing at a look-up.
macro_rules! select_visit {
    ($end:literal) => {
        concat!("SELECT seq, nonce, contents, box, occasion, device, means, direction, mode, verdict, reason,
     detail, person, ticket, rival, happened_at, arrived_at, synced, first_at, first_by, opens_at, standing,
     late_min, liveness, cosine, second, threshold, conflict, undone FROM visit ", $end)
    };
}

fn read_visit(row: &Row<'_>) -> rusqlite::Result<StoredVisit> {
    let seq: i64 = row.get(0)?;
    Ok(StoredVisit {
        seq: seq.unsigned_abs(),
        undone: row.get(28)?,
        row: VisitRow {
            nonce: column::id(row, 1)?,
            contents: row.get(2)?,
            box_id: column::id(row, 3)?,
            occasion: OccasionKey(row.get(4)?),
            device: column::id_or_none(row, 5)?,
            means: column::word(row, 6, Means::read)?,
            direction: column::word(row, 7, Direction::read)?,
            mode: column::word(row, 8, Mode::read)?,
            verdict: column::word(row, 9, Verdict::read)?,
            reason: column::word_or_none(row, 10, Reason::read)?,
            detail: row.get(11)?,
            person: column::id_or_none(row, 12)?,
            ticket: column::id_or_none(row, 13)?,
            rival: column::id_or_none(row, 14)?,
            happened_at: column::time(row, 15)?,
            arrived_at: column::time(row, 16)?,
            synced: row.get(17)?,
            first_at: column::time_or_none(row, 18)?,
            first_by: column::id_or_none(row, 19)?,
            opens_at: column::time_or_none(row, 20)?,
            standing: column::word_or_none(row, 21, Standing::read)?,
            late_min: row.get(22)?,
            liveness: column::word_or_none(row, 23, Liveness::read)?,
            cosine: row.get(24)?,
            second: row.get(25)?,
            threshold: row.get(26)?,
            conflict: column::word_or_none(row, 27, Reason::read)?,
        },
    })
}

/// The decision that a nonce was given.
///
/// # Errors
/// Those of reading.
pub fn find_visit(view: &View<'_>, nonce: Nonce) -> Result<Option<StoredVisit>, Error> {
    let sql = select_visit!("WHERE nonce = ?1");
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([nonce.to_bytes()], read_visit)
        .optional()?)
}

/// A page of decisions in the order they were made.
///
/// # Errors
/// Those of reading.
pub fn list_visits(view: &View<'_>, after_seq: u64, limit: u32) -> Result<Vec<StoredVisit>, Error> {
    let sql = select_visit!("WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    let mut statement = view.connection().prepare_cached(sql)?;
    let after = i64::try_from(after_seq).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after, limit], read_visit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The latest decisions of an occasion, newest first, from before a sequence number.
///
/// # Errors
/// Those of reading.
pub fn list_latest(
    view: &View<'_>,
    occasion: &OccasionKey,
    filter: VisitFilter,
    before_seq: u64,
    limit: u32,
) -> Result<Vec<StoredVisit>, Error> {
    let sql = select_visit!(
        "WHERE occasion = ?1 AND seq < ?2 AND (?4 IS NULL OR verdict = ?4)
         AND (?5 IS NULL OR person = ?5) AND (?6 IS NULL OR device = ?6) ORDER BY seq DESC LIMIT ?3"
    );
    let mut statement = view.connection().prepare_cached(sql)?;
    let before = i64::try_from(before_seq).unwrap_or(i64::MAX);
    let verdict = filter.verdict.map(Verdict::code);
    let (person, device) = (
        filter.person.map(Id::to_bytes),
        filter.device.map(Id::to_bytes),
    );
    let values = params![occasion.as_bytes(), before, limit, verdict, person, device];
    let rows = statement.query_map(values, read_visit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One admission of a subject, for counting anew where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// Whether it was an entry; else an exit.
    pub entry: bool,
    /// When it happened.
    pub happened_at: Timestamp,
    /// By which device.
    pub device: Option<DeviceId>,
}

/// The admissions of a subject at an occasion that were not undone, in the order they happened.
///
/// # Errors
/// Those of reading.
pub fn list_passages(
    view: &View<'_>,
    occasion: &OccasionKey,
    subject: [u8; 16],
) -> Result<Vec<Passage>, Error> {
    let sql = "SELECT direction = 'entry', happened_at, device FROM visit
         WHERE coalesce(ticket, person) = ?1 AND occasion = ?2 AND verdict = 'admitted' AND undone = 0
         ORDER BY happened_at, seq";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(params![subject, occasion.as_bytes()], |row| {
        Ok(Passage {
            entry: row.get(0)?,
            happened_at: column::time(row, 1)?,
            device: column::id_or_none(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The admissions of a subject at an occasion that were not undone, the last to happen first.
///
/// # Errors
/// Those of reading.
pub fn list_admissions(
    view: &View<'_>,
    occasion: &OccasionKey,
    subject: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredVisit>, Error> {
    let sql = select_visit!("WHERE coalesce(ticket, person) = ?1 AND occasion = ?2 AND verdict = 'admitted' AND undone = 0
         ORDER BY happened_at DESC, seq DESC LIMIT ?3");
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map(params![subject, occasion.as_bytes(), limit], read_visit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Why and by whom an admission is undone.
#[derive(Debug)]
pub struct UndoRow<'a> {
    /// When.
    pub at: Timestamp,
    /// By whom: a kind and an id.
    pub actor: &'a str,
    /// At which device.
    pub device: Option<DeviceId>,
    /// Why.
    pub reason: UndoReason,
    /// In words, sealed.
    pub remark: Option<&'a [u8]>,
}

/// Marks an admission as undone and says why in its own row.
///
/// # Errors
/// [`Error::Conflict`] if it was undone before.
pub fn insert_undo(tx: &Tx<'_>, seq: u64, undo: &UndoRow<'_>) -> Result<(), Error> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let sql = "INSERT INTO undo (visit, at, actor, device, reason, remark) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.connection().prepare_cached(sql)?.execute(params![
        seq,
        undo.at.as_millis(),
        undo.actor,
        undo.device.map(Id::to_bytes),
        undo.reason.code(),
        undo.remark,
    ])?;
    let sql = "UPDATE visit SET undone = 1 WHERE seq = ?1";
    tx.connection().prepare_cached(sql)?.execute([seq])?;
    Ok(())
}

/// Keeps who of the staff asked for a decision.
///
/// # Errors
/// [`Error::Conflict`] if somebody is kept for it already.
pub fn insert_staff(tx: &Tx<'_>, seq: u64, person: PersonId) -> Result<(), Error> {
    let sql = "INSERT INTO visit_staff (visit, person) VALUES (?1, ?2)";
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let key = params![seq, person.to_bytes()];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// Who of the staff asked for a decision; None: a device did, or the box.
///
/// # Errors
/// Those of reading.
pub fn find_staff(view: &View<'_>, seq: u64) -> Result<Option<PersonId>, Error> {
    let sql = "SELECT person FROM visit_staff WHERE visit = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    Ok(statement
        .query_row([seq], |row| column::id(row, 0))
        .optional()?)
}

/// Where a subject stands at an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Presence {
    /// Entries that were not undone.
    pub entries: u32,
    /// Whether it is inside.
    pub inside: bool,
    /// First entry.
    pub first_at: Option<Timestamp>,
    /// Device of the first entry.
    pub first_by: Option<DeviceId>,
    /// Last entry.
    pub entry_at: Option<Timestamp>,
}

fn read_presence(row: &Row<'_>, first: usize) -> rusqlite::Result<Presence> {
    Ok(Presence {
        entries: row.get(first)?,
        inside: row.get(first + 1)?,
        first_at: column::time_or_none(row, first + 2)?,
        first_by: column::id_or_none(row, first + 3)?,
        entry_at: column::time_or_none(row, first + 4)?,
    })
}

/// Where a subject stands; None: it was never there.
///
/// # Errors
/// Those of reading.
pub fn find_presence(
    view: &View<'_>,
    occasion: &OccasionKey,
    subject: [u8; 16],
) -> Result<Option<Presence>, Error> {
    let sql = "SELECT entries, inside, first_at, first_by, entry_at FROM presence
         WHERE occasion = ?1 AND subject = ?2";
    let mut statement = view.connection().prepare_cached(sql)?;
    let key = params![occasion.as_bytes(), subject];
    Ok(statement
        .query_row(key, |row| read_presence(row, 0))
        .optional()?)
}

/// A page of who was at an occasion: subject and where it stands.
///
/// # Errors
/// Those of reading.
pub fn list_presence(
    view: &View<'_>,
    occasion: &OccasionKey,
    after: Option<[u8; 16]>,
    limit: u32,
) -> Result<Vec<([u8; 16], Presence)>, Error> {
    let sql = "SELECT subject, entries, inside, first_at, first_by, entry_at FROM presence
         WHERE occasion = ?1 AND subject > ?2 ORDER BY subject LIMIT ?3";
    let mut statement = view.connection().prepare_cached(sql)?;
    let key = params![occasion.as_bytes(), after.unwrap_or([0; 16]), limit];
    let rows = statement.query_map(key, |row| Ok((row.get(0)?, read_presence(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets where a subject stands.
///
/// # Errors
/// Those of writing.
pub fn update_presence(
    tx: &Tx<'_>,
    occasion: &OccasionKey,
    subject: [u8; 16],
    presence: &Presence,
) -> Result<(), Error> {
    let sql =
        "INSERT INTO presence (occasion, subject, entries, inside, first_at, first_by, entry_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (occasion, subject) DO UPDATE
         SET entries = ?3, inside = ?4, first_at = ?5, first_by = ?6, entry_at = ?7";
    tx.connection().prepare_cached(sql)?.execute(params![
        occasion.as_bytes(),
        subject,
        presence.entries,
        presence.inside,
        presence.first_at.map(Timestamp::as_millis),
        presence.first_by.map(Id::to_bytes),
        presence.entry_at.map(Timestamp::as_millis),
    ])?;
    Ok(())
}

/// Counts a scan that is no decision.
///
/// # Errors
/// Those of writing.
pub fn update_scan_count(
    tx: &Tx<'_>,
    occasion: &OccasionKey,
    device: Option<DeviceId>,
    day: LocalDay,
    reason: &str,
) -> Result<(), Error> {
    let sql =
        "INSERT INTO scan_count (occasion, device, day, reason, scans) VALUES (?1, ?2, ?3, ?4, 1)
         ON CONFLICT (occasion, device, day, reason) DO UPDATE SET scans = scans + 1";
    let device = device.map_or_else(Vec::new, |id| id.to_bytes().to_vec());
    let key = params![occasion.as_bytes(), device, day.to_string(), reason];
    tx.connection().prepare_cached(sql)?.execute(key)?;
    Ok(())
}

/// How often a reason was counted at an occasion, over all devices and days.
///
/// # Errors
/// Those of reading.
pub fn get_scan_count(view: &View<'_>, occasion: &OccasionKey, reason: &str) -> Result<u64, Error> {
    let sql = "SELECT coalesce(sum(scans), 0) FROM scan_count WHERE occasion = ?1 AND reason = ?2";
    let mut statement = view.connection().prepare_cached(sql)?;
    let key = params![occasion.as_bytes(), reason];
    Ok(statement
        .query_row(key, |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}
