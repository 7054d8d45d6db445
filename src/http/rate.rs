//! Sliding windows: how often somebody may do something. A surface asks before it does the
//! work, with the class of the route and whoever calls: a person, a device, a key where one is
//! known, an address only for strangers.
//!
//! A window is kept as two counts, of the current stretch and of the one before, which is
//! weighed by how much of it still lies in the window. The table is bounded; when it is full
//! of callers who are still counted, all further ones of a class share one count.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::http::problem::{Left, Problem, Quota};
use crate::http::route::Rate;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// So many in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How many.
    pub most: u32,
    /// In how many seconds.
    pub window_s: u32,
}

/// The rules of all classes; None: the class is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Of [`Rate::General`].
    pub general: Option<Rule>,
    /// Of [`Rate::Auth`].
    pub auth: Option<Rule>,
    /// Of [`Rate::Login`].
    pub login: Option<Rule>,
    /// Of [`Rate::Code`].
    pub code: Option<Rule>,
    /// Of [`Rate::Poll`].
    pub poll: Option<Rule>,
    /// Of [`Rate::ApiKey`].
    pub api_key: Option<Rule>,
}

const fn rule(most: u32, window_s: u32) -> Option<Rule> {
    Some(Rule { most, window_s })
}

impl Default for Rules {
    /// The design's, and for polls thirty a second: a kiosk sends up to fifteen frames.
    fn default() -> Self {
        Self {
            general: rule(100, 60),
            auth: rule(20, 60),
            login: rule(5, 15 * 60),
            code: rule(5, 10 * 60),
            poll: rule(1800, 60),
            api_key: rule(1000, 3600),
        }
    }
}

impl Rules {
    /// No limits: for tests and measurements.
    pub const OFF: Self = Self {
        general: None,
        auth: None,
        login: None,
        code: None,
        poll: None,
        api_key: None,
    };

    const fn of(&self, class: Rate) -> Option<(Rule, &'static str)> {
        let (rule, name) = match class {
            Rate::Free => return None,
            Rate::General => (self.general, "general"),
            Rate::Auth => (self.auth, "auth"),
            Rate::Login => (self.login, "login"),
            Rate::Code => (self.code, "code"),
            Rate::Poll => (self.poll, "poll"),
            Rate::ApiKey => (self.api_key, "api_key"),
        };
        match rule {
            Some(rule) => Some((rule, name)),
            None => None,
        }
    }
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A stranger, by address; of IPv6 the network of 64 bits, which is one household.
    Address(IpAddr),
    /// A person, by the bytes of the id.
    Person([u8; 16]),
    /// A device, by the bytes of the id.
    Device([u8; 16]),
    /// A program, by the bytes of its key's id.
    Key([u8; 16]),
    /// Something else that is tried, such as a login name, by its digest.
    Word([u8; 32]),
    /// A browser from which this was done with success before, by the digest of its mark. It has
    /// a place when there is none left for strangers.
    Known([u8; 32]),
    /// All those for whom the table has no place.
    Others,
}

impl Subject {
    /// The network that an address counts as.
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        let canonical = address.to_canonical();
        Self::Address(match canonical {
            IpAddr::V4(_) => canonical,
            IpAddr::V6(v6) => {
                let network = u128::from(v6) & !u128::from(u64::MAX);
                IpAddr::V6(network.into())
            }
        })
    }
}

/// Two stretches of one window.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    stretch: i64,
    now: u32,
    before: u32,
}

impl Window {
    /// Brings the counts up to this stretch. A clock that jumped back starts anew.
    const fn at(self, stretch: i64) -> Self {
        let (now, before) = match stretch.saturating_sub(self.stretch) {
            0 => return self,
            1 => (0, self.now),
            _ => (0, 0),
        };
        Self {
            stretch,
            now,
            before,
        }
    }

    const fn is_empty(self) -> bool {
        self.now == 0 && self.before == 0
    }
}

type Key = (Rate, Subject);

/// The counts of everybody.
#[derive(Debug)]
pub struct Limiter {
    rules: Mutex<Rules>,
    callers_max: usize,
    table: Mutex<BTreeMap<Key, Window>>,
}

impl Limiter {
    /// A limiter that has seen nobody.
    #[must_use]
    pub const fn new(rules: Rules) -> Self {
        Self::with_room(rules, limits::RATE_CALLERS_MAX)
    }

    const fn with_room(rules: Rules, callers_max: usize) -> Self {
        Self {
            rules: Mutex::new(rules),
            callers_max,
            table: Mutex::new(BTreeMap::new()),
        }
    }

