//! Which language a caller reads: the one chosen on a page (cookie `lang`), else the first of
//! `Accept-Language` that is ours, else the site's.

use crate::domain::rule::Language;
use crate::http::request::Head;

/// The name of the cookie in which a choice is kept.
pub const COOKIE: &str = "lang";

/// The caller's language.
#[must_use]
pub fn of(head: &Head, site: Language) -> Language {
    let chosen = head.cookie(COOKIE).and_then(Language::read);
    chosen
        .or_else(|| accepted(head.header("accept-language").unwrap_or_default()))
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
}
