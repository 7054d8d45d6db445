//! The decisions of an occasion in numbers, kept from one look to the next: only what has come
//! since is counted, so that a desk may ask after every scan of a long day.

use crate::base::id::DeviceId;
use crate::base::time::{Span, Timestamp};
use crate::store::View;
use crate::store::error::Error;
use crate::store::tallies::{self, Entries};
use crate::store::visits::OccasionKey;
use std::collections::BTreeMap;

/// The stretch of time of one bar: ten minutes.
const STRETCH: Span = Span::from_millis(600_000);

/// What has been counted of one occasion. The default has counted nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The last decision that was counted.
    through: u64,
    /// Undone check-ins of the whole store then: one more may be among those counted.
    undone: u64,
    refused: u32,
    entries: BTreeMap<(Timestamp, Option<DeviceId>), u32>,
}

impl Tally {
    /// Counts what has come since; everything anew if something was undone in between.
    ///
    /// # Errors
    /// Those of reading; it is then as it was.
    pub fn follow(&mut self, view: &View<'_>, occasion: &OccasionKey) -> Result<(), Error> {
        let undone = tallies::get_undone(view)?;
        let mut next = if undone == self.undone {
            self.clone()
        } else {
            Self::default()
        };
        let through = tallies::get_last(view, occasion)?;
        if through > next.through {
            next.refused += tallies::get_refused(view, occasion, next.through)?;
            let stretch_ms = STRETCH.as_millis();
            for came in tallies::list_entries(view, occasion, next.through, stretch_ms)? {
                let count = next.entries.entry((came.from, came.device)).or_default();
                *count = count.saturating_add(came.entries);
            }
            next.through = through;
        }
        next.undone = undone;
        *self = next;
        Ok(())
    }

    /// Decisions that let nobody in.
    #[must_use]
    pub const fn refused(&self) -> u32 {
        self.refused
    }

    /// Entries that were not undone, in stretches of ten minutes and by device, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entries> {
        let all = self.entries.iter();
        all.map(|((from, device), entries)| Entries {
            from: *from,
            device: *device,
            entries: *entries,
        })
        .collect()
    }
}
