//! Everybody's names in memory, for finding somebody from three letters: names are sealed in the
//! store, so it cannot look for them. Loaded anew when its version in the store has moved.

use crate::base::id::PersonId;
use crate::base::limits;
use crate::domain::actor::{Attend, ReadPeople};
use crate::domain::fault::Fault;
use crate::domain::identity::person::PersonState;
use crate::domain::site::Site;
use crate::domain::vault::{self, place};
use crate::store::View;
use crate::store::people::{self, PersonRow};

/// Somebody who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Student's or member's number.
    pub number: Option<String>,
    /// Class or group.
    pub class: Option<String>,
    /// Whether the person may not take part now.
    pub disabled: bool,
}

struct Entry {
    hit: Hit,
    /// The words of name and class as they are compared.
    words: Vec<String>,
    number: String,
}

/// Everybody who was not erased, by name.
pub struct Directory {
    /// The store's version of what was loaded.
    pub version: u64,
    entries: Vec<Entry>,
}

/// Who may look people up: staff at the door, or whoever sees people's data.
#[derive(Debug, Clone, Copy)]
pub struct Searcher(());

impl From<Attend> for Searcher {
    fn from(_: Attend) -> Self {
        Self(())
    }
}

impl From<ReadPeople> for Searcher {
    fn from(_: ReadPeople) -> Self {
        Self(())
    }
}

/// A letter as it is compared: small, without the accents of Latin letters.
fn fold(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        '’' | 'ʼ' | '`' => '\'',
        other => other,
    }
}

fn folded(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase);
    small.map(fold).collect()
}

fn words(text: &str) -> Vec<String> {
    let parts = folded(text);
    let parts = parts.split(|c: char| c.is_whitespace() || c == ',');
    parts.filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The version of the list that the store has now.
///
/// # Errors
/// The faults.
pub fn version(view: &View<'_>) -> Result<u64, Fault> {
    Ok(people::get_directory_version(view)?)
}

/// Opens everybody's name, number and class.
///
/// # Errors
/// The faults.
pub fn load(view: &View<'_>, site: &Site) -> Result<Directory, Fault> {
    let version = version(view)?;
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let rows = people::list_people(view, after, limits::LIST_ROWS_MAX)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in &rows {
            entries.extend(open(site, row)?);
        }
    }
    entries.sort_by(|a, b| (&a.words, a.hit.person).cmp(&(&b.words, b.hit.person)));
    Ok(Directory { version, entries })
}

fn open(site: &Site, row: &PersonRow) -> Result<Option<Entry>, Fault> {
    let (Some(wrapped), Some(name)) = (&row.wrapped_key, &row.name) else {
        return Ok(None);
    };
    let key = site.keyring.open_person_key(row.id, wrapped)?;
    let at = vault::row_of(row.id);
    let open = |place, sealed: &Option<Vec<u8>>| {
        let text = sealed
            .as_ref()
            .map(|s| vault::open_text(&key, place, &at, s));
        text.transpose()
    };
    let hit = Hit {
        person: row.id,
        name: vault::open_text(&key, place::NAME, &at, name)?,
        number: open(place::NUMBER, &row.number)?,
        class: open(place::CLASS, &row.class)?,
        disabled: row.state != PersonState::Active,
    };
    let mut all = words(&hit.name);
    all.extend(hit.class.as_deref().map(words).unwrap_or_default());
    Ok(Some(Entry {
        words: all,
        number: hit.number.as_deref().map(folded).unwrap_or_default(),
        hit,
    }))
}

impl Entry {
    /// How well it fits: every part asked for must begin the number or a word of its own. The
    /// smaller the better; None: it does not fit.
    fn rank(&self, parts: &[String]) -> Option<usize> {
        let mut free: Vec<&String> = self.words.iter().collect();
        let mut rank = 0;
        // The longest part first, so that a short one does not take its word away.
        let mut longest: Vec<&String> = parts.iter().collect();
        longest.sort_by_key(|part| std::cmp::Reverse(part.len()));
        for part in longest {
            if !self.number.is_empty() && self.number.starts_with(part.as_str()) {
                continue;
            }
            let exact = free.iter().position(|word| *word == part);
            let begins = || free.iter().position(|word| word.starts_with(part.as_str()));
            rank += usize::from(exact.is_none());
            free.remove(exact.or_else(begins)?);
        }
        let first = self.words.first().zip(parts.first());
        let leads = first.is_some_and(|(word, part)| word.starts_with(part.as_str()));
        Some(2 * rank + usize::from(!leads))
    }
}

