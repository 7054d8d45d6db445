//! What follows a commit, whoever asked for it and by whichever way: a line in the journal for
//! each deed, and the end of the streams of those who have no right to them any more.

use crate::base::id::RequestId;
use crate::base::json::json;
use crate::domain::actor::Actor;
use crate::domain::audit::Act;
use crate::domain::site::Deed;
use crate::journal::fields;
use crate::surface::live::{Live, Topic, Whose};

/// One line for a deed: words and ids, as they stand in the audit chain.
pub fn log(actor: &Actor, surface: &'static str, request: RequestId, deed: &Deed) {
    let device = match deed.object.strip_prefix("device:") {
        Some(device) => Some(device.to_owned()),
        None => actor.device().map(|id| id.to_string()),
    };
    let (outcome, cause) = deed.outcome.unzip();
    tracing::info!(
        { fields::EVENT } = deed.act,
        { fields::REQUEST } = %request,
        { fields::SURFACE } = surface,
        { fields::ACTOR } = %actor.label(),
        { fields::DEVICE } = device,
        { fields::OUTCOME } = outcome,
        { fields::CAUSE } = cause,
        "Done: {} on {}.",
        deed.act,
        deed.object
    );
}

/// Ends the streams of those whom the deed took a right from. Who still has one comes again.
pub fn end(live: &Live, deed: &Deed) {
    let id = deed.object.split_once(':').map_or("", |(_, id)| id);
    let whose = match Act::read(deed.act) {
        // A device that pairs anew has another token: the old one's streams are not its own.
        Some(Act::DeviceRevoke | Act::DevicePair) => id.parse().ok().map(Whose::Device),
        Some(Act::SessionEnd) => deed.session.map(Whose::Session),
        Some(
            Act::SessionEndAll
            | Act::PersonDisable
            | Act::PersonErase
            | Act::LoginSet
            | Act::RoleGive,
        ) => id.parse().ok().map(Whose::Person),
        Some(_) | None => None,
    };
    if let Some(whose) = whose {
        live.end(whose);
    }
    if let Some(Whose::Device(device)) = whose
        && live.answer_help(device)
    {
        // Nobody stands before that screen any more.
        let told = json!({"device": device.to_string()});
        live.tell(Topic::Desk, "helped", &told);
    }
}
