//! The list of names in memory, loaded again when the store says that people have changed.

use crate::domain::fault::Fault;
use crate::domain::identity::directory::{self, Directory};
use crate::domain::site::Site;
use crate::store::Store;
use std::sync::{Arc, Mutex, PoisonError};

/// The list that was loaded last.
#[derive(Default)]
pub struct Names(Mutex<Option<Arc<Directory>>>);

impl Names {
    /// The list, as fresh as the store. One caller loads it, the others wait for that.
    ///
    /// # Errors
    /// Those of reading and opening names.
    pub fn get(&self, store: &Store, site: &Site) -> Result<Arc<Directory>, Fault> {
        let version = store.read(directory::version)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What another caller has loaded in the meantime may be newer than what was asked for.
        if let Some(found) = kept.as_ref().filter(|d| d.version >= version) {
            return Ok(Arc::clone(found));
        }
        let loaded = Arc::new(store.read(|view| directory::load(view, site))?);
        *kept = Some(Arc::clone(&loaded));
        Ok(loaded)
    }
}
