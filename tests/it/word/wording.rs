//! What visitors read, in every case and both languages: whole sentences, the site's words and
//! times, no names but their own, nothing of the inside.

use hadir::base::id::{Id, PersonId};
use hadir::base::time::{ClockState, Timestamp, Zone};
use hadir::domain::checkin::decision::Arrival;
use hadir::domain::checkin::reason::{Direction, Liveness, Means, Mode, Reason, Standing, Verdict};
use hadir::domain::checkin::wording::{Address, Language, Sentence, Speaker, advisory, sentence};
use hadir::domain::checkin::{Decision, Occasion};
use hadir::domain::rule::Desk;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

/// 2026-11-21 06:52 in Jakarta.
const MORNING: Timestamp = Timestamp::from_millis(1_795_218_720_000);

fn id<T: Id>(number: u8) -> T {
    T::from_bytes([number; 16])
}

fn day() -> Occasion {
    Occasion::Daily("2026-11-21".parse().expect("a day"))
}

fn decision(verdict: Verdict, reason: Option<Reason>) -> Decision {
    Decision {
        nonce: id(1),
        box_id: id(2),
        sequence: Some(7),
        occasion: Occasion::Event(id(3)),
        device: Some(id(4)),
        means: Means::Face,
        direction: Direction::Entry,
        mode: Mode::Online,
        verdict,
        reason,
        detail: None,
        person: Some(id(5)),
        rival: Some(id(6)),
        ticket: Some(id(7)),
        at: MORNING,
        arrived: MORNING,
        clock: ClockState::Synced,
        first: Some(MORNING),
        first_by: Some(id(4)),
        opens: Some(MORNING),
        arrival: None,
        liveness: Some(Liveness::NotMeasured),
        cosine: Some(0.61),
        second: Some(0.44),
        threshold: Some(0.5),
        conflict: None,
    }
}

fn desk() -> Desk {
    Desk {
        id: "guru piket".to_owned(),
        en: "the duty teacher".to_owned(),
    }
}

fn say(language: Language, greeting: Option<&str>, decision: &Decision) -> Sentence {
    let zone = Zone::parse("Asia/Jakarta").expect("zone");
    let speaker = Speaker {
        language,
        desk: &desk(),
        address: Address::Kamu,
        zone: &zone,
        greeting,
    };
    sentence(&speaker, decision)
}

/// Everything that can be said, with the case that it is said in.
fn cases() -> Vec<(String, Decision)> {
    let mut all = Vec::new();
    for reason in Reason::ALL {
        for verdict in Verdict::ALL.iter().filter(|v| **v != Verdict::Admitted) {
            for occasion in [Occasion::Event(id(3)), day()] {
                for moment in [None, Some(MORNING)] {
                    let case = Decision {
                        occasion,
                        opens: moment,
                        first: moment,
                        ..decision(*verdict, Some(*reason))
                    };
                    all.push((format!("{verdict} {reason} {occasion} {moment:?}"), case));
                }
            }
        }
    }
    for issue in [
        "small",
        "dark",
        "bright",
        "blurred",
        "turned_away",
        "tilted",
        "unsure",
        "",
    ] {
        let detail = Some(format!("{issue},small"));
        let case = decision(Verdict::Refused, Some(Reason::LowQuality));
        all.push((format!("picture {issue}"), Decision { detail, ..case }));
    }
    for direction in Direction::ALL {
        for arrival in arrivals() {
            let case = decision(Verdict::Admitted, None);
            let name = format!("admitted {direction} {arrival:?}");
            all.push((
                name,
                Decision {
                    direction: *direction,
                    arrival,
                    ..case
                },
            ));
        }
    }
    all
}

fn arrivals() -> Vec<Option<Arrival>> {
    let mut all = vec![None];
    for standing in Standing::ALL {
        for late_minutes in [0, 1, 2, 600] {
            for provisional in [false, true] {
                let arrival = Arrival {
                    standing: *standing,
                    late_minutes,
                    provisional,
                };
                all.push(Some(arrival));
            }
        }
    }
    all
}

/// Both parts of what is said.
fn parts(said: &Sentence) -> Vec<&str> {
    std::iter::once(said.text.as_str())
        .chain(said.next_step.as_deref())
        .collect()
}

