//! What the visitor reads: one sentence and one next step for each verdict and reason, in
//! Indonesian and English. Never an accusation, never a name but the visitor's own, never why a
//! ticket was blocked. Times are "06.52" in Indonesian and "06:52" in English; the word for the
//! desk is the site's, and so is how visitors are addressed: `{you}` and `{your}` in an Indonesian
//! text become "Anda" and " Anda", or "Kamu" and "mu". Most sentences need neither.

use crate::base::time::{Timestamp, Zone};
use crate::domain::checkin::decision::{Arrival, Decision};
use crate::domain::checkin::reason::{Direction, Reason, Standing, Verdict};
use crate::domain::checkin::request::Occasion;
use crate::domain::rule::Desk;

pub use crate::domain::rule::{Address, Language};

/// What the visitor reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What is the case: at most two short sentences.
    pub text: String,
    /// What to do now; None: nothing.
    pub next_step: Option<String>,
}

/// In which words to speak.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// The language.
    pub language: Language,
    /// The site's word for the desk.
    pub desk: &'a Desk,
    /// How visitors are addressed.
    pub address: Address,
    /// The site's zone, for times.
    pub zone: &'a Zone,
    /// The name to greet with, if it is known and may be shown.
    pub greeting: Option<&'a str>,
}

/// The next steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Nothing,
    GoIn,
    Desk,
    Report,
    ShowCode,
    ShowCodeOrDesk,
    TryAgain,
    TypeOrDesk,
    CodeOrDigits,
    Wait,
}

/// A sentence in both languages.
type Pair = (&'static str, &'static str);

impl Speaker<'_> {
    fn pick(&self, (id, en): Pair) -> String {
        match self.language {
            Language::Id => addressed(id, self.address),
            Language::En => en.to_owned(),
        }
    }

    /// A time of day as the language writes it.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let text = self.zone.time_of_day(at).to_string();
        match self.language {
            Language::Id => text.replace(':', "."),
            Language::En => text,
        }
    }

    fn desk(&self) -> &str {
        match self.language {
            Language::Id => &self.desk.id,
            Language::En => &self.desk.en,
        }
    }

    fn step(&self, next: Next) -> Option<String> {
        let pair = match next {
            Next::Nothing => return None,
            Next::GoIn => ("Silakan masuk.", "Please go in."),
            Next::Desk => ("Silakan ke {desk}.", "Please go to {desk}."),
            Next::Report => ("Silakan lapor ke {desk}.", "Please see {desk}."),
            Next::ShowCode => ("Atau tunjukkan kode QR.", "Or show your QR code."),
            Next::ShowCodeOrDesk => (
                "Tunjukkan kode QR atau silakan ke {desk}.",
                "Show your QR code or go to {desk}.",
            ),
            Next::TryAgain => ("Coba sekali lagi, ya.", "Please try once more."),
            Next::TypeOrDesk => (
                "Ketik nomor induk atau silakan ke {desk}.",
                "Type your number or go to {desk}.",
            ),
            Next::CodeOrDigits => (
                "Tunjukkan kode QR atau ketik empat angka terakhir nomor induk.",
                "Show your QR code or type the last four digits of your number.",
            ),
            Next::Wait => (
                "Mohon tunggu sebentar, lalu coba lagi.",
                "Please wait a moment, then try again.",
            ),
        };
        Some(self.pick(pair).replace("{desk}", self.desk()))
    }

    fn say(&self, text: impl Into<String>, next: Next) -> Sentence {
        Sentence {
            text: text.into(),
            next_step: self.step(next),
        }
    }

    fn say_at(&self, pair: Pair, at: Timestamp, next: Next) -> Sentence {
        self.say(self.pick(pair).replace("{time}", &self.time(at)), next)
    }

    fn greet(&self, pair: Pair, next: Next) -> Sentence {
        let name = self
            .greeting
            .map(|name| format!(", {name}"))
            .unwrap_or_default();
        self.say(format!("{}{name}.", self.pick(pair)), next)
    }
}

/// A text of the catalogue with how visitors are addressed put in.
#[must_use]
pub fn addressed(text: &str, address: Address) -> String {
    let (you, your) = match address {
        Address::Anda => ("Anda", " Anda"),
        Address::Kamu => ("Kamu", "mu"),
    };
    text.replace("{you}", you).replace("{your}", your)
}

