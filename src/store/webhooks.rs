//! Who is told what happens, and what became of the telling.

use crate::base::id::{Id as _, NoticeId, WebhookId};
use crate::base::time::Timestamp;
use crate::store::column;
use crate::store::error::Error;
use crate::store::tx::{Tx, View};
use rusqlite::{OptionalExtension as _, Row, params};

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// Which.
    pub id: WebhookId,
    /// Its address, sealed.
    pub url: Vec<u8>,
    /// What signs, sealed.
    pub secret: Vec<u8>,
    /// The words of the events between spaces.
    pub events: String,
    /// Whether it is told anything.
    pub on: bool,
    /// Deliveries that have failed in a row.
    pub failures: u32,
    /// When it was made.
    pub made_at: Timestamp,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Which.
    pub id: NoticeId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// The event's word.
    pub event: String,
    /// What is sent.
    pub body: String,
    /// When its cause happened.
    pub made_at: Timestamp,
    /// `waiting`, `done`, `failed`.
    pub state: String,
    /// Waiting: not before; else since when it is so.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// What the last attempt failed for.
    pub error: Option<String>,
}

/// Adds a webhook.
///
/// # Errors
/// [`Error::Conflict`] if the id is there already.
pub fn insert_webhook(tx: &Tx<'_>, webhook: &WebhookRow) -> Result<(), Error> {
    let sql = "INSERT INTO webhook (id, url, secret, events, state, failures, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    tx.connection().prepare_cached(sql)?.execute(params![
        webhook.id.to_bytes(),
        webhook.url,
        webhook.secret,
        webhook.events,
        state_word(webhook.on),
        webhook.failures,
        webhook.made_at.as_millis(),
    ])?;
    Ok(())
}

const fn state_word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn read_webhook(row: &Row<'_>) -> rusqlite::Result<WebhookRow> {
    Ok(WebhookRow {
        id: column::id(row, 0)?,
        url: row.get(1)?,
        secret: row.get(2)?,
        events: row.get(3)?,
        on: row.get(4)?,
        failures: row.get(5)?,
        made_at: column::time(row, 6)?,
    })
}

/// All webhooks; there are few.
///
/// # Errors
/// Those of reading.
pub fn list_webhooks(view: &View<'_>) -> Result<Vec<WebhookRow>, Error> {
    let sql = "SELECT id, url, secret, events, state = 'on', failures, made_at FROM webhook
         WHERE id >= x'00' ORDER BY id";
    let mut statement = view.connection().prepare_cached(sql)?;
    let rows = statement.query_map([], read_webhook)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether any webhook is on.
///
/// # Errors
/// Those of reading.
pub fn find_any_on(view: &View<'_>) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM webhook WHERE id >= x'00' AND state = 'on' LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement.exists([])?)
}

/// A webhook; None: there is none.
///
/// # Errors
/// Those of reading.
pub fn find_webhook(view: &View<'_>, id: WebhookId) -> Result<Option<WebhookRow>, Error> {
    let sql = "SELECT id, url, secret, events, state = 'on', failures, made_at FROM webhook
         WHERE id = ?1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([id.to_bytes()], read_webhook)
        .optional()?)
}

/// Switches a webhook on or off and sets its count of failures.
///
/// # Errors
/// [`Error::Missing`] if there is no such webhook.
pub fn update_webhook(tx: &Tx<'_>, id: WebhookId, on: bool, failures: u32) -> Result<(), Error> {
    let sql = "UPDATE webhook SET state = ?2, failures = ?3 WHERE id = ?1";
    let mut statement = tx.connection().prepare_cached(sql)?;
    match statement.execute((id.to_bytes(), state_word(on), failures))? {
        1 => Ok(()),
        _ => Err(Error::Missing("webhook")),
    }
}

/// Removes a webhook with its deliveries; false: there was none.
///
/// # Errors
/// Those of writing.
pub fn delete_webhook(tx: &Tx<'_>, id: WebhookId) -> Result<bool, Error> {
    let sql = "DELETE FROM delivery WHERE webhook = ?1";
    (tx.connection().prepare_cached(sql)?).execute([id.to_bytes()])?;
    let sql = "DELETE FROM webhook WHERE id = ?1";
    let gone = (tx.connection().prepare_cached(sql)?).execute([id.to_bytes()])?;
    Ok(gone == 1)
}

