//! What there is to know of this box: its version and age, its addresses and certificate, and
//! what the configuration settled, which no page can change.

use crate::base::time::{LocalDay, TimeOfDay, Timestamp, Zone};
use crate::domain::checkin::threshold;
use crate::domain::rule::{FacePolicy, Language};
use crate::host::memory;
use crate::http::request::Peer;
use crate::surface::native::Native;
use crate::surface::pages::clock;
use crate::surface::pages::layout::Frame;
use crate::surface::pages::words::{Words, status as words};
use crate::surface::qr;
use crate::surface::started::for_phones;
use maud::{Markup, html};

/// The day on which this version was released; the changelog has the same.
pub const RELEASED: &str = "2026-11-21";

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

const fn connection(peer: Peer) -> Words {
    match (peer.secure, peer.loopback) {
        (true, _) => words::CONNECTION_TLS,
        (false, true) => words::CONNECTION_LOCAL,
        (false, false) => words::CONNECTION_PLAIN,
    }
}

fn pairs(language: Language, id: &str, title: Words, pairs: &[(Words, String)]) -> Markup {
    html! {
        section.card aria-labelledby=(id) {
            h2 id=(id) { (title.of(language)) }
            dl.pairs { @for (name, value) in pairs { dt { (name.of(language)) } dd { (value) } } }
        }
    }
}

/// Days since the release, as the box's clock has it; 0 before it.
fn age_days(now: Timestamp) -> i64 {
    let day: Option<LocalDay> = RELEASED.parse().ok();
    let start = day.map(|day| Zone::utc().instant(day, TimeOfDay::MIDNIGHT));
    start.map_or(0, |start| {
        now.since(start).as_millis().div_euclid(DAY_MS).max(0)
    })
}

/// The threshold for this many people, and why it is that one.
fn threshold_in_force(language: Language, people: usize, policy: &FacePolicy) -> String {
    let found = threshold::threshold(people, policy);
    let cosine = format!("{:.2}", found.cosine);
    let cosine = match language {
        Language::Id => cosine.replace('.', ","),
        Language::En => cosine,
    };
    let people = clock::number(people as u64, language);
    let why = match (policy.threshold, found.decides) {
        (Some(_), _) => words::THRESHOLD_SET,
        (None, true) => words::THRESHOLD_TABLE,
        (None, false) => words::THRESHOLD_PROPOSES,
    };
    why.fill(language, &[&cosine, &people])
}

/// The box itself.
pub(super) fn here(native: &Native, frame: &Frame, peer: Peer) -> Markup {
    let (language, core) = (frame.language, &native.core);
    let site = core.site();
    let people = core.directory.get(&core.store, &site);
    let people = people.map_or(0, |names| names.len());
    let memory =
        memory::peak_kib().map(|kib| format!("{} MB", clock::number(kib / 1024, language)));
    let age = age_days(core.clock.stamp().at).to_string();
    let version = words::VERSION_AGE.fill(language, &[env!("CARGO_PKG_VERSION"), &age]);
    let all = [
        (words::VERSION, version),
        (words::BOX, site.box_id.to_string()),
        (words::ADDRESS, peer.address.to_string()),
        (words::CONNECTION, connection(peer).of(language).to_owned()),
        (words::MEMORY, memory.unwrap_or_default()),
        (
            words::THRESHOLD,
            threshold_in_force(language, people, &site.rules.face),
        ),
    ];
    html! {
        (pairs(language, "about", words::ABOUT, &all))
        p.muted.small { (words::UPDATE.of(language)) " " code { "apt list --upgradable" } }
    }
}

