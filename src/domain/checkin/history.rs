//! Decisions read back: one by its nonce, and those of an occasion that somebody looks for.

use crate::base::id::{DeviceId, Nonce, PersonId};
use crate::base::limits;
use crate::domain::actor::Actor;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::listing::Listed;
use crate::domain::checkin::reason::Verdict;
use crate::domain::checkin::request::Occasion;
use crate::domain::site::Call;
use crate::store::View;
use crate::store::verdicts::VisitFilter;
use crate::store::visits;

/// Which decisions of an occasion; None: whatever it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// About whom.
    pub person: Option<PersonId>,
    /// At which device.
    pub device: Option<DeviceId>,
}

/// A page of an occasion's decisions that are wanted, newest first, from before a sequence
/// number; None: from the newest.
///
/// # Errors
/// The faults.
pub fn list(
    view: &View<'_>,
    call: &Call<'_>,
    occasion: Occasion,
    wanted: Wanted,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Listed>, Error> {
    let _may = call.actor.attend()?;
    let limit = limit.min(limits::LIST_ROWS_MAX);
    let filter = VisitFilter {
        verdict: wanted.verdict,
        person: wanted.person,
        device: wanted.device,
    };
    let before = before.unwrap_or(u64::MAX);
    let rows = visits::list_latest(view, &occasion.key(), filter, before, limit)?;
    rows.iter().map(Listed::of).collect()
}

/// The decision under a nonce. A device that stands alone sees its own ones only.
///
/// # Errors
/// [`Error::NoVisit`], and the faults.
pub fn find(view: &View<'_>, call: &Call<'_>, nonce: Nonce) -> Result<Listed, Error> {
    let _may = call.actor.scan()?;
    let stored = visits::find_visit(view, nonce)?.ok_or(Error::NoVisit)?;
    let alone = matches!(call.actor, Actor::Device { .. }) && call.actor.attend().is_err();
    if alone && stored.row.device != call.actor.device() {
        return Err(Error::NoVisit);
    }
    Listed::of(&stored)
}
