//! A supervisor lets somebody in whom the rules keep out or leave to a person: one who has been
//! in already, or whose ticket has conditions that are not met. Said with a reason, kept as an
//! admission that names the rule it went against.

use crate::base::id::{DeviceId, Id, Nonce};
use crate::base::text::Remark;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::error::Error;
use crate::domain::checkin::presence;
use crate::domain::checkin::reason::{Direction, Mode, Verdict};
use crate::domain::checkin::request::Occasion;
use crate::domain::checkin::scan;
use crate::domain::device;
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::store::Tx;
use crate::store::events::{self, EventState};
use crate::store::visits;

/// Who is to be let in, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The supervisor's key for this one intent.
    pub nonce: Nonce,
    /// The decision that is overruled: `already` or `attention`, not older than an undo may be.
    pub instead_of: Nonce,
    /// At which device; None: a page.
    pub device: Option<DeviceId>,
    /// Why.
    pub remark: Remark,
}

/// Admits. Repeating it with the same contents gives the same decision. Durable once the job's
/// commit is answered.
///
/// # Errors
/// [`Error::NoVisit`] if there is nothing that may be overruled so, [`Error::NoEvent`] if the
/// event is closed, [`Error::NonceReused`], [`Error::NoDevice`], and the faults.
pub fn admit(tx: &Tx<'_>, call: &mut Call<'_>, again: &Again) -> Result<Decision, Error> {
    let _may = call.actor.supervise()?;
    if call.actor.device() != again.device && call.actor.device().is_some() {
        return Err(Error::NoDevice);
    }
    if let Some(id) = again.device {
        device::get_in_use(tx, id).map_err(|_| Error::NoDevice)?;
    }
    let contents = scan::digest_of(call.site, again.nonce, &contents(again));
    if let Some(decision) = scan::replay(tx, again.nonce, contents)? {
        return Ok(decision);
    }
    let overruled = overruled(tx, call, again.instead_of)?;
    let Some(subject) = (overruled.ticket.map(Id::to_bytes)).or(overruled.person.map(Id::to_bytes))
    else {
        return Err(Error::NoVisit); // Nobody is known who could be let in.
    };
    let mut decision = admitted(call, again, overruled);
    let sequence = visits::insert_visit(tx, &decision.to_row(contents))?;
    decision.sequence = Some(sequence);
    if let Some(staff) = call.actor.person() {
        visits::insert_staff(tx, sequence, staff)?;
    }
    let occasion = decision.occasion;
    let before = visits::find_presence(tx, &occasion.key(), subject)?;
    let now = presence::after(
        before.as_ref(),
        decision.direction,
        decision.at,
        decision.device,
    );
    scan::stand(tx, occasion, subject, before.as_ref(), &now)?;
    scan::record(tx, call, &decision)?;
    let object = format!("visit:{}", decision.nonce);
    let told = Detail::Sealed(again.remark.as_str());
    audit::record(tx, call, Act::CheckInOverride, object, told)?;
    Ok(decision)
}

/// All that the nonce is bound to.
fn contents(again: &Again) -> Vec<u8> {
    let device = again.device.map(|d| d.to_string()).unwrap_or_default();
    format!(
        "again\0{}\0{device}\0{}",
        again.instead_of,
        again.remark.as_str()
    )
    .into_bytes()
}

/// The decision that a supervisor may overrule.
fn overruled(tx: &Tx<'_>, call: &Call<'_>, nonce: Nonce) -> Result<Decision, Error> {
    let stored = visits::find_visit(tx, nonce)?.ok_or(Error::NoVisit)?;
    let decision = Decision::from_row(stored.seq, &stored.row).ok_or(Fault::Damaged("visit"))?;
    let open = matches!(decision.verdict, Verdict::Already | Verdict::Attention);
    let age = call.now.at.since(decision.arrived);
    // What is older may have changed since: it is scanned once more.
    if !open || decision.direction == Direction::Exit || age > call.site.rules.undo_window {
        return Err(Error::NoVisit);
    }
    if let Occasion::Event(id) = decision.occasion {
        let event = events::find_event(tx, id)?.ok_or(Error::NoEvent)?;
        if event.state != EventState::Open {
            return Err(Error::NoEvent);
        }
    }
    Ok(decision)
}

/// The admission in place of what was decided before.
fn admitted(call: &Call<'_>, again: &Again, overruled: Decision) -> Decision {
    let site = call.site;
    let arrival = matches!(overruled.occasion, Occasion::Daily(_)).then(|| {
        let time = site.zone.time_of_day(call.now.at);
        scan::arrival(&site.rules.day, time, call.now.clock)
    });
    Decision {
        nonce: again.nonce,
        box_id: site.box_id,
        sequence: None,
        device: again.device,
        mode: Mode::Online,
        verdict: Verdict::Admitted,
        reason: None,
        detail: None,
        rival: None,
        at: call.now.at,
        arrived: call.now.at,
        clock: call.now.clock,
        first: None,
        first_by: None,
        opens: None,
        arrival,
        conflict: overruled.reason,
        ..overruled
    }
}
