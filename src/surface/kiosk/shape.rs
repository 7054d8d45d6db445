//! The shapes of what screens are answered, for the document alone: the answers are put together
//! elsewhere, and the tests of the interface hold them to these.

use crate::base::id::{EventId, Nonce};
use crate::domain::checkin::reason::{Direction, Liveness, Reason, Verdict};
use crate::domain::rule::Language;
use crate::surface::api::shape::{
    DirectionText, IdText, LanguageText, LivenessText, ReasonText, VerdictText,
};
use schemars::JsonSchema;

/// How a screen is to be.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenState {
    /// Whether people are let in now.
    pub open: bool,
    /// From when on, as a time of day.
    pub opens: Option<String>,
    /// From when on, in milliseconds since 1970.
    pub opens_at_ms: Option<i64>,
    /// The event's name; null: the attendance of the day.
    pub occasion: Option<String>,
    /// Which way people pass it.
    #[schemars(with = "DirectionText")]
    pub direction: Direction,
    /// The language it begins in.
    #[schemars(with = "LanguageText")]
    pub language: Language,
    /// Whose camera sees the visitor: `box` or `browser`.
    pub camera: String,
    /// Whether faces are looked for.
    pub faces: bool,
    /// Whether it has called for help and nobody has come yet.
    pub help: bool,
    /// Diagonal of its screen, in inches.
    pub diagonal_inch: Option<f32>,
    /// Distance of the visitor to the screen, in centimetres.
    pub distance_cm: Option<u16>,
    /// The box's time, in milliseconds since 1970.
    pub now_ms: i64,
    /// The site's time zone.
    pub zone: String,
    /// The program's version; a page of another one loads itself anew.
    pub version: String,
    /// What the page's files are known by; a page of other ones loads itself anew.
    pub files: String,
}

/// A sentence and what to do now.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenText {
    /// What the visitor reads.
    pub sentence: String,
    /// What to do now; null: nothing.
    pub next_step: Option<String>,
}

/// The texts in both languages.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenTexts {
    /// In Indonesian.
    pub id: ScreenText,
    /// In English.
    pub en: ScreenText,
}

/// A decision as a screen shows it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenDecision {
    /// Names the decision for ever.
    #[schemars(with = "IdText")]
    pub nonce: Nonce,
    /// The picture to show: `admitted`, `present`, `late`, `exit`, `already_day`,
    /// `already_ticket`, `refused`, `attention`, `instruct`.
    pub show: String,
    /// How long it stands, in milliseconds.
    pub hold_ms: u32,
    /// What was decided.
    #[schemars(with = "VerdictText")]
    pub verdict: Verdict,
    /// Why; null: admitted.
    #[schemars(with = "Option<ReasonText>")]
    pub reason: Option<Reason>,
    /// Whether the last digits of the number are wanted now.
    pub second: bool,
    /// What is known of a living person having stood there.
    #[schemars(with = "Option<LivenessText>")]
    pub liveness: Option<Liveness>,
    /// When it happened, in milliseconds since 1970.
    pub at_ms: i64,
    /// The language that whoever was recognised has chosen; null: the screen keeps its own.
    #[schemars(with = "Option<LanguageText>")]
    pub language: Option<Language>,
    /// What the visitor reads.
    pub text: ScreenTexts,
}

/// What one picture showed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenLook {
    /// The picture was not looked at, because another one was; send the next.
    pub skipped: bool,
    /// What was seen, boxes in pixels of the picture; null: it was skipped.
    pub seen: Option<ScreenSeen>,
    /// What was decided by it.
    pub decisions: Vec<ScreenDecision>,
}

/// What is to be drawn.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenSeen {
    /// Width of the picture.
    pub width: u32,
    /// Height of the picture.
    pub height: u32,
    /// Each face: left, top, width, height.
    pub faces: Vec<[f32; 4]>,
    /// The best advice: `closer`, `back`, `look`, `dark`, `bright`, `still`, `uncover`,
    /// `one_by_one`.
    pub hint: Option<String>,
    /// The action that is asked for to show a living person.
    pub asked: Option<ScreenAsked>,
    /// Whether the face in it is decided about already.
    pub settled: bool,
    /// Whether faces are switched off.
    pub faces_off: bool,
}

/// An action that is asked for.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenAsked {
    /// Which.
    pub step: String,
    /// Milliseconds left for it.
    pub left_ms: i64,
    /// Which attempt, from 1.
    pub attempt: u32,
}

/// What staff may choose in the menu.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenMenu {
    /// The events that are open.
    pub events: Vec<ScreenEvent>,
    /// The event that is chosen; null: the attendance of the day.
    #[schemars(with = "Option<IdText>")]
    pub event: Option<EventId>,
    /// Which way people pass it.
    #[schemars(with = "DirectionText")]
    pub direction: Direction,
    /// Whether the event is that of the box's camera, which is not chosen here.
    pub fixed: bool,
    /// The addresses of the box for other devices.
    pub addresses: Vec<String>,
    /// The one for a phone as a QR code, a picture as `data:`; null if there is none.
    pub code: Option<String>,
}

/// An event to choose.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ScreenEvent {
    /// Which.
    #[schemars(with = "IdText")]
    pub id: EventId,
    /// Its name.
    pub name: String,
}
