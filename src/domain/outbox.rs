//! What the outside is told of, one word each, written in the transaction of its cause; and how
//! long a failed delivery waits. Payloads carry ids and codes, never a name or a face.

use crate::base::time::Span;
use crate::base::word::words;
use crate::domain::fault::Fault;
use crate::domain::site::Call;
use crate::store::Tx;
use crate::store::outbox::{self, Row};
use crate::store::webhooks;

words! {
    /// A piece of news.
    Notice {
        /// Somebody came in or went out.
        CheckInAdmitted => "checkin.admitted",
        /// Somebody came who was in already.
        CheckInAlready => "checkin.already",
        /// Somebody was refused.
        CheckInRefused => "checkin.refused",
        /// A face was like two people's.
        CheckInAmbiguous => "checkin.ambiguous",
        /// Somebody needs a decision at the desk.
        CheckInAttention => "checkin.attention",
        /// A check-in was undone.
        CheckInUndone => "checkin.undone",
        /// A person was added.
        PersonAdded => "person.added",
        /// A person was erased.
        PersonErased => "person.erased",
        /// A consent was withdrawn.
        ConsentWithdrawn => "consent.withdrawn",
        /// A face was enrolled.
        FaceEnrolled => "face.enrolled",
        /// A face was removed.
        FaceRemoved => "face.removed",
        /// A device was revoked.
        DeviceRevoked => "device.revoked",
        /// An event was opened.
        EventOpened => "event.opened",
        /// An event was closed.
        EventClosed => "event.closed",
        /// A ticket was issued.
        TicketIssued => "ticket.issued",
        /// A ticket does not let in any more.
        TicketRevoked => "ticket.revoked",
    }
}

/// Pauses after a failed delivery: a minute, five, a quarter of an hour, an hour, six, a day.
const PAUSES_SECONDS: [i64; 6] = [60, 300, 900, 3_600, 21_600, 86_400];

/// How long to wait after the `attempts`-th attempt has failed (from 1 on); None: give up.
#[must_use]
pub fn pause(attempts: u32) -> Option<Span> {
    let i = usize::try_from(attempts).ok()?.checked_sub(1)?;
    PAUSES_SECONDS.get(i).map(|s| Span::from_seconds(*s))
}

/// Writes a piece of news to be delivered after the commit, if anybody is told of news at all: a
/// box without webhooks does not wear its flash for nobody. `payload` is JSON.
///
/// # Errors
/// Those of reading and writing.
pub fn notify(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    notice: Notice,
    payload: String,
) -> Result<(), Fault> {
    if !webhooks::find_any_on(tx)? {
        return Ok(());
    }
    let row = Row {
        id: call.new_id(),
        kind: notice.code().to_owned(),
        payload: payload.into_bytes(),
        made_at: call.now.at,
        due_at: call.now.at,
        attempts: 0,
    };
    Ok(outbox::insert(tx, &row)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (0..8).map(|n| pause(n).map(Span::as_millis)).collect();
        assert_eq!(pauses[0], None);
        assert_eq!(pauses[1], Some(60_000));
        assert!(pauses[1..7].windows(2).all(|w| w[0] < w[1]));
        assert_eq!(pauses[7], None);
    }
}