/// Adds a delivery.
///
/// # Errors
/// [`Error::Conflict`] if the id is there already, or there is no such webhook.
pub fn insert_delivery(tx: &Tx<'_>, delivery: &DeliveryRow) -> Result<(), Error> {
    let sql = "INSERT INTO delivery
         (id, webhook, event, body, made_at, state, due_at, attempts, status, error)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    tx.connection().prepare_cached(sql)?.execute(params![
        delivery.id.to_bytes(),
        delivery.webhook.to_bytes(),
        delivery.event,
        delivery.body,
        delivery.made_at.as_millis(),
        delivery.state,
        delivery.due_at.as_millis(),
        delivery.attempts,
        delivery.status,
        delivery.error,
    ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, webhook, event, body, made_at, state, due_at, attempts, status, error FROM delivery";

fn read_delivery(row: &Row<'_>) -> rusqlite::Result<DeliveryRow> {
    Ok(DeliveryRow {
        id: column::id(row, 0)?,
        webhook: column::id(row, 1)?,
        event: row.get(2)?,
        body: row.get(3)?,
        made_at: column::time(row, 4)?,
        state: row.get(5)?,
        due_at: column::time(row, 6)?,
        attempts: row.get(7)?,
        status: row.get(8)?,
        error: row.get(9)?,
    })
}

/// When the next delivery is due; None: none waits.
///
/// # Errors
/// Those of reading.
pub fn find_next_delivery(view: &View<'_>) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT due_at FROM delivery WHERE state = 'waiting' ORDER BY due_at LIMIT 1";
    let mut statement = view.connection().prepare_cached(sql)?;
    Ok(statement
        .query_row([], |row| column::time(row, 0))
        .optional()?)
}

/// Takes at most `limit` deliveries that are due at `now`, oldest first, and keeps them from
/// others until `until`. Each one's count of attempts goes up.
///
/// # Errors
/// Those of writing.
pub fn update_claimed(
    tx: &Tx<'_>,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<DeliveryRow>, Error> {
    let sql =
        format!("{COLUMNS} WHERE state = 'waiting' AND due_at <= ?1 ORDER BY due_at LIMIT ?2");
    let mut query = tx.connection().prepare_cached(&sql)?;
    let rows = query.query_map((now.as_millis(), limit), read_delivery)?;
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    let sql = "UPDATE delivery SET due_at = ?2, attempts = ?3 WHERE id = ?1";
    let mut claim = tx.connection().prepare_cached(sql)?;
    for row in &mut rows {
        row.due_at = until;
        row.attempts = row.attempts.saturating_add(1);
        claim.execute((row.id.to_bytes(), until.as_millis(), row.attempts))?;
    }
    Ok(rows)
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// `waiting`, `done`, `failed`.
    pub state: &'a str,
    /// Waiting: not before; else now.
    pub due_at: Timestamp,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// What it failed for.
    pub error: Option<&'a str>,
}

/// Notes an attempt; false: the delivery is gone, or does not wait.
///
/// # Errors
/// Those of writing.
pub fn update_attempt(tx: &Tx<'_>, id: NoticeId, attempt: &Attempt<'_>) -> Result<bool, Error> {
    let sql = "UPDATE delivery SET state = ?2, due_at = ?3, status = ?4, error = ?5
         WHERE id = ?1 AND state = 'waiting'";
    let changed = tx.connection().prepare_cached(sql)?.execute(params![
        id.to_bytes(),
        attempt.state,
        attempt.due_at.as_millis(),
        attempt.status,
        attempt.error,
    ])?;
    Ok(changed == 1)
}

/// Puts a delivery of a webhook that was given up, or waits for its next attempt, to the front;
/// false: there is none, or it was done.
///
/// # Errors
/// Those of writing.
pub fn update_again(
    tx: &Tx<'_>,
    webhook: WebhookId,
    id: NoticeId,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE delivery SET state = 'waiting', due_at = ?3, attempts = 0
         WHERE id = ?2 AND webhook = ?1 AND state <> 'done'";
    let mut statement = tx.connection().prepare_cached(sql)?;
    let changed = statement.execute((webhook.to_bytes(), id.to_bytes(), at.as_millis()))?;
    Ok(changed == 1)
}

/// The latest deliveries of a webhook, the newest first.
///
/// # Errors
/// Those of reading.
pub fn list_deliveries(
    view: &View<'_>,
    webhook: WebhookId,
    limit: u32,
) -> Result<Vec<DeliveryRow>, Error> {
    let sql = format!("{COLUMNS} WHERE webhook = ?1 ORDER BY id DESC LIMIT ?2");
    let mut statement = view.connection().prepare_cached(&sql)?;
    let rows = statement.query_map((webhook.to_bytes(), limit), read_delivery)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes what was delivered or given up before an instant; says how many.
///
/// # Errors
/// Those of writing.
pub fn delete_deliveries_before(tx: &Tx<'_>, before: Timestamp) -> Result<usize, Error> {
    let sql = "DELETE FROM delivery WHERE state IN ('done', 'failed') AND due_at < ?1";
    Ok((tx.connection().prepare_cached(sql)?).execute([before.as_millis()])?)
}