/// How other devices come here.
pub(super) fn ways(native: &Native, frame: &Frame) -> Markup {
    let language = frame.language;
    let addresses = native.addresses();
    let ends = native.trust.as_ref().and_then(|trust| trust.shown().1);
    let zone = &native.core.site().zone;
    html! {
        section.card aria-labelledby="ways" {
            h2 id="ways" { (words::WAYS.of(language)) }
            @if addresses.is_empty() {
                p { (words::WAYS_NONE.of(language)) }
            } @else {
                ul { @for address in &addresses { li { code { (address) } } } }
                (called(native, language))
                @if let Some(address) = for_phones(&addresses) {
                    div.qr { (qr::svg(address, words::WAYS_QR.of(language))) }
                }
            }
            @if let Some(ends) = ends {
                p { (words::CERTIFICATE_ENDS.fill(language, &[&clock::date(language, zone, ends)])) }
            } @else {
                p.muted { (words::CERTIFICATE_NONE.of(language)) }
            }
        }
    }
}

/// The name on the network; nothing while it is asked whether somebody else has it.
fn called(native: &Native, language: Language) -> Markup {
    let told = match &native.local {
        None => Some(words::NAME_OFF.of(language).to_owned()),
        Some(local) => (local.told())
            .map(|name| words::NAME_TOLD.fill(language, &[&name]))
            .or_else(|| {
                local
                    .silent()
                    .map(|_| words::NAME_SILENT.of(language).to_owned())
            }),
    };
    html! { @if let Some(told) = told { p { (told) } } }
}

/// What the configuration settled.
pub(super) fn settled(native: &Native, frame: &Frame) -> Markup {
    let (language, core) = (frame.language, &native.core);
    let started = &native.started;
    let day = core.site().rules.day;
    let file = started.file.as_ref();
    let file = file.map_or_else(
        || words::FILE_NONE.of(language).to_owned(),
        |file| file.display().to_string(),
    );
    let doors: Vec<String> = (started.doors.iter())
        .map(|door| door.address.to_string())
        .collect();
    let cameras: Vec<String> = core.camera_states().into_iter().map(|(n, _)| n).collect();
    let times = [day.start, day.late_after].map(|time| {
        let text = time.to_string();
        match language {
            Language::Id => text.replace(':', "."),
            Language::En => text,
        }
    });
    let or_none = |all: &[String]| match all.is_empty() {
        true => "–".to_owned(),
        false => all.join(", "),
    };
    let all = [
        (words::FILE, file),
        (words::VARIABLES, or_none(&started.variables)),
        (words::DATA_DIR, core.store.dir().display().to_string()),
        (words::KEY_PLACE, core.master.to_string()),
        (words::LISTENERS, or_none(&doors)),
        (words::CAMERAS, or_none(&cameras)),
        (
            words::DAY,
            words::DAY_TIMES.fill(language, &[&times[0], &times[1]]),
        ),
    ];
    html! {
        (pairs(language, "settled", words::SETTLED, &all))
        p.muted.small { (words::SETTLED_MORE.of(language)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    #[test]
    fn how_the_reader_is_connected() {
        let peer = |secure, loopback| Peer {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            loopback,
            secure,
        };
        assert_eq!(connection(peer(true, false)), words::CONNECTION_TLS);
        assert_eq!(connection(peer(false, true)), words::CONNECTION_LOCAL);
        assert_eq!(connection(peer(false, false)), words::CONNECTION_PLAIN);
    }

    #[test]
    fn the_age_is_counted_from_the_day_of_the_release() {
        let released = 1_795_219_200_000;
        for (ms, want) in [
            (0, 0),
            (released, 0),
            (released + DAY_MS - 1, 0),
            (released + DAY_MS, 1),
            (released + 214 * DAY_MS, 214),
        ] {
            assert_eq!(age_days(Timestamp::from_millis(ms)), want, "{ms}");
        }
    }

    #[test]
    fn the_threshold_is_told_with_its_reason() {
        let table = FacePolicy::default();
        let set = FacePolicy {
            threshold: Some(0.6),
            ..table
        };
        for (people, policy, language, want) in [
            (10, &table, Language::Id, "0,45: cukup untuk 10 orang"),
            (100, &table, Language::En, "0.50: enough for 100 people"),
            (9000, &table, Language::Id, "9.000 orang"),
            (10, &set, Language::En, "0.60: set in the configuration"),
        ] {
            let got = threshold_in_force(language, people, policy);
            assert!(got.contains(want), "{got}");
        }
    }
}
