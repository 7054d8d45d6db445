//! Answers that need not be sent, or not whole: 304 for what the client has already
//! (RFC 9110, section 13.1.2), gzip for texts of some length.
//!
//! Only answers to `GET` are compressed, and none that its handler marked as secret: a length
//! would tell what stands in it (BREACH).

use crate::base::limits;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, Method, header};
use std::io::Write as _;

/// How much work is put into compressing: more gains a few per cent and takes twice as long.
const LEVEL: u32 = 5;

/// What a request says about the form of its answer.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The client takes gzip, and the request is one whose answer may be compressed.
    pub packed: bool,
    /// The tags that the client has; `*` for any.
    have: Vec<String>,
}

impl Asked {
    /// Reads it from the request.
    #[must_use]
    pub fn of(method: &Method, headers: &HeaderMap) -> Self {
        let reads = matches!(*method, Method::GET | Method::HEAD);
        if !reads {
            return Self::default();
        }
        let lines = |name| {
            headers
                .get_all(name)
                .into_iter()
                .filter_map(|v| v.to_str().ok())
        };
        let tags = lines(header::IF_NONE_MATCH).flat_map(|line| line.split(','));
        Self {
            packed: lines(header::ACCEPT_ENCODING).any(takes_gzip),
            have: tags.map(|tag| bare(tag).to_owned()).collect(),
        }
    }

    /// Whether the client has what this tag names.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        self.have.iter().any(|have| have == tag || have == "*")
    }
}

/// A tag without its quotation marks; a weak one counts as well when something is read.
fn bare(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

fn takes_gzip(line: &str) -> bool {
    line.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|p| {
            let q = p.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            q.is_some_and(|q| q <= 0.0)
        });
        name.eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Whether compressing pays: texts, from a length on.
#[must_use]
pub fn pays(content_type: &str, length: usize) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    let text = kind.starts_with("text/")
        || matches!(
            kind,
            "application/json"
                | "application/javascript"
                | "image/svg+xml"
                | "application/manifest+json"
        );
    text && length >= limits::PACK_BYTES_MIN
}

/// The bytes in gzip's form; None if they would not be shorter.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(LEVEL));
    encoder.write_all(bytes).ok()?;
    encoder
        .finish()
        .ok()
        .filter(|packed| packed.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn asked(method: &Method, lines: &[(&'static str, &str)]) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a value"));
        }
        Asked::of(method, &headers)
    }

    #[test]
    fn gzip_is_taken_only_by_those_who_say_so() {
        let table = [
            ("gzip", true),
            ("br, gzip;q=0.5", true),
            ("deflate, GZIP", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, br", false),
            ("br", false),
            ("", false),
            ("xgzip", false),
        ];
        for (line, want) in table {
            let got = asked(&Method::GET, &[("accept-encoding", line)]);
            assert_eq!(got.packed, want, "{line:?}");
            assert!(!asked(&Method::POST, &[("accept-encoding", line)]).packed);
        }
    }

    #[test]
    fn tags_are_compared_whole() {
        let table = [
            ("\"a1\"", true),
            ("W/\"a1\"", true),
            ("\"b\", \"a1\"", true),
            ("*", true),
            ("\"a\"", false),
            ("\"a12\"", false),
            ("", false),
        ];
        for (line, want) in table {
            assert_eq!(
                asked(&Method::GET, &[("if-none-match", line)]).has("a1"),
                want,
                "{line:?}"
            );
            assert!(!asked(&Method::PUT, &[("if-none-match", line)]).has("a1"));
        }
    }

    #[test]
    fn only_long_texts_are_compressed_and_they_read_the_same() {
        assert!(pays("text/html; charset=utf-8", 1024));
        assert!(pays("application/json; charset=utf-8", 5000));
        for (kind, length) in [
            ("text/html", 1023),
            ("image/jpeg", 9999),
            ("", 9999),
            ("application/gzip", 9999),
        ] {
            assert!(!pays(kind, length), "{kind}");
        }
        let text = "check-in ".repeat(500).into_bytes();
        let packed = gzip(&text).expect("shorter");
        assert!(packed.len() < text.len() / 10);
        let mut again = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_end(&mut again)
            .expect("gzip");
        assert_eq!(again, text);
        assert_eq!(gzip(&packed), None);
    }
}
