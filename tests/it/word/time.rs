//! Instants, days and times of day, in zones that move their clocks in every way there is.

use hadir::base::time::{LocalDay, Span, TimeError, TimeOfDay, Timestamp, Zone};
use proptest::prelude::*;
use proptest::sample::select;

/// Zones with and without summer time, with odd offsets, on both sides of the date line.
const ZONES: [&str; 10] = [
    "UTC",
    "Asia/Jakarta",
    "Asia/Makassar",
    "Asia/Jayapura",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/Halifax",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
];

/// 1990 to 2100.
const RANGE: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect(name)
}

fn day(text: &str) -> LocalDay {
    text.parse().expect(text)
}

fn time(text: &str) -> TimeOfDay {
    text.parse().expect(text)
}

#[test]
fn the_clock_s_changes_are_those_of_the_zone() {
    // Zone, what the clock shows, the instant, what the clock shows at that instant.
    let table = [
        (
            "Asia/Jakarta",
            "2026-11-21 06:52",
            "2026-11-20T23:52:00.000Z",
            "2026-11-21 06:52",
        ),
        (
            "Asia/Jayapura",
            "2026-01-01 00:00",
            "2025-12-31T15:00:00.000Z",
            "2026-01-01 00:00",
        ),
        (
            "Asia/Kathmandu",
            "2026-01-01 00:00",
            "2025-12-31T18:15:00.000Z",
            "2026-01-01 00:00",
        ),
        // 02:30 does not exist: the clock goes from 02:00 to 03:00.
        (
            "Europe/Berlin",
            "2026-03-29 02:30",
            "2026-03-29T01:30:00.000Z",
            "2026-03-29 03:30",
        ),
        (
            "Europe/Berlin",
            "2026-03-29 01:59",
            "2026-03-29T00:59:00.000Z",
            "2026-03-29 01:59",
        ),
        (
            "Europe/Berlin",
            "2026-03-29 03:00",
            "2026-03-29T01:00:00.000Z",
            "2026-03-29 03:00",
        ),
        // 02:30 comes twice: the first is meant.
        (
            "Europe/Berlin",
            "2026-10-25 02:30",
            "2026-10-25T00:30:00.000Z",
            "2026-10-25 02:30",
        ),
        (
            "Europe/Berlin",
            "2026-10-25 03:00",
            "2026-10-25T02:00:00.000Z",
            "2026-10-25 03:00",
        ),
        // Half an hour of summer time.
        (
            "Australia/Lord_Howe",
            "2026-10-04 02:15",
            "2026-10-03T15:45:00.000Z",
            "2026-10-04 02:45",
        ),
        // A whole day that does not exist.
        (
            "Pacific/Apia",
            "2011-12-30 12:00",
            "2011-12-30T22:00:00.000Z",
            "2011-12-31 12:00",
        ),
        (
            "America/New_York",
            "2026-03-08 02:00",
            "2026-03-08T07:00:00.000Z",
            "2026-03-08 03:00",
        ),
    ];
    for (name, clock, instant, shown) in table {
        let zone = zone(name);
        let (on, at) = clock.split_once(' ').expect("a day and a time");
        let got = zone.instant(day(on), time(at));
        assert_eq!(got.to_string(), instant, "{name} {clock}");
        let now = format!("{} {}", zone.day(got), zone.time_of_day(got));
        assert_eq!(now, shown, "{name} {clock}");
    }
}

#[test]
fn the_clock_shows_an_ambiguous_hour_twice() {
    let zone = zone("Europe/Berlin");
    let first = zone.instant(day("2026-10-25"), time("02:30"));
    let second = first.plus(Span::from_seconds(3600));
    assert_eq!(zone.time_of_day(first), zone.time_of_day(second));
    assert_eq!(zone.day(first), zone.day(second));
}

