//! Texts that are parsed once.

use hadir::base::limits;
use hadir::base::text::{Email, IdNumber, Name, Phone, Remark, Slug, TextError, TicketCode};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_name_has_no_edges_no_gaps_and_nothing_invisible(text in "\\PC{0,150}") {
        if let Ok(name) = text.parse::<Name>() {
            let name = name.as_str();
            prop_assert_eq!(name.trim(), name);
            prop_assert!(!name.contains("  "));
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert!((1..=limits::NAME_CHARS_MAX).contains(&name.chars().count()));
        }
    }

    #[test]
    fn a_name_is_as_long_as_it_is_read(letter in "[a-zé名ꦧ]", n in 1usize..300) {
        let fits = n <= limits::NAME_CHARS_MAX;
        prop_assert_eq!(letter.repeat(n).parse::<Name>().is_ok(), fits);
    }

    #[test]
    fn a_mail_address_cannot_end_a_header_line(text in "[a-z@.\\r\\n\\t <>,]{0,60}") {
        if let Ok(email) = text.parse::<Email>() {
            prop_assert!(!email.as_str().contains(['\r', '\n', '\t', ' ', '<', '>', ',']));
            prop_assert_eq!(email.as_str().matches('@').count(), 1);
        }
    }

    #[test]
    fn an_address_reads_the_same_in_capitals(local in "[a-z0-9]{1,10}", host in "[a-z0-9]{1,10}") {
        let small = format!("{local}@{host}.id");
        prop_assert_eq!(small.to_uppercase().parse::<Email>(), small.parse::<Email>());
    }

    #[test]
    fn a_telephone_number_is_what_is_left_of_it(digits in "[0-9]{6,15}", plus: bool) {
        let plain = format!("{}{digits}", if plus { "+" } else { "" });
        let spaced: String = plain.chars().flat_map(|c| [c, if c == '+' { '+' } else { ' ' }]).collect();
        let spaced = spaced.replacen("++", "+", 1);
        prop_assert_eq!(spaced.parse::<Phone>().expect("phone").as_str().to_owned(), plain);
    }

    #[test]
    fn a_slug_is_safe_in_a_path(text in "\\PC{0,70}") {
        if let Ok(slug) = text.parse::<Slug>() {
            let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            prop_assert!(slug.as_str().chars().all(safe));
            prop_assert!((1..=64).contains(&slug.as_str().len()));
        }
    }

    #[test]
    fn a_number_is_no_formula_in_a_spreadsheet(text in "\\PC{0,40}") {
        if let Ok(number) = text.parse::<IdNumber>() {
            prop_assert!(!number.as_str().contains(['=', '+', '@', ',', ';', '"', '\'', ' ']));
            prop_assert!(number.as_str().len() <= limits::ID_NUMBER_CHARS_MAX);
        }
    }

    #[test]
    fn a_ticket_code_can_be_shown_and_typed(text in "\\PC{0,140}") {
        if let Ok(code) = text.parse::<TicketCode>() {
            prop_assert!(code.as_str().bytes().all(|b| b.is_ascii_graphic()));
            prop_assert!((4..=limits::TICKET_CODE_CHARS_MAX).contains(&code.as_str().len()));
        }
    }
}

#[test]
fn what_is_wrong_with_a_text_is_said() {
    for (error, says) in [
        (TextError::Empty, "empty"),
        (TextError::TooLong(120), "120"),
        (TextError::Invisible, "invisible"),
        ("x".parse::<Phone>().expect_err("phone"), "+628"),
        ("A".parse::<Slug>().expect_err("slug"), "a-z"),
        ("a".parse::<Email>().expect_err("mail"), "@"),
        (
            "=1".parse::<IdNumber>().expect_err("number"),
            "letters, digits",
        ),
        ("a".parse::<TicketCode>().expect_err("code"), "128"),
    ] {
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn a_remark_is_longer_than_a_name() {
    let text = "a".repeat(limits::NAME_CHARS_MAX + 1);
    assert!(text.parse::<Name>().is_err());
    assert!(text.parse::<Remark>().is_ok());
    let text = "a".repeat(limits::REMARK_CHARS_MAX + 1);
    assert_eq!(
        text.parse::<Remark>(),
        Err(TextError::TooLong(limits::REMARK_CHARS_MAX))
    );
}

#[test]
fn an_address_has_its_limits() {
    let local = |n: usize| format!("{}@b.id", "a".repeat(n)).parse::<Email>().is_ok();
    assert!(local(64) && !local(65));
    let host = |n: usize| format!("a@{}.id", "b".repeat(n)).parse::<Email>().is_ok();
    assert!(host(63) && !host(64));
    let labels = format!("a@{}id", "bcdefgh.".repeat(40));
    assert_eq!(
        labels.parse::<Email>(),
        Err(TextError::TooLong(limits::EMAIL_CHARS_MAX))
    );
}
