//! How a device comes in: somebody with the right offers it and gets a code of eight characters;
//! whoever types the code on the device gets its token. Ten minutes, one use, five wrong tries for
//! each address and twenty for all together.
//!
//! A token is looked up at each request, so a revoked device is refused from the next transaction
//! on.

use super::{Device, Error, NewDevice, Options, read};
use crate::base::id::DeviceId;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::time::{Span, Timestamp};
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::people::Digest;
use crate::store::{Tx, View, devices, pairings};

/// What a device's token begins with.
const PREFIX: &str = "hdrd_";
/// The kinds under which codes and tokens are digested.
const CODE: &str = "pairing code";
const TOKEN: &str = "device";

/// Why a code does not pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No offer in force has this code: it is wrong, used, or its time is over.
    Wrong {
        /// Tries that this address has left.
        left: u32,
    },
    /// This address has tried too often; so long until it may again, in milliseconds.
    TooOften {
        /// Milliseconds.
        wait_ms: i64,
    },
}

impl Refusal {
    /// A stable code for clients.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong { .. } => "wrong_code",
            Self::TooOften { .. } => "too_many_codes",
        }
    }
}

/// What entering a code gives. A refusal is an answer and no error: the try must be kept, and an
/// error keeps nothing.
#[derive(Debug)]
pub enum Answer {
    /// The device, and its token, shown this once.
    Paired(Device, Secret<String>),
    /// The code does not do.
    Refused(Refusal),
}

/// How a device stands, for those who manage devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The device.
    pub device: Device,
    /// When it was paired; None: it holds no token.
    pub paired_at: Option<Timestamp>,
    /// Until when its code pairs; None: it is not offered.
    pub offered_until: Option<Timestamp>,
    /// What it shows and does.
    pub options: Options,
}

pub(super) fn digest(site: &Site, kind: &'static str, secret: &str) -> [u8; 32] {
    token::token_digest(site.keyring.purpose(Purpose::Tokens), kind, secret)
}

/// Adds a device and makes the code that pairs it.
///
/// # Errors
/// [`Error::NoEvent`] if the options name an event that is not there, and the faults.
pub fn offer(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    new: &NewDevice,
    options: &Options,
) -> Result<(DeviceId, Secret<String>), Error> {
    let id = super::add(tx, call, new)?;
    super::keep_options(tx, id, options)?;
    let code = offer_code(tx, call, id)?;
    Ok((id, code))
}

/// Makes a new code for a device there is, in the place of an older code. The token that it may
/// have goes on until the code is used.
///
/// # Errors
/// [`Error::NoDevice`], and the faults.
pub fn offer_again(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: DeviceId,
) -> Result<Secret<String>, Error> {
    let _may = call.actor.manage_devices()?;
    super::get_in_use(tx, id)?;
    offer_code(tx, call, id)
}

fn offer_code(tx: &Tx<'_>, call: &mut Call<'_>, id: DeviceId) -> Result<Secret<String>, Error> {
    let now = call.now.at;
    clear(tx, now)?;
    let code = token::new_code(call.entropy);
    let until = now.plus(Span::from_millis(limits::PAIRING_CODE_MS_MAX));
    pairings::insert_offer(tx, id, digest(call.site, CODE, code.expose()), until)?;
    audit::record(
        tx,
        call,
        Act::DeviceOffer,
        format!("device:{id}"),
        Detail::None,
    )?;
    Ok(code)
}

fn clear(tx: &Tx<'_>, now: Timestamp) -> Result<(), Error> {
    let window = Span::from_millis(-limits::PAIRING_CODE_MS_MAX);
    Ok(pairings::delete_stale(tx, now, now.plus(window))?)
}

/// How many tries an address has left, and for how long none if none.
fn tries_left(found: Option<(u32, Timestamp)>, now: Timestamp) -> Result<u32, Refusal> {
    let Some((tries, since)) = found else {
        return Ok(limits::PAIRING_TRIES_PER_ADDRESS_MAX);
    };
    let wait_ms = limits::PAIRING_CODE_MS_MAX - now.since(since).as_millis();
    if wait_ms <= 0 {
        return Ok(limits::PAIRING_TRIES_PER_ADDRESS_MAX);
    }
    match limits::PAIRING_TRIES_PER_ADDRESS_MAX.saturating_sub(tries) {
        0 => Err(Refusal::TooOften { wait_ms }),
        left => Ok(left),
    }
}

