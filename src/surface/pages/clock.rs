//! Times and amounts as pages show them, and the clock beside that of the browser.

use crate::base::time::{Timestamp, Zone};
use crate::domain::rule::Language;
use crate::surface::pages::words::setup as words;
use maud::{Markup, html};

/// Zones that are proposed; any name of the time-zone database is taken.
const ZONES: [&str; 8] = [
    "Asia/Jakarta",
    "Asia/Pontianak",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Dili",
    "UTC",
];

/// The proposals for a field of a zone: `list="zones"`.
#[must_use]
pub fn zones() -> Markup {
    html! { datalist id="zones" { @for zone in ZONES { option value=(zone) {} } } }
}

/// The box's clock, which ticks where scripts run and is then compared with the browser's.
#[must_use]
pub fn face(language: Language, zone: &Zone, now: Timestamp) -> Markup {
    html! {
        p {
            time.big-code data-now=(now.as_millis()) data-zone=(zone.name()) data-difference="difference" {
                (time(language, zone, now))
            }
            br;
            span.muted { (date(language, zone, now)) " · " (zone.name()) }
        }
        p.badge id="difference" hidden role="status" data-same=(words::CLOCK_SAME.of(language))
            data-other=(words::CLOCK_OTHER.of(language)) {}
    }
}

/// A time of day: `06.52` or `06:52`.
#[must_use]
pub fn time(language: Language, zone: &Zone, at: Timestamp) -> String {
    let text = zone.time_of_day(at).to_string();
    match language {
        Language::Id => text.replace(':', "."),
        Language::En => text,
    }
}

/// A date: `21 November 2026`.
#[must_use]
pub fn date(language: Language, zone: &Zone, at: Timestamp) -> String {
    let text = zone.day(at).to_string();
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let names = match language {
        Language::Id => [
            "Januari",
            "Februari",
            "Maret",
            "April",
            "Mei",
            "Juni",
            "Juli",
            "Agustus",
            "September",
            "Oktober",
            "November",
            "Desember",
        ],
        Language::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    };
    let month = month
        .and_then(|m| m.parse::<usize>().ok())
        .and_then(|m| names.get(m.checked_sub(1)?));
    match (year, month, day.map(|d| d.trim_start_matches('0'))) {
        (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
        (_, _, _) => text,
    }
}

/// Date and time in one.
#[must_use]
pub fn moment(language: Language, zone: &Zone, at: Timestamp) -> String {
    format!("{}, {}", date(language, zone, at), time(language, zone, at))
}

/// A number with thousands apart: `1.234` or `1,234`.
#[must_use]
pub fn number(n: u64, language: Language) -> String {
    let digits = n.to_string();
    let mark = match language {
        Language::Id => '.',
        Language::En => ',',
    };
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// An amount of bytes in gigabytes with one decimal: `12,3 GB` or `12.3 GB`.
#[must_use]
pub fn gigabytes(bytes: u64, language: Language) -> String {
    let tenths = bytes / 100_000_000;
    let mark = match language {
        Language::Id => ',',
        Language::En => '.',
    };
    format!("{}{mark}{} GB", number(tenths / 10, language), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_dates_and_numbers_are_those_of_the_language() {
        let zone = Zone::parse("Asia/Jakarta").expect("zone");
        let at = Timestamp::from_millis(1_795_218_720_000);
        let (id, en) = (Language::Id, Language::En);
        assert_eq!(moment(id, &zone, at), "21 November 2026, 06.52");
        assert_eq!(moment(en, &zone, at), "21 November 2026, 06:52");
        let may = Timestamp::from_millis(1_778_000_000_000);
        assert_eq!(date(id, &zone, may), "5 Mei 2026");
        assert_eq!(date(en, &zone, may), "5 May 2026");
        for (n, want) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.000"),
            (1_234_567, "1.234.567"),
        ] {
            assert_eq!(number(n, id), want);
            assert_eq!(number(n, en), want.replace('.', ","));
        }
        assert_eq!(gigabytes(12_345_000_000, id), "12,3 GB");
        assert_eq!(gigabytes(1_234_500_000_000, en), "1,234.5 GB");
    }
}