/// What the visitor reads about a decision.
#[must_use]
pub fn sentence(speaker: &Speaker<'_>, decision: &Decision) -> Sentence {
    match (decision.verdict, decision.reason) {
        (Verdict::Admitted, _) | (_, None) => admitted(speaker, decision),
        (_, Some(Reason::AlreadyAdmitted)) => already(speaker, decision),
        (_, Some(Reason::NotYetValid)) => match decision.opens {
            Some(at) => speaker.say_at(
                ("Presensi dibuka pukul {time}.", "Check-in opens at {time}."),
                at,
                Next::Nothing,
            ),
            None => speaker.say(
                speaker.pick(("Presensi belum dibuka.", "Check-in is not open yet.")),
                Next::Nothing,
            ),
        },
        (_, Some(Reason::LowQuality)) => {
            let worst = decision.detail.as_deref().and_then(|d| d.split(',').next());
            speaker.say(speaker.pick(hint(worst.unwrap_or_default())), Next::Nothing)
        }
        (_, Some(reason)) => {
            let (pair, next) = plain(reason);
            speaker.say(speaker.pick(pair), next)
        }
    }
}

fn admitted(speaker: &Speaker<'_>, decision: &Decision) -> Sentence {
    if decision.direction == Direction::Exit {
        return speaker.greet(("Sampai jumpa", "Goodbye"), Next::Nothing);
    }
    match decision.arrival {
        None => speaker.greet(("Selamat datang", "Welcome"), Next::GoIn),
        Some(Arrival {
            standing: Standing::Present,
            ..
        }) => speaker.say_at(
            ("Hadir pukul {time}.", "Present at {time}."),
            decision.at,
            Next::Nothing,
        ),
        Some(Arrival {
            standing: Standing::Late,
            late_minutes,
            ..
        }) => {
            let minutes = late_minutes.to_string();
            let pair = match late_minutes {
                1 => ("Terlambat {n} menit.", "{n} minute late."),
                _ => ("Terlambat {n} menit.", "{n} minutes late."),
            };
            speaker.say(speaker.pick(pair).replace("{n}", &minutes), Next::Report)
        }
    }
}

fn already(speaker: &Speaker<'_>, decision: &Decision) -> Sentence {
    let at = decision.first.unwrap_or(decision.at);
    match decision.occasion {
        Occasion::Daily(_) => speaker.say_at(
            (
                "Sudah tercatat pukul {time}.",
                "Already recorded at {time}.",
            ),
            at,
            Next::GoIn,
        ),
        Occasion::Event(_) => speaker.say_at(
            (
                "Tiket ini sudah dipakai pukul {time}.",
                "This ticket was used at {time}.",
            ),
            at,
            Next::Desk,
        ),
    }
}

/// What to do about the worst fault of a picture. Nobody is asked to take off a headscarf.
fn hint(issue: &str) -> Pair {
    match issue {
        "small" => ("Silakan mendekat.", "Please come closer."),
        "dark" => (
            "Wajah kurang terang, geser sedikit.",
            "Too dark here, please move a little.",
        ),
        "bright" => (
            "Terlalu terang, geser sedikit.",
            "Too bright here, please move a little.",
        ),
        "blurred" => ("Diam sebentar, ya.", "Hold still, please."),
        "unsure" => (
            "Mohon lepas masker atau kacamata hitam.",
            "Please take off your mask or sunglasses.",
        ),
        _ => LOOK_HERE,
    }
}

const NOT_KNOWN: Pair = ("Wajah belum dikenali.", "We don't recognise you yet.");
const NOT_REGISTERED: Pair = (
    "Wajah belum didaftarkan.",
    "Your face is not registered yet.",
);
const STAND_HERE: Pair = (
    "Silakan berdiri di depan kamera.",
    "Please stand in front of the camera.",
);
const ONE_BY_ONE: Pair = ("Satu per satu, ya.", "One person at a time, please.");
const LOOK_HERE: Pair = ("Lihat ke kamera.", "Look at the camera.");
const NOT_DONE: Pair = ("Belum berhasil.", "That did not work.");
const NO_CAMERA: Pair = ("Kamera sedang bermasalah.", "The camera is not working.");
const ONE_MORE: Pair = ("Satu langkah lagi.", "One more step.");
const NO_CODE: Pair = ("Kode ini tidak terdaftar.", "This code is not known.");
const NOT_USABLE: Pair = (
    "Tiket ini tidak dapat dipakai di sini.",
    "This ticket cannot be used here.",
);
const OTHER_EVENT: Pair = (
    "Tiket ini untuk acara lain.",
    "This ticket is for another event.",
);
const NOT_OPEN_YET: Pair = ("Presensi belum dibuka.", "Check-in is not open yet.");
const TOO_LATE: Pair = ("Waktunya sudah lewat.", "The time for this is over.");
const NOT_OPEN: Pair = ("Acara ini tidak dibuka.", "This event is not open.");
const FULL: Pair = ("Ruangan sudah penuh.", "The room is full.");
const NOT_HERE: Pair = ("{you} belum dapat masuk di sini.", "You cannot go in here.");
const INCOMPLETE: Pair = (
    "Data{your} belum lengkap.",
    "Some of your details are still missing.",
);
const TOO_MANY: Pair = ("Terlalu banyak percobaan.", "Too many tries.");
const RECORDED: Pair = ("Sudah tercatat.", "Already recorded.");
const PROVISIONAL: Pair = (
    "Jam belum disetel; waktu ini sementara.",
    "The clock is not set; this time is provisional.",
);

