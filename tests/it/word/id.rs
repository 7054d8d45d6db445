//! Ids of every kind: their order, their text form, what is no id.

use hadir::base::id::{
    BoxId, ConsentId, DeviceId, EventId, Id, IdError, Nonce, NoticeId, PersonId, PictureId,
    RequestId, TEXT_CHARS, TicketId, VisitId,
};
use hadir::base::json;
use hadir::base::time::Timestamp;
use proptest::prelude::*;

/// Crockford's alphabet, written out by hand.
const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The text form by long division, which the program does not use.
fn reference(bytes: [u8; 16]) -> String {
    let mut value = u128::from_be_bytes(bytes);
    let mut digits = Vec::new();
    for _ in 0..26 {
        digits.push(DIGITS.as_bytes()[(value % 32) as usize]);
        value /= 32;
    }
    digits.reverse();
    String::from_utf8(digits).expect("ASCII")
}

#[test]
fn known_ids_have_known_texts() {
    let table = [
        ([0; 16], "00000000000000000000000000"),
        ([255; 16], "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
        (1u128.to_be_bytes(), "00000000000000000000000001"),
        (32u128.to_be_bytes(), "00000000000000000000000010"),
        ((1u128 << 125).to_be_bytes(), "10000000000000000000000000"),
    ];
    for (bytes, text) in table {
        assert_eq!(PersonId::from_bytes(bytes).to_string(), text);
        assert_eq!(text.parse(), Ok(PersonId::from_bytes(bytes)));
    }
}

#[test]
fn every_kind_of_id_tells_its_kind_and_reads_its_own_text() {
    macro_rules! check {
        ($($kind:ident),*) => {$(
            let id = $kind::from_bytes([0x5a; 16]);
            assert_eq!(id.to_bytes(), [0x5a; 16]);
            assert_eq!(id.to_string(), reference([0x5a; 16]));
            assert_eq!(id.to_string().parse::<$kind>(), Ok(id));
            assert_eq!(format!("{id:?}"), format!("{}({id})", stringify!($kind)));
            let text = json::encode(&id).expect("JSON");
            assert_eq!(text, format!("\"{id}\""));
            assert_eq!(json::decode::<$kind>(text.as_bytes(), 100), Ok(id));
        )*};
    }
    check!(
        PersonId, EventId, TicketId, DeviceId, VisitId, PictureId, ConsentId, NoticeId, RequestId,
        BoxId, Nonce
    );
}

#[test]
fn letters_that_look_like_digits_are_no_ids() {
    for letter in [
        'I', 'L', 'O', 'U', 'i', 'l', 'o', 'u', '-', ' ', '_', '+', '\0',
    ] {
        for place in 0..TEXT_CHARS {
            let mut text: Vec<char> = "0".repeat(TEXT_CHARS).chars().collect();
            text[place] = letter;
            let text: String = text.into_iter().collect();
            assert_eq!(text.parse::<Nonce>(), Err(IdError::Character), "{text}");
        }
    }
}

#[test]
fn a_text_of_another_length_is_no_id() {
    for chars in (0..60).filter(|n| *n != TEXT_CHARS) {
        assert_eq!("0".repeat(chars).parse::<Nonce>(), Err(IdError::Length));
    }
    // Twenty-six characters, but more bytes.
    let wide = format!("{}é", "0".repeat(25));
    assert_eq!(wide.parse::<Nonce>(), Err(IdError::Length));
}

#[test]
fn a_number_beyond_sixteen_bytes_is_no_id() {
    for first in DIGITS.chars() {
        let text = format!("{first}{}", "Z".repeat(25));
        let fits = ('0'..='7').contains(&first);
        assert_eq!(text.parse::<Nonce>().is_ok(), fits, "{text}");
    }
}

#[test]
fn an_id_from_before_1970_counts_as_one_of_1970() {
    let early = PersonId::from_parts(Timestamp::from_millis(-5), [1; 10]);
    let zero = PersonId::from_parts(Timestamp::from_millis(0), [1; 10]);
    assert_eq!(early, zero);
}

#[test]
fn what_is_no_text_is_no_id_in_json() {
    for text in ["1", "null", "[]", "{}", "\"\"", "\"x\"", "true"] {
        assert!(
            json::decode::<Nonce>(text.as_bytes(), 100).is_err(),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn the_text_form_is_that_of_the_reference(bytes: [u8; 16]) {
        let id = TicketId::from_bytes(bytes);
        prop_assert_eq!(id.to_string(), reference(bytes));
        prop_assert_eq!(id.to_bytes(), bytes);
    }

    #[test]
    fn texts_sort_as_their_ids_do(a: [u8; 16], b: [u8; 16]) {
        let (left, right) = (TicketId::from_bytes(a), TicketId::from_bytes(b));
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
        prop_assert_eq!(left.to_string().cmp(&right.to_string()), a.cmp(&b));
    }

    #[test]
    fn ids_sort_by_their_time_whatever_the_chance(
        early in 0..(1i64 << 47), more in 1..1000i64, a: [u8; 10], b: [u8; 10],
    ) {
        let first = VisitId::from_parts(Timestamp::from_millis(early), a);
        let second = VisitId::from_parts(Timestamp::from_millis(early + more), b);
        prop_assert!(first < second);
        prop_assert_eq!(&first.to_bytes()[6..], &a[..]);
    }

    #[test]
    fn only_texts_of_the_alphabet_are_ids(text in "[0-9A-Za-z]{26}") {
        let upper = text.to_ascii_uppercase();
        let good = upper.chars().all(|c| DIGITS.contains(c)) && upper.as_bytes()[0] < b'8';
        prop_assert_eq!(text.parse::<EventId>().is_ok(), good);
        if good {
            let id: EventId = text.parse().expect("an id");
            prop_assert_eq!(id.to_string(), upper);
        }
    }
}
