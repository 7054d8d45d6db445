//! What is told about a decision once it is committed: to the screen at the door in both
//! languages and with one word of the visitor's own name, to the desk with the whole name.

use crate::base::id::DeviceId;
use crate::base::json::{Value, json};
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::reason::{Direction, Reason, Standing, Verdict, is_counted};
use crate::domain::checkin::request::Occasion;
use crate::domain::checkin::wording::{self, Language, Speaker};
use crate::domain::identity::name;
use crate::surface::core::Core;
use crate::surface::door::Sighting;
use crate::surface::door::view::{View, step_code};
use crate::surface::known::Known;
use crate::surface::live::Topic;

/// The picture a screen shows of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Let in to an event.
    Admitted,
    /// In time on a day of attendance.
    Present,
    /// Late on a day of attendance.
    Late,
    /// Let out.
    Exit,
    /// Recorded earlier on this day.
    AlreadyDay,
    /// A ticket that was used already.
    AlreadyTicket,
    /// Not let in.
    Refused,
    /// Staff have to decide.
    Attention,
    /// What to do better; nothing was decided.
    Instruct,
}

impl Show {
    /// All pictures.
    pub const ALL: [Self; 9] = [
        Self::Admitted,
        Self::Present,
        Self::Late,
        Self::Exit,
        Self::AlreadyDay,
        Self::AlreadyTicket,
        Self::Refused,
        Self::Attention,
        Self::Instruct,
    ];

    /// The picture for a decision.
    #[must_use]
    pub fn of(decision: &Decision) -> Self {
        if decision.reason.is_some_and(is_counted) {
            return Self::Instruct;
        }
        match (decision.verdict, decision.direction, decision.arrival) {
            (Verdict::Admitted, Direction::Exit, _) => Self::Exit,
            (Verdict::Admitted, Direction::Entry, Some(arrival)) => match arrival.standing {
                Standing::Present => Self::Present,
                Standing::Late => Self::Late,
            },
            (Verdict::Admitted, Direction::Entry, None) => Self::Admitted,
            (Verdict::Already, ..) => match decision.occasion {
                Occasion::Daily(_) => Self::AlreadyDay,
                Occasion::Event(_) => Self::AlreadyTicket,
            },
            (Verdict::Attention, ..) => Self::Attention,
            (Verdict::Refused | Verdict::Ambiguous, ..) => Self::Refused,
        }
    }

    /// A stable word for the page.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Present => "present",
            Self::Late => "late",
            Self::Exit => "exit",
            Self::AlreadyDay => "already_day",
            Self::AlreadyTicket => "already_ticket",
            Self::Refused => "refused",
            Self::Attention => "attention",
            Self::Instruct => "instruct",
        }
    }

    /// How long it stands, in milliseconds: a refusal must be read, a greeting must not hold
    /// up the queue.
    #[must_use]
    pub const fn hold_ms(self) -> u32 {
        match self {
            Self::Admitted | Self::Present | Self::Exit | Self::AlreadyDay | Self::Instruct => {
                3_000
            }
            Self::Late | Self::AlreadyTicket | Self::Refused | Self::Attention => 6_000,
        }
    }
}

/// A decision as a screen shows it: the picture, how long, the sentences in both languages.
/// The only name in it is the word to greet the visitor by.
#[must_use]
pub fn for_screen(core: &Core, decision: &Decision) -> Value {
    screen_row(core, decision, &Known::read(core, decision))
}

