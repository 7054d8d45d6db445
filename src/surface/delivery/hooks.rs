//! Webhooks: news is handed out to those who want it, and each is called at its address.

use crate::crypto::signature;
use crate::crypto::tls::Connector;
use crate::domain::webhook::{self, Due, Outcome, Work};
use crate::http::call::{CallError, Post, Reach, post};
use crate::journal::fields;
use crate::surface::core::Core;
use crate::surface::delivery::{ACTOR, SURFACE, apart};
use crate::surface::post::{AUTHORITIES, authorities};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Hands out the news and makes the deliveries that are due.
pub(super) async fn call_due(core: &Arc<Core>, reach: Reach) {
    let look = apart(core, |core| {
        let now = core.clock.stamp().at;
        core.store.read(|view| webhook::look(view, now))
    });
    let mut work = look.await.unwrap_or_default();
    if work.news {
        let handed = apart(core, |core| core.write(ACTOR, SURFACE, webhook::hand_out));
        handed.await;
        work.deliveries = true;
    }
    if work == Work::default() {
        return;
    }
    let claim = |core: &Core| core.write(ACTOR, SURFACE, |tx, call| webhook::claim(tx, call));
    let due = apart(core, claim).await.unwrap_or_default();
    if due.is_empty() {
        return;
    }
    // Read anew each time: the authorities change with the system's updates.
    let connector = apart(core, |_| Ok(authorities(Path::new(AUTHORITIES)).ok()))
        .await
        .flatten();
    let mut calls = JoinSet::new();
    for due in due {
        let (core, connector) = (Arc::clone(core), connector.clone());
        calls.spawn(async move {
            let outcome = call(&core, &due, connector.as_ref(), reach).await;
            tell(&due, &outcome);
            let Due { delivery, .. } = due;
            apart(&core, move |core| {
                core.write(ACTOR, SURFACE, move |tx, call| {
                    webhook::settle(tx, call, &delivery, &outcome)
                })
            })
            .await;
        });
    }
    while calls.join_next().await.is_some() {}
}

async fn call(core: &Core, due: &Due, connector: Option<&Connector>, reach: Reach) -> Outcome {
    let Some((url, secret)) = &due.target else {
        return Outcome::Failed(None, "the webhook is off".to_owned());
    };
    let delivery = &due.delivery;
    let seconds = core.clock.stamp().at.as_seconds();
    let signed = signature::sign(secret, format!("{seconds}.{}", delivery.body).as_bytes());
    let headers = [
        ("x-hadir-event", delivery.event.clone()),
        ("x-hadir-delivery", delivery.id.to_string()),
        ("x-hadir-signature", format!("t={seconds},v1={signed}")),
    ];
    let made = Post {
        url: url.as_str(),
        headers: &headers,
        body: &delivery.body,
    };
    match post(&made, connector, reach).await {
        Ok(status) => Outcome::Done(status),
        Err(CallError::Status(status)) => {
            Outcome::Failed(Some(status), CallError::Status(status).to_string())
        }
        Err(error) => Outcome::Failed(None, error.to_string()),
    }
}

fn tell(due: &Due, outcome: &Outcome) {
    if let Outcome::Failed(_, error) = outcome {
        tracing::warn!(
            { fields::EVENT } = "webhook_failed",
            { fields::ERROR } = %error,
            "Delivery {} to webhook {} has failed at attempt {}.",
            due.delivery.id,
            due.delivery.webhook,
            due.delivery.attempts
        );
    }
}
