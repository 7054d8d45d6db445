//! The check-in itself: one function, one transaction. It asks who may ask, whether the nonce is
//! known, whom the credential stands for and what the rules say; then it keeps the decision with
//! its audit row and its notice. Nothing of it is told before the commit is answered.

use crate::base::id::{DeviceId, Id, Nonce, PersonId};
use crate::base::time::{ClockState, TimeOfDay, Timestamp};
use crate::crypto::keyring::Purpose;
use crate::crypto::seal::{self, Context};
use crate::domain::actor::Actor;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::checkin::decide::{self, Ruling, Situation};
use crate::domain::checkin::decision::{Arrival, Decision};
use crate::domain::checkin::error::Error;
use crate::domain::checkin::presence;
use crate::domain::checkin::reason::{self, Direction, Mode, Reason, Standing, Verdict};
use crate::domain::checkin::request::{Credential, Occasion, Request};
use crate::domain::checkin::resolve::{self, Resolved, Subject};
use crate::domain::device;
use crate::domain::fault::Fault;
use crate::domain::outbox::{self, Notice};
use crate::domain::rule::{Attended, DayRule};
use crate::domain::site::{Call, Site};
use crate::domain::vault;
use crate::store::events::{self, EventRow};
use crate::store::people::Digest;
use crate::store::visits::{self, Presence};
use crate::store::{Tx, View};

/// Decides about one check-in and keeps the decision. The same nonce with the same contents
/// gives the stored decision again, also after a restart. Durable once the job's commit is
/// answered.
///
/// # Errors
/// [`Error::NonceReused`], [`Error::NoEvent`], [`Error::NoDevice`], and the faults: no decision
/// was made, the same request may be sent again.
pub fn check_in(tx: &Tx<'_>, call: &mut Call<'_>, request: &Request) -> Result<Decision, Error> {
    let attended = authorise(call.actor, request)?;
    let contents = contents_digest(call.site, request);
    if let Some(decision) = replay(tx, request.nonce, contents)? {
        return Ok(decision);
    }
    let gate = gate_of(tx, request.device)?;
    let event = match request.occasion {
        Occasion::Event(id) => Some(events::find_event(tx, id)?.ok_or(Error::NoEvent)?),
        Occasion::Daily(_) => None,
    };
    let door = Door {
        site: call.site,
        request,
        event: event.as_ref(),
        gate: gate.as_deref(),
        at: happened(request, call.now.at),
        clock: call.now.clock,
    };
    let outcome = match resolve::resolve(tx, call.site, request, attended)? {
        Resolved::Subjects(subjects) => choose(tx, &door, subjects)?,
        Resolved::Ruled(ruling, person, rival) => Outcome {
            ruling,
            person,
            rival,
            subject: None,
            before: None,
        },
    };
    let decision = to_decision(call, &door, &outcome);
    keep(tx, call, &door, outcome, decision, contents)
}

/// Whether the actor may ask for this, and whether somebody really stands by.
fn authorise(actor: &Actor, request: &Request) -> Result<Attended, Error> {
    let _may = actor.scan()?;
    if matches!(request.credential, Credential::Person(_)) {
        let _may = actor.attend()?;
    }
    if request.mode == Mode::Offline {
        let _may = actor.report_offline()?;
    }
    if actor.device().is_some_and(|id| request.device != Some(id)) {
        return Err(Error::NoDevice);
    }
    // A kiosk cannot lower what is asked of liveness by claiming that staff stand by.
    Ok(match (request.attended, actor.attend()) {
        (Attended::Attended, Err(_)) => Attended::Unattended,
        (claimed, _) => claimed,
    })
}

fn contents_digest(site: &Site, request: &Request) -> Digest {
    digest_of(site, request.nonce, &request.contents())
}

/// What a nonce is bound to, as it is kept.
pub(super) fn digest_of(site: &Site, nonce: Nonce, contents: &[u8]) -> Digest {
    let nonce = nonce.to_bytes();
    let context = Context {
        table: "visit",
        column: "contents",
        row: &nonce,
    };
    let key = site.keyring.purpose(Purpose::Digests);
    vault::short(&seal::digest(key, &context, contents))
}