    fn rules(&self) -> Rules {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Other rules from now on. What was counted stays, except where the window is another.
    pub fn set_rules(&self, rules: Rules) {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = rules;
    }

    /// Counts one request of `class` by `subject` at `now`. A refused one is not counted, so
    /// that whoever waits as told gets in.
    ///
    /// # Errors
    /// 429 with the quota and the seconds until the next one fits.
    pub fn count(&self, class: Rate, subject: Subject, now: Timestamp) -> Result<(), Problem> {
        self.count_times(class, subject, 1, now)
    }

    /// The same for a subject that many stand behind: it may do `times` as much.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn count_times(
        &self,
        class: Rate,
        subject: Subject,
        times: u32,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let Some((rule, name)) = self.rules().of(class) else {
            return Ok(());
        };
        let rule = Rule {
            most: rule.most.saturating_mul(times),
            ..rule
        };
        let length_ms = i64::from(rule.window_s.max(1)) * 1000;
        let (stretch, into_ms) = (
            now.as_millis().div_euclid(length_ms),
            now.as_millis().rem_euclid(length_ms),
        );
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.key((class, subject), &mut table, now);
        let mut window = table.get(&key).copied().unwrap_or_default().at(stretch);
        match wait_ms(window, rule.most, length_ms, into_ms) {
            0 => {
                window.now += 1;
                table.insert(key, window);
                Ok(())
            }
            wait_ms => Err(refusal(rule, name, wait_ms)),
        }
    }

    /// What a subject may still do at `now`, as [`Self::count`] counts it; None: its class is not
    /// counted.
    #[must_use]
    pub fn left(&self, class: Rate, subject: Subject, now: Timestamp) -> Option<Left> {
        let (rule, name) = self.rules().of(class)?;
        let length_ms = i64::from(rule.window_s.max(1)) * 1000;
        let stretch = now.as_millis().div_euclid(length_ms);
        let into_ms = now.as_millis().rem_euclid(length_ms);
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let window = table.get(&(class, subject)).copied();
        let window = window.unwrap_or_default().at(stretch);
        let before = i64::from(window.before) * (length_ms - into_ms) / length_ms;
        let used = before + i64::from(window.now);
        Some(Left {
            of: Quota {
                name,
                most: rule.most,
                window_s: rule.window_s,
            },
            requests: u32::try_from(i64::from(rule.most) - used).unwrap_or(0),
            reset_s: u32::try_from((length_ms - into_ms).div_euclid(1000) + 1).unwrap_or(u32::MAX),
        })
    }

    /// Takes one count back: what was counted before it was tried has turned out well.
    pub fn give_back(&self, class: Rate, subject: Subject, now: Timestamp) {
        let Some((rule, _)) = self.rules().of(class) else {
            return;
        };
        let length_ms = i64::from(rule.window_s.max(1)) * 1000;
        let stretch = now.as_millis().div_euclid(length_ms);
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = table.get_mut(&(class, subject)) {
            *window = window.at(stretch);
            window.now = window.now.saturating_sub(1);
        }
    }

    /// Forgets what was counted: after a password was right.
    pub fn forget(&self, class: Rate, subject: Subject) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.remove(&(class, subject));
    }

    /// The key under which a caller is counted: its own if there is a place for it.
    fn key(&self, key: Key, table: &mut BTreeMap<Key, Window>, now: Timestamp) -> Key {
        let most = match key.1 {
            Subject::Known(_) => self.callers_max + self.callers_max / 4,
            Subject::Address(_)
            | Subject::Person(_)
            | Subject::Device(_)
            | Subject::Key(_)
            | Subject::Word(_)
            | Subject::Others => self.callers_max,
        };
        if table.len() < most || table.contains_key(&key) {
            return key;
        }
        let rules = self.rules();
        table.retain(|(class, _), window| {
            rules.of(*class).is_some_and(|(rule, _)| {
                let length_ms = i64::from(rule.window_s.max(1)) * 1000;
                let stretch = now.as_millis().div_euclid(length_ms);
                !window.at(stretch).is_empty()
            })
        });
        if table.len() < most {
            key
        } else {
            (key.0, Subject::Others)
        }
    }
}

/// Milliseconds until one more fits into the window; 0: it fits now.
fn wait_ms(window: Window, most: u32, length_ms: i64, into_ms: i64) -> i64 {
    let (now, before, most) = (
        i64::from(window.now),
        i64::from(window.before),
        i64::from(most),
    );
    // What of the stretch before still lies in the window, at `into` of this one.
    let fits = |into: i64| before * (length_ms - into) / length_ms + now < most;
    if fits(into_ms) {
        return 0;
    }
    if now >= most {
        // Only the next stretch brings room, where this one's count fades.
        let fade = length_ms * (now - most) / now.max(1) + 1;
        return length_ms - into_ms + fade;
    }
    let needed = length_ms - (most - now) * length_ms / before.max(1);
    (needed - into_ms).max(1)
}

