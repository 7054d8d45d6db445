//! Errors of the domain as refusals: each with a stable code of its own and a sentence. What is
//! wrong inside the box is logged here and told to nobody.

use crate::base::cause::{Cause, Severity};
use crate::domain::fault::Fault;
use crate::domain::identity::{account, enrol, factor, import, letter, person, revert, session};
use crate::domain::privacy::{claim, notice};
use crate::domain::{
    api_key, checkin, clock, consent, device, mail, sample, setting, setup, ticketing, webhook,
};
use crate::http::problem::Problem;
use crate::journal::fields;
use crate::store;

/// A sentence of an error's text: a capital letter and a full stop.
fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    let rest = letters.as_str();
    let end = if text.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{}{rest}{end}", first.unwrap_or_default())
}

/// What any service can meet. The text of a fault may name files and keys of the box.
fn of_fault(fault: &Fault) -> Problem {
    if let Fault::Denied(denied) = fault {
        let message = format!("This needs the right {}.", denied.right);
        return Problem::new(Cause::Forbidden, message);
    }
    let cause = fault.cause();
    if cause.severity() > Severity::Info {
        tracing::warn!(
            { fields::EVENT } = "request_failed",
            { fields::CAUSE } = cause.code(),
            { fields::ERROR } = %fault,
            "A request failed for a reason inside the box."
        );
    }
    Problem::new(cause, trouble(cause))
}

/// What a caller is told of trouble inside the box.
const fn trouble(cause: Cause) -> &'static str {
    match cause {
        Cause::Busy | Cause::RateLimited => "The box is busy. Try again in a moment.",
        Cause::StoreFull => "The disk is full: nothing can be recorded. Make room on the box.",
        Cause::StoreCorrupt => "The box's records are damaged. Ask whoever runs the box.",
        Cause::StoreIo => "The box cannot use its disk. Ask whoever runs the box.",
        Cause::KeyUnavailable => "A key of the box does not open. Ask whoever runs the box.",
        Cause::FaceEngine => "Faces cannot be looked at now. Use the QR code or the number.",
        Cause::Stopping => "The box is stopping. Try again in a moment.",
        Cause::Missing => "There is nothing of this name.",
        Cause::Conflict | Cause::NonceReused => "This contradicts something that is there already.",
        Cause::Invalid | Cause::Unprocessable | Cause::TooLarge => "This value cannot be.",
        Cause::Slow => "This came too slowly.",
        Cause::Unauthenticated => "Sign in first.",
        Cause::Forbidden => "This is not permitted.",
        Cause::SetupRequired => "The box is not set up yet.",
        Cause::Internal => "The box made a mistake. Its log has more under this request's id.",
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        of_fault(&fault)
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        of_fault(&Fault::Store(error))
    }
}

/// Errors of services: the code of each refusal, which clients may rely on.
macro_rules! problems {
    ($($error:path { $($pattern:pat => $code:literal $(in $field:literal)?),* $(,)? })*) => {$(
        impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                use $error as E;
                let (code, field): (&'static str, Option<&'static str>) = match &error {
                    E::Fault(fault) => return of_fault(fault),
                    $($pattern => ($code, None $(.or(Some($field)))?),)*
                };
                let mut problem = Self::new(error.cause(), sentence(&error)).with_code(code);
                problem.field = field.map(str::to_owned);
                problem
            }
        }
    )*};
}

