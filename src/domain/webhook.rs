//! Webhooks: who is told what happens. Each has a secret that signs what it is sent, and is
//! switched off when too many deliveries in a row have failed.

use crate::base::cause::Cause;
use crate::base::id::{Id as _, NoticeId, WebhookId};
use crate::base::json;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::time::{Span, Timestamp};
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::outbox::{Notice, pause};
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, Place, place};
use crate::store::webhooks::{self, Attempt, DeliveryRow, WebhookRow};
use crate::store::{Tx, View, outbox};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// What a secret begins with.
const PREFIX: &str = "hdrw_";

/// The event of a test.
pub const TEST: &str = "webhook.test";

/// An address that can be called: `http://` or `https://`, a host, no user, no fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct HookUrl(String);

impl HookUrl {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Scheme, host and port: what may be shown, as the rest may carry a token.
    #[must_use]
    pub fn shown(&self) -> String {
        let end = self.0.find("://").map_or(0, |i| i + 3);
        let rest = self.0.get(end..).unwrap_or_default();
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        format!("{}{host}", self.0.get(..end).unwrap_or_default())
    }
}

impl fmt::Debug for HookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HookUrl(…)")
    }
}

impl FromStr for HookUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "expected an address such as https://example.id/hadir";
        let text = text.trim();
        if text.len() > limits::WEBHOOK_URL_CHARS_MAX {
            return Err("must have at most 1000 characters");
        }
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or(FORM)?;
        if !text.bytes().all(|b| b.is_ascii_graphic()) || text.contains(['#', '"', '<', '>', '\\'])
        {
            return Err(FORM);
        }
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("must not carry a user or password");
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            Some(_) | None => (authority, None),
        };
        let port_good = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|n| n > 0));
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let host_good = match bare {
            Some(inner) => inner.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()),
            None => {
                let good = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
                !host.is_empty() && host.len() <= 253 && host.bytes().all(good)
            }
        };
        match port_good && host_good {
            true => Ok(Self(text.to_owned())),
            false => Err(FORM),
        }
    }
}

/// A webhook to be made.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Its address.
    pub url: HookUrl,
    /// What it is told; at least one.
    pub events: Vec<Notice>,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// Its address.
    pub url: HookUrl,
    /// What it is told.
    pub events: Vec<Notice>,
    /// Whether it is told anything.
    pub on: bool,
    /// Deliveries that have failed in a row.
    pub failures: u32,
    /// When it was made.
    pub made_at: Timestamp,
}

/// A delivery as the log shows it.
pub type Delivery = DeliveryRow;

/// A delivery that is to be made now.
#[derive(Debug)]
pub struct Due {
    /// What is delivered.
    pub delivery: Delivery,
    /// Where to, and the secret that signs it; None: the webhook is off or does not open.
    pub target: Option<(HookUrl, Secret<String>)>,
}

/// What became of an attempt: the status of its success, or of the failure if there was one, and
/// why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Done(u16),
    /// It was not.
    Failed(Option<u16>, String),
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such webhook.
    NoWebhook,
    /// There is no such delivery, or it was taken.
    NoDelivery,
    /// It would be told nothing.
    NoEvents,
    /// There are as many as there may be.
    TooMany,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoWebhook | Self::NoDelivery => Cause::Missing,
            Self::NoEvents => Cause::Unprocessable,
            Self::TooMany => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWebhook => f.write_str("there is no such webhook"),
            Self::NoDelivery => f.write_str("there is no such delivery, or it was taken"),
            Self::NoEvents => f.write_str("a webhook is told at least one event"),
            Self::TooMany => write!(f, "there are {} webhooks already", limits::WEBHOOKS_MAX),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

fn seal(call: &mut Call<'_>, place: Place, id: WebhookId, plain: &str) -> Result<Vec<u8>, Fault> {
    let key = call.site.keyring.purpose(Purpose::Secrets);
    vault::seal_value(key, place, &id.to_bytes(), plain.as_bytes(), call.entropy)
}

