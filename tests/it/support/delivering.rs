//! The box's worker that sends mails and calls webhooks, on a thread of its own; it may call
//! receivers on this machine.

use hadir::http::call::Reach;
use hadir::surface::core::Core;
use hadir::surface::delivery;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::watch;

/// The running worker.
pub struct Delivering {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

impl Delivering {
    /// Starts it.
    pub fn start(core: &Arc<Core>) -> Self {
        Self::within(core, Reach::anywhere())
    }

    /// Starts it with another reach.
    pub fn within(core: &Arc<Core>, reach: Reach) -> Self {
        let (stop, stopped) = watch::channel(false);
        let core = Arc::clone(core);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(delivery::run(core, reach, stopped));
        });
        Self { stop, thread }
    }

    /// Stops it.
    pub fn stop(self) {
        self.stop.send(true).expect("it listens");
        self.thread.join().expect("it ends in order");
    }
}
