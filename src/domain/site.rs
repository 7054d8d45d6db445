//! What every service is given: the site (keys, zone, rules) and the call (when, who, chance).

use crate::base::id::{BoxId, Id, RequestId, SessionId};
use crate::base::time::{Stamp, Zone};
use crate::crypto::keyring::Keyring;
use crate::crypto::random::{self, Entropy};
use crate::domain::actor::Actor;
use crate::domain::rule::Rules;
use std::sync::Arc;

/// What does not change from call to call.
#[derive(Clone)]
pub struct Site {
    /// All keys.
    pub keyring: Arc<Keyring>,
    /// The site's time zone.
    pub zone: Zone,
    /// This box, as its store names it.
    pub box_id: BoxId,
    /// The site's rules.
    pub rules: Rules,
}

/// One call: stamped once at the surface. Jobs may run twice, so the entropy must come from a
/// seed that the job holds: the second run then makes the same ids.
pub struct Call<'a> {
    /// The site.
    pub site: &'a Site,
    /// When the request or frame came in.
    pub now: Stamp,
    /// Who asks.
    pub actor: &'a Actor,
    /// Through which surface: `native`, `cli`, `camera`, an old surface's name.
    pub surface: &'static str,
    /// Chance, from the job's seed.
    pub entropy: &'a mut dyn Entropy,
    /// The request, for logs and audit.
    pub request: RequestId,
    /// What was done so far, for whoever is told once it is committed.
    pub deeds: Vec<Deed>,
}

/// Something that was done and stands in the audit chain: words and ids, no names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What, by the word of the audit chain.
    pub act: &'static str,
    /// On what: a kind and an id.
    pub object: String,
    /// The session that ended by it, if it ended a single one.
    pub session: Option<SessionId>,
    /// Verdict and reason, if it was a check-in.
    pub outcome: Option<(&'static str, &'static str)>,
}

impl Call<'_> {
    /// A new id of the call's time.
    pub fn new_id<T: Id>(&mut self) -> T {
        random::new_id(self.now.at, self.entropy)
    }

    /// Adds to what the latest deed tells.
    pub fn tell(&mut self, more: impl FnOnce(&mut Deed)) {
        if let Some(deed) = self.deeds.last_mut() {
            more(deed);
        }
    }
}
