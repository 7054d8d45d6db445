//! From a credential to the people and tickets it may stand for. Reads only; says nothing about
//! whether they may pass.

use crate::base::id::PersonId;
use crate::base::text::{IdNumber, TicketCode};
use crate::domain::checkin::decide::Ruling;
use crate::domain::checkin::face::Finding;
use crate::domain::checkin::reason::{Liveness, Reason, Verdict};
use crate::domain::checkin::request::{Credential, FaceEvidence, Occasion, Request};
use crate::domain::fault::Fault;
use crate::domain::identity::person;
use crate::domain::rule::{Attended, LivenessPolicy};
use crate::domain::site::Site;
use crate::domain::ticketing::ticket;
use crate::domain::vault::{self, place};
use crate::store::people::{self, PersonState};
use crate::store::tickets::{self, TicketRow};
use crate::store::{View, faces};

/// Somebody a credential may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Who; None: a ticket without a holder.
    pub person: Option<PersonId>,
    /// Whether the person may take part.
    pub state: Option<PersonState>,
    /// With which ticket.
    pub ticket: Option<TicketRow>,
}

/// What a credential comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// One subject, or the same person with one of several tickets; never empty.
    Subjects(Vec<Subject>),
    /// Nobody, and that is the ruling; with the people it names, if it names any.
    Ruled(Ruling, Option<PersonId>, Option<PersonId>),
}

impl Resolved {
    const fn nobody(ruling: Ruling) -> Self {
        Self::Ruled(ruling, None, None)
    }
}

/// Shortest end of a number that serves as a second factor.
const LAST_DIGITS_MIN: usize = 4;

/// Finds out whom the request's credential stands for.
///
/// # Errors
/// Those of reading and opening.
pub fn resolve(
    view: &View<'_>,
    site: &Site,
    request: &Request,
    attended: Attended,
) -> Result<Resolved, Fault> {
    match &request.credential {
        Credential::Code(code) => by_code(view, site, code),
        Credential::Person(person) => of_person(view, request.occasion, *person),
        Credential::Number(number) => by_number(view, site, request.occasion, number),
        Credential::Face(evidence) => {
            let policy = site.rules.liveness.of(attended);
            by_face(view, site, request.occasion, evidence, policy)
        }
    }
}

fn by_code(view: &View<'_>, site: &Site, code: &str) -> Result<Resolved, Fault> {
    let unknown = Resolved::nobody(Ruling::refused(Reason::UnknownTicket));
    let Ok(code) = code.parse::<TicketCode>() else {
        return Ok(unknown);
    };
    let Some(ticket) = tickets::find_by_code(view, ticket::code_digest(site, &code))? else {
        return Ok(unknown);
    };
    let person = ticket.holder;
    let state = match person {
        Some(person) => people::find_state(view, person)?,
        None => None,
    };
    Ok(Resolved::Subjects(vec![Subject {
        person,
        state,
        ticket: Some(ticket),
    }]))
}

fn by_number(
    view: &View<'_>,
    site: &Site,
    occasion: Occasion,
    number: &str,
) -> Result<Resolved, Fault> {
    let found = match number.parse::<IdNumber>() {
        Ok(number) => person::find_by_number(view, site, &number).map_err(|e| match e {
            person::Error::Fault(fault) => fault,
            person::Error::NoPerson
            | person::Error::LastAdministrator
            | person::Error::NumberTaken
            | person::Error::EmailTaken => Fault::Damaged("number"),
        })?,
        Err(_) => None,
    };
    match found {
        Some(person) => of_person(view, occasion, person),
        None => Ok(Resolved::nobody(Ruling::refused(Reason::UnknownTicket))),
    }
}

fn of_person(view: &View<'_>, occasion: Occasion, person: PersonId) -> Result<Resolved, Fault> {
    let Some(state) = people::find_state(view, person)? else {
        let ruling = Ruling::refused(Reason::NotPermitted).with("person");
        return Ok(Resolved::nobody(ruling));
    };
    let with = |ticket| Subject {
        person: Some(person),
        state: Some(state),
        ticket,
    };
    let held = match occasion {
        Occasion::Event(event) => tickets::list_of_holder(view, event, person)?,
        Occasion::Daily(_) => Vec::new(),
    };
    if held.is_empty() {
        return Ok(Resolved::Subjects(vec![with(None)]));
    }
    Ok(Resolved::Subjects(
        held.into_iter().map(|t| with(Some(t))).collect(),
    ))
}

/// What liveness says against a face, under a policy. `required` refuses "failed" and "not
/// measured" alike, but tells them apart.
#[must_use]
pub fn liveness_objection(liveness: Liveness, policy: LivenessPolicy) -> Option<Ruling> {
    match (policy, liveness) {
        (LivenessPolicy::Required, Liveness::Fail) => Some(Ruling::refused(Reason::LivenessFailed)),
        (LivenessPolicy::Required, Liveness::NotMeasured) => {
            Some(Ruling::refused(Reason::LivenessUnavailable))
        }
        (LivenessPolicy::Required, Liveness::Pass)
        | (LivenessPolicy::Advisory | LivenessPolicy::Off, _) => None,
    }
}

