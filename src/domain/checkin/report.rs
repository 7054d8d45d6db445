//! A report of an admission that staff made while the box was not heard. The desk had asked
//! before, and cannot know whether that request arrived: it names that one, and both are looked
//! at in one transaction, so that one visitor is never counted twice.

use crate::base::id::Nonce;
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::reason::{Mode, Verdict};
use crate::domain::checkin::request::Request;
use crate::domain::checkin::scan;
use crate::domain::device;
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::store::visits;
use crate::store::{Tx, View};

/// Takes in the report `request` ([`Mode::Offline`]) of what `instead_of` asked before. If that
/// one had arrived and admitted, its decision stands and is the answer; else the report is
/// kept as a fact, with a conflict if the rules would have refused. Repeating gives the same.
///
/// # Errors
/// [`Error::NonceReused`] if the two are not of one occasion and device, or it is no report;
/// those of [`scan::check_in`].
pub fn stand_for(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    instead_of: Nonce,
    request: &Request,
) -> Result<Decision, Error> {
    let _may = call.actor.report_offline()?;
    if request.mode != Mode::Offline || request.nonce == instead_of {
        return Err(Error::NonceReused);
    }
    if let Some(stored) = visits::find_visit(tx, instead_of)? {
        let decision =
            Decision::from_row(stored.seq, &stored.row).ok_or(Fault::Damaged("visit"))?;
        if decision.occasion != request.occasion || !is_of_the_same_desk(tx, request, &decision) {
            return Err(Error::NonceReused);
        }
        // An admission that was undone since is no longer one: the report then counts.
        if decision.verdict == Verdict::Admitted && !stored.undone {
            return Ok(decision);
        }
    }
    scan::check_in(tx, call, request)
}

/// Whether the report comes from where the request came from. Of a device that was revoked
/// since, whoever has signed in on it delivers: the device itself may not any more.
fn is_of_the_same_desk(view: &View<'_>, request: &Request, decision: &Decision) -> bool {
    let revoked = |id| device::get_in_use(view, id).is_err();
    decision.device == request.device
        || (request.device.is_none() && decision.device.is_some_and(revoked))
}