/// The decision that the nonce was given before, if its contents were the same.
pub(super) fn replay(
    view: &View<'_>,
    nonce: Nonce,
    contents: Digest,
) -> Result<Option<Decision>, Error> {
    let Some(stored) = visits::find_visit(view, nonce)? else {
        return Ok(None);
    };
    if stored.row.contents != contents {
        return Err(Error::NonceReused);
    }
    let decision = Decision::from_row(stored.seq, &stored.row);
    Ok(Some(decision.ok_or(Fault::Damaged("visit"))?))
}

fn gate_of(view: &View<'_>, device: Option<DeviceId>) -> Result<Option<String>, Error> {
    let Some(id) = device else {
        return Ok(None);
    };
    let device = device::get_in_use(view, id).map_err(|e| match e {
        device::Error::NoDevice | device::Error::NoEvent => Error::NoDevice,
        device::Error::Fault(fault) => Error::Fault(fault),
    })?;
    Ok(device.gate)
}

/// When it happened: of a report the time it names, but never after now.
fn happened(request: &Request, now: Timestamp) -> Timestamp {
    match (request.mode, request.happened) {
        (Mode::Offline, Some(then)) => then.min(now),
        (Mode::Offline, None) | (Mode::Online, _) => now,
    }
}

/// Where and when it happens.
struct Door<'a> {
    site: &'a Site,
    request: &'a Request,
    event: Option<&'a EventRow>,
    gate: Option<&'a str>,
    at: Timestamp,
    clock: ClockState,
}

/// What came out, and about whom.
struct Outcome {
    ruling: Ruling,
    person: Option<PersonId>,
    rival: Option<PersonId>,
    subject: Option<Subject>,
    before: Option<Presence>,
}

impl Subject {
    /// What presence is kept under: the ticket, or the person where there is none.
    fn key(&self) -> Option<[u8; 16]> {
        let ticket = self.ticket.as_ref().map(|t| t.id.to_bytes());
        ticket.or(self.person.map(Id::to_bytes))
    }
}

/// Rules on each subject. A person with several tickets goes by the one that says most: on the
/// way in one that is used already, then one that admits; on the way out one that is inside.
fn choose(view: &View<'_>, door: &Door<'_>, subjects: Vec<Subject>) -> Result<Outcome, Error> {
    let mut best: Option<(u8, Outcome)> = None;
    for subject in subjects {
        let outcome = rule_on(view, door, subject)?;
        let rank = match (door.request.direction, outcome.ruling.verdict) {
            (Direction::Entry, Verdict::Already) => 0,
            (Direction::Entry, Verdict::Admitted) => 1,
            (Direction::Exit, Verdict::Admitted) if outcome.before.is_some_and(|b| b.inside) => 0,
            (Direction::Exit, Verdict::Admitted) => 1,
            (_, _) => 2,
        };
        if best.as_ref().is_none_or(|(least, _)| rank < *least) {
            best = Some((rank, outcome));
        }
    }
    let nobody = || Error::Fault(Fault::Damaged("credential"));
    best.map(|(_, outcome)| outcome).ok_or_else(nobody)
}

fn rule_on(view: &View<'_>, door: &Door<'_>, subject: Subject) -> Result<Outcome, Error> {
    let request = door.request;
    let before = match subject.key() {
        Some(key) => visits::find_presence(view, &request.occasion.key(), key)?,
        None => None,
    };
    let zone = &door.site.zone;
    let ruling = decide::decide(&Situation {
        means: request.credential.means(),
        direction: request.direction,
        mode: request.mode,
        at: door.at,
        today: zone.day(door.at),
        synced: door.clock == ClockState::Synced,
        event: door.event,
        day: match request.occasion {
            Occasion::Daily(day) => Some(day),
            Occasion::Event(_) => None,
        },
        person: subject.state,
        ticket: subject.ticket.as_ref(),
        presence: before.as_ref(),
        entry_day: before.and_then(|b| b.entry_at).map(|at| zone.day(at)),
        gate: door.gate,
    });
    Ok(Outcome {
        ruling,
        person: subject.person,
        rival: None,
        subject: Some(subject),
        before,
    })
}

