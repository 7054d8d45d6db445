//! Instants, spans, days and zones.

use hadir::base::id::{Id, Nonce, PersonId};
use hadir::base::time::{LocalDay, Span, TimeError, TimeOfDay, Timestamp, Zone};
use proptest::prelude::*;

/// Instants of the years 1971 to 2100: what a box can meet.
fn instants() -> impl Strategy<Value = Timestamp> {
    (31_536_000_000i64..4_102_444_800_000).prop_map(Timestamp::from_millis)
}

fn zones() -> impl Strategy<Value = Zone> {
    let names = [
        "Asia/Jakarta",
        "Asia/Makassar",
        "Asia/Jayapura",
        "Asia/Kathmandu",
        "Europe/Berlin",
        "America/St_Johns",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ];
    prop::sample::select(names.to_vec()).prop_map(|name| Zone::parse(name).expect("zone"))
}

proptest! {
    #[test]
    fn an_instant_lies_on_its_own_day(at in instants(), zone in zones()) {
        let day = zone.day(at);
        let time = zone.time_of_day(at);
        let again = zone.instant(day, time);
        // An hour that summer time repeats has two instants: then the first is taken.
        let apart = at.since(again).as_millis();
        prop_assert!((0..2 * 3_600_000).contains(&apart), "{at} {day} {time}: {apart} ms");
        prop_assert_eq!(zone.day(again), day);
    }

    #[test]
    fn where_no_clock_is_changed_the_minute_comes_back(at in instants()) {
        let zone = Zone::parse("Asia/Jakarta").expect("zone");
        let again = zone.instant(zone.day(at), zone.time_of_day(at));
        prop_assert!((0..60_000).contains(&at.since(again).as_millis()));
    }

    #[test]
    fn days_follow_the_instants(a in instants(), b in instants(), zone in zones()) {
        let (early, late) = if a <= b { (a, b) } else { (b, a) };
        prop_assert!(zone.day(early) <= zone.day(late));
    }

    #[test]
    fn days_and_times_survive_their_text(at in instants(), zone in zones()) {
        let day = zone.day(at);
        prop_assert_eq!(day.to_string().parse::<LocalDay>(), Ok(day));
        let time = zone.time_of_day(at);
        prop_assert_eq!(time.to_string().parse::<TimeOfDay>(), Ok(time));
        prop_assert_eq!(time.to_string().replace(':', ".").parse::<TimeOfDay>(), Ok(time));
    }

    #[test]
    fn adding_and_subtracting_agree(at in instants(), ms in -1_000_000_000_000i64..1_000_000_000_000) {
        let span = Span::from_millis(ms);
        prop_assert_eq!(at.plus(span).since(at), span);
    }

    #[test]
    fn the_ends_of_time_do_not_wrap(a: i64, b: i64) {
        let sum = Timestamp::from_millis(a).plus(Span::from_millis(b)).as_millis();
        prop_assert_eq!(i128::from(sum), (i128::from(a) + i128::from(b)).clamp(i64::MIN.into(), i64::MAX.into()));
        let gap = Timestamp::from_millis(a).since(Timestamp::from_millis(b)).as_millis();
        prop_assert_eq!(i128::from(gap), (i128::from(a) - i128::from(b)).clamp(i64::MIN.into(), i64::MAX.into()));
        let _ = Timestamp::from_millis(a).to_string();
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,20}") {
        let _ = text.parse::<LocalDay>();
        let _ = text.parse::<TimeOfDay>();
        let _ = Zone::parse(&text);
    }

    #[test]
    fn ids_sort_by_their_time(a in instants(), b in instants(), x: [u8; 10], y: [u8; 10]) {
        prop_assume!(a != b);
        let (ida, idb) = (PersonId::from_parts(a, x), PersonId::from_parts(b, y));
        prop_assert_eq!(a < b, ida < idb);
        prop_assert_eq!(a < b, ida.to_string() < idb.to_string());
    }

    #[test]
    fn an_id_reads_the_same_in_json(bytes: [u8; 16]) {
        let id = Nonce::from_bytes(bytes);
        let text = hadir::base::json::encode(&id).expect("encode");
        prop_assert_eq!(hadir::base::json::decode::<Nonce>(text.as_bytes(), 100), Ok(id));
        prop_assert_eq!(Nonce::from_bytes(id.to_bytes()), id);
    }
}

#[test]
fn seconds_are_rounded_down_on_both_sides_of_1970() {
    for (ms, seconds) in [
        (0, 0),
        (999, 0),
        (1000, 1),
        (-1, -1),
        (-1000, -1),
        (-1001, -2),
    ] {
        assert_eq!(Timestamp::from_millis(ms).as_seconds(), seconds, "{ms}");
    }
    assert_eq!(Span::from_seconds(i64::MAX).as_millis(), i64::MAX);
}

#[test]
fn an_hour_that_does_not_exist_is_moved_forward() {
    let zone = Zone::parse("Europe/Berlin").expect("zone");
    let day: LocalDay = "2026-03-29".parse().expect("day");
    let skipped = zone.instant(day, "02:30".parse().expect("time"));
    assert_eq!(skipped.to_string(), "2026-03-29T01:30:00.000Z");
    assert_eq!(zone.time_of_day(skipped).to_string(), "03:30");
}

#[test]
fn an_hour_that_comes_twice_is_the_first() {
    let zone = Zone::parse("Europe/Berlin").expect("zone");
    let day: LocalDay = "2026-10-25".parse().expect("day");
    let first = zone.instant(day, "02:30".parse().expect("time"));
    assert_eq!(first.to_string(), "2026-10-25T00:30:00.000Z");
}

#[test]
fn the_three_zones_of_the_country_are_an_hour_apart() {
    let day: LocalDay = "2026-11-21".parse().expect("day");
    let seven: TimeOfDay = "07:00".parse().expect("time");
    let at = |name: &str| Zone::parse(name).expect("zone").instant(day, seven);
    let hour = Span::from_seconds(3600);
    assert_eq!(at("Asia/Jakarta").since(at("Asia/Makassar")), hour);
    assert_eq!(at("Asia/Makassar").since(at("Asia/Jayapura")), hour);
    assert_eq!(
        Zone::utc()
            .instant(day, seven)
            .since(at("Asia/Jakarta"))
            .as_millis(),
        7 * 3_600_000
    );
}

#[test]
fn what_is_wrong_with_a_time_is_said_with_an_example() {
    for (error, example) in [
        (TimeError::Day, "2026-11-21"),
        (TimeError::TimeOfDay, "07:15"),
        (TimeError::Zone, "Asia/Jakarta"),
    ] {
        assert!(error.to_string().contains(example), "{error}");
    }
}
