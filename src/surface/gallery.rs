//! The galleries in memory: one per occasion that somebody checks in to, loaded again when the
//! store says that templates, consents or tickets have changed. A check-in asks the store
//! again, so a gallery that is a moment old admits nobody who may not come in.

use crate::domain::fault::Fault;
use crate::domain::identity::gallery::{self, Loaded};
use crate::domain::site::Site;
use crate::store::Store;
use crate::store::visits::OccasionKey;
use crate::vision::gallery::ModelHash;
use std::sync::{Arc, Mutex, PoisonError};

/// Occasions whose galleries are kept, most: those of a box's gates at one time.
const GALLERIES_MAX: usize = 8;

/// The galleries, the one used last at the end.
#[derive(Default)]
pub struct Galleries(Mutex<Vec<(OccasionKey, ModelHash, Arc<Loaded>)>>);

impl Galleries {
    /// The gallery of an occasion, as fresh as the store.
    ///
    /// # Errors
    /// Those of reading and opening templates.
    pub fn get(
        &self,
        store: &Store,
        site: &Site,
        occasion: &OccasionKey,
        model: ModelHash,
    ) -> Result<Arc<Loaded>, Fault> {
        let version = store.read(gallery::version)?;
        if let Some(found) = self.find(occasion, model, version) {
            return Ok(found);
        }
        let loaded = store.read(|view| gallery::load_gallery(view, site, occasion, model))?;
        let loaded = Arc::new(loaded);
        self.keep(occasion.clone(), model, Arc::clone(&loaded));
        Ok(loaded)
    }

    fn find(&self, occasion: &OccasionKey, model: ModelHash, version: u64) -> Option<Arc<Loaded>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(o, m, l)| o == occasion && *m == model && l.version == version)
            .map(|(_, _, loaded)| Arc::clone(loaded))
    }

    fn keep(&self, occasion: OccasionKey, model: ModelHash, loaded: Arc<Loaded>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(o, ..)| *o != occasion);
        if kept.len() >= GALLERIES_MAX {
            kept.remove(0);
        }
        kept.push((occasion, model, loaded));
    }
}
