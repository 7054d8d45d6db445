//! The forms of values in JSON bodies: ids, times and words as the document describes them, and
//! how texts become values of the domain, with the field's name in every refusal.

use crate::base::time::Timestamp;
use crate::domain::actor::{DeviceAccess, Role, Scope};
use crate::domain::checkin::reason::{
    Direction, Liveness, Means, Mode, Reason, Standing, UndoReason, Verdict,
};
use crate::domain::consent::{ConsentGiver, ConsentMeans, ConsentPurpose};
use crate::domain::device::DeviceKind;
use crate::domain::identity::person::PersonState;
use crate::domain::identity::session::SessionKind;
use crate::domain::outbox::Notice;
use crate::domain::privacy::claim::{ClaimKind, ClaimState};
use crate::domain::rule::{Address, Language, LivenessPolicy, SecondFactor, SiteKind};
use crate::domain::ticketing::event::{CapacityOf, EntryRule, EventState};
use crate::domain::ticketing::ticket::TicketState;
use crate::http::problem::Problem;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize as _, Deserializer};
use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

/// The form of an id: 26 characters.
pub struct IdText;

impl JsonSchema for IdText {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
            "description": "An id: 26 characters of Crockford's base 32.",
            "examples": ["01JD5Z3N8GQ4X6V7W8Y9Z0A1B2"],
        })
    }
}

/// The form of an occasion.
pub struct OccasionText;

impl JsonSchema for OccasionText {
    fn schema_name() -> Cow<'static, str> {
        "Occasion".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(today|day:[0-9]{4}-[0-9]{2}-[0-9]{2}|event:[0-7][0-9A-HJKMNP-TV-Z]{25})$",
            "description": "What people check in to: today's attendance, that of a day, an event.",
            "examples": ["today", "day:2026-11-21"],
        })
    }
}

macro_rules! word_forms {
    ($($(#[$doc:meta])* $form:ident of $words:ty as $name:literal;)*) => {$(
        $(#[$doc])*
        pub struct $form;

        impl JsonSchema for $form {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<&str> = <$words>::ALL.iter().map(|w| w.code()).collect();
                json_schema!({"type": "string", "enum": words})
            }
        }
    )*};
}

word_forms! {
    /// The form of a role.
    RoleText of Role as "Role";
    /// The form of what a device may do.
    DeviceAccessText of DeviceAccess as "DeviceAccess";
    /// The form of a device's kind.
    DeviceKindText of DeviceKind as "DeviceKind";
    /// The form of a direction.
    DirectionText of Direction as "Direction";
    /// The form of what is known of a living person.
    LivenessText of Liveness as "Liveness";
    /// The form of the means of a check-in.
    MeansText of Means as "Means";
    /// The form of whether the box decided or was told.
    ModeText of Mode as "Mode";
    /// The form of a decision's reason.
    ReasonText of Reason as "Reason";
    /// The form of how an arrival stands.
    StandingText of Standing as "Standing";
    /// The form of a reason for undoing.
    UndoReasonText of UndoReason as "UndoReason";
    /// The form of a verdict.
    VerdictText of Verdict as "Verdict";
    /// The form of who gave a consent.
    ConsentGiverText of ConsentGiver as "ConsentGiver";
    /// The form of how a consent was given.
    ConsentMeansText of ConsentMeans as "ConsentMeans";
    /// The form of what a consent is for.
    ConsentPurposeText of ConsentPurpose as "ConsentPurpose";
    /// The form of a person's state.
    PersonStateText of PersonState as "PersonState";
    /// The form of what a key is for.
    ScopeText of Scope as "Scope";
    /// The form of a piece of news.
    NoticeText of Notice as "EventWord";
    /// The form of what somebody asks for about their data.
    ClaimKindText of ClaimKind as "ClaimKind";
    /// The form of how it stands.
    ClaimStateText of ClaimState as "ClaimState";
    /// The form of a language.
    LanguageText of Language as "Language";
    /// The form of what a site is.
    SiteKindText of SiteKind as "SiteKind";
    /// The form of how visitors are addressed.
    AddressText of Address as "Address";
    /// The form of whether a living person must be shown.
    LivenessPolicyText of LivenessPolicy as "LivenessPolicy";
    /// The form of who keeps a session.
    SessionKindText of SessionKind as "SessionKind";
    /// The form of whether staff must have a second factor.
    SecondFactorText of SecondFactor as "SecondFactorRule";
    /// The form of what a capacity limits.
    CapacityOfText of CapacityOf as "CapacityOf";
    /// The form of how often a ticket lets in.
    EntryRuleText of EntryRule as "EntryRule";
    /// The form of an event's state.
    EventStateText of EventState as "EventState";
    /// The form of a ticket's state.
    TicketStateText of TicketState as "TicketState";
}

/// Reads a text of the field `field`.
///
/// # Errors
/// 422, naming the field.
pub fn parse<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|e: T::Err| {
        Problem::field(field, format!("The field {field} cannot be this: {e}."))
    })
}

/// Reads a text that may be missing.
///
/// # Errors
/// 422, naming the field.
pub fn parse_some<T: FromStr<Err: Display>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, Problem> {
    text.map(|t| parse(field, t)).transpose()
}

/// Reads a field that is there, be it null.
///
/// # Errors
/// Another type.
pub fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// The latest time that a client may name: the end of the year 9999.
pub const TIME_MS_MAX: i64 = 253_402_300_799_999;

/// Reads a time in milliseconds since 1970.
///
/// # Errors
/// 422, naming the field.
pub fn time(field: &str, ms: i64) -> Result<Timestamp, Problem> {
    if (0..=TIME_MS_MAX).contains(&ms) {
        return Ok(Timestamp::from_millis(ms));
    }
    let message = format!("The field {field} is milliseconds since 1970, from 0 to {TIME_MS_MAX}.");
    Err(Problem::field(field, message))
}

/// Reads a time that may be missing.
///
/// # Errors
/// 422, naming the field.
pub fn time_some(field: &str, ms: Option<i64>) -> Result<Option<Timestamp>, Problem> {
    ms.map(|ms| time(field, ms)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Email;

    #[test]
    fn a_refused_text_names_its_field() {
        let problem = parse::<Email>("email", "nobody").expect_err("no address");
        assert_eq!(problem.field.as_deref(), Some("email"));
        assert_eq!(problem.code, "unprocessable");
        assert_eq!(parse_some::<Email>("email", None), Ok(None));
    }

    #[test]
    fn times_have_bounds() {
        assert!(time("at_ms", 0).is_ok() && time("at_ms", TIME_MS_MAX).is_ok());
        for ms in [-1, TIME_MS_MAX + 1, i64::MIN, i64::MAX] {
            let problem = time("at_ms", ms).expect_err("out of bounds");
            assert_eq!(problem.field.as_deref(), Some("at_ms"), "{ms}");
        }
        assert_eq!(time_some("at_ms", None), Ok(None));
    }
}