fn screen_row(core: &Core, decision: &Decision, known: &Known) -> Value {
    let show = Show::of(decision);
    let own = matches!(decision.verdict, Verdict::Admitted | Verdict::Already);
    let greeting = (known.name.as_deref().filter(|_| own)).map(name::greeting);
    let language = known.language.filter(|_| own);
    let site = core.site();
    let text = |language| {
        let speaker = Speaker {
            language,
            desk: &site.rules.desk,
            address: site.rules.address,
            zone: &site.zone,
            greeting,
        };
        let sentence = wording::sentence(&speaker, decision);
        json!({"sentence": sentence.text, "next_step": sentence.next_step})
    };
    json!({
        "nonce": decision.nonce.to_string(),
        "show": show.code(),
        "hold_ms": show.hold_ms(),
        "verdict": decision.verdict,
        "reason": decision.reason,
        "second": decision.reason == Some(Reason::SecondFactor),
        "liveness": decision.liveness,
        "at_ms": decision.at.as_millis(),
        "language": language,
        "text": {"id": text(Language::Id), "en": text(Language::En)},
    })
}

/// A decision as the desk's list shows it. Those who listen there may read names.
fn desk_row(decision: &Decision, known: &Known) -> Value {
    json!({
        "nonce": decision.nonce.to_string(),
        "sequence": decision.sequence,
        "device": decision.device.map(|d| d.to_string()),
        "occasion": decision.occasion.to_string(),
        "verdict": decision.verdict,
        "reason": decision.reason,
        "detail": decision.detail,
        "direction": decision.direction,
        "means": decision.means,
        "mode": decision.mode,
        "liveness": decision.liveness,
        "person": decision.person.map(|p| p.to_string()),
        "name": known.name,
        "at_ms": decision.at.as_millis(),
        "first_at_ms": decision.first.map(crate::base::time::Timestamp::as_millis),
        "late_minutes": decision.arrival.map(|a| a.late_minutes),
    })
}

/// Tells the desk and the device's screen about a committed decision. Gives what the screen
/// is told, for the answer to whoever asked. The desk hears nothing of mere instructions.
pub fn decided(core: &Core, decision: &Decision) -> Value {
    let known = Known::read(core, decision);
    let shown = screen_row(core, decision, &known);
    if let Some(device) = decision.device {
        core.live.tell(Topic::Screen(device), "decision", &shown);
    }
    tell_desk(core, decision, &known);
    shown
}

/// The same for whoever asked without a screen and with the person known already: where nobody
/// listens nothing is put together, and nothing is waited for.
pub fn announce(core: &Core, decision: &Decision, known: &Known) {
    let screen = decision.device.map(Topic::Screen);
    if let Some(topic) = screen.filter(|topic| core.live.listeners(*topic) > 0) {
        core.live
            .tell(topic, "decision", &screen_row(core, decision, known));
    }
    tell_desk(core, decision, known);
}

fn tell_desk(core: &Core, decision: &Decision, known: &Known) {
    if decision.sequence.is_some() && core.live.listeners(Topic::Desk) > 0 {
        let row = desk_row(decision, known);
        core.live.tell(Topic::Desk, "decision", &row);
    }
}

/// Tells the desk that a check-in was undone.
pub fn undone(core: &Core, decision: &Decision) {
    let told = json!({
        "nonce": decision.nonce.to_string(),
        "sequence": decision.sequence,
    });
    core.live.tell(Topic::Desk, "undo", &told);
}

/// What one picture showed, as the screen draws it; boxes in pixels of the picture.
#[must_use]
pub fn view(view: &View) -> Value {
    let asked = view.asked.map(|asked| {
        json!({
            "step": step_code(asked.step),
            "left_ms": asked.left_ms,
            "attempt": asked.attempt,
        })
    });
    json!({
        "width": view.width,
        "height": view.height,
        "faces": view.faces,
        "hint": view.hint.map(|h| h.code()),
        "asked": asked,
        "settled": view.settled,
        "faces_off": view.faces_off,
    })
}

/// Tells a screen what the box's own camera saw, and everybody what was decided.
pub fn seen(core: &Core, camera: DeviceId, sighting: &Sighting) {
    let topic = Topic::Screen(camera);
    if core.live.listeners(topic) > 0 {
        core.live.tell(topic, "seen", &view(&sighting.view));
    }
    for decision in &sighting.decisions {
        decided(core, decision);
    }
}
