//! What the administrator sets on the pages: kept in the store, over the values of the
//! configuration. Setting takes effect with the next request, without a restart: the surface asks
//! for the site anew after each change.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::text::{Name, Slug};
use crate::base::time::Zone;
use crate::crypto::digest::sha256;
use crate::crypto::keyring::Purpose;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::backup;
use crate::domain::fault::{Fault, from_fault};
use crate::domain::rule::{Address, Language, LivenessPolicy, SecondFactor, SiteKind};
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::{Tx, View, factors, settings};
use std::fmt;
use std::str::FromStr;

/// The names under which values are kept.
const NAME: &str = "site.name";
const KIND: &str = "site.kind";
const LANGUAGE: &str = "site.language";
const ZONE: &str = "site.timezone";
const LOGO: &str = "site.logo";
const DESK_ID: &str = "desk.id";
const DESK_EN: &str = "desk.en";
const ADDRESS: &str = "kiosk.address";
const PIN: &str = "kiosk.pin";
const UNATTENDED: &str = "liveness.unattended";
const ATTENDED: &str = "liveness.attended";
const SECOND_FACTOR: &str = "access.second_factor";
const BACKUP: &str = "backup.place";
const CONSENT_TEXT: &str = "consent.text";

/// Why a setting was not changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The logo is no PNG, JPEG or WebP, or larger than [`limits::LOGO_BYTES_MAX`].
    Logo,
    /// Whoever requires a second factor of all staff has none.
    NoFactor,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Logo => Cause::Unprocessable,
            Self::NoFactor => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logo => write!(
                f,
                "a logo is a PNG, JPEG or WebP picture of at most {} KiB",
                limits::LOGO_BYTES_MAX / 1024
            ),
            Self::NoFactor => f.write_str("set up your own second factor first"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// What is to be changed; None: it stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The site's name.
    pub name: Option<Name>,
    /// What the site is.
    pub kind: Option<SiteKind>,
    /// The language of whoever has chosen none.
    pub language: Option<Language>,
    /// The site's time zone.
    pub zone: Option<Zone>,
    /// Where visitors are sent, in Indonesian.
    pub desk_id: Option<Name>,
    /// Where visitors are sent, in English.
    pub desk_en: Option<Name>,
    /// How visitors are addressed.
    pub address: Option<Address>,
    /// Liveness at a kiosk.
    pub unattended: Option<LivenessPolicy>,
    /// Liveness at a staffed desk.
    pub attended: Option<LivenessPolicy>,
    /// Whether staff must have a second factor.
    pub second_factor: Option<SecondFactor>,
    /// Hash of the PIN that opens a kiosk's menu, in the PHC form; inner None: none is asked for.
    pub kiosk_pin: Option<Option<Secret<String>>>,
    /// The logo's file; inner None: there is none.
    pub logo: Option<Option<Vec<u8>>>,
    /// Where backups go.
    pub backup: Option<backup::Place>,
    /// The version of the consent text that was read and found to fit the site.
    pub consent_text: Option<Slug>,
}

/// The media type of a logo, by its first bytes; None: it is no picture that may be one.
#[must_use]
pub fn logo_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(&b"WEBP"[..]) {
        Some("image/webp")
    } else {
        None
    }
}

/// What tells two logos apart: 16 digits.
fn tag(logo: &[u8]) -> String {
    let digest = sha256(logo);
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// Changes settings: each that is named and differs, with an audit row of its own.
///
/// # Errors
/// [`Error::Logo`], [`Error::NoFactor`], and the faults.
pub fn update(tx: &Tx<'_>, call: &mut Call<'_>, change: &Change) -> Result<(), Error> {
    let _may = call.actor.manage_settings()?;
    if let (Some(SecondFactor::Required), Some(person)) =
        (change.second_factor, call.actor.person())
        && factors::find_factor(tx, person)?.is_none()
    {
        // Nobody locks themselves out by a choice in a list.
        return Err(Error::NoFactor);
    }
    keep(tx, call, change)
}

/// As [`update`], for a caller who has asked for the right.
pub(in crate::domain) fn keep(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    change: &Change,
) -> Result<(), Error> {
    let backup = change.backup.as_ref().map(ToString::to_string);
    let texts = [
        (BACKUP, backup.as_deref()),
        (CONSENT_TEXT, change.consent_text.as_ref().map(Slug::as_str)),
        (NAME, change.name.as_ref().map(Name::as_str)),
        (KIND, change.kind.map(SiteKind::code)),
        (LANGUAGE, change.language.map(Language::code)),
        (ZONE, change.zone.as_ref().map(Zone::name)),
        (DESK_ID, change.desk_id.as_ref().map(Name::as_str)),
        (DESK_EN, change.desk_en.as_ref().map(Name::as_str)),
        (ADDRESS, change.address.map(Address::code)),
        (UNATTENDED, change.unattended.map(LivenessPolicy::code)),
        (ATTENDED, change.attended.map(LivenessPolicy::code)),
        (SECOND_FACTOR, change.second_factor.map(SecondFactor::code)),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            put(
                tx,
                call,
                name,
                text.as_bytes(),
                Detail::Plain(text.to_owned()),
            )?;
        }
    }
    if let Some(pin) = &change.kiosk_pin {
        keep_pin(tx, call, pin.as_ref())?;
    }
    match &change.logo {
        Some(Some(logo)) => {
            if logo.len() > limits::LOGO_BYTES_MAX || logo_type(logo).is_none() {
                return Err(Error::Logo);
            }
            put(tx, call, LOGO, logo, Detail::None)
        }
        Some(None) => forget(tx, call, LOGO),
        None => Ok(()),
    }
}