impl Directory {
    /// Who fits a text of at least three letters or digits: parts of name, class or number in any
    /// order, each from its beginning. At most [`limits::SEARCH_HITS_MAX`], the best first.
    #[must_use]
    pub fn search(&self, _: impl Into<Searcher>, text: &str) -> Vec<Hit> {
        let parts = words(text);
        let letters: usize = parts.iter().map(|p| p.chars().count()).sum();
        if letters < limits::SEARCH_LETTERS_MIN || parts.len() > limits::SEARCH_PARTS_MAX {
            return Vec::new();
        }
        let fits = |entry| Some((Entry::rank(entry, &parts)?, entry));
        let mut found: Vec<(usize, &Entry)> = self.entries.iter().filter_map(fits).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.truncate(limits::SEARCH_HITS_MAX);
        found.into_iter().map(|(_, e)| e.hit.clone()).collect()
    }

    /// A person who is known, as a search would find them.
    #[must_use]
    pub fn find(&self, _: impl Into<Searcher>, person: PersonId) -> Option<Hit> {
        let own = self.entries.iter().find(|e| e.hit.person == person);
        own.map(|e| e.hit.clone())
    }

    /// How many people may take part now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.iter().filter(|e| !e.hit.disabled).count()
    }

    /// Whether nobody may take part.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::domain::actor::Actor;
    use proptest::prelude::*;

    fn directory(people: &[(&str, &str, &str)]) -> Directory {
        let entry = |(i, (name, number, class)): (usize, &(&str, &str, &str))| {
            let mut all = words(name);
            all.extend(words(class));
            Entry {
                words: all,
                number: folded(number),
                hit: Hit {
                    person: PersonId::from_bytes([u8::try_from(i).unwrap_or(0); 16]),
                    name: (*name).to_owned(),
                    number: (!number.is_empty()).then(|| (*number).to_owned()),
                    class: None,
                    disabled: false,
                },
            }
        };
        Directory {
            version: 1,
            entries: people.iter().enumerate().map(entry).collect(),
        }
    }

    fn names(directory: &Directory, text: &str) -> Vec<String> {
        let may = Actor::Operator.attend().expect("the operator may");
        let hits = directory.search(may, text);
        hits.into_iter().map(|h| h.name).collect()
    }

    #[test]
    fn one_is_found_by_what_names_them() {
        let all = directory(&[("Budi", "1", ""), ("Siti", "2", "")]);
        let find = |n: u8| {
            let may = Actor::Operator.attend().expect("the operator may");
            let found = all.find(may, PersonId::from_bytes([n; 16]));
            found.map(|hit| hit.name)
        };
        assert_eq!(find(1).as_deref(), Some("Siti"));
        assert_eq!(find(7), None);
    }

    #[test]
    fn people_are_found_by_parts_in_any_order() {
        let all = directory(&[
            ("Budi Santoso", "2026001", "XII IPA 1"),
            ("Siti Nur Aisyah", "2026002", "XII IPA 2"),
            ("Ahmad Budiman", "2025-77", "XI IPS"),
            ("José Nuñez", "", ""),
            ("Budi Budi", "", ""),
        ]);
        let table: [(&str, &[&str]); 14] = [
            ("bu", &[]),
            ("b s", &[]),
            ("bud", &["Budi Santoso", "Budi Budi", "Ahmad Budiman"]),
            ("BUDI", &["Budi Santoso", "Budi Budi", "Ahmad Budiman"]),
            ("santoso budi", &["Budi Santoso"]),
            ("san bu", &["Budi Santoso"]),
            ("budi bud", &["Budi Budi"]),
            ("nur", &["Siti Nur Aisyah"]),
            ("isyah", &[]),
            ("202600", &["Budi Santoso", "Siti Nur Aisyah"]),
            ("2025-77", &["Ahmad Budiman"]),
            ("aisyah xii", &["Siti Nur Aisyah"]),
            ("jose nunez", &["José Nuñez"]),
            ("budi santoso x", &["Budi Santoso"]),
        ];
        for (text, want) in table {
            assert_eq!(names(&all, text), want, "{text}");
        }
    }

    #[test]
    fn no_more_than_twenty_are_told() {
        let many: Vec<(&str, &str, &str)> = vec![("Budi Santoso", "", ""); 50];
        assert_eq!(names(&directory(&many), "budi").len(), 20);
        assert_eq!(directory(&many).len(), 50);
        assert!(directory(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn whoever_is_named_is_found(name in "[A-Za-z]{3,8}( [A-Za-z]{2,8}){0,3}", keep in 3usize..9) {
            let all = directory(&[("Lain Sekali", "", ""), (&name, "", "")]);
            let mut parts: Vec<String> = name
                .split(' ')
                .map(|w| w.chars().take(keep).collect())
                .collect();
            parts.reverse();
            prop_assert!(names(&all, &parts.join(" ")).contains(&name));
        }

        #[test]
        fn no_text_makes_the_search_fail(text in "\\PC{0,80}") {
            let all = directory(&[("Budi Santoso", "2026001", "XII")]);
            prop_assert!(names(&all, &text).len() <= 1);
        }
    }
}