/// Reasons whose sentence needs no facts.
const fn plain(reason: Reason) -> (Pair, Next) {
    match reason {
        Reason::UnknownFace | Reason::AmbiguousFace => (NOT_KNOWN, Next::ShowCodeOrDesk),
        Reason::NotEnrolled => (NOT_REGISTERED, Next::ShowCodeOrDesk),
        Reason::NoFace => (STAND_HERE, Next::ShowCode),
        Reason::ManyFaces => (ONE_BY_ONE, Next::Nothing),
        Reason::LowQuality => (LOOK_HERE, Next::Nothing),
        Reason::LivenessFailed | Reason::LivenessUnavailable => (NOT_DONE, Next::TryAgain),
        Reason::FaceEngineError => (NO_CAMERA, Next::TypeOrDesk),
        Reason::SecondFactor => (ONE_MORE, Next::CodeOrDigits),
        Reason::UnknownTicket => (NO_CODE, Next::Desk),
        Reason::TicketRevoked | Reason::TicketBlocked | Reason::NotSettled => {
            (NOT_USABLE, Next::Desk)
        }
        Reason::WrongEvent => (OTHER_EVENT, Next::Desk),
        Reason::NotYetValid => (NOT_OPEN_YET, Next::Nothing),
        Reason::Expired => (TOO_LATE, Next::Desk),
        Reason::EventClosed => (NOT_OPEN, Next::Desk),
        Reason::CapacityReached => (FULL, Next::Desk),
        Reason::NotPermitted => (NOT_HERE, Next::Desk),
        Reason::AnswersMissing => (INCOMPLETE, Next::Desk),
        Reason::AlreadyAdmitted => (RECORDED, Next::Nothing),
        Reason::ClockUnsynced => (PROVISIONAL, Next::Nothing),
        Reason::RateLimited => (TOO_MANY, Next::Wait),
    }
}

/// What staff read about an advisory reason; visitors read nothing of it.
#[must_use]
pub const fn advisory(language: Language, reason: Reason) -> &'static str {
    let (pair, _) = plain(reason);
    match language {
        Language::Id => pair.0,
        Language::En => pair.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_two_different_sentences() {
        for reason in Reason::ALL {
            let ((id, en), _) = plain(*reason);
            assert!(
                id != en && id.ends_with('.') && en.ends_with('.'),
                "{reason}"
            );
        }
    }

    #[test]
    fn times_and_the_desk_are_the_site_s() {
        let desk = Desk {
            id: "guru piket".to_owned(),
            en: "the duty teacher".to_owned(),
        };
        let zone = Zone::utc();
        let speaker = |language| Speaker {
            language,
            desk: &desk,
            address: Address::Anda,
            zone: &zone,
            greeting: None,
        };
        let at = Timestamp::from_millis(((6 * 60) + 52) * 60_000);
        assert_eq!(speaker(Language::Id).time(at), "06.52");
        assert_eq!(speaker(Language::En).time(at), "06:52");
        let step = speaker(Language::Id).step(Next::Desk);
        assert_eq!(step.as_deref(), Some("Silakan ke guru piket."));
        let step = speaker(Language::En).step(Next::ShowCodeOrDesk);
        assert_eq!(
            step.as_deref(),
            Some("Show your QR code or go to the duty teacher.")
        );
    }

    #[test]
    fn guests_and_pupils_are_addressed_as_the_site_wishes() {
        let say = |text: &str, address| addressed(text, address);
        let own = "Data{your} belum lengkap.";
        assert_eq!(say(own, Address::Anda), "Data Anda belum lengkap.");
        assert_eq!(say(own, Address::Kamu), "Datamu belum lengkap.");
        let begins = "{you} belum dapat masuk di sini.";
        assert_eq!(
            say(begins, Address::Kamu),
            "Kamu belum dapat masuk di sini."
        );
        // Staff read advisories without it.
        for reason in Reason::ALL {
            let (_, en) = plain(*reason).0;
            assert!(!en.contains('{'), "{reason}");
        }
        assert!(!advisory(Language::Id, Reason::ClockUnsynced).contains('{'));
    }

    #[test]
    fn a_greeting_without_a_name_is_whole() {
        let (desk, zone) = (Desk::default(), Zone::utc());
        let speaker = Speaker {
            language: Language::En,
            desk: &desk,
            address: Address::Anda,
            zone: &zone,
            greeting: None,
        };
        assert_eq!(
            speaker
                .greet(("Selamat datang", "Welcome"), Next::GoIn)
                .text,
            "Welcome."
        );
    }
}
