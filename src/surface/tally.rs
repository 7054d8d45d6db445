//! The numbers of the occasions that desks ask for, as far as they were counted.

use crate::domain::checkin::listing::{self, Counts};
use crate::domain::checkin::tally::Tally;
use crate::domain::checkin::{Error, Occasion};
use crate::domain::site::Call;
use crate::store::View;
use std::sync::{Mutex, PoisonError};

/// Occasions whose numbers are kept, most: those of a box's desks at one time.
const TALLIES_MAX: usize = 8;

/// The tallies, the one used last at the end.
#[derive(Default)]
pub struct Tallies(Mutex<Vec<(Occasion, Tally)>>);

impl Tallies {
    /// The numbers of an occasion, as fresh as the view.
    ///
    /// # Errors
    /// Those of [`listing::counts`].
    pub fn counts(
        &self,
        view: &View<'_>,
        call: &Call<'_>,
        occasion: Occasion,
    ) -> Result<Counts, Error> {
        let mut tally = self.find(occasion);
        let counts = listing::counts_on(view, call, occasion, &mut tally)?;
        self.keep(occasion, tally);
        Ok(counts)
    }

    /// Forgets all: what was counted has changed.
    pub fn forget(&self) {
        (self.0.lock().unwrap_or_else(PoisonError::into_inner)).clear();
    }

    fn find(&self, occasion: Occasion) -> Tally {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(of, _)| *of == occasion);
        found.map(|(_, tally)| tally.clone()).unwrap_or_default()
    }

    fn keep(&self, occasion: Occasion, tally: Tally) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, _)| *of != occasion);
        if kept.len() >= TALLIES_MAX {
            kept.remove(0);
        }
        kept.push((occasion, tally));
    }
}