fn refusal(rule: Rule, name: &'static str, wait_ms: i64) -> Problem {
    let seconds = u32::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(u32::MAX);
    let message = format!(
        "Too many requests: {} in {} seconds are taken. Try again in {seconds} seconds.",
        rule.most, rule.window_s
    );
    let mut problem = Problem::new(Cause::RateLimited, message);
    problem.retry_after_s = Some(seconds);
    problem.quota = Some(Quota {
        name,
        most: rule.most,
        window_s: rule.window_s,
    });
    problem
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_rules_count_at_once_and_what_was_counted_stays() {
        let limiter = limiter(5, 60);
        for _ in 0..3 {
            assert_eq!(limiter.count(Rate::Login, SOMEBODY, at(0)), Ok(()));
        }
        let rules = |most| Rules {
            login: rule(most, 60),
            ..Rules::OFF
        };
        limiter.set_rules(rules(3));
        assert!(limiter.count(Rate::Login, SOMEBODY, at(1)).is_err());
        limiter.set_rules(rules(4));
        assert_eq!(limiter.count(Rate::Login, SOMEBODY, at(2)), Ok(()));
        assert!(limiter.count(Rate::Login, SOMEBODY, at(3)).is_err());
    }

    const SOMEBODY: Subject = Subject::Person([1; 16]);

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(1_795_218_720_000 + ms)
    }

    fn limiter(most: u32, window_s: u32) -> Limiter {
        Limiter::new(Rules {
            login: rule(most, window_s),
            ..Rules::default()
        })
    }

    #[test]
    fn the_last_one_that_fits_is_let_in_and_the_next_is_told_when() {
        let limiter = limiter(5, 60);
        for _ in 0..5 {
            assert_eq!(limiter.count(Rate::Login, SOMEBODY, at(0)), Ok(()));
        }
        let refused = limiter
            .count(Rate::Login, SOMEBODY, at(0))
            .expect_err("too many");
        assert_eq!(refused.code, "rate_limited");
        let quota = refused.quota.expect("the quota");
        assert_eq!((quota.name, quota.most, quota.window_s), ("login", 5, 60));
        let wait = refused.retry_after_s.expect("when");
        assert!((1..=61).contains(&wait), "{wait}");
        assert_eq!(
            limiter.count(Rate::Login, SOMEBODY, at(i64::from(wait) * 1000)),
            Ok(())
        );
    }

    #[test]
    fn callers_and_classes_are_counted_apart_and_a_success_forgets() {
        let limiter = limiter(1, 60);
        let other = Subject::Word([1; 32]);
        assert!(limiter.count(Rate::Login, SOMEBODY, at(0)).is_ok());
        assert!(limiter.count(Rate::Login, other, at(0)).is_ok());
        assert!(limiter.count(Rate::General, SOMEBODY, at(0)).is_ok());
        assert!(limiter.count(Rate::Login, SOMEBODY, at(0)).is_err());
        limiter.forget(Rate::Login, SOMEBODY);
        assert!(limiter.count(Rate::Login, SOMEBODY, at(0)).is_ok());
    }

    #[test]
    fn a_crowd_may_do_more_and_what_turned_out_well_is_given_back() {
        let limiter = limiter(2, 60);
        let crowd = |ms| limiter.count_times(Rate::Login, SOMEBODY, 3, at(ms));
        for _ in 0..6 {
            assert_eq!(crowd(0), Ok(()));
        }
        let refused = crowd(0).expect_err("six are taken");
        assert_eq!(refused.quota.map(|q| q.most), Some(6));
        limiter.give_back(Rate::Login, SOMEBODY, at(1));
        assert_eq!(crowd(1), Ok(()));
        assert!(crowd(1).is_err(), "one was given back, no more");
        limiter.give_back(Rate::Login, Subject::Word([9; 32]), at(1));
    }

    #[test]
    fn a_browser_that_is_known_has_a_place_in_a_flood() {
        let rules = Rules {
            login: rule(1, 60),
            ..Rules::OFF
        };
        let limiter = Limiter::with_room(rules, 8);
        for n in 0..40 {
            let _ = limiter.count(Rate::Login, Subject::Word([n; 32]), at(0));
        }
        assert!(
            limiter
                .count(Rate::Login, Subject::Word([99; 32]), at(0))
                .is_err()
        );
        let known = Subject::Known([1; 32]);
        assert!(limiter.count(Rate::Login, known, at(0)).is_ok());
        assert!(limiter.count(Rate::Login, known, at(0)).is_err());
        for n in 2..50 {
            let _ = limiter.count(Rate::Login, Subject::Known([n; 32]), at(0));
        }
        assert!(limiter.table.lock().expect("table").len() <= 12, "bounded");
    }

    #[test]
    fn what_is_left_is_what_is_let_in() {
        let limiter = limiter(5, 60);
        let left = |ms| {
            let left = limiter.left(Rate::Login, SOMEBODY, at(ms));
            left.expect("a limit").requests
        };
        for ms in [0, 10_000, 70_000, 100_000, 119_000, 200_000] {
            let mut let_in = 0;
            let told = left(ms);
            while limiter.count(Rate::Login, SOMEBODY, at(ms)).is_ok() {
                let_in += 1;
            }
            assert_eq!(told, let_in, "{ms}");
            assert_eq!(left(ms), 0);
        }
        assert_eq!(limiter.left(Rate::Free, SOMEBODY, at(0)), None);
    }

    #[test]
    fn what_has_no_rule_is_not_counted() {
        let limiter = Limiter::new(Rules::OFF);
        for class in [
            Rate::Free,
            Rate::General,
            Rate::Auth,
            Rate::Login,
            Rate::Code,
            Rate::Poll,
        ] {
            for _ in 0..3000 {
                assert!(limiter.count(class, SOMEBODY, at(0)).is_ok());
            }
        }
        assert!(limiter.table.lock().expect("table").is_empty());
    }

    #[test]
    fn addresses_of_one_household_are_one_caller() {
        let one = |text: &str| Subject::address(text.parse().expect("an address"));
        assert_eq!(one("2001:db8::1"), one("2001:db8::ffff:2"));
        assert_ne!(one("2001:db8::1"), one("2001:db8:0:1::1"));
        assert_ne!(one("10.0.0.1"), one("10.0.0.2"));
        assert_eq!(one("::ffff:10.0.0.1"), one("10.0.0.1"));
    }

    #[test]
    fn a_flood_of_strangers_fills_no_memory_and_shares_one_count() {
        let limiter = Limiter::with_room(
            Rules {
                login: rule(5, 60),
                ..Rules::OFF
            },
            10,
        );
        let stranger = |n: u8| Subject::Word([n; 32]);
        for n in 0..10 {
            assert!(limiter.count(Rate::Login, stranger(n), at(0)).is_ok());
        }
        let let_in = (10..200).filter(|n| limiter.count(Rate::Login, stranger(*n), at(0)).is_ok());
        assert_eq!(let_in.count(), 5);
        assert!(limiter.table.lock().expect("table").len() <= 11);
        assert!(
            limiter.count(Rate::Login, stranger(3), at(0)).is_ok(),
            "who was there is not touched"
        );
        assert!(
            limiter
                .count(Rate::Login, stranger(201), at(200_000))
                .is_ok(),
            "places come free"
        );
    }

    #[test]
    fn a_clock_that_jumps_shuts_nobody_out() {
        let limiter = limiter(1, 60);
        assert!(limiter.count(Rate::Login, SOMEBODY, at(0)).is_ok());
        assert!(
            limiter
                .count(Rate::Login, SOMEBODY, at(-86_400_000))
                .is_ok()
        );
        assert!(
            limiter
                .count(Rate::Login, SOMEBODY, at(-86_400_000))
                .is_err()
        );
    }

    proptest! {
        /// Against the exact times of all that were let in: never more than twice the rule in
        /// any window, and whoever waits as told is let in.
        #[test]
        fn never_more_than_the_window_holds(gaps in proptest::collection::vec(0i64..3_000, 1..200), most in 1u32..8) {
            let limiter = limiter(most, 10);
            let (mut now, mut taken) = (0i64, Vec::new());
            for gap in gaps {
                now += gap;
                match limiter.count(Rate::Login, SOMEBODY, at(now)) {
                    Ok(()) => taken.push(now),
                    Err(problem) => {
                        now += i64::from(problem.retry_after_s.unwrap_or(0)) * 1000;
                        prop_assert!(limiter.count(Rate::Login, SOMEBODY, at(now)).is_ok());
                        taken.push(now);
                    }
                }
                let inside = taken.iter().filter(|t| now - **t < 10_000).count();
                prop_assert!(inside <= 2 * most as usize, "{} in a window of {}", inside, most);
            }
        }
    }
}