fn to_decision(call: &Call<'_>, door: &Door<'_>, outcome: &Outcome) -> Decision {
    let request = door.request;
    let ruling = outcome.ruling.clone();
    let face = request.credential.face();
    let arrives = ruling.verdict == Verdict::Admitted
        && request.direction == Direction::Entry
        && matches!(request.occasion, Occasion::Daily(_));
    let ticket = outcome.subject.as_ref().and_then(|s| s.ticket.as_ref());
    Decision {
        nonce: request.nonce,
        box_id: call.site.box_id,
        sequence: None,
        occasion: request.occasion,
        device: request.device,
        means: request.credential.means(),
        direction: request.direction,
        mode: request.mode,
        verdict: ruling.verdict,
        reason: ruling.reason,
        detail: ruling.detail,
        person: outcome.person,
        rival: outcome.rival,
        ticket: ticket.map(|t| t.id),
        at: door.at,
        arrived: call.now.at,
        clock: call.now.clock,
        first: ruling.first,
        first_by: ruling.first_by,
        opens: ruling.opens,
        arrival: arrives.then(|| {
            let time = door.site.zone.time_of_day(door.at);
            arrival(&door.site.rules.day, time, door.clock)
        }),
        liveness: face.map(|f| f.liveness),
        cosine: face.and_then(|f| f.verdict.cosine),
        second: face.and_then(|f| f.verdict.second),
        threshold: face.and_then(|f| f.verdict.threshold),
        conflict: ruling.conflict,
    }
}

/// How an arrival at a time of day stands to the day's start; minutes count from the start.
#[must_use]
pub fn arrival(rule: &DayRule, time: TimeOfDay, clock: ClockState) -> Arrival {
    let late = time > rule.late_after;
    let minutes = time.minutes().saturating_sub(rule.start.minutes());
    Arrival {
        standing: if late {
            Standing::Late
        } else {
            Standing::Present
        },
        late_minutes: if late { u32::from(minutes) } else { 0 },
        provisional: clock == ClockState::Unsynced,
    }
}

/// Keeps a decision: its row, where the subject now stands, the counts, the audit row and the
/// notice. What is only an instruction is counted instead.
fn keep(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    door: &Door<'_>,
    outcome: Outcome,
    mut decision: Decision,
    contents: Digest,
) -> Result<Decision, Error> {
    let occasion = door.request.occasion.key();
    if let Some(reason) = decision.reason.filter(|r| reason::is_counted(*r)) {
        let day = door.site.zone.day(door.at);
        visits::update_scan_count(tx, &occasion, decision.device, day, reason.code())?;
        return Ok(decision);
    }
    let sequence = visits::insert_visit(tx, &decision.to_row(contents))?;
    decision.sequence = Some(sequence);
    if let Some(staff) = call.actor.person() {
        visits::insert_staff(tx, sequence, staff)?;
    }
    if decision.verdict == Verdict::Admitted
        && let Some(subject) = outcome.subject.as_ref().and_then(Subject::key)
    {
        let now = match decision.mode {
            Mode::Online => {
                let before = outcome.before.as_ref();
                presence::after(before, decision.direction, decision.at, decision.device)
            }
            // A report may be older than what is known: counted anew in the order of happening.
            Mode::Offline => presence::fold(&visits::list_passages(tx, &occasion, subject)?),
        };
        stand(
            tx,
            door.request.occasion,
            subject,
            outcome.before.as_ref(),
            &now,
        )?;
    }
    record(tx, call, &decision)?;
    Ok(decision)
}

/// Sets where a subject stands and moves the event's counts by the difference.
pub(super) fn stand(
    tx: &Tx<'_>,
    occasion: Occasion,
    subject: [u8; 16],
    before: Option<&Presence>,
    now: &Presence,
) -> Result<(), Error> {
    visits::update_presence(tx, &occasion.key(), subject, now)?;
    if let Occasion::Event(event) = occasion {
        let (inside, admitted) = presence::change(before, now);
        if (inside, admitted) != (0, 0) {
            events::update_counts(tx, event, inside, admitted)?;
        }
    }
    Ok(())
}

const fn notice(verdict: Verdict) -> Notice {
    match verdict {
        Verdict::Admitted => Notice::CheckInAdmitted,
        Verdict::Already => Notice::CheckInAlready,
        Verdict::Refused => Notice::CheckInRefused,
        Verdict::Ambiguous => Notice::CheckInAmbiguous,
        Verdict::Attention => Notice::CheckInAttention,
    }
}