/// Tries a code as it was typed, from an address. The right one is used up by this and gives the
/// device and its token. Asks nobody for rights: the code is the right.
///
/// # Errors
/// The faults.
pub fn redeem(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    code: &str,
    address: &str,
) -> Result<Answer, Error> {
    let (site, now) = (call.site, call.now.at);
    clear(tx, now)?;
    let address = vault::lookup(site, Purpose::Digests, place::TRIES, address.as_bytes());
    let left = match tries_left(pairings::find_tries(tx, address)?, now) {
        Ok(left) => left,
        Err(refusal) => return Ok(Answer::Refused(refusal)),
    };
    let offered = match token::read_code(code) {
        Some(code) => pairings::find_offer(tx, digest(site, CODE, code.expose()))?,
        None => None,
    };
    let Some((id, _)) = offered.filter(|(_, until)| now < *until) else {
        return refuse(tx, call, address, left).map(Answer::Refused);
    };
    let device = super::get_in_use(tx, id)?;
    pairings::delete_offer(tx, id)?;
    let token = give_token(tx, call, id)?;
    Ok(Answer::Paired(device, token))
}

/// A new token for a device, in the place of the one that it had.
pub(super) fn give_token(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    id: DeviceId,
) -> Result<Secret<String>, Error> {
    let token = token::new_token(PREFIX, call.entropy);
    let known = token_digest(call.site, token.expose());
    pairings::insert_token(tx, id, known, call.now.at)?;
    audit::record(
        tx,
        call,
        Act::DevicePair,
        format!("device:{id}"),
        Detail::None,
    )?;
    Ok(token)
}

fn refuse(tx: &Tx<'_>, call: &mut Call<'_>, address: Digest, left: u32) -> Result<Refusal, Error> {
    // While nothing is offered there is nothing to guess, and nothing is written.
    if pairings::update_offers_tried(tx, call.now.at, limits::PAIRING_TRIES_MAX)? > 0 {
        pairings::insert_try(tx, address, call.now.at)?;
        audit::record(tx, call, Act::DeviceTry, "pairing".to_owned(), Detail::None)?;
        let left = left.saturating_sub(1);
        return Ok(Refusal::Wrong { left });
    }
    Ok(Refusal::Wrong { left })
}

/// A token as the store knows it.
#[must_use]
pub fn token_digest(site: &Site, token: &str) -> [u8; 32] {
    digest(site, TOKEN, token)
}

/// The device of a token's digest; None: it is unknown, or the device was revoked. Asks nobody for
/// rights: the token is the right.
///
/// # Errors
/// The faults.
pub fn find_by_token(view: &View<'_>, token: [u8; 32]) -> Result<Option<Device>, Error> {
    let Some(id) = pairings::find_by_token(view, token)? else {
        return Ok(None);
    };
    match super::get_in_use(view, id) {
        Ok(device) => Ok(Some(device)),
        Err(Error::NoDevice) => Ok(None),
        Err(other @ (Error::NoEvent | Error::Fault(_))) => Err(other),
    }
}

/// A page of devices with how each stands, revoked ones too.
///
/// # Errors
/// The faults.
pub fn list_standing(
    view: &View<'_>,
    call: &Call<'_>,
    after: Option<DeviceId>,
    limit: u32,
) -> Result<Vec<Listed>, Error> {
    let _may = call.actor.manage_devices()?;
    let rows = devices::list_devices(view, after, limit)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let device = read(row)?;
        let until = pairings::find_offer_of(view, device.id)?;
        all.push(Listed {
            paired_at: pairings::find_paired(view, device.id)?,
            offered_until: until.filter(|until| call.now.at < *until),
            options: super::options(view, device.id)?,
            device,
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn an_address_has_five_tries_in_ten_minutes() {
        assert_eq!(tries_left(None, at(0)), Ok(5));
        assert_eq!(tries_left(Some((4, at(0))), at(1)), Ok(1));
        let wait_ms = 10 * 60_000 - 1;
        assert_eq!(
            tries_left(Some((5, at(0))), at(1)),
            Err(Refusal::TooOften { wait_ms })
        );
        assert_eq!(tries_left(Some((5, at(0))), at(10 * 60_000)), Ok(5));
        assert_ne!(
            Refusal::Wrong { left: 1 }.code(),
            Refusal::TooOften { wait_ms }.code()
        );
    }

    proptest! {
        #[test]
        fn nobody_is_locked_out_for_longer_than_the_window(tries in 0u32..50, since in 0i64..9_000_000, now in 0i64..9_000_000) {
            prop_assume!(since <= now);
            match tries_left(Some((tries, at(since))), at(now)) {
                Ok(left) => prop_assert!((1..=5).contains(&left)),
                Err(Refusal::TooOften { wait_ms }) => prop_assert!((1..=600_000).contains(&wait_ms)),
                Err(Refusal::Wrong { .. }) => prop_assert!(false),
            }
        }
    }
}
