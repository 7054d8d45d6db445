//! What every service is given: the site (keys, zone, rules) and the call (when, who, chance).

use crate::base::id::{BoxId, Id, RequestId};
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
}

impl Call<'_> {
    /// A new id of the call's time.
    pub fn new_id<T: Id>(&mut self) -> T {
        random::new_id(self.now.at, self.entropy)
    }
}
