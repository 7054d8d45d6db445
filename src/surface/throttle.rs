//! How often somebody may try to sign in, so that guessing ends soon and nobody is locked out by
//! the guesses of others.
//!
//! A browser that has signed in with a name keeps a mark for it and is counted by the mark alone:
//! whatever strangers do, its owner comes in. Strangers are counted three times: an address, a
//! name at an address, and a name at all addresses together. What was refused by one of these
//! does not count for the wider ones, so one address alone cannot use up a name.

use crate::base::limits::{KNOWN_BROWSER_MARKS_MAX, LOGIN_ADDRESS_TIMES, LOGIN_NAME_TIMES};
use crate::base::time::Timestamp;
use crate::crypto::keyring::Purpose;
use crate::crypto::random::Seeded;
use crate::crypto::token;
use crate::domain::site::Site;
use crate::http::problem::Problem;
use crate::http::rate::{Limiter, Subject};
use crate::http::route::Rate;
use crate::surface::native::{Native, SURFACE};
use std::net::IpAddr;

/// The cookie with the marks of names.
pub const MARKS: &str = "hadir_known";

/// The same on the surface `identity`: browsers tell cookies apart by name and not by port.
pub const IDENTITY_MARKS: &str = "hadir_known_identity";

/// Characters of the random part of a mark.
const NONCE_CHARS: usize = 43;

/// A try that was counted.
pub struct Try<'a> {
    limiter: &'a Limiter,
    now: Timestamp,
    who: Who,
}

/// As whom it was counted.
enum Who {
    Known(Subject),
    Stranger {
        address: Subject,
        pair: Subject,
        name: Subject,
    },
}

/// A name as it is compared.
fn plain(login: &str) -> String {
    login.trim().to_lowercase()
}

fn digest(site: &Site, kind: &'static str, text: &str) -> [u8; 32] {
    // Names are not kept in the clear, not even in memory.
    token::token_digest(site.keyring.purpose(Purpose::Tokens), kind, text)
}

/// What proves that a random text was given for a name, as 32 digits.
fn proof(site: &Site, login: &str, nonce: &str) -> String {
    let text = format!("{SURFACE}\0{}\0{nonce}", plain(login));
    let whole = digest(site, "known browser", &text);
    whole.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// The mark among these that was given for the name.
fn find<'a>(site: &Site, marks: &'a str, login: &str) -> Option<&'a str> {
    let mut marks = marks.split('.').take(KNOWN_BROWSER_MARKS_MAX);
    marks.find(|mark| {
        let parts = mark.split_at_checked(NONCE_CHARS);
        parts.is_some_and(|(nonce, mac)| {
            token::equal(mac.as_bytes(), proof(site, login, nonce).as_bytes())
        })
    })
}

impl<'a> Try<'a> {
    /// Counts a try to sign in with a name, from an address, by a browser with these marks.
    ///
    /// # Errors
    /// 429.
    pub fn count(
        native: &'a Native,
        address: IpAddr,
        marks: &str,
        login: &str,
    ) -> Result<Self, Problem> {
        Self::count_by(native, &native.limiter, address, marks, login)
    }

    /// The same on a surface that has limits of its own.
    ///
    /// # Errors
    /// 429.
    pub fn count_by(
        native: &'a Native,
        limiter: &'a Limiter,
        address: IpAddr,
        marks: &str,
        login: &str,
    ) -> Result<Self, Problem> {
        let (site, now) = (native.core.site(), native.core.clock.stamp().at);
        let who = match find(&site, marks, login) {
            Some(mark) => Who::Known(Subject::Known(digest(&site, "mark tried", mark))),
            None => stranger(&site, address, login),
        };
        let counted = Self { limiter, now, who };
        counted.up()?;
        Ok(counted)
    }

    fn up(&self) -> Result<(), Problem> {
        let (limiter, now) = (self.limiter, self.now);
        match self.who {
            Who::Known(mark) => limiter.count(Rate::Login, mark, now),
            Who::Stranger {
                address,
                pair,
                name,
            } => {
                limiter.count_times(Rate::Login, address, LOGIN_ADDRESS_TIMES, now)?;
                let narrow = limiter.count(Rate::Login, pair, now);
                let whole = narrow
                    .and_then(|()| limiter.count_times(Rate::Login, name, LOGIN_NAME_TIMES, now));
                whole.inspect_err(|_| limiter.give_back(Rate::Login, address, now))
            }
        }
    }

    /// It was right, but not all of it: everything is as it was before.
    pub fn give_back(&self) {
        let (limiter, now) = (self.limiter, self.now);
        let all = match self.who {
            Who::Known(mark) => [Some(mark), None, None],
            Who::Stranger {
                address,
                pair,
                name,
            } => [Some(address), Some(pair), Some(name)],
        };
        for subject in all.into_iter().flatten() {
            limiter.give_back(Rate::Login, subject, now);
        }
    }

    /// It was no guess: whoever tried starts anew, and the crowds are as they were before.
    pub fn succeeded(&self) {
        match self.who {
            Who::Known(mark) => self.limiter.forget(Rate::Login, mark),
            Who::Stranger {
                address,
                pair,
                name,
            } => {
                self.limiter.forget(Rate::Login, pair);
                // Not forgotten: who signs in as themselves in between does not guess more.
                self.limiter.give_back(Rate::Login, address, self.now);
                self.limiter.give_back(Rate::Login, name, self.now);
            }
        }
    }
}

fn stranger(site: &Site, address: IpAddr, login: &str) -> Who {
    let (address, login) = (Subject::address(address), plain(login));
    let pair = format!("{address:?}\0{login}");
    Who::Stranger {
        address,
        pair: Subject::Word(digest(site, "login tried there", &pair)),
        name: Subject::Word(digest(site, "login tried", &login)),
    }
}

/// A name as it is counted for something else than signing in.
#[must_use]
pub fn name(native: &Native, what: &'static str, login: &str) -> Subject {
    Subject::Word(digest(&native.core.site(), what, &plain(login)))
}

/// The marks that a browser keeps from now on: one for this name, before those it has.
#[must_use]
pub fn marked(native: &Native, old: &str, login: &str) -> String {
    let site = native.core.site();
    let own = find(&site, old, login);
    let new = own.map_or_else(
        || {
            let mut chance = Seeded::new(&native.core.draw_seed());
            let nonce = token::new_token("", &mut chance);
            let nonce = nonce.expose();
            format!("{nonce}{}", proof(&site, login, nonce))
        },
        str::to_owned,
    );
    let others = old
        .split('.')
        .filter(|mark| *mark != new && is_form(mark))
        .take(KNOWN_BROWSER_MARKS_MAX - 1);
    others.fold(new.clone(), |all, mark| format!("{all}.{mark}"))
}

/// Whether a text has the form of a mark: nothing else goes back into a header.
fn is_form(mark: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    mark.len() == NONCE_CHARS + 32 && mark.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_form_of_a_mark_goes_back() {
        let good = "a".repeat(NONCE_CHARS + 32);
        assert!(is_form(&good));
        for bad in ["", "a", &format!("{}\n", &good[1..]), &format!("{good}a")] {
            assert!(!is_form(bad), "{bad:?}");
        }
    }
}
