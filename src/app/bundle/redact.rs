//! Takes out of a text what must not leave a box: the texts of its configuration, and whatever
//! looks like an address or a secret. Rather too much than too little.

use std::net::{IpAddr, SocketAddr};

/// Words of this length and more may be secrets.
const LONG: usize = 24;

/// Letters of an id, which is 26 characters of Crockford's alphabet and no secret.
const ID: usize = 26;

/// A part of an address or a name that is shorter says nothing.
const PART: usize = 4;

/// Parts of addresses that are no secret.
const HARMLESS: [&str; 5] = ["http", "https", "mjpeg", "hadir", "localhost"];

/// What is taken out.
pub struct Redactor {
    /// Texts and what stands in their place, the longest first.
    hidden: Vec<(String, String)>,
}

impl Redactor {
    /// Takes out these texts, each named by its key.
    pub fn new(texts: Vec<(String, String)>) -> Self {
        let mut hidden = Vec::new();
        for (key, text) in texts {
            let shown = format!("<{key}>");
            let divided = |c: char| c.is_whitespace() || ":/@?&=,".contains(c);
            if text.contains("://") || text.contains(' ') {
                let parts = text
                    .split(divided)
                    .filter(|part| part.chars().count() >= PART && !HARMLESS.contains(part));
                hidden.extend(parts.map(|part| (part.to_owned(), shown.clone())));
            }
            if text.chars().count() >= 2 && !HARMLESS.contains(&text.as_str()) {
                hidden.push((text, shown));
            }
        }
        hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Self { hidden }
    }

    /// The text without what must not leave the box.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (hidden, shown) in &self.hidden {
            text = text.replace(hidden.as_str(), shown);
        }
        let mut cleaned = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            if c.is_alphanumeric() || "@._:+/=-[]%".contains(c) {
                word.push(c);
            } else {
                cleaned.push_str(&clean(&word));
                word.clear();
                cleaned.push(c);
            }
        }
        cleaned.pop();
        cleaned
    }
}

/// A word as it may leave the box.
fn clean(word: &str) -> String {
    let core = word.trim_matches(|c| ".:=/".contains(c));
    if core
        .split_once('@')
        .is_some_and(|(a, b)| !a.is_empty() && b.contains('.'))
    {
        return word.replace(core, "<e-mail>");
    }
    let value = core.rsplit('=').next().unwrap_or(core);
    if let Some(ip) = address(value) {
        let known = ip.is_loopback() || ip.is_unspecified();
        return match known {
            true => word.to_owned(),
            false => word.replace(value, "<address>"),
        };
    }
    let mut cleaned = word.to_owned();
    for run in word.split(|c: char| !(c.is_ascii_alphanumeric() || "_-+".contains(c))) {
        if is_secret(run) {
            cleaned = cleaned.replace(run, "<long word>");
        }
    }
    cleaned
}

fn address(word: &str) -> Option<IpAddr> {
    let alone = word.trim_matches(['[', ']']).parse().ok();
    alone.or_else(|| word.parse::<SocketAddr>().ok().map(|a| a.ip()))
}

/// Long, and of letters and digits as chance puts them: neither words with strokes between nor
/// an id.
fn is_secret(run: &str) -> bool {
    let id = run.len() == ID
        && run
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let has = |test: fn(&u8) -> bool| run.bytes().any(|b| test(&b));
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let plain = !run.contains(['_', '-']) && has(u8::is_ascii_digit);
    run.len() >= LONG && !id && (mixed || plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_leave_is_taken_out_and_the_rest_stays() {
        let redactor = Redactor::new(vec![
            ("site.name".to_owned(), "SMA Rahasia".to_owned()),
            (
                "camera.source".to_owned(),
                "mjpeg:http://kamera:sandi77@10.0.0.9/a".to_owned(),
            ),
            ("store.dir".to_owned(), "/srv/data".to_owned()),
        ]);
        let table = [
            (
                "hadir 0.1.0 serves SMA Rahasia.",
                "hadir 0.1.0 serves <site.name>.",
            ),
            ("the school Rahasia", "the school <site.name>"),
            (
                "http://kamera:sandi77@10.0.0.9/a",
                "http://<camera.source>:<camera.source>@<camera.source>/a",
            ),
            (
                "/srv/data/hadir.db is sound",
                "<store.dir>/hadir.db is sound",
            ),
            ("from budi.s@sma.id.", "from <e-mail>."),
            (
                "peer 192.168.1.7:443, 127.0.0.1:8080 [::]:80",
                "peer <address>, 127.0.0.1:8080 [::]:80",
            ),
            ("peer=10.1.2.3 x", "peer=<address> x"),
            (
                "id 01M7ZYA9P2YCGQ8X122Z3PMR21",
                "id 01M7ZYA9P2YCGQ8X122Z3PMR21",
            ),
            (
                "face_detection_yunet_2023mar_merged.onnx",
                "face_detection_yunet_2023mar_merged.onnx",
            ),
            ("token hdr_AbCdEfGhIjKlMnOpQrStUv12", "token <long word>"),
            ("0123456789abcdef0123456789abcdef", "<long word>"),
            (
                "2026-11-21T06:52:00.000Z info event=started",
                "2026-11-21T06:52:00.000Z info event=started",
            ),
        ];
        for (text, want) in table {
            assert_eq!(redactor.text(text), want);
        }
    }
}
