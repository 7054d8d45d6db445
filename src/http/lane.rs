//! Lanes: how many requests are worked on at once. Each has its own places, so that a crowd of
//! readers never takes those of the check-ins; whoever finds the line too long is told so at
//! once.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::http::problem::Problem;
use crate::http::route;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One lane.
#[derive(Debug, Clone)]
pub struct Lane {
    places: Arc<Semaphore>,
    line: Arc<Semaphore>,
    wait: Duration,
}

impl Lane {
    /// A lane with `places`, and room for `line` who wait, each at most so long.
    #[must_use]
    pub fn new(places: usize, line: usize, wait: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            line: Arc::new(Semaphore::new(line)),
            wait,
        }
    }

    /// Takes a place, in the order of coming.
    ///
    /// # Errors
    /// 503 if the line is full, or if none came free in time.
    pub async fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let waiting = self.line.try_acquire().map_err(|_| busy())?;
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(self.wait, place).await;
        drop(waiting);
        match place {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

fn busy() -> Problem {
    Problem::new(
        Cause::Busy,
        "The box has too much to do. Try again in a moment.",
    )
}

/// The lanes of all listeners together.
#[derive(Debug, Clone)]
pub struct Lanes {
    /// For [`route::Lane::CheckIn`] and [`route::Lane::Queued`].
    pub check_in: Lane,
    /// For [`route::Lane::Ordinary`].
    pub ordinary: Lane,
    /// For [`route::Lane::Password`].
    pub password: Lane,
    /// KiB of bodies in memory.
    bodies: Arc<Semaphore>,
}

impl Default for Lanes {
    fn default() -> Self {
        let wait = Duration::from_millis(limits::LANE_WAIT_MS_MAX);
        Self {
            check_in: Lane::new(
                limits::LANE_CHECK_INS_MAX,
                limits::LANE_CHECK_INS_WAITING_MAX,
                wait,
            ),
            ordinary: Lane::new(
                limits::LANE_ORDINARY_MAX,
                limits::LANE_ORDINARY_WAITING_MAX,
                wait,
            ),
            password: Lane::new(
                limits::LANE_PASSWORDS_MAX,
                limits::LANE_PASSWORDS_WAITING_MAX,
                Duration::from_millis(limits::LANE_PASSWORD_WAIT_MS_MAX),
            ),
            bodies: Arc::new(Semaphore::new(limits::BODIES_BYTES_MAX / 1024)),
        }
    }
}

impl Lanes {
    /// Takes a place of the route's lane; none is needed for what comes from memory.
    ///
    /// # Errors
    /// As [`Lane::enter`].
    pub async fn enter(&self, lane: route::Lane) -> Result<Option<OwnedSemaphorePermit>, Problem> {
        match lane {
            route::Lane::Memory => Ok(None),
            route::Lane::CheckIn | route::Lane::Queued => self.check_in.enter().await.map(Some),
            route::Lane::Ordinary => self.ordinary.enter().await.map(Some),
            route::Lane::Password => self.password.enter().await.map(Some),
        }
    }

    /// Room in memory for a body of so many bytes.
    ///
    /// # Errors
    /// 503 if the bodies of others fill it.
    pub fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let pieces = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.bodies).try_acquire_many_owned(pieces);
        room.map_err(|_| busy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_comes_waits_until_the_line_is_full() {
        let lane = Lane::new(1, 1, Duration::from_secs(20));
        let first = lane.enter().await.expect("a place");
        let second = tokio::spawn({
            let lane = lane.clone();
            async move { lane.enter().await.map(drop) }
        });
        while lane.line.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            lane.enter().await.expect_err("the line is full").code,
            "busy"
        );
        drop(first);
        second
            .await
            .expect("no panic")
            .expect("the place that came free");
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let lane = Lane::new(1, 5, Duration::from_millis(10));
        let _first = lane.enter().await.expect("a place");
        assert_eq!(lane.enter().await.expect_err("too long").code, "busy");
        assert_eq!(lane.line.available_permits(), 5);
    }

    #[tokio::test]
    async fn a_crowd_of_readers_leaves_check_ins_alone() {
        let lanes = Lanes {
            ordinary: Lane::new(0, 0, Duration::ZERO),
            ..Lanes::default()
        };
        assert!(lanes.enter(route::Lane::Ordinary).await.is_err());
        assert!(lanes.enter(route::Lane::CheckIn).await.is_ok());
        assert!(
            lanes
                .enter(route::Lane::Memory)
                .await
                .expect("free")
                .is_none()
        );
    }

    #[tokio::test]
    async fn a_crowd_that_signs_in_leaves_everybody_else_alone() {
        let lanes = Lanes {
            password: Lane::new(0, 0, Duration::ZERO),
            ..Lanes::default()
        };
        assert!(lanes.enter(route::Lane::Password).await.is_err());
        assert!(lanes.enter(route::Lane::Ordinary).await.is_ok());
        assert!(lanes.enter(route::Lane::CheckIn).await.is_ok());
    }

    #[test]
    fn bodies_have_so_much_memory_together() {
        let lanes = Lanes::default();
        let all = lanes.room(limits::BODIES_BYTES_MAX).expect("room");
        assert!(lanes.room(1).is_err());
        drop(all);
        assert!(lanes.room(1).is_ok() && lanes.room(0).is_ok());
    }
}