#[test]
fn everything_that_is_said_is_a_whole_short_sentence() {
    assert!(cases().len() > 350);
    for (name, case) in cases() {
        for language in Language::ALL {
            let said = say(*language, None, &case);
            for text in parts(&said) {
                assert!(text.ends_with('.'), "{name}: {text}");
                assert!(
                    text.chars()
                        .next()
                        .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()),
                    "{name}: {text}"
                );
                assert!(
                    !text.contains(['{', '}', '_', '<', '"', '\n']),
                    "{name}: {text}"
                );
                assert!(
                    !text.contains("  ") && !text.contains(" ."),
                    "{name}: {text}"
                );
                assert!(
                    text.chars().count() <= 80,
                    "{name}: too long for a screen: {text}"
                );
                assert!(
                    text.matches(". ").count() <= 1,
                    "{name}: more than two: {text}"
                );
            }
        }
    }
}

#[test]
fn the_two_languages_say_it_in_different_words() {
    for (name, case) in cases() {
        let (local, english) = (
            say(Language::Id, None, &case),
            say(Language::En, None, &case),
        );
        assert_ne!(local.text, english.text, "{name}");
        assert_eq!(
            local.next_step.is_some(),
            english.next_step.is_some(),
            "{name}"
        );
        if local.next_step.is_some() {
            assert_ne!(local.next_step, english.next_step, "{name}");
        }
    }
    for reason in Reason::ALL {
        let texts = Language::ALL.iter().map(|l| advisory(*l, *reason));
        let texts: Vec<&str> = texts.collect();
        assert_ne!(texts[0], texts[1], "{reason}");
        assert!(texts.iter().all(|t| t.ends_with('.')), "{reason}");
    }
}

#[test]
fn nothing_of_the_inside_is_said() {
    for (name, case) in cases() {
        for language in Language::ALL {
            let said = say(*language, None, &case);
            let all = parts(&said).join(" ");
            for secret in [id::<PersonId>(5), id(6), id(7), id(4), id(1)] {
                assert!(!all.contains(&secret.to_string()), "{name}: {all}");
            }
            for word in ["0.61", "0.44", "0.5", "cosine", "null"] {
                assert!(!all.contains(word), "{name}: {all}");
            }
            let codes = case
                .reason
                .map(Reason::code)
                .filter(|code| code.contains('_'));
            assert!(
                codes.is_none_or(|code| !all.contains(code)),
                "{name}: {all}"
            );
        }
    }
}

/// Only the one who is known and let in is greeted; who stands there refused is not named.
#[test]
fn a_name_is_said_in_greetings_only() {
    for (name, case) in cases() {
        for language in Language::ALL {
            let said = say(*language, Some("Sri Wahyuni"), &case);
            let all = parts(&said).join(" ");
            if case.verdict != Verdict::Admitted {
                assert!(!all.contains("Sri"), "{name}: {all}");
            }
            assert!(all.matches("Sri Wahyuni").count() <= 1, "{name}: {all}");
        }
    }
    let welcome = decision(Verdict::Admitted, None);
    assert_eq!(
        say(Language::Id, Some("Sri"), &welcome).text,
        "Selamat datang, Sri."
    );
    assert_eq!(
        say(Language::En, Some("Sri"), &welcome).text,
        "Welcome, Sri."
    );
}

#[test]
fn why_a_ticket_does_not_let_in_is_between_the_holder_and_the_desk() {
    for language in Language::ALL {
        let said = |reason| say(*language, None, &decision(Verdict::Refused, Some(reason)));
        let blocked = said(Reason::TicketBlocked);
        assert_eq!(said(Reason::TicketRevoked), blocked);
        assert_eq!(said(Reason::NotSettled), blocked);
        for word in ["blok", "block", "batal", "revoke", "bayar", "paid", "pay"] {
            let all = parts(&blocked).join(" ").to_lowercase();
            assert!(!all.contains(word), "{all}");
        }
    }
}

