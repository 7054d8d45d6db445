//! Mails as they travel, read back by a reader of the tests' own: what was written comes out, and
//! nothing that was written can become a header.

use hadir::base::id::{Id as _, NoticeId};
use hadir::base::text::Email;
use hadir::base::time::Timestamp;
use hadir::http::letter::{Draft, compose};
use proptest::prelude::*;

const HEADERS: [&str; 9] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

fn draft(name: &str, subject: &str, text: &str) -> Draft {
    let at = Timestamp::from_millis(1_795_307_391_000);
    Draft {
        id: NoticeId::from_parts(at, [9; 10]),
        at,
        sender_name: name.to_owned(),
        to: "budi@example.id".parse().expect("an address"),
        subject: subject.to_owned(),
        text: text.to_owned(),
    }
}

fn sender() -> Email {
    "hadir@sekolah.sch.id".parse().expect("an address")
}

/// RFC 4648, section 4, backwards.
fn unbase64(digits: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let digits: Vec<u32> = digits
        .chars()
        .filter(|c| *c != '=')
        .map(|c| LETTERS.find(c).expect("a digit") as u32)
        .collect();
    for group in digits.chunks(4) {
        let value = group.iter().fold(0, |v, d| (v << 6) | d) << (6 * (4 - group.len()));
        let all = value.to_be_bytes();
        bytes.extend(&all[1..group.len()]);
    }
    bytes
}

/// RFC 2047: the words of a header, joined.
fn unword(header: &str) -> String {
    if !header.starts_with("=?") {
        return header.to_owned();
    }
    let mut bytes = Vec::new();
    for word in header.split_whitespace() {
        let digits = word.strip_prefix("=?UTF-8?B?").expect("an encoded word");
        bytes.extend(unbase64(digits.strip_suffix("?=").expect("its end")));
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// A mail taken apart: headers with folded lines joined, and the text.
fn read(mail: &str) -> (Vec<(String, String)>, String) {
    let (head, body) = mail.split_once("\r\n\r\n").expect("a head");
    let head = head.replace("\r\n ", " ");
    let headers = head.split("\r\n").map(|line| {
        let (name, value) = line.split_once(": ").expect("a header");
        (name.to_owned(), value.to_owned())
    });
    let text = unbase64(&body.replace("\r\n", ""));
    (headers.collect(), String::from_utf8(text).expect("UTF-8"))
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    let mut found = headers.iter().filter(|(n, _)| n == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert!(found.next().is_none(), "{name} twice");
    value.expect("the header")
}

#[test]
fn what_is_not_ascii_comes_out_as_it_went_in() {
    for text in [
        "Grüße aus Malang",
        "ꦱꦸꦫꦠ꧀ꦲꦸꦗꦶ",
        "日本語の件名",
        "😀 lulus",
        "a=?b?c",
        "tanda: kutip \"dan\" koma, titik.",
    ] {
        let mail = compose(&draft(text, text, text), &sender());
        let (headers, body) = read(&mail);
        assert_eq!(unword(header(&headers, "Subject")), text);
        let from = header(&headers, "From");
        let name = from
            .strip_suffix(" <hadir@sekolah.sch.id>")
            .expect("the address");
        assert_eq!(unword(name), text);
        assert_eq!(body, text);
    }
}

#[test]
fn a_line_break_makes_no_header() {
    for evil in [
        "x\r\nBcc: semua@example.id",
        "x\nBcc: semua@example.id",
        "x\rBcc: semua@example.id",
        "x\r\n\r\nteks lain",
        "\r\n.\r\nMAIL FROM:<x@x.id>",
        "x\u{85}Bcc: y\u{2028}Bcc: z",
        "x\0y",
    ] {
        let mail = compose(&draft(evil, evil, evil), &sender());
        let (headers, _) = read(&mail);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, HEADERS, "{evil:?}");
        assert_eq!(header(&headers, "To"), "<budi@example.id>");
        assert!(
            mail.split(['\r', '\n'])
                .all(|line| !line.starts_with("Bcc")),
            "{mail}"
        );
        assert_eq!(unword(header(&headers, "Subject")), evil, "kept, as words");
    }
}

#[test]
fn long_lines_are_broken_and_short_ones_stay() {
    let long = "kata ".repeat(2_000);
    let mail = compose(&draft("SMA 1", &long, &long), &sender());
    assert!(mail.split("\r\n").all(|line| line.len() <= 78), "{mail}");
    let (headers, body) = read(&mail);
    assert_eq!(unword(header(&headers, "Subject")), long);
    assert_eq!(body, long);
    let mail = compose(&draft("SMA 1", "Tautan", "satu\ndua\r\ntiga\n"), &sender());
    let (headers, body) = read(&mail);
    assert_eq!(header(&headers, "Subject"), "Tautan");
    assert_eq!(body, "satu\r\ndua\r\ntiga\r\n");
}

#[test]
fn a_mail_says_when_it_was_written_and_who_it_is() {
    let one = compose(&draft("SMA 1", "x", "y"), &sender());
    let (headers, _) = read(&one);
    assert_eq!(header(&headers, "Date"), "Sun, 22 Nov 2026 00:29:51 +0000");
    let id = header(&headers, "Message-ID");
    assert!(
        id.starts_with('<') && id.ends_with("@sekolah.sch.id>"),
        "{id}"
    );
    assert_eq!(
        compose(&draft("SMA 1", "x", "y"), &sender()),
        one,
        "sent again it is the same"
    );
    assert_eq!(header(&headers, "Auto-Submitted"), "auto-generated");
    for (ms, want) in [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
        (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (1_795_999_999_999, "Mon, 30 Nov 2026 00:53:19 +0000"),
    ] {
        assert_eq!(Timestamp::from_millis(ms).mail_date(), want);
    }
}

proptest! {
    #[test]
    fn every_text_comes_out_as_it_went_in(name in ".{0,60}", subject in ".{0,200}", text in "(.|\n){0,600}") {
        let (headers, body) = read(&compose(&draft(&name, &subject, &text), &sender()));
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(names, HEADERS);
        let shown = unword(header(&headers, "Subject"));
        // Plain words lose the space around them.
        prop_assert!(shown == subject || shown == subject.trim(), "{shown:?}");
        let plain = |text: &str| text.replace("\r\n", "\n");
        prop_assert_eq!(plain(&body), plain(&text));
    }
}
