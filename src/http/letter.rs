//! A mail as it travels (RFC 5322, MIME): plain text in UTF-8, every line short and ASCII.

use crate::base::id::NoticeId;
use crate::base::text::Email;
use crate::base::time::Timestamp;
use crate::crypto::token::base64;

/// What is written to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Makes the mail's own name; a mail that is sent again has the same one, so that receivers
    /// may drop it.
    pub id: NoticeId,
    /// When it was written.
    pub at: Timestamp,
    /// Who it says it is from, besides the address: the site's name.
    pub sender_name: String,
    /// To whom.
    pub to: Email,
    /// One line.
    pub subject: String,
    /// The text, its lines parted by line feeds.
    pub text: String,
}

/// Bytes of a text in one encoded word: 75 characters are the most that one may have (RFC 2047,
/// section 2).
const WORD_BYTES: usize = 42;

/// Characters of a line of base 64 (RFC 2045, section 6.8, allows 76).
const LINE_CHARS: usize = 76;

/// The whole mail, its lines parted as they travel.
#[must_use]
pub fn compose(draft: &Draft, sender: &Email) -> String {
    let domain = sender.as_str().split('@').nth(1).unwrap_or("localhost");
    let mut mail = format!(
        "Date: {}\r\nFrom: {} <{sender}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}@{domain}>\r\n",
        draft.at.mail_date(),
        words(&draft.sender_name),
        draft.to,
        words(&draft.subject),
        draft.id,
    );
    mail.push_str(
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    );
    let text = draft.text.replace("\r\n", "\n").replace('\n', "\r\n");
    let digits = base64(text.as_bytes());
    for (number, digit) in digits.chars().enumerate() {
        if number > 0 && number.is_multiple_of(LINE_CHARS) {
            mail.push_str("\r\n");
        }
        mail.push(digit);
    }
    mail.push_str("\r\n");
    mail
}

/// A text for a header: plain words as they are, all others encoded, so that nothing in it can
/// end the header (RFC 2047).
fn words(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b' ' || b == b'-';
    if text.len() <= WORD_BYTES && text.bytes().all(plain) && !text.trim().is_empty() {
        return text.trim().to_owned();
    }
    let mut parts = Vec::new();
    let mut part = String::new();
    for letter in text.chars() {
        if part.len() + letter.len_utf8() > WORD_BYTES {
            parts.push(std::mem::take(&mut part));
        }
        part.push(letter);
    }
    parts.push(part);
    let encoded = parts
        .iter()
        .map(|p| format!("=?UTF-8?B?{}?=", base64(p.as_bytes())));
    encoded.collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;
    use proptest::prelude::*;

    fn draft(subject: &str, text: &str) -> Draft {
        let at = Timestamp::from_millis(1_795_307_391_000);
        Draft {
            id: NoticeId::from_parts(at, [7; 10]),
            at,
            sender_name: "SMA Negeri 1".to_owned(),
            to: "budi@example.id".parse().expect("an address"),
            subject: subject.to_owned(),
            text: text.to_owned(),
        }
    }

    fn sender() -> Email {
        "hadir@sekolah.sch.id".parse().expect("an address")
    }

    /// Written down by hand from the standards.
    #[test]
    fn a_mail_is_written_as_the_standards_say() {
        let mail = compose(&draft("Tautan baru", "Halo Budi,\nbaris dua\n"), &sender());
        let id = draft("", "").id;
        let want = format!(
            "Date: Sun, 22 Nov 2026 00:29:51 +0000\r\nFrom: SMA Negeri 1 <hadir@sekolah.sch.id>\r\n\
             To: <budi@example.id>\r\nSubject: Tautan baru\r\nMessage-ID: <{id}@sekolah.sch.id>\r\n\
             Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
             SGFsbyBCdWRpLA0KYmFyaXMgZHVhDQo=\r\n"
        );
        assert_eq!(mail, want);
    }

    #[test]
    fn what_is_not_plain_is_encoded_in_words_of_its_own() {
        assert_eq!(words("Setel ulang"), "Setel ulang");
        assert_eq!(words("ꦧ"), "=?UTF-8?B?6qan?=");
        assert_eq!(words(""), "=?UTF-8?B??=");
        assert_eq!(words("x: y"), "=?UTF-8?B?eDogeQ==?=");
        let long = words(&"é".repeat(60));
        assert_eq!(long.lines().count(), 3);
        assert!(long.lines().skip(1).all(|l| l.starts_with(' ')));
    }

    proptest! {
        /// Whatever stands in a subject or a text: the headers stay these nine, and each line
        /// is one that every server takes.
        #[test]
        fn nothing_in_a_mail_breaks_out_of_its_place(subject in "\\PC{0,80}|(.|[\r\n\0]){0,80}", text in "(.|[\r\n.]){0,400}") {
            let mail = compose(&draft(&subject, &text), &sender());
            let (head, body) = mail.split_once("\r\n\r\n").expect("a head");
            prop_assert!(mail.is_ascii() && mail.ends_with("\r\n"));
            prop_assert!(mail.replace("\r\n", "").bytes().all(|b| (32..127).contains(&b)));
            prop_assert!(mail.lines().all(|l| l.len() <= 78));
            let headers = head.split("\r\n").filter(|l| !l.starts_with(' '));
            prop_assert_eq!(headers.count(), 9);
            prop_assert!(body.lines().all(|l| !l.starts_with('.')));
        }
    }
}