#[test]
fn unknown_and_ambiguous_faces_hear_the_same() {
    for language in Language::ALL {
        let unknown = decision(Verdict::Refused, Some(Reason::UnknownFace));
        let ambiguous = decision(Verdict::Ambiguous, Some(Reason::AmbiguousFace));
        assert_eq!(
            say(*language, None, &unknown),
            say(*language, None, &ambiguous)
        );
    }
}

#[test]
fn each_fault_of_a_picture_has_its_own_hint() {
    for language in Language::ALL {
        let mut hints = BTreeMap::new();
        for issue in [
            "small",
            "dark",
            "bright",
            "blurred",
            "unsure",
            "turned_away",
        ] {
            let case = Decision {
                detail: Some(format!("{issue},dark,small")),
                ..decision(Verdict::Refused, Some(Reason::LowQuality))
            };
            let text = say(*language, None, &case).text;
            assert!(!text.to_lowercase().contains("hijab") && !text.contains("jilbab"));
            assert_eq!(hints.insert(text, issue), None, "two faults have one hint");
        }
    }
}

#[test]
fn one_minute_is_one_and_two_are_several() {
    let late = |late_minutes| Decision {
        arrival: Some(Arrival {
            standing: Standing::Late,
            late_minutes,
            provisional: false,
        }),
        occasion: day(),
        ..decision(Verdict::Admitted, None)
    };
    assert_eq!(say(Language::En, None, &late(1)).text, "1 minute late.");
    assert_eq!(say(Language::En, None, &late(2)).text, "2 minutes late.");
    assert_eq!(say(Language::Id, None, &late(1)).text, "Terlambat 1 menit.");
    let step = say(Language::Id, None, &late(2)).next_step;
    assert_eq!(step.as_deref(), Some("Silakan lapor ke guru piket."));
}

proptest! {
    #[test]
    fn times_are_the_site_s_in_the_language_s_form(
        ms in 0..4_102_444_800_000i64,
        zone in select(vec!["UTC", "Asia/Jakarta", "Asia/Jayapura", "Asia/Kathmandu"]),
        daily: bool,
    ) {
        let at = Timestamp::from_millis(ms);
        let zone = Zone::parse(zone).expect("zone");
        let shown = zone.time_of_day(at).to_string();
        let already = Decision {
            occasion: if daily { day() } else { Occasion::Event(id(3)) },
            first: Some(at),
            ..decision(Verdict::Already, Some(Reason::AlreadyAdmitted))
        };
        let early = Decision {
            opens: Some(at),
            ..decision(Verdict::Refused, Some(Reason::NotYetValid))
        };
        let present = Decision {
            at,
            arrival: Some(Arrival { standing: Standing::Present, late_minutes: 0, provisional: false }),
            ..decision(Verdict::Admitted, None)
        };
        for case in [already, early, present] {
            let of = |language| {
                let desk = desk();
                let speaker = Speaker { language, desk: &desk, address: Address::Anda, zone: &zone, greeting: None };
                sentence(&speaker, &case).text
            };
            let local = of(Language::Id);
            let needle = format!("pukul {}.", shown.replace(':', "."));
            prop_assert!(local.ends_with(&needle), "{}", local);
            let needle = format!("at {shown}.");
            prop_assert!(of(Language::En).ends_with(&needle));
        }
    }

    /// A name is never taken for a form, whatever it is.
    #[test]
    fn a_name_is_said_as_it_is(name in "[a-zA-Z{}é.' ]{1,30}") {
        let welcome = decision(Verdict::Admitted, None);
        let said = say(Language::En, Some(&name), &welcome);
        prop_assert_eq!(said.text, format!("Welcome, {name}."));
    }

    #[test]
    fn the_desk_is_called_what_the_site_calls_it(local in "[a-z ]{3,20}", english in "[a-z ]{3,20}") {
        let desk = Desk { id: local.clone(), en: english.clone() };
        let zone = Zone::utc();
        let case = decision(Verdict::Refused, Some(Reason::UnknownTicket));
        let of = |language| {
            let speaker = Speaker { language, desk: &desk, address: Address::Anda, zone: &zone, greeting: None };
            sentence(&speaker, &case).next_step.expect("a step")
        };
        prop_assert_eq!(of(Language::Id), format!("Silakan ke {local}."));
        prop_assert_eq!(of(Language::En), format!("Please go to {english}."));
    }
}
