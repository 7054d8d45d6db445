//! Whether the parts of the box still answer: the accept loops, the writer, the inference
//! threads. A writer that says its disk is full is alive.

use crate::store;
use crate::surface::core::Core;
use crate::vision::worker::{SourceId, Want};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Time that a part has for its answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// What is felt.
pub struct Pulse {
    core: Arc<Core>,
    source: SourceId,
    listeners: Vec<(Arc<AtomicU64>, u64)>,
}

impl Pulse {
    /// The pulse of a box without listeners.
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            source: SourceId::fresh(),
            listeners: Vec::new(),
        }
    }

    /// A counter that one accept loop raises at least once a second.
    pub fn listener(&mut self) -> Arc<AtomicU64> {
        let counter = Arc::<AtomicU64>::default();
        // No loop has counted to this number, so that the first look finds every loop alive
        // that has begun.
        self.listeners.push((Arc::clone(&counter), 0));
        counter
    }

    /// Feels every part.
    ///
    /// # Errors
    /// The name of the part that does not answer.
    pub async fn feel(&mut self) -> Result<(), &'static str> {
        for (counter, last) in &mut self.listeners {
            let now = counter.load(Ordering::Relaxed);
            if now == *last {
                return Err("a listener");
            }
            *last = now;
        }
        let write = self.core.store.submit(|_| Ok::<_, store::Error>(()));
        if tokio::time::timeout(ANSWER_LIMIT, write).await.is_err() {
            return Err("the writer");
        }
        // An empty picture is refused at once; any answer shows that a thread takes work.
        let look = self
            .core
            .engine
            .analyse(self.source, Vec::new(), Want::default());
        if tokio::time::timeout(ANSWER_LIMIT, look).await.is_err() {
            return Err("the inference threads");
        }
        Ok(())
    }
}
