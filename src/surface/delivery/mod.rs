//! What is to be told to the outside is sent from here, after the commit of its cause: it never
//! holds up a request, and what fails is tried again later.

mod hooks;
mod mails;

use crate::base::limits;
use crate::domain::actor::Actor;
use crate::domain::fault::Fault;
use crate::domain::{mail, webhook};
use crate::http::call::Reach;
use crate::journal::fields;
use crate::surface::core::Core;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The surface's name in audit rows.
const SURFACE: &str = "delivery";

/// Who sends: the box itself.
const ACTOR: Actor = Actor::Operator;

/// Pause between looks for what may be forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(3600);

/// Sends what is due until `stop` turns true; what is under way then is tried again later.
/// `reach`: which addresses webhooks may have.
pub async fn run(core: Arc<Core>, reach: Reach, mut stop: watch::Receiver<bool>) {
    let forgetting = async {
        let mut every = tokio::time::interval(FORGET_EVERY);
        loop {
            every.tick().await;
            forget_old(&core).await;
        }
    };
    let mailing = async {
        let mut look = pause();
        loop {
            look.tick().await;
            mails::send_due(&core).await;
        }
    };
    let calling = async {
        let mut look = pause();
        loop {
            look.tick().await;
            hooks::call_due(&core, reach).await;
        }
    };
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        () = forgetting => {}
        () = mailing => {}
        () = calling => {}
    }
}

fn pause() -> tokio::time::Interval {
    let mut look = tokio::time::interval(Duration::from_millis(limits::DELIVERY_PAUSE_MS));
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    look
}

/// Runs what reads or writes the store on a thread that may wait.
async fn apart<T: Send + 'static>(
    core: &Arc<Core>,
    what: impl FnOnce(&Core) -> Result<T, Fault> + Send + 'static,
) -> Option<T> {
    let core = Arc::clone(core);
    let done = tokio::task::spawn_blocking(move || what(&core)).await;
    match done {
        Ok(Ok(value)) => Some(value),
        // A store that is full or busy says so itself; the next look is soon.
        Ok(Err(error)) => {
            tracing::debug!({ fields::ERROR } = %error, "The list of what is to be sent was not read.");
            None
        }
        Err(error) => {
            tracing::error!({ fields::ERROR } = %error, "A delivery has failed.");
            None
        }
    }
}

async fn forget_old(core: &Arc<Core>) {
    apart(core, |core| {
        core.write(ACTOR, SURFACE, |tx, call| {
            webhook::forget_old(tx, call)?;
            mail::forget_old(tx, call)
        })
    })
    .await;
}
