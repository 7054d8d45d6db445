//! Which language a caller reads. The first of these that is one of ours:
//!
//! 1. the one chosen on a page of this browser (cookie `lang`),
//! 2. the one that the person who has signed in has chosen, on whichever browser,
//! 3. the best liked of `Accept-Language`,
//! 4. the site's.
//!
//! At a screen: the language of the person it has recognised, else that of its buttons, else the
//! screen's own setting, else the site's; the first is told with each decision, and the screen's
//! page does the rest. A text that is missing in one language cannot be: `Words` holds both.

use crate::domain::rule::Language;
use crate::http::request::Head;

/// The name of the cookie in which a choice is kept.
pub const COOKIE: &str = "lang";

/// The language of a caller of whom nothing is known but the request.
#[must_use]
pub fn of(head: &Head, site: Language) -> Language {
    for_person(head, None, site)
}

/// The language of a caller; `own`: what the person has chosen who has signed in.
#[must_use]
pub fn for_person(head: &Head, own: Option<Language>, site: Language) -> Language {
    let accepted = head.header("accept-language").unwrap_or_default();
    best(head.cookie(COOKIE), own, accepted, site)
}

fn best(chosen: Option<&str>, own: Option<Language>, header: &str, site: Language) -> Language {
    chosen
        .and_then(Language::read)
        .or(own)
        .or_else(|| accepted(header))
        .unwrap_or(site)
}

/// The language of ours that the header likes best; of equals the first.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for part in header.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let tag = pieces.next().unwrap_or_default();
        let primary = tag.split('-').next().unwrap_or_default();
        let Some(language) = read(primary) else {
            continue;
        };
        let quality = pieces.find_map(|p| p.strip_prefix("q="));
        let weight = quality.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// A language by its tag; `in` is what Indonesian was called until 1989, and still is by some
/// old phones.
fn read(primary: &str) -> Option<Language> {
    match primary.to_ascii_lowercase().as_str() {
        "id" | "in" => Some(Language::Id),
        "en" => Some(Language::En),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_liked_best_of_ours_is_taken() {
        let table = [
            ("", None),
            ("de, fr;q=0.9", None),
            ("en-US,en;q=0.9,id;q=0.8", Some(Language::En)),
            ("de;q=1, id;q=0.3, en;q=0.7", Some(Language::En)),
            ("ID-id", Some(Language::Id)),
            ("in", Some(Language::Id)),
            ("en;q=0, id;q=0.1", Some(Language::Id)),
            ("en;q=x", None),
            ("id,en", Some(Language::Id)),
        ];
        for (header, want) in table {
            assert_eq!(accepted(header), want, "{header}");
        }
    }

    /// Written by hand: cookie, the person's own choice, header, site; what comes of it.
    #[test]
    fn the_first_that_is_ours_counts() {
        use Language::{En, Id};
        type Row = (
            Option<&'static str>,
            Option<Language>,
            &'static str,
            Language,
            Language,
        );
        let table: [Row; 13] = [
            (None, None, "", Id, Id),
            (None, None, "", En, En),
            (None, None, "de, zh;q=0.8", En, En),
            (None, None, "*", En, En),
            (None, None, "id-ID", En, Id),
            (None, None, "in-ID,in;q=0.9", En, Id),
            (None, None, "en-GB;q=0.2, id;q=0.1", Id, En),
            (None, Some(En), "id", Id, En),
            (None, Some(Id), "en", En, Id),
            (Some("id"), Some(En), "en", En, Id),
            (Some("en"), Some(Id), "id", Id, En),
            (Some("xx"), Some(En), "id", Id, En),
            (Some(""), None, "en;q=0", Id, Id),
        ];
        for (cookie, own, header, site, want) in table {
            let got = best(cookie, own, header, site);
            assert_eq!(got, want, "{cookie:?} {own:?} {header:?} {site}");
        }
    }
}
