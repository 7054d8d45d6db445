//! Undoing an admission: with a reason, by whoever made it within a quarter of an hour, later by
//! a supervisor. Nothing is deleted; where the subject stands and the counts go back in the same
//! commit, so that the ticket lets in again.

use crate::base::id::{Id, Nonce, PersonId};
use crate::base::text::Remark;
use crate::crypto::keyring::Purpose;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::presence;
use crate::domain::checkin::reason::{UndoReason, Verdict};
use crate::domain::checkin::scan;
use crate::domain::device;
use crate::domain::fault::Fault;
use crate::domain::outbox::{self, Notice};
use crate::domain::site::Call;
use crate::domain::vault::{self, place};
use crate::store::Tx;
use crate::store::visits;

/// What is to be undone, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The nonce of the admission.
    pub nonce: Nonce,
    /// Why.
    pub reason: UndoReason,
    /// In words; needed for [`UndoReason::Other`].
    pub remark: Option<Remark>,
}

/// Undoes an admission and gives the decision that stood. Durable once the job's commit is
/// answered.
///
/// # Errors
/// [`Error::NoVisit`], [`Error::UndoneBefore`], [`Error::RemarkMissing`], [`Error::UndoWindow`],
/// and the faults.
pub fn undo(tx: &Tx<'_>, call: &mut Call<'_>, undo: &Undo) -> Result<Decision, Error> {
    let _may = call.actor.undo()?;
    if let Some(id) = call.actor.device() {
        device::get_in_use(tx, id).map_err(|_| Error::NoDevice)?;
    }
    let stored = visits::find_visit(tx, undo.nonce)?.ok_or(Error::NoVisit)?;
    let decision = Decision::from_row(stored.seq, &stored.row).ok_or(Fault::Damaged("visit"))?;
    if decision.verdict != Verdict::Admitted {
        return Err(Error::NoVisit);
    }
    if stored.undone {
        return Err(Error::UndoneBefore);
    }
    if undo.reason == UndoReason::Other && undo.remark.is_none() {
        return Err(Error::RemarkMissing);
    }
    let staff = visits::find_staff(tx, stored.seq)?;
    if !is_own_and_recent(call, &decision, staff) {
        let _may = call.actor.supervise().map_err(|_| Error::UndoWindow)?;
    }
    let remark = seal_remark(call, undo)?;
    visits::insert_undo(
        tx,
        stored.seq,
        &visits::UndoRow {
            at: call.now.at,
            actor: &call.actor.label(),
            device: call.actor.device(),
            reason: undo.reason,
            remark: remark.as_deref(),
        },
    )?;
    go_back(tx, &decision)?;
    let told = Detail::Plain(undo.reason.to_string());
    audit::record(
        tx,
        call,
        Act::CheckInUndo,
        format!("visit:{}", undo.nonce),
        told,
    )?;
    let payload = format!(
        "{{\"visit\":\"{}\",\"reason\":\"{}\"}}",
        undo.nonce, undo.reason
    );
    outbox::notify(tx, call, Notice::CheckInUndone, payload)?;
    Ok(decision)
}

/// Whether the device or the person that asks made the admission, within the window.
fn is_own_and_recent(call: &Call<'_>, decision: &Decision, staff: Option<PersonId>) -> bool {
    let by_device = call.actor.device().is_some() && call.actor.device() == decision.device;
    let by_person = call.actor.person().is_some() && call.actor.person() == staff;
    let own = by_device || by_person;
    own && call.now.at.since(decision.arrived) <= call.site.rules.undo_window
}

fn seal_remark(call: &mut Call<'_>, undo: &Undo) -> Result<Option<Vec<u8>>, Error> {
    let Some(remark) = undo.remark.as_ref() else {
        return Ok(None);
    };
    let key = call.site.keyring.purpose(Purpose::AuditDetail);
    let row = undo.nonce.to_bytes();
    let plain = remark.as_str().as_bytes();
    Ok(Some(vault::seal_value(
        key,
        place::REMARK,
        &row,
        plain,
        call.entropy,
    )?))
}

/// Counts anew where the subject stands, from the passages that are left.
fn go_back(tx: &Tx<'_>, decision: &Decision) -> Result<(), Error> {
    let ticket = decision.ticket.map(Id::to_bytes);
    let Some(subject) = ticket.or(decision.person.map(Id::to_bytes)) else {
        return Ok(());
    };
    let occasion = decision.occasion;
    let before = visits::find_presence(tx, &occasion.key(), subject)?;
    let left = presence::fold(&visits::list_passages(tx, &occasion.key(), subject)?);
    scan::stand(tx, occasion, subject, before.as_ref(), &left)
}