/// The audit row and the notice of a decision.
pub(super) fn record(tx: &Tx<'_>, call: &mut Call<'_>, decision: &Decision) -> Result<(), Error> {
    let reason = decision.reason.map_or("-", Reason::code);
    let told = format!(
        "{} {} {} {reason}",
        decision.occasion, decision.direction, decision.verdict
    );
    let object = format!("visit:{}", decision.nonce);
    audit::record(tx, call, Act::CheckIn, object, Detail::Plain(told))?;
    call.tell(|deed| deed.outcome = Some((decision.verdict.code(), reason)));
    let payload = format!(
        "{{\"visit\":\"{}\",\"occasion\":\"{}\",\"direction\":\"{}\",\"reason\":\"{reason}\"}}",
        decision.nonce, decision.occasion, decision.direction,
    );
    outbox::notify(tx, call, notice(decision.verdict), payload)?;
    Ok(())
}

/// The decision of a surface that does not even ask: too many tries. Neither kept nor counted.
#[must_use]
pub fn rate_limited(call: &Call<'_>, request: &Request) -> Decision {
    let door = Door {
        site: call.site,
        request,
        event: None,
        gate: None,
        at: call.now.at,
        clock: call.now.clock,
    };
    let outcome = Outcome {
        ruling: Ruling::refused(Reason::RateLimited),
        person: None,
        rival: None,
        subject: None,
        before: None,
    };
    to_decision(call, &door, &outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::EventId;
    use crate::domain::actor::{DeviceAccess, Role};
    use crate::domain::checkin::reason::Means;

    fn request() -> Request {
        Request {
            occasion: Occasion::Event(EventId::from_bytes([1; 16])),
            credential: Credential::Code("ABCD".to_owned()),
            device: None,
            nonce: Nonce::from_bytes([2; 16]),
            direction: Direction::Entry,
            mode: Mode::Online,
            attended: Attended::Attended,
            happened: None,
        }
    }

    #[test]
    fn lateness_counts_from_the_start_but_begins_after_the_grace() {
        let rule = DayRule::default();
        let table = [
            ("00:00", Standing::Present, 0),
            ("06:52", Standing::Present, 0),
            ("07:00", Standing::Present, 0),
            ("07:15", Standing::Present, 0),
            ("07:16", Standing::Late, 16),
            ("23:59", Standing::Late, 16 * 60 + 59),
        ];
        for (time, standing, minutes) in table {
            let time = time.parse().expect("a time");
            let got = arrival(&rule, time, ClockState::Synced);
            assert_eq!(
                (got.standing, got.late_minutes),
                (standing, minutes),
                "{time}"
            );
            assert!(!got.provisional);
            assert!(arrival(&rule, time, ClockState::Unsynced).provisional);
        }
    }

    #[test]
    fn a_report_happened_then_but_never_in_the_future() {
        let (now, then) = (Timestamp::from_millis(100), Timestamp::from_millis(60));
        let mut asked = request();
        asked.happened = Some(then);
        assert_eq!(
            happened(&asked, now),
            now,
            "who decides here and now cannot say when"
        );
        asked.mode = Mode::Offline;
        assert_eq!(happened(&asked, now), then);
        asked.happened = Some(Timestamp::from_millis(200));
        assert_eq!(happened(&asked, now), now);
    }

    #[test]
    fn who_stands_by_is_not_taken_on_trust() {
        let id = DeviceId::from_bytes([3; 16]);
        let device = |access| Actor::Device { id, access };
        let user = |role| Actor::Person {
            id: PersonId::from_bytes([4; 16]),
            role,
            supervise: false,
        };
        let mut asked = request();
        asked.device = Some(id);
        let table = [
            (Actor::Operator, Some(Attended::Attended)),
            (device(DeviceAccess::Scan), Some(Attended::Unattended)),
            (device(DeviceAccess::Desk), Some(Attended::Attended)),
            (user(Role::Teacher), Some(Attended::Attended)),
            (user(Role::User), None),
            (user(Role::Developer), None),
        ];
        for (actor, want) in table {
            assert_eq!(authorise(&actor, &asked).ok(), want, "{}", actor.label());
        }
        asked.device = None;
        assert_eq!(
            authorise(&device(DeviceAccess::Desk), &asked),
            Err(Error::NoDevice)
        );
    }

    #[test]
    fn every_verdict_has_its_notice() {
        for verdict in Verdict::ALL {
            let want = format!("checkin.{verdict}");
            assert_eq!(notice(*verdict).code(), want);
        }
        assert_eq!(request().credential.means(), Means::Code);
    }
}