fn open(site: &Site, row: &WebhookRow) -> Result<Webhook, Fault> {
    let key = site.keyring.purpose(Purpose::Secrets);
    let url = vault::open_text(key, place::WEBHOOK_URL, &row.id.to_bytes(), &row.url)?;
    Ok(Webhook {
        id: row.id,
        url: url.parse().map_err(|_| Fault::Damaged("webhook"))?,
        events: row.events.split(' ').filter_map(Notice::read).collect(),
        on: row.on,
        failures: row.failures,
        made_at: row.made_at,
    })
}

fn object(id: WebhookId) -> String {
    format!("webhook:{id}")
}

/// Makes a webhook. Its secret is shown this once.
///
/// # Errors
/// [`Error::NoEvents`], [`Error::TooMany`], and the faults.
pub fn create(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    new: &NewWebhook,
) -> Result<(WebhookId, Secret<String>), Error> {
    let _may = call.actor.manage_webhooks()?;
    if new.events.is_empty() {
        return Err(Error::NoEvents);
    }
    if webhooks::list_webhooks(tx)?.len() >= limits::WEBHOOKS_MAX {
        return Err(Error::TooMany);
    }
    let id: WebhookId = call.new_id();
    let secret = token::new_token(PREFIX, call.entropy);
    let words: Vec<&str> = (Notice::ALL.iter())
        .filter(|notice| new.events.contains(notice))
        .map(|notice| notice.code())
        .collect();
    let row = WebhookRow {
        id,
        url: seal(call, place::WEBHOOK_URL, id, new.url.as_str())?,
        secret: seal(call, place::WEBHOOK_SECRET, id, secret.expose())?,
        events: words.join(" "),
        on: true,
        failures: 0,
        made_at: call.now.at,
    };
    webhooks::insert_webhook(tx, &row)?;
    let told = Detail::Plain(row.events.clone());
    audit::record(tx, call, Act::WebhookAdd, object(id), told)?;
    Ok((id, secret))
}

/// All webhooks.
///
/// # Errors
/// The faults.
pub fn list(view: &View<'_>, call: &Call<'_>) -> Result<Vec<Webhook>, Error> {
    let _may = call.actor.manage_webhooks()?;
    let rows = webhooks::list_webhooks(view)?;
    rows.iter().map(|row| Ok(open(call.site, row)?)).collect()
}

fn get(view: &View<'_>, id: WebhookId) -> Result<WebhookRow, Error> {
    webhooks::find_webhook(view, id)?.ok_or(Error::NoWebhook)
}

/// Switches a webhook on, with its failures forgotten, or off.
///
/// # Errors
/// [`Error::NoWebhook`], and the faults.
pub fn switch(tx: &Tx<'_>, call: &mut Call<'_>, id: WebhookId, on: bool) -> Result<(), Error> {
    let _may = call.actor.manage_webhooks()?;
    get(tx, id)?;
    webhooks::update_webhook(tx, id, on, 0)?;
    let told = Detail::Plain(if on { "on" } else { "off" }.to_owned());
    audit::record(tx, call, Act::WebhookSwitch, object(id), told)?;
    Ok(())
}

/// Removes a webhook with its log.
///
/// # Errors
/// [`Error::NoWebhook`], and the faults.
pub fn remove(tx: &Tx<'_>, call: &mut Call<'_>, id: WebhookId) -> Result<(), Error> {
    let _may = call.actor.manage_webhooks()?;
    if !webhooks::delete_webhook(tx, id)? {
        return Err(Error::NoWebhook);
    }
    audit::record(tx, call, Act::WebhookRemove, object(id), Detail::None)?;
    Ok(())
}

/// Writes a delivery that only tries the webhook; an off one is tried, too.
///
/// # Errors
/// [`Error::NoWebhook`], and the faults.
pub fn test(tx: &Tx<'_>, call: &mut Call<'_>, id: WebhookId) -> Result<NoticeId, Error> {
    let _may = call.actor.manage_webhooks()?;
    get(tx, id)?;
    let notice: NoticeId = call.new_id();
    let data = json::json!({"webhook": id});
    let row = delivery(call, id, (notice, TEST, call.now.at), &data);
    webhooks::insert_delivery(tx, &row)?;
    audit::record(tx, call, Act::WebhookTest, object(id), Detail::None)?;
    Ok(row.id)
}