fn put(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    name: &'static str,
    value: &[u8],
    told: Detail<'_>,
) -> Result<(), Error> {
    if settings::find_setting(tx, name)?.as_deref() == Some(value) {
        return Ok(());
    }
    settings::insert_setting(tx, name, value, call.now.at)?;
    audit::record(
        tx,
        call,
        Act::SettingChange,
        format!("setting:{name}"),
        told,
    )?;
    Ok(())
}

fn forget(tx: &Tx<'_>, call: &mut Call<'_>, name: &'static str) -> Result<(), Error> {
    settings::delete_setting(tx, name)?;
    let object = format!("setting:{name}");
    audit::record(tx, call, Act::SettingChange, object, Detail::None)?;
    Ok(())
}

/// A PIN has so few digits that its hash is sealed as well.
fn keep_pin(tx: &Tx<'_>, call: &mut Call<'_>, hash: Option<&Secret<String>>) -> Result<(), Error> {
    let Some(hash) = hash else {
        return forget(tx, call, PIN);
    };
    let key = call.site.keyring.purpose(Purpose::Secrets);
    let plain = hash.expose().as_bytes();
    let sealed = vault::seal_value(key, place::SETTING, PIN.as_bytes(), plain, call.entropy)?;
    put(tx, call, PIN, &sealed, Detail::None)
}

/// Hash of the PIN that opens a kiosk's menu; None: none is asked for.
///
/// # Errors
/// The faults.
pub fn find_kiosk_pin(view: &View<'_>, site: &Site) -> Result<Option<Secret<String>>, Error> {
    let Some(sealed) = settings::find_setting(view, PIN)? else {
        return Ok(None);
    };
    let key = site.keyring.purpose(Purpose::Secrets);
    let hash = vault::open_text(key, place::SETTING, PIN.as_bytes(), &sealed)?;
    Ok(Some(Secret::new(hash)))
}

/// The logo's file, if there is one; its media type is [`logo_type`]'s.
///
/// # Errors
/// The faults.
pub fn find_logo(view: &View<'_>) -> Result<Option<Vec<u8>>, Error> {
    Ok(settings::find_setting(view, LOGO)?)
}

/// Where backups go; None: nobody was asked yet.
///
/// # Errors
/// The faults.
pub fn find_backup(view: &View<'_>) -> Result<Option<backup::Place>, Error> {
    find(view, BACKUP)
}

/// The version of the consent text that was found to fit the site; None: none yet.
///
/// # Errors
/// The faults.
pub fn find_consent_text(view: &View<'_>) -> Result<Option<Slug>, Error> {
    find(view, CONSENT_TEXT)
}

/// The value of a name, if it was set; a value that nobody can read is left aside, and logged.
fn find<T: FromStr>(view: &View<'_>, name: &'static str) -> Result<Option<T>, Error> {
    let Some(value) = settings::find_setting(view, name)? else {
        return Ok(None);
    };
    let read = std::str::from_utf8(&value)
        .ok()
        .and_then(|t| t.parse().ok());
    if read.is_none() {
        tracing::warn!(
            "The setting {name} in the store is not readable: the configuration's counts."
        );
    }
    Ok(read)
}

/// A zone of the database, by its name.
struct Named(Zone);

impl FromStr for Named {
    type Err = crate::base::time::TimeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Zone::parse(text).map(Self)
    }
}

/// The site as it is now: `base`, which is the configuration's, under what was set.
///
/// # Errors
/// The faults.
pub fn apply(view: &View<'_>, base: &Site) -> Result<Site, Error> {
    let mut site = base.clone();
    let rules = &mut site.rules;
    if let Some(name) = find::<Name>(view, NAME)? {
        rules.name = name.to_string();
    }
    rules.kind = find(view, KIND)?.unwrap_or(rules.kind);
    rules.language = find(view, LANGUAGE)?.unwrap_or(rules.language);
    rules.address = find(view, ADDRESS)?.unwrap_or(rules.address);
    if let Some(desk) = find::<Name>(view, DESK_ID)? {
        rules.desk.id = desk.to_string();
    }
    if let Some(desk) = find::<Name>(view, DESK_EN)? {
        rules.desk.en = desk.to_string();
    }
    rules.logo = find_logo(view)?.map(|logo| tag(&logo));
    let liveness = &mut rules.liveness;
    liveness.unattended = find(view, UNATTENDED)?.unwrap_or(liveness.unattended);
    liveness.attended = find(view, ATTENDED)?.unwrap_or(liveness.attended);
    rules.second_factor = find(view, SECOND_FACTOR)?.unwrap_or(rules.second_factor);
    if let Some(Named(zone)) = find(view, ZONE)? {
        site.zone = zone;
    }
    Ok(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        let table: [(&[u8], Option<&str>); 7] = [
            (b"\x89PNG\r\n\x1a\n....", Some("image/png")),
            (&[0xff, 0xd8, 0xff, 0xe0], Some("image/jpeg")),
            (b"RIFF....WEBPVP8 ", Some("image/webp")),
            (b"RIFF....AVI ", None),
            (b"RIFF", None),
            (b"<svg onload=alert(1)>", None),
            (b"", None),
        ];
        for (bytes, want) in table {
            assert_eq!(logo_type(bytes), want, "{bytes:?}");
        }
    }
}
