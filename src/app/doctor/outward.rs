//! What the box tells the outside and could not: mails, webhooks. Nothing is said of them while
//! nothing is wrong.

use crate::app::config::Config;
use crate::app::doctor::Finding;
use crate::store::mails::{self, MailCounts};
use crate::store::{self, View, webhooks};

/// How mails and webhooks stand.
pub struct Outward {
    mails: MailCounts,
    off: usize,
}

/// Reads how they stand.
///
/// # Errors
/// Those of reading.
pub fn look(view: &View<'_>) -> Result<Outward, store::Error> {
    let hooks = webhooks::list_webhooks(view)?;
    Ok(Outward {
        mails: mails::count_mails(view)?,
        off: hooks.iter().filter(|hook| !hook.on).count(),
    })
}

/// A note for each that somebody should look at.
pub fn findings(config: &Config, found: &Outward) -> Vec<Finding> {
    let MailCounts { waiting, failed } = found.mails;
    let mail = match (failed, waiting) {
        (1.., _) => Some(format!("not sent: {failed}, see hadir mail list")),
        (0, 1..) if config.mail.is_none() => Some(format!(
            "waiting: {waiting}, and no server is configured: [mail] server"
        )),
        _ => None,
    };
    let hooks = (found.off > 0).then(|| format!("off: {}, see /webhooks", found.off));
    let notes = [("mail", mail), ("webhooks", hooks)];
    (notes.into_iter())
        .filter_map(|(subject, text)| Some(Finding::note(subject, text?)))
        .collect()
}