/// The latest deliveries of a webhook, the newest first.
///
/// # Errors
/// [`Error::NoWebhook`], and the faults.
pub fn deliveries(view: &View<'_>, call: &Call<'_>, id: WebhookId) -> Result<Vec<Delivery>, Error> {
    let _may = call.actor.manage_webhooks()?;
    get(view, id)?;
    Ok(webhooks::list_deliveries(
        view,
        id,
        limits::DELIVERIES_LISTED_MAX,
    )?)
}

/// Tries a delivery again now.
///
/// # Errors
/// [`Error::NoDelivery`], and the faults.
pub fn retry(tx: &Tx<'_>, call: &mut Call<'_>, hook: WebhookId, id: NoticeId) -> Result<(), Error> {
    let _may = call.actor.manage_webhooks()?;
    match webhooks::update_again(tx, hook, id, call.now.at)? {
        true => {}
        false => return Err(Error::NoDelivery),
    }
    audit::record(tx, call, Act::WebhookRetry, object(hook), Detail::None)?;
    Ok(())
}

/// A piece of news for one webhook: the notice's own id says that several are the same.
fn delivery(
    call: &mut Call<'_>,
    webhook: WebhookId,
    (notice, event, made_at): (NoticeId, &str, Timestamp),
    data: &json::Value,
) -> DeliveryRow {
    let body = json::json!({
        "id": notice,
        "event": event,
        "at": made_at.to_string(),
        "box": call.site.box_id,
        "data": data,
    });
    DeliveryRow {
        id: call.new_id(),
        webhook,
        event: event.to_owned(),
        body: body.to_string(),
        made_at,
        state: "waiting".to_owned(),
        due_at: call.now.at,
        attempts: 0,
        status: None,
        error: None,
    }
}

/// What is due: news to be handed out, deliveries to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// News waits, and somebody wants it or it is old.
    pub news: bool,
    /// A delivery is due.
    pub deliveries: bool,
}

/// Looks what is due; reads only.
///
/// # Errors
/// Those of reading.
pub fn look(view: &View<'_>, now: Timestamp) -> Result<Work, Fault> {
    let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    let oldest = outbox::find_next_due(view)?;
    let old = now.plus(Span::from_millis(-limits::NEWS_KEPT_MS));
    let wanted = match is_due(oldest) {
        true => webhooks::list_webhooks(view)?.iter().any(|hook| hook.on),
        false => false,
    };
    Ok(Work {
        news: wanted || oldest.is_some_and(|at| at <= old),
        deliveries: is_due(webhooks::find_next_delivery(view)?),
    })
}

