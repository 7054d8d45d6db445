//! Mails: through the configured server, one after the other.

use crate::domain::mail::{self, Due, Outcome};
use crate::http::letter::Draft;
use crate::http::smtp::SmtpError;
use crate::journal::fields;
use crate::surface::core::Core;
use crate::surface::delivery::{ACTOR, SURFACE, apart};
use crate::surface::post::PostError;
use std::sync::Arc;

/// The mails that are due; none of them is touched while no server is configured.
pub(super) async fn send_due(core: &Arc<Core>) {
    if core.post.setting().is_none() {
        return;
    }
    let due = apart(core, |core| {
        let now = core.clock.stamp().at;
        match core.store.read(mail::next_due)? {
            Some(at) if at <= now => core.write(ACTOR, SURFACE, |tx, call| mail::claim(tx, call)),
            Some(_) | None => Ok(Vec::new()),
        }
    });
    // A server that cannot be reached is not asked again for each mail in turn.
    let mut silent: Option<Outcome> = None;
    for due in due.await.unwrap_or_default() {
        let outcome = match &silent {
            Some(outcome) => outcome.clone(),
            None => {
                let (outcome, is_silent) = send(core, &due).await;
                silent = Some(outcome.clone()).filter(|_| is_silent);
                outcome
            }
        };
        tell(&due, &outcome);
        apart(core, move |core| {
            core.write(ACTOR, SURFACE, move |tx, call| {
                mail::settle(tx, call, &due, &outcome)
            })
        })
        .await;
    }
}

/// Sends one mail; true: nobody answered there.
async fn send(core: &Core, due: &Due) -> (Outcome, bool) {
    let Some(letter) = &due.letter else {
        return (Outcome::Never("the mail does not open".to_owned()), false);
    };
    let draft = Draft {
        id: due.id,
        // Dated when it was written, not when a server could be reached.
        at: due.made_at,
        sender_name: core.site().rules.name.clone(),
        to: letter.to.clone(),
        subject: letter.subject.clone(),
        text: letter.text.clone(),
    };
    match core.post.send(&draft).await {
        Ok(()) => (Outcome::Sent, false),
        Err(error) if error.is_final() || mail::is_last(due.attempt) => {
            (Outcome::Never(error.short()), false)
        }
        Err(error) => (Outcome::Later(error.short()), is_silent(&error)),
    }
}

const fn is_silent(error: &PostError) -> bool {
    match error {
        PostError::NotConfigured | PostError::Password(_) | PostError::Authorities(..) => true,
        PostError::Server(error) => match error {
            SmtpError::Unreachable(_)
            | SmtpError::Slow
            | SmtpError::NotLoopback
            | SmtpError::NoMailServer
            | SmtpError::NoTls => true,
            SmtpError::Tls(_) | SmtpError::NoLogin => true,
            SmtpError::Broken(_) | SmtpError::Refused { .. } => false,
        },
    }
}

fn tell(due: &Due, outcome: &Outcome) {
    match outcome {
        Outcome::Sent => {
            tracing::info!({ fields::EVENT } = "mail_sent", "Mail {} was sent.", due.id)
        }
        Outcome::Later(error) => tracing::warn!(
            { fields::EVENT } = "mail_delayed",
            { fields::ERROR } = %error,
            "Mail {} was not sent at attempt {}; it is tried again.",
            due.id,
            due.attempt
        ),
        Outcome::Never(error) => tracing::warn!(
            { fields::EVENT } = "mail_given_up",
            { fields::ERROR } = %error,
            "Mail {} was given up; it can be tried again at /settings.",
            due.id
        ),
    }
}
