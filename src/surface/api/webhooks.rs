//! Webhooks: made, tried, switched, removed, and what they were told.

use crate::base::id::{NoticeId, WebhookId};
use crate::domain::outbox::Notice;
use crate::domain::webhook::{self, Delivery, NewWebhook as Wanted, Webhook};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{IdText, NoticeText, parse};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A webhook.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
struct WebhookShape {
    /// Which.
    #[schemars(with = "IdText")]
    id: WebhookId,
    /// Its address without path and query, which may carry a token.
    url: String,
    /// What it is told.
    #[schemars(with = "Vec<NoticeText>")]
    events: Vec<Notice>,
    /// Whether it is told anything; one that has failed 50 times in a row is switched off.
    on: bool,
    /// Deliveries that have failed in a row.
    failures: u32,
    /// When it was made, in milliseconds since 1970.
    made_at_ms: i64,
}

impl WebhookShape {
    fn of(hook: Webhook) -> Self {
        Self {
            id: hook.id,
            url: hook.url.shown(),
            events: hook.events,
            on: hook.on,
            failures: hook.failures,
            made_at_ms: hook.made_at.as_millis(),
        }
    }
}

/// All webhooks.
#[derive(Debug, Serialize, JsonSchema)]
struct Webhooks {
    /// The webhooks in the order they were made.
    items: Vec<WebhookShape>,
}

/// A webhook to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    /// Its address, `https://` or `http://`; never the box itself.
    #[schemars(length(min = 1, max = 1000))]
    url: String,
    /// What it is told.
    #[schemars(with = "Vec<NoticeText>", length(min = 1))]
    events: Vec<Notice>,
}

/// A webhook that was made.
#[derive(Debug, Serialize, JsonSchema)]
struct MadeWebhook {
    /// Which.
    #[schemars(with = "IdText")]
    webhook: WebhookId,
    /// What signs each delivery, shown this once.
    secret: String,
}

/// Whether a webhook is told anything.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WebhookSwitch {
    /// Switched on, its failures are forgotten.
    on: bool,
}

/// A delivery that tries a webhook.
#[derive(Debug, Serialize, JsonSchema)]
struct WebhookTest {
    /// Which.
    #[schemars(with = "IdText")]
    delivery: NoticeId,
}

/// A delivery.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
struct DeliveryShape {
    /// Which: the header `x-hadir-delivery`.
    #[schemars(with = "IdText")]
    id: NoticeId,
    /// What it tells of; `webhook.test` for a trial.
    event: String,
    /// When that happened, in milliseconds since 1970.
    made_at_ms: i64,
    /// `waiting`, `done` or `failed`.
    state: String,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried again; null: it is not.
    again_at_ms: Option<i64>,
    /// The status of the last answer; null: there was none.
    status: Option<u16>,
    /// What the last attempt failed for.
    error: Option<String>,
}

impl DeliveryShape {
    fn of(delivery: Delivery) -> Self {
        let again = Some(delivery.due_at).filter(|_| delivery.state == "waiting");
        Self {
            id: delivery.id,
            event: delivery.event,
            made_at_ms: delivery.made_at.as_millis(),
            state: delivery.state,
            attempts: delivery.attempts,
            again_at_ms: again.map(|at| at.as_millis()),
            status: delivery.status,
            error: delivery.error,
        }
    }
}

/// The latest deliveries of a webhook.
#[derive(Debug, Serialize, JsonSchema)]
struct Deliveries {
    /// The newest first, at most 50.
    items: Vec<DeliveryShape>,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    const GROUP: &str = "Webhooks";
    const RIGHT: &str = "manage_webhooks";
    const NONE: &[(u16, &str)] = &[(404, "no_webhook")];
    vec![
        Entry::get("/api/v1/webhooks", list)
            .about(GROUP, "All webhooks.")
            .right(RIGHT)
            .answers::<Webhooks>(200),
        Entry::post("/api/v1/webhooks", create)
            .about(GROUP, "Makes a webhook; its secret is shown once.")
            .right(RIGHT)
            .takes::<NewWebhook>(
                r#"{"url":"https://example.id/hadir","events":["checkin.admitted"]}"#,
            )
            .answers::<MadeWebhook>(201)
            .refuses(&[(422, "no_events"), (409, "too_many_webhooks")]),
        Entry::patch("/api/v1/webhooks/{webhook}", switch)
            .about(GROUP, "Switches a webhook on or off.")
            .right(RIGHT)
            .takes::<WebhookSwitch>(r#"{"on":true}"#)
            .refuses(NONE),
        Entry::delete("/api/v1/webhooks/{webhook}", remove)
            .about(GROUP, "Removes a webhook with its log.")
            .right(RIGHT)
            .refuses(NONE),
        Entry::post("/api/v1/webhooks/{webhook}/test", test)
            .about(GROUP, "Tries a webhook with the event `webhook.test`.")
            .right(RIGHT)
            .answers::<WebhookTest>(201)
            .refuses(NONE),
        Entry::get("/api/v1/webhooks/{webhook}/deliveries", deliveries)
            .about(GROUP, "The latest deliveries of a webhook.")
            .right(RIGHT)
            .answers::<Deliveries>(200)
            .refuses(NONE),
        Entry::post(
            "/api/v1/webhooks/{webhook}/deliveries/{delivery}/retry",
            retry,
        )
        .about(GROUP, "Tries a delivery again now.")
        .right(RIGHT)
        .refuses(&[(404, "no_delivery")]),
    ]
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let hooks = native.read(caller, webhook::list)?;
    let items = hooks.into_iter().map(WebhookShape::of).collect();
    Ok(Reply::of(200, &Webhooks { items }))
}

fn create(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let new: NewWebhook = request.json()?;
    let wanted = Wanted {
        url: parse("url", &new.url)?,
        events: new.events,
    };
    let (webhook, secret) =
        native.write(caller, move |tx, call| webhook::create(tx, call, &wanted))?;
    let secret = secret.expose().clone();
    Ok(Reply::of(201, &MadeWebhook { webhook, secret }).with_secret())
}

fn switch(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: WebhookId = request.id_param("webhook")?;
    let WebhookSwitch { on } = request.json()?;
    native.write(caller, move |tx, call| webhook::switch(tx, call, id, on))?;
    Ok(Reply::empty())
}

fn remove(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: WebhookId = request.id_param("webhook")?;
    native.write(caller, move |tx, call| webhook::remove(tx, call, id))?;
    Ok(Reply::empty())
}

fn test(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: WebhookId = request.id_param("webhook")?;
    let delivery = native.write(caller, move |tx, call| webhook::test(tx, call, id))?;
    Ok(Reply::of(201, &WebhookTest { delivery }))
}

fn deliveries(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let id: WebhookId = request.id_param("webhook")?;
    let all = native.read(caller, |view, call| webhook::deliveries(view, call, id))?;
    let items = all.into_iter().map(DeliveryShape::of).collect();
    Ok(Reply::of(200, &Deliveries { items }))
}

fn retry(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let hook: WebhookId = request.id_param("webhook")?;
    let id: NoticeId = request.id_param("delivery")?;
    native.write(caller, move |tx, call| webhook::retry(tx, call, hook, id))?;
    Ok(Reply::empty())
}
