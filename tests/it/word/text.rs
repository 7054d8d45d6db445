//! The parsers of texts against references that are written as plainly as their rules read.

use hadir::base::limits;
use hadir::base::text::{Email, IdNumber, Name, Phone, Remark, Slug, TextError, TicketCode};
use proptest::prelude::*;

/// A character that must not get in anywhere.
fn hidden() -> impl Strategy<Value = char> {
    proptest::sample::select(vec![
        '\0', '\u{7}', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{ad}', '\u{200b}',
        '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202e}', '\u{2060}',
        '\u{2066}', '\u{2069}', '\u{feff}',
    ])
}

proptest! {
    #[test]
    fn a_name_is_shown_as_it_is_stored(text in "[ a-zA-Zéñ王ꦧ'.,=+0-9-]{0,140}") {
        let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
        let want = words.join(" ");
        let got = text.parse::<Name>();
        match want.chars().count() {
            0 => prop_assert_eq!(got, Err(TextError::Empty)),
            n if n > 120 => prop_assert_eq!(got, Err(TextError::TooLong(120))),
            _ => {
                let name = got.expect("a name");
                prop_assert_eq!(name.as_str(), want);
            }
        }
    }

    #[test]
    fn a_hidden_character_inside_is_refused_by_every_parser(
        head in "[a-z]{3,8}", hidden in hidden(), tail in "[a-z]{3,8}",
    ) {
        let text = format!("{head}{hidden}{tail}");
        prop_assert_eq!(text.parse::<Name>(), Err(TextError::Invisible));
        prop_assert_eq!(text.parse::<Remark>(), Err(TextError::Invisible));
        prop_assert!(text.parse::<TicketCode>().is_err());
        prop_assert!(text.parse::<IdNumber>().is_err());
        prop_assert!(text.parse::<Slug>().is_err());
        let (local, host) = (format!("{text}@a.id"), format!("a@{text}.id"));
        prop_assert!(local.parse::<Email>().is_err());
        prop_assert!(host.parse::<Email>().is_err());
        let number = format!("0812{hidden}3456");
        prop_assert!(number.parse::<Phone>().is_err());
    }

    #[test]
    fn a_phone_number_is_its_digits(text in "\\+?[0-9 -]{0,24}") {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let plus = if text.starts_with('+') { "+" } else { "" };
        let got = text.parse::<Phone>();
        prop_assert_eq!(got.is_ok(), (6..=15).contains(&digits.len()));
        if let Ok(phone) = got {
            prop_assert_eq!(phone.as_str(), format!("{plus}{digits}"));
        }
    }

    #[test]
    fn a_slug_is_small_letters_digits_and_inner_hyphens(text in "[a-z0-9A_ .-]{0,70}") {
        let plain = |c: char| matches!(c, 'a'..='z' | '0'..='9');
        let good = text.len() <= 64
            && text.chars().all(|c| plain(c) || c == '-')
            && text.chars().next().is_some_and(plain)
            && text.chars().next_back().is_some_and(plain);
        prop_assert_eq!(text.parse::<Slug>().is_ok(), good, "{:?}", text);
    }

    #[test]
    fn an_id_number_is_trimmed_and_keeps_its_signs(text in " {0,2}[A-Za-z0-9./=-]{0,36} {0,2}") {
        let bare = text.trim_matches(' ');
        let good = (1..=32).contains(&bare.len()) && !bare.contains('=');
        let got = text.parse::<IdNumber>();
        prop_assert_eq!(got.is_ok(), good, "{:?}", text);
        if let Ok(number) = got {
            prop_assert_eq!(number.as_str(), bare);
        }
    }

    #[test]
    fn a_ticket_code_is_visible_ascii(text in "[!-~é ]{0,140}") {
        let bare = text.trim_matches(' ');
        let inner = bare.contains(' ') || bare.contains('é');
        let good = !inner && (4..=128).contains(&bare.len());
        prop_assert_eq!(text.parse::<TicketCode>().is_ok(), good, "{:?}", text);
    }

    #[test]
    fn a_good_address_is_kept_in_small_letters(
        local in "[A-Za-z0-9._%+'-]{1,64}", labels in proptest::collection::vec("[a-zA-Z0-9]{1,20}", 2..5),
    ) {
        let text = format!("{local}@{}", labels.join("."));
        let got = format!("  {text} ").parse::<Email>().expect("an address");
        prop_assert_eq!(got.as_str(), text.to_lowercase());
    }

    #[test]
    fn one_wrong_character_spoils_an_address(
        place in any::<proptest::sample::Index>(), wrong in "[ ,;:<>()\\[\\]\"\\\\@/é]",
    ) {
        let mut text = "budi.santoso@kampus.ac.id".to_owned();
        let place = 1 + place.index(text.len() - 1);
        text.insert_str(place, &wrong);
        prop_assert!(text.parse::<Email>().is_err(), "{:?}", text);
    }

    #[test]
    fn whatever_is_accepted_is_accepted_again_as_it_is_shown(text in "\\PC{0,60}") {
        macro_rules! again {
            ($($kind:ty),*) => {$(
                if let Ok(value) = text.parse::<$kind>() {
                    prop_assert_eq!(value.to_string(), value.as_str());
                    prop_assert_eq!(value.as_str().parse::<$kind>().ok(), Some(value.clone()));
                }
            )*};
        }
        again!(Name, Remark, Email, Phone, Slug, TicketCode, IdNumber);
    }
}

