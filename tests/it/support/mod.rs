//! What the tests share: a scratch directory, the built program as a child, an MJPEG server,
//! and the one way to wait: polling a condition with a limit.

pub mod boxed;
pub mod delivering;
pub mod desk;
pub mod mailbox;
pub mod mjpeg;
pub mod program;
pub mod scratch;

use std::time::{Duration, Instant};

/// Polls `condition` until it holds; fails the test when `limit` is over.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place in tests that waits"
)]
pub fn eventually(limit: Duration, what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// A limit that only a fault reaches, also on a busy machine.
pub const LONG: Duration = Duration::from_secs(60);
