//! The templates of the people a check-in may choose from, and the search among them.
//!
//! One flat matrix in memory, a row a person; a search is a product of that matrix with the
//! probe. The surface rebuilds a gallery when the store's enrolments change; whether the best is
//! good enough is the domain's question, not this file's.

use crate::base::id::PersonId;
use crate::base::limits;
use crate::vision::embed::{EMBEDDING_FLOATS, Embedding};
use crate::vision::ops;
use std::collections::HashMap;
use std::fmt;

pub use crate::vision::model::ModelHash;

/// The gallery holds as many templates as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GalleryFull;

impl fmt::Display for GalleryFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a gallery holds at most {} faces",
            limits::GALLERY_TEMPLATES_MAX
        )
    }
}

impl std::error::Error for GalleryFull {}

/// What a search found: the nearest person, and the nearest *other* person.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Matches {
    /// The nearest person and the cosine; None in an empty gallery.
    pub best: Option<(PersonId, f32)>,
    /// The second nearest person and the cosine; None with fewer than two people.
    pub second: Option<(PersonId, f32)>,
}

/// One template a person, all of one model.
#[derive(Clone)]
pub struct Gallery {
    model: ModelHash,
    people: Vec<PersonId>,
    rows: Vec<f32>,
    places: HashMap<PersonId, usize>,
}

impl fmt::Debug for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gallery({} templates)", self.people.len())
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.rows.fill(0.0);
    }
}