problems! {
    person::Error {
        E::NoPerson => "no_person",
        E::NumberTaken => "number_taken" in "number",
        E::EmailTaken => "email_taken" in "email",
        E::LastAdministrator => "last_administrator",
    }
    claim::Error {
        E::NoPerson => "no_person",
        E::NoClaim => "no_claim",
        E::Waits => "claim_waits",
        E::NoReason => "no_reason" in "answer",
    }
    notice::Error {
        E::Empty(_) => "notice_empty",
        E::Long(_) => "notice_long",
        E::Same => "notice_same",
    }
    import::Error {
        E::Lines(_) => "lines_refused",
        E::Changed => "people_changed",
        E::Person(..) => "line_refused",
    }
    revert::Error {
        E::NoImport => "no_import",
        E::Objections(_) => "people_have_facts",
        E::Person(_) => "person_taken",
    }
    mail::Error {
        E::NoMail => "no_mail",
        E::NoAddress => "no_address",
    }
    api_key::Error {
        E::NoKey => "no_key",
        E::NoScopes => "no_scopes" in "scopes",
        E::Days => "key_days" in "days",
        E::TooMany => "too_many_keys",
    }
    webhook::Error {
        E::NoWebhook => "no_webhook",
        E::NoDelivery => "no_delivery",
        E::NoEvents => "no_events" in "events",
        E::TooMany => "too_many_webhooks",
    }
    sample::Error {
        E::NoSamples => "no_samples",
    }
    consent::Error {
        E::NoPerson => "no_person",
        E::InForce => "consent_in_force",
        E::NotInForce => "no_consent",
    }
    enrol::Error {
        E::NoPerson => "no_person",
        E::NoConsent => "no_consent",
        E::Pictures(_) => "picture_count",
        E::Picture(..) => "picture_refused",
        E::Unlike(..) => "pictures_unlike",
        E::SameFace { .. } => "same_face",
        E::Stale => "stale",
        E::NotEnrolled => "not_enrolled",
    }
    ticketing::error::Error {
        E::NoEvent => "no_event",
        E::NoTicket => "no_ticket",
        E::NoPerson => "no_person",
        E::CodeTaken => "code_taken" in "code",
        E::Times => "times",
        E::Closed => "event_closed",
    }
    device::Error {
        E::NoDevice => "no_device",
        E::NoEvent => "no_event" in "occasion",
    }
    account::Error {
        E::NoPerson => "no_person",
        E::LoginTaken => "login_taken" in "login",
    }
    letter::Error {
        E::NoPerson => "no_person",
        E::NoAddress => "no_address",
    }
    factor::Error {
        E::NoPerson => "no_person",
        E::WrongCode => "wrong_code" in "code",
        E::IsOn => "second_factor_on",
        E::IsOff => "no_second_factor",
    }
    session::Error {
        E::NoPerson => "no_person",
        E::NoSession => "no_session",
    }
    setup::Error {
        E::NoPass => "no_pass",
        E::Done => "setup_done",
        E::LoginTaken => "login_taken" in "login",
        E::Person(_) => "person_taken",
        E::Setting(_) => "logo" in "logo",
    }
    clock::Error {
        E::Synced => "clock_synced",
        E::Behind(_) => "clock_behind" in "time",
        E::Range => "clock_range" in "time",
    }
    setting::Error {
        E::Logo => "logo" in "logo",
        E::NoFactor => "no_second_factor" in "second_factor",
    }
    checkin::Error {
        E::NonceReused => "nonce_reused" in "nonce",
        E::NoEvent => "no_event",
        E::NoDevice => "no_device",
        E::NoVisit => "no_visit",
        E::UndoneBefore => "undone_before",
        E::RemarkMissing => "remark_missing" in "remark",
        E::UndoWindow => "undo_window",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Denied;

    #[test]
    fn refusals_have_codes_and_sentences() {
        let table: [(Problem, Cause, &str, &str); 6] = [
            (
                person::Error::NumberTaken.into(),
                Cause::Conflict,
                "number_taken",
                "Another person has this number.",
            ),
            (
                checkin::Error::NonceReused.into(),
                Cause::NonceReused,
                "nonce_reused",
                "This nonce was used for another request.",
            ),
            (
                enrol::Error::Unlike(0, 1, 0.25).into(),
                Cause::Invalid,
                "pictures_unlike",
                "Pictures 1 and 2 are not alike (0.25, needed 0.5): is each of the same person?",
            ),
            (
                device::Error::from(Denied { right: "scan" }).into(),
                Cause::Forbidden,
                "forbidden",
                "This needs the right scan.",
            ),
            (
                store::Error::Busy.into(),
                Cause::Busy,
                "busy",
                "The box is busy. Try again in a moment.",
            ),
            (
                ticketing::error::Error::NoEvent.into(),
                Cause::Missing,
                "no_event",
                "There is no such event.",
            ),
        ];
        for (problem, cause, code, message) in table {
            assert_eq!((problem.cause, problem.code), (cause, code));
            assert_eq!(problem.message, message);
        }
        let taken = Problem::from(person::Error::EmailTaken);
        assert_eq!(taken.field.as_deref(), Some("email"));
    }

    #[test]
    fn a_fault_tells_nothing_of_the_inside() {
        let problem = Problem::from(Fault::Damaged("rahasia"));
        assert_eq!(problem.cause, Cause::StoreCorrupt);
        assert!(!problem.message.contains("rahasia"));
    }
}
