//! Who may connect: places in all and for each address, and a short line before the door.
//! Whoever finds the line full is refused at once, so that a flood costs the box one short
//! answer each and those inside go on.

use crate::base::limits;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limits of a listener's door.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// Connections at once.
    pub all: usize,
    /// Of one address.
    pub per_address: usize,
    /// Of this machine itself, and of a trusted proxy.
    pub per_own: usize,
    /// How many wait.
    pub waiting: usize,
    /// How long they wait.
    pub wait: Duration,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            all: limits::CONNECTIONS_MAX,
            per_address: limits::CONNECTIONS_PER_ADDRESS_MAX,
            per_own: limits::CONNECTIONS_MAX,
            waiting: limits::CONNECTIONS_WAITING_MAX,
            wait: Duration::from_millis(limits::CONNECTION_WAIT_MS_MAX),
        }
    }
}

/// A door.
#[derive(Debug)]
pub struct Door {
    limits: Places,
    places: Arc<Semaphore>,
    line: Arc<Semaphore>,
    guests: Arc<Guests>,
}

#[derive(Debug, Default)]
struct Guests(Mutex<BTreeMap<IpAddr, usize>>);

impl Guests {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of an address's places; given back when it is dropped.
#[derive(Debug)]
struct Guest {
    guests: Arc<Guests>,
    address: IpAddr,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.guests.lock();
        if let Some(count) = guests.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                guests.remove(&self.address);
            }
        }
    }
}

/// A connection's place; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    _guest: Guest,
    _place: OwnedSemaphorePermit,
}

/// A connection before the door.
#[derive(Debug)]
pub struct Before {
    guest: Guest,
    places: Arc<Semaphore>,
    waiting: OwnedSemaphorePermit,
    wait: Duration,
}

/// What the door says at once.
#[derive(Debug)]
pub enum Knock {
    /// Come in.
    In(Place),
    /// Wait.
    Wait(Before),
    /// There is no room.
    Full,
}

impl Door {
    /// A door with these limits.
    #[must_use]
    pub fn new(limits: Places) -> Self {
        Self {
            limits,
            places: Arc::new(Semaphore::new(limits.all)),
            line: Arc::new(Semaphore::new(limits.waiting)),
            guests: Arc::default(),
        }
    }

    /// Asks for a place. `own`: the address is this machine's, or a trusted proxy's.
    #[must_use]
    pub fn knock(&self, address: IpAddr, own: bool) -> Knock {
        let most = if own {
            self.limits.per_own
        } else {
            self.limits.per_address
        };
        let address = address.to_canonical();
        {
            let mut guests = self.guests.lock();
            let count = guests.entry(address).or_insert(0);
            // Those who wait count too, or one address would fill the line.
            if *count >= most {
                return Knock::Full;
            }
            *count += 1;
        }
        let guest = Guest {
            guests: Arc::clone(&self.guests),
            address,
        };
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Knock::In(Place {
                _guest: guest,
                _place: place,
            });
        }
        match Arc::clone(&self.line).try_acquire_owned() {
            Ok(waiting) => Knock::Wait(Before {
                guest,
                places: Arc::clone(&self.places),
                waiting,
                wait: self.limits.wait,
            }),
            Err(_) => Knock::Full,
        }
    }
}

impl Before {
    /// Waits for a place; None if none came free in time.
    pub async fn place(self) -> Option<Place> {
        let place = tokio::time::timeout(self.wait, self.places.acquire_owned()).await;
        drop(self.waiting);
        Some(Place {
            _guest: self.guest,
            _place: place.ok()?.ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const TWO: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    fn places(all: usize, per_address: usize, waiting: usize) -> Places {
        Places {
            all,
            per_address,
            per_own: all,
            waiting,
            wait: Duration::from_secs(20),
        }
    }

    #[test]
    fn an_address_has_its_share_and_gets_it_back() {
        let door = Door::new(places(10, 2, 0));
        let (first, second) = (door.knock(ONE, false), door.knock(ONE, false));
        assert!(matches!((&first, &second), (Knock::In(_), Knock::In(_))));
        assert!(matches!(door.knock(ONE, false), Knock::Full));
        let mapped = "::ffff:10.0.0.1".parse().expect("an address");
        assert!(matches!(door.knock(mapped, false), Knock::Full));
        assert!(matches!(door.knock(TWO, false), Knock::In(_)));
        drop(first);
        let again = door.knock(ONE, false);
        assert!(matches!(again, Knock::In(_)));
        drop((second, again));
        assert!(door.guests.lock().is_empty(), "nobody is remembered");
    }

    #[test]
    fn this_machine_may_have_more() {
        let door = Door::new(places(3, 1, 0));
        let all: Vec<Knock> = (0..4).map(|_| door.knock(ONE, true)).collect();
        let inside = all.iter().filter(|k| matches!(k, Knock::In(_))).count();
        assert_eq!(inside, 3);
    }

    #[tokio::test]
    async fn a_few_wait_and_the_rest_is_refused() {
        let door = Door::new(places(1, 5, 1));
        let Knock::In(inside) = door.knock(ONE, false) else {
            panic!("the first comes in")
        };
        let Knock::Wait(before) = door.knock(TWO, false) else {
            panic!("the second waits")
        };
        assert!(matches!(door.knock(TWO, false), Knock::Full));
        drop(inside);
        let place = before.place().await.expect("the place that came free");
        assert!(matches!(door.knock(ONE, false), Knock::Wait(_)));
        drop(place);
        assert!(matches!(door.knock(ONE, false), Knock::In(_)));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let limits = Places {
            wait: Duration::from_millis(10),
            ..places(1, 5, 1)
        };
        let door = Door::new(limits);
        let _inside = door.knock(ONE, false);
        let Knock::Wait(before) = door.knock(TWO, false) else {
            panic!("the second waits")
        };
        assert!(before.place().await.is_none());
    }
}