proptest! {
    #[test]
    fn what_the_clock_shows_leads_back_to_what_it_shows(
        ms in RANGE, name in select(&ZONES[..]),
    ) {
        let zone = zone(name);
        let at = Timestamp::from_millis(ms);
        let (on, shown) = (zone.day(at), zone.time_of_day(at));
        let back = zone.instant(on, shown);
        prop_assert_eq!((zone.day(back), zone.time_of_day(back)), (on, shown));
        // The same minute, or the first of two that look the same.
        let apart = at.since(back).as_millis();
        prop_assert!((0..MINUTE_MS + 2 * 60 * MINUTE_MS).contains(&apart), "{} ms", apart);
        prop_assert!(!(MINUTE_MS..29 * MINUTE_MS).contains(&apart), "{} ms", apart);
    }

    #[test]
    fn a_time_of_a_day_is_found_on_that_day_or_moved_forward(
        offset in 0..40_000i64, minutes in 0..1440u16, name in select(&ZONES[..]),
    ) {
        let zone = zone(name);
        let on = Zone::utc().day(Timestamp::from_millis(RANGE.start + offset * DAY_MS));
        let wanted = TimeOfDay::from_minutes(minutes).expect("a time");
        let at = zone.instant(on, wanted);
        let (shown_on, shown) = (zone.day(at), zone.time_of_day(at));
        let moved = i32::from(shown.minutes()) - i32::from(minutes);
        prop_assert_eq!(shown_on, on);
        prop_assert!(moved == 0 || moved == 30 || moved == 60, "{} minutes", moved);
    }

    #[test]
    fn a_text_that_is_a_day_is_written_as_it_was_read(text in "[-+0-9TWZ:/]{8,11}") {
        if let Ok(on) = text.parse::<LocalDay>() {
            prop_assert_eq!(on.to_string(), text);
        }
    }

}

#[test]
fn every_minute_of_a_day_is_read_in_both_forms() {
    for minutes in 0..1440u16 {
        let at = TimeOfDay::from_minutes(minutes).expect("a time");
        let text = at.to_string();
        assert_eq!(text, format!("{:02}:{:02}", minutes / 60, minutes % 60));
        assert_eq!(text.parse(), Ok(at));
        assert_eq!(text.replace(':', ".").parse(), Ok(at));
        assert_eq!(at.minutes(), minutes);
    }
    for minutes in [1440, 1441, u16::MAX] {
        assert_eq!(TimeOfDay::from_minutes(minutes), None);
    }
}

#[test]
fn every_day_of_four_years_is_read_as_it_is_written() {
    let start = Timestamp::from_millis(1_704_067_200_000); // 2024-01-01
    let mut before = None;
    for number in 0..1461 {
        let on = Zone::utc().day(start.plus(Span::from_millis(number * DAY_MS)));
        assert_eq!(on.to_string().parse(), Ok(on));
        assert!(before < Some(on));
        before = Some(on);
    }
    assert_eq!(before, Some(day("2027-12-31")));
}

#[test]
fn what_is_no_day_is_refused() {
    let table = [
        "2026-02-29",
        "2026-00-01",
        "2026-01-00",
        "2026-04-31",
        "2026-1-01 ",
        " 2026-1-01",
        "2026/11/21",
        "21-11-2026",
        "2026-W47-6",
        "20261121T0",
        "+2026-1-01",
        "-026-01-01",
        "2026-11-2１",
        "2026-325",
        "today",
    ];
    for text in table {
        assert_eq!(text.parse::<LocalDay>(), Err(TimeError::Day), "{text}");
    }
    assert!("2024-02-29".parse::<LocalDay>().is_ok());
}

#[test]
fn what_is_no_zone_is_refused() {
    for name in [
        "",
        "Asia",
        "Asia/",
        "Jakarta",
        "../etc/passwd",
        "Asia/Jakarta\0",
        "WIB ",
        "+07:00",
    ] {
        assert_eq!(Zone::parse(name).err(), Some(TimeError::Zone), "{name:?}");
    }
    for name in ZONES {
        assert!(Zone::parse(name).is_ok(), "{name}");
    }
}
