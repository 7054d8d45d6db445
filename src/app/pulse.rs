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
    listeners: Vec<(Arc<AtomicU64>, Option<u64>)>,
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
        // The first look only notes the number: a loop may not have begun by then.
        self.listeners.push((Arc::clone(&counter), None));
        counter
    }

    /// Feels every part.
    ///
    /// # Errors
    /// The name of the part that does not answer.
    pub async fn feel(&mut self) -> Result<(), &'static str> {
        for (counter, last) in &mut self.listeners {
            let now = counter.load(Ordering::Relaxed);
            let before = last.replace(now);
            if before == Some(now) {
                return Err("a listener");
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config;
    use crate::app::wire;
    use crate::vision::model::ModelError;

    fn core(name: &str) -> (Arc<Core>, std::path::PathBuf) {
        let dir = std::env::temp_dir().join(format!("hadir-pulse-{name}-{}", std::process::id()));
        let mut config = config::build(None, "", &[]).expect("defaults");
        config.store_dir.clone_from(&dir);
        config.master = crate::host::credential::Place::File(dir.join("master.key"));
        let none = ModelError::Missing {
            file: "none",
            looked: Vec::new(),
        };
        (
            Arc::new(wire::open(&config, Err(none)).expect("a box")),
            dir,
        )
    }

    #[tokio::test]
    async fn a_listener_that_stands_still_is_not_fed_for() {
        let (core, dir) = core("listener");
        let mut pulse = Pulse::new(core);
        let (first, second) = (pulse.listener(), pulse.listener());
        assert_eq!(pulse.feel().await, Ok(()), "none has begun yet");
        first.fetch_add(1, Ordering::Relaxed);
        assert_eq!(pulse.feel().await, Err("a listener"));
        for _ in 0..3 {
            first.fetch_add(1, Ordering::Relaxed);
            second.fetch_add(1, Ordering::Relaxed);
            assert_eq!(pulse.feel().await, Ok(()));
        }
        assert_eq!(pulse.feel().await, Err("a listener"));
        std::fs::remove_dir_all(dir).expect("remove");
    }

    /// A writer that answers with an error is alive; so is an engine without models.
    #[tokio::test]
    async fn an_answer_that_is_an_error_is_an_answer() {
        let (core, dir) = core("closed");
        core.store.close();
        assert_eq!(Pulse::new(core).feel().await, Ok(()));
        std::fs::remove_dir_all(dir).expect("remove");
    }
}