fn by_face(
    view: &View<'_>,
    site: &Site,
    occasion: Occasion,
    evidence: &FaceEvidence,
    policy: LivenessPolicy,
) -> Result<Resolved, Fault> {
    if let Some(ruling) = without_comparison(&evidence.verdict.finding) {
        return Ok(Resolved::nobody(ruling));
    }
    // Before the question who it is: a held photograph learns nothing about who is enrolled.
    if let Some(ruling) = liveness_objection(evidence.liveness, policy) {
        return Ok(Resolved::nobody(ruling));
    }
    let person = match evidence.verdict.finding {
        Finding::Match(person) => person,
        Finding::Proposal(person) => {
            if !second_factor(view, site, person, evidence.last_digits.as_deref())? {
                let ruling = Ruling::attention(Reason::SecondFactor);
                return Ok(Resolved::Ruled(ruling, Some(person), None));
            }
            person
        }
        Finding::Ambiguous(first, second) => {
            let ruling = Ruling::new(Verdict::Ambiguous, Some(Reason::AmbiguousFace));
            return Ok(Resolved::Ruled(ruling, Some(first), Some(second)));
        }
        Finding::NotEnrolled(person) => {
            let ruling = Ruling::refused(Reason::NotEnrolled);
            return Ok(Resolved::Ruled(ruling, Some(person), None));
        }
        Finding::Unknown
        | Finding::NoFace
        | Finding::ManyFaces(_)
        | Finding::LowQuality(_)
        | Finding::EngineError => {
            return Ok(Resolved::nobody(Ruling::refused(Reason::UnknownFace)));
        }
    };
    // The gallery of the verdict may be older than a withdrawal: the store has the last word.
    if !faces::is_enrolled(view, person, evidence.model.0)? {
        let ruling = Ruling::refused(Reason::NotEnrolled);
        return Ok(Resolved::Ruled(ruling, Some(person), None));
    }
    of_person(view, occasion, person)
}

/// Rulings of a face that was not compared with anybody.
fn without_comparison(finding: &Finding) -> Option<Ruling> {
    match finding {
        Finding::NoFace => Some(Ruling::refused(Reason::NoFace)),
        Finding::ManyFaces(faces) => {
            Some(Ruling::refused(Reason::ManyFaces).with(faces.to_string()))
        }
        Finding::LowQuality(issues) => {
            let codes: Vec<&str> = issues.iter().map(|i| i.code()).collect();
            Some(Ruling::refused(Reason::LowQuality).with(codes.join(",")))
        }
        Finding::EngineError => Some(Ruling::attention(Reason::FaceEngineError)),
        Finding::Match(_)
        | Finding::Proposal(_)
        | Finding::Ambiguous(..)
        | Finding::Unknown
        | Finding::NotEnrolled(_) => None,
    }
}

/// Whether the last digits are those of the person's number.
fn second_factor(
    view: &View<'_>,
    site: &Site,
    person: PersonId,
    last_digits: Option<&str>,
) -> Result<bool, Fault> {
    let Some(digits) = last_digits
        .map(str::trim)
        .filter(|d| d.len() >= LAST_DIGITS_MIN)
    else {
        return Ok(false);
    };
    let Some(row) = people::find_person(view, person)? else {
        return Ok(false);
    };
    let (Some(sealed), Some(wrapped)) = (row.number, row.wrapped_key) else {
        return Ok(false);
    };
    let key = site.keyring.open_person_key(person, &wrapped)?;
    let number = vault::open_text(&key, place::NUMBER, &vault::row_of(person), &sealed)?;
    Ok(number.ends_with(digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::vision::quality::QualityIssue;

    #[test]
    fn required_refuses_both_others_and_tells_them_apart() {
        use Liveness::{Fail, NotMeasured, Pass};
        use LivenessPolicy::{Advisory, Off, Required};
        let table = [
            (Required, Pass, None),
            (Required, Fail, Some(Reason::LivenessFailed)),
            (Required, NotMeasured, Some(Reason::LivenessUnavailable)),
            (Advisory, Pass, None),
            (Advisory, Fail, None),
            (Advisory, NotMeasured, None),
            (Off, Pass, None),
            (Off, Fail, None),
            (Off, NotMeasured, None),
        ];
        for (policy, liveness, want) in table {
            let got = liveness_objection(liveness, policy).and_then(|r| r.reason);
            assert_eq!(got, want, "{policy} {liveness}");
        }
    }

    #[test]
    fn what_was_not_compared_has_its_ruling_and_nothing_else_has() {
        let person = PersonId::from_bytes([1; 16]);
        let issues = vec![QualityIssue::Small, QualityIssue::Dark];
        let table = [
            (
                Finding::NoFace,
                Some((Verdict::Refused, Reason::NoFace, None)),
            ),
            (
                Finding::ManyFaces(3),
                Some((Verdict::Refused, Reason::ManyFaces, Some("3"))),
            ),
            (
                Finding::LowQuality(issues),
                Some((Verdict::Refused, Reason::LowQuality, Some("small,dark"))),
            ),
            (
                Finding::EngineError,
                Some((Verdict::Attention, Reason::FaceEngineError, None)),
            ),
            (Finding::Match(person), None),
            (Finding::Proposal(person), None),
            (Finding::Ambiguous(person, person), None),
            (Finding::Unknown, None),
            (Finding::NotEnrolled(person), None),
        ];
        for (finding, want) in table {
            let ruling = without_comparison(&finding);
            let got = ruling
                .as_ref()
                .map(|r| (r.verdict, r.reason, r.detail.as_deref()));
            let want = want.map(|(v, r, d)| (v, Some(r), d));
            assert_eq!(got, want, "{finding:?}");
        }
    }
}