#[test]
fn lengths_end_exactly_at_their_limits() {
    let of = |n: usize| "a".repeat(n);
    assert!(of(limits::NAME_CHARS_MAX).parse::<Name>().is_ok());
    assert!(of(limits::NAME_CHARS_MAX + 1).parse::<Name>().is_err());
    assert!(
        "ꦧ".repeat(limits::NAME_CHARS_MAX).parse::<Name>().is_ok(),
        "characters, not bytes"
    );
    assert!(of(limits::REMARK_CHARS_MAX).parse::<Remark>().is_ok());
    assert!(of(limits::REMARK_CHARS_MAX + 1).parse::<Remark>().is_err());
    assert!(
        of(limits::TICKET_CODE_CHARS_MAX)
            .parse::<TicketCode>()
            .is_ok()
    );
    assert!(
        of(limits::TICKET_CODE_CHARS_MAX + 1)
            .parse::<TicketCode>()
            .is_err()
    );
    assert!(of(limits::ID_NUMBER_CHARS_MAX).parse::<IdNumber>().is_ok());
    assert!(
        of(limits::ID_NUMBER_CHARS_MAX + 1)
            .parse::<IdNumber>()
            .is_err()
    );
    assert!(format!("{}@b.id", of(64)).parse::<Email>().is_ok());
    assert!(format!("{}@b.id", of(65)).parse::<Email>().is_err());
    assert!(format!("a@{}.id", of(63)).parse::<Email>().is_ok());
    assert!(format!("a@{}.id", of(64)).parse::<Email>().is_err());
    let host = format!("{0}.{0}.{0}.{1}", of(60), of(8));
    assert_eq!(format!("{}@{host}", of(62)).len(), 254);
    assert!(format!("{}@{host}", of(62)).parse::<Email>().is_ok());
    assert!(format!("{}@{host}", of(63)).parse::<Email>().is_err());
}

#[test]
fn a_refusal_says_what_would_be_accepted() {
    let table = [
        ("".parse::<Name>().map(|_| ()), "must not be empty"),
        ("a\u{202e}b".parse::<Name>().map(|_| ()), "invisible"),
        ("a".repeat(121).parse::<Name>().map(|_| ()), "at most 120"),
        ("x".parse::<Email>().map(|_| ()), "budi@example.id"),
        ("x".parse::<Phone>().map(|_| ()), "+628123456789"),
        ("X".parse::<Slug>().map(|_| ()), "a-z, 0-9"),
        ("x".parse::<TicketCode>().map(|_| ()), "4 to 128"),
        ("?".parse::<IdNumber>().map(|_| ()), "1 to 32"),
    ];
    for (answer, part) in table {
        let text = answer.expect_err(part).to_string();
        assert!(text.contains(part), "{text}");
    }
}