/// Hands news out to the webhooks that want it; what nobody wants is forgotten.
///
/// # Errors
/// Those of reading and writing.
pub fn hand_out(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<usize, Fault> {
    let hooks = webhooks::list_webhooks(tx)?;
    let news = outbox::delete_due(tx, call.now.at, limits::NEWS_AT_ONCE_MAX)?;
    for row in &news {
        let data = json::decode(&row.payload, limits::JSON_BODY_BYTES_MAX);
        let data: json::Value = data.unwrap_or_default();
        for hook in hooks.iter().filter(|hook| hook.on) {
            let wants = hook.events.split(' ').any(|event| event == row.kind);
            if !wants || hook.made_at > row.made_at {
                continue;
            }
            let of = (row.id, row.kind.as_str(), row.made_at);
            let delivery = delivery(call, hook.id, of, &data);
            webhooks::insert_delivery(tx, &delivery)?;
        }
    }
    Ok(news.len())
}

/// Takes deliveries that are due, for whoever makes them; they are given out again when nothing
/// is heard of them for a while.
///
/// # Errors
/// Those of writing.
pub fn claim(tx: &Tx<'_>, call: &Call<'_>) -> Result<Vec<Due>, Fault> {
    let now = call.now.at;
    let until = now.plus(Span::from_millis(limits::DELIVERY_CLAIM_MS));
    let rows = webhooks::update_claimed(tx, now, until, limits::DELIVERIES_AT_ONCE_MAX)?;
    let mut due = Vec::with_capacity(rows.len());
    for delivery in rows {
        let target = match webhooks::find_webhook(tx, delivery.webhook)? {
            Some(hook) if hook.on || delivery.event == TEST => target(call.site, &hook).ok(),
            Some(_) | None => None,
        };
        due.push(Due { delivery, target });
    }
    Ok(due)
}

fn target(site: &Site, row: &WebhookRow) -> Result<(HookUrl, Secret<String>), Fault> {
    let key = site.keyring.purpose(Purpose::Secrets);
    let secret = vault::open_text(key, place::WEBHOOK_SECRET, &row.id.to_bytes(), &row.secret)?;
    Ok((open(site, row)?.url, Secret::new(secret)))
}

/// Notes what became of an attempt. A test counts neither way.
///
/// # Errors
/// Those of writing.
pub fn settle(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    made: &Delivery,
    outcome: &Outcome,
) -> Result<(), Fault> {
    let now = call.now.at;
    let is_test = made.event == TEST;
    let attempt = match outcome {
        Outcome::Done(status) => Attempt {
            state: "done",
            due_at: now,
            status: Some(*status),
            error: None,
        },
        Outcome::Failed(status, error) => {
            let again = pause(made.attempts).filter(|_| !is_test);
            Attempt {
                state: if again.is_some() { "waiting" } else { "failed" },
                due_at: again.map_or(now, |pause| now.plus(pause)),
                status: *status,
                error: Some(error),
            }
        }
    };
    let noted = webhooks::update_attempt(tx, made.id, &attempt)?;
    let hook = webhooks::find_webhook(tx, made.webhook)?;
    let Some(hook) = hook.filter(|hook| noted && !is_test && hook.on) else {
        return Ok(());
    };
    match outcome {
        Outcome::Done(_) if hook.failures == 0 => Ok(()),
        Outcome::Done(_) => Ok(webhooks::update_webhook(tx, hook.id, true, 0)?),
        Outcome::Failed(..) => count_failure(tx, call, &hook),
    }
}

/// One more failure; after too many it is switched off.
fn count_failure(tx: &Tx<'_>, call: &mut Call<'_>, hook: &WebhookRow) -> Result<(), Fault> {
    let failures = hook.failures.saturating_add(1);
    let on = failures < limits::WEBHOOK_FAILURES_MAX;
    webhooks::update_webhook(tx, hook.id, on, failures)?;
    if !on {
        let told = Detail::Plain(format!("off after {failures} failures"));
        audit::record(tx, call, Act::WebhookSwitch, object(hook.id), told)?;
    }
    Ok(())
}

/// Forgets deliveries that were made or given up long ago.
///
/// # Errors
/// Those of writing.
pub fn forget_old(tx: &Tx<'_>, call: &Call<'_>) -> Result<usize, Fault> {
    let before = call
        .now
        .at
        .plus(Span::from_millis(-limits::DELIVERY_KEPT_MS));
    Ok(webhooks::delete_deliveries_before(tx, before)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_the_web_and_carry_no_password() {
        for good in [
            "https://example.id/hadir?token=x",
            "http://192.168.1.5:8080",
            "https://[2001:db8::1]:8443/x",
            "https://gateway",
        ] {
            assert!(good.parse::<HookUrl>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.id",
            "ftp://example.id/",
            "https://",
            "https:///x",
            "https://u:p@example.id/",
            "https://example.id/#x",
            "https://example.id:0/",
            "https://example.id:99999/",
            "https://exa mple.id/",
            "https://[127.0.0.1]/",
            "https://ex\u{e9}mple.id/",
        ] {
            assert!(bad.parse::<HookUrl>().is_err(), "{bad}");
        }
        let long = format!("https://example.id/{}", "x".repeat(1000));
        assert!(long.parse::<HookUrl>().is_err());
    }

    #[test]
    fn a_shown_address_has_no_token() {
        let url: HookUrl = "https://example.id:8443/a?token=rahasia"
            .parse()
            .expect("good");
        assert_eq!(url.shown(), "https://example.id:8443");
        assert!(!format!("{url:?}").contains("rahasia"));
    }
}
