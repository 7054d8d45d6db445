//! When a certificate ends: the one field that is read out of a certificate that somebody
//! brought (RFC 5280, section 4.1, in DER). Nothing is believed of it but that date; whether the
//! certificate is any good is for the devices that are shown it.

use crate::base::time::{Span, TimeOfDay, Timestamp, Zone};

const SEQUENCE: u8 = 0x30;
/// The version, which stands first if it stands there at all.
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// The last second of the year 9999, which stands for no end.
const NEVER: Timestamp = Timestamp::from_millis(253_402_300_799_000);

/// One element of DER: its tag, what is in it, what comes after it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let more = |n: usize, b: &u8| (n << 8) | usize::from(*b);
            (digits.iter().fold(0, more), rest)
        }
        _ => return None,
    };
    let (inside, rest) = rest.split_at_checked(length)?;
    Some((*tag, inside, rest))
}

fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    let (tag, inside, _) = element(bytes)?;
    (tag == SEQUENCE).then_some(inside)
}

fn after(bytes: &[u8]) -> Option<&[u8]> {
    element(bytes).map(|(_, _, rest)| rest)
}

/// The end of a certificate's validity; None if it is not of its form.
#[must_use]
pub fn ends(certificate: &[u8]) -> Option<Timestamp> {
    let mut fields = sequence(sequence(certificate)?)?;
    if fields.first() == Some(&VERSION) {
        fields = after(fields)?;
    }
    // Serial number, algorithm, issuer.
    let validity = sequence(after(after(after(fields)?)?)?)?;
    let (tag, text, _) = element(after(validity)?)?;
    instant(tag, std::str::from_utf8(text).ok()?)
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`; two digits of a year count from 1950 (section
/// 4.1.2.5.1).
fn instant(tag: u8, text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let (year, rest) = digits.split_at_checked(2)?;
            let century = if year < "50" { "20" } else { "19" };
            (format!("{century}{year}"), rest)
        }
        (GENERALIZED_TIME, 14) => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.to_owned(), rest)
        }
        _ => return None,
    };
    if year == "9999" {
        // Section 4.1.2.5: it has no end. No calendar has to reach that far.
        return Some(NEVER);
    }
    let part = |from: usize| rest.get(from..from + 2);
    let day = format!("{year}-{}-{}", part(0)?, part(2)?).parse().ok()?;
    let time: TimeOfDay = format!("{}:{}", part(4)?, part(6)?).parse().ok()?;
    let seconds: i64 = part(8)?.parse().ok()?;
    Some(
        Zone::utc()
            .instant(day, time)
            .plus(Span::from_seconds(seconds)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::certificate::{Authority, Names};
    use crate::crypto::random::{Seed, Seeded};
    use proptest::prelude::*;

    #[test]
    fn both_forms_of_time_are_read() {
        let table = [
            (UTC_TIME, "700101000000Z", Some(0)),
            (UTC_TIME, "261121091500Z", Some(1_795_252_500_000)),
            (UTC_TIME, "500101000000Z", Some(-631_152_000_000)),
            (GENERALIZED_TIME, "20500101000000Z", Some(2_524_608_000_000)),
            (
                GENERALIZED_TIME,
                "99991231235959Z",
                Some(253_402_300_799_000),
            ),
            (UTC_TIME, "261321091500Z", None),
            (UTC_TIME, "261121091500", None),
            (UTC_TIME, "20500101000000Z", None),
            (GENERALIZED_TIME, "2611210915+0Z", None),
            (0x16, "261121091500Z", None),
        ];
        for (tag, text, want) in table {
            let got = instant(tag, text).map(Timestamp::as_millis);
            assert_eq!(got, want, "{text}");
        }
    }

    /// What the box issues itself says when it ends; the file says the same.
    #[test]
    fn the_end_of_an_issued_certificate_is_found() {
        let mut chance = Seeded::new(&Seed::from_number(1));
        for now in [0, 1_795_252_500_000, 2_600_000_000_000] {
            let now = Timestamp::from_millis(now);
            let authority = Authority::create("hadir", now, &mut chance).expect("authority");
            let names = Names::read(["localhost", "192.168.1.7"]).expect("names");
            let issued = authority.issue(&names, now, &mut chance).expect("issued");
            assert_eq!(ends(&issued.chain()[0]), issued.ends());
            assert!(ends(authority.certificate()) > issued.ends());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = ends(&bytes);
        }

        #[test]
        fn no_cut_or_changed_certificate_makes_it_panic(cut in 0_usize..600, at in 0_usize..600, to in any::<u8>()) {
            let mut chance = Seeded::new(&Seed::from_number(1));
            let authority = Authority::create("hadir", Timestamp::default(), &mut chance);
            let mut der = authority.expect("authority").certificate().to_vec();
            if let Some(byte) = der.get_mut(at) {
                *byte = to;
            }
            der.truncate(cut);
            let _ = ends(&der);
        }
    }
}