impl Gallery {
    /// An empty gallery for templates of the model with this hash.
    #[must_use]
    pub fn new(model: ModelHash) -> Self {
        Self {
            model,
            people: Vec::new(),
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// The model whose templates these are.
    #[must_use]
    pub const fn model(&self) -> ModelHash {
        self.model
    }

    /// How many people are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Whether this person is in it.
    #[must_use]
    pub fn contains(&self, person: PersonId) -> bool {
        self.places.contains_key(&person)
    }

    /// Adds a person's template, or replaces it.
    ///
    /// # Errors
    /// [`GalleryFull`] for a new person beyond the limit.
    pub fn insert(&mut self, person: PersonId, template: &Embedding) -> Result<(), GalleryFull> {
        if let Some(place) = self.places.get(&person) {
            let from = place * EMBEDDING_FLOATS;
            if let Some(row) = self.rows.get_mut(from..from + EMBEDDING_FLOATS) {
                row.copy_from_slice(template.as_slice());
            }
            return Ok(());
        }
        if self.people.len() >= limits::GALLERY_TEMPLATES_MAX {
            return Err(GalleryFull);
        }
        self.places.insert(person, self.people.len());
        self.people.push(person);
        self.rows.extend_from_slice(template.as_slice());
        Ok(())
    }

    /// Takes a person out; the last row moves into the gap. False when the person was not in it.
    pub fn remove(&mut self, person: PersonId) -> bool {
        let Some(place) = self.places.remove(&person) else {
            return false;
        };
        let last = self.people.len().saturating_sub(1);
        self.people.swap_remove(place);
        let (from, to) = (last * EMBEDDING_FLOATS, place * EMBEDDING_FLOATS);
        self.rows.copy_within(from..from + EMBEDDING_FLOATS, to);
        if let Some(gone) = self.rows.get_mut(from..) {
            gone.fill(0.0);
        }
        self.rows.truncate(from);
        if let Some(moved) = self.people.get(place) {
            self.places.insert(*moved, place);
        }
        true
    }

    /// The nearest and the second nearest person. Costs 128 multiplications a person.
    #[must_use]
    pub fn search(&self, probe: &Embedding) -> Matches {
        let mut found = Matches::default();
        let mut cosines = [0f32; 256];
        let chunks = self.rows.chunks(256 * EMBEDDING_FLOATS);
        for (rows, people) in chunks.zip(self.people.chunks(256)) {
            ops::row_products(rows, probe.as_slice(), &mut cosines);
            for (person, cosine) in people.iter().zip(cosines.iter()) {
                found.offer(*person, *cosine);
            }
        }
        found
    }

    /// The cosine to one person's template; None when the person is not in the gallery.
    #[must_use]
    pub fn compare(&self, person: PersonId, probe: &Embedding) -> Option<f32> {
        let from = self.places.get(&person)? * EMBEDDING_FLOATS;
        let row = self.rows.get(from..from + EMBEDDING_FLOATS)?;
        Some(row.iter().zip(probe.as_slice()).map(|(a, b)| a * b).sum())
    }
}

impl Matches {
    fn offer(&mut self, person: PersonId, cosine: f32) {
        if self.best.is_none_or(|(_, best)| cosine > best) {
            self.second = self.best;
            self.best = Some((person, cosine));
        } else if self.second.is_none_or(|(_, second)| cosine > second) {
            self.second = Some((person, cosine));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::base::time::Timestamp;
    use proptest::prelude::*;

    fn person(n: u8) -> PersonId {
        PersonId::from_parts(Timestamp::from_millis(1), [n; 10])
    }

    fn embedding(seed: u64) -> Embedding {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let numbers: Vec<f32> = (0..EMBEDDING_FLOATS)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % 2001) as f32 / 1000.0 - 1.0
            })
            .collect();
        Embedding::from_slice(&numbers).expect("has a direction")
    }

    #[test]
    fn an_empty_gallery_finds_nobody() {
        let gallery = Gallery::new(ModelHash([0; 32]));
        assert!(gallery.is_empty());
        assert_eq!(gallery.search(&embedding(1)), Matches::default());
    }

    #[test]
    fn the_second_is_another_person() {
        let mut gallery = Gallery::new(ModelHash([0; 32]));
        gallery.insert(person(1), &embedding(1)).expect("room");
        gallery.insert(person(1), &embedding(1)).expect("room");
        let found = gallery.search(&embedding(1));
        assert_eq!(found.best.map(|b| b.0), Some(person(1)));
        assert_eq!(found.second, None, "the same person twice is one row");
        gallery.insert(person(2), &embedding(2)).expect("room");
        let found = gallery.search(&embedding(1));
        assert_eq!(found.second.map(|b| b.0), Some(person(2)));
        assert!(gallery.remove(person(1)) && !gallery.remove(person(1)));
        assert_eq!(
            gallery.search(&embedding(1)).best.map(|b| b.0),
            Some(person(2))
        );
    }

    proptest! {
        #[test]
        fn a_search_agrees_with_comparing_one_by_one(
            steps in proptest::collection::vec((0u8..20, any::<bool>(), 0u64..1000), 1..80),
            probe in 0u64..1000,
        ) {
            let mut gallery = Gallery::new(ModelHash([7; 32]));
            let mut model: HashMap<PersonId, Embedding> = HashMap::new();
            for (who, put, seed) in steps {
                if put {
                    gallery.insert(person(who), &embedding(seed)).expect("room");
                    model.insert(person(who), embedding(seed));
                } else {
                    prop_assert_eq!(gallery.remove(person(who)), model.remove(&person(who)).is_some());
                }
            }
            let probe = embedding(probe);
            let mut all: Vec<f32> = model.values().map(|t| t.dot(&probe)).collect();
            all.sort_by(|a, b| b.total_cmp(a));
            let found = gallery.search(&probe);
            prop_assert_eq!(gallery.len(), model.len());
            for (got, want) in [(found.best, all.first()), (found.second, all.get(1))] {
                prop_assert_eq!(got.is_some(), want.is_some());
                if let (Some((who, cosine)), Some(want)) = (got, want) {
                    prop_assert!((cosine - want).abs() < 1e-4);
                    prop_assert!((gallery.compare(who, &probe).expect("is in it") - cosine).abs() < 1e-4);
                }
            }
        }
    }
}
