//! Personal values: sealed under the key of the person they belong to, found by a digest.

use crate::base::id::{Id, PersonId};
use crate::crypto::keyring::{Key, Purpose};
use crate::crypto::random::Entropy;
use crate::crypto::seal::{self, Context};
use crate::domain::fault::Fault;
use crate::domain::site::Site;
use crate::store::people::{self, Digest};
use crate::store::{Error, View};

/// The table and column of a sealed value, to which the seal binds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
}

/// Where personal values live.
pub mod place {
    use super::Place;
    const fn at(table: &'static str, column: &'static str) -> Place {
        Place { table, column }
    }
    /// A person's name.
    pub const NAME: Place = at("person", "name");
    /// A person's number.
    pub const NUMBER: Place = at("person", "number");
    /// A person's e-mail address.
    pub const EMAIL: Place = at("person", "email");
    /// A person's class or group.
    pub const CLASS: Place = at("person", "class");
    /// A guardian's name and relation.
    pub const GUARDIAN: Place = at("consent", "guardian");
    /// A face template.
    pub const TEMPLATE: Place = at("face_template", "template");
    /// A picture's embedding.
    pub const PICTURE: Place = at("face_picture", "embedding");
    /// A ticket's code.
    pub const CODE: Place = at("ticket", "code");
    /// The remark of an undo.
    pub const REMARK: Place = at("undo", "remark");
    /// The name that a person signs in with.
    pub const LOGIN: Place = at("account", "login");
    /// The hash of a password.
    pub const PASSWORD: Place = at("account", "hash");
    /// The secret of an authenticator app.
    pub const FACTOR: Place = at("second_factor", "secret");
    /// What refresh tokens are made from.
    pub const REFRESH: Place = at("refresh", "salt");
    /// The address that a session was opened from.
    pub const ADDRESS: Place = at("session", "address");
    /// The browser that a session was opened with.
    pub const AGENT: Place = at("session", "agent");
    /// The address that wrong pairing codes came from.
    pub const TRIES: Place = at("pairing_try", "address");
    /// A setting that is a secret.
    pub const SETTING: Place = at("setting", "value");
    /// A link for enrolling oneself; it is in no table, only digested.
    pub const INVITE: Place = at("invite", "token");
    /// A link for setting one's password; it is in no table, only digested.
    pub const LOGIN_LINK: Place = at("login_link", "token");
    /// What an import found and left of a person.
    pub const IMPORT: Place = at("import_person", "trace");
    /// The address of a webhook.
    pub const WEBHOOK_URL: Place = at("webhook", "url");
    /// What signs for a webhook.
    pub const WEBHOOK_SECRET: Place = at("webhook", "secret");
    /// A mail that is to be sent.
    pub const MAIL: Place = at("mail", "letter");
    /// What somebody asks for, in their own words.
    pub const CLAIM_NOTE: Place = at("privacy_claim", "note");
    /// What was answered.
    pub const CLAIM_ANSWER: Place = at("privacy_claim", "answer");
    /// What an audit row tells of a person.
    pub const AUDIT: Place = at("audit", "detail");
}

fn context(place: Place, row: &[u8]) -> Context<'_> {
    Context {
        table: place.table,
        column: place.column,
        row,
    }
}

/// The key of a person.
///
/// # Errors
/// [`Error::Missing`] if there is no such person or it is erased; a wrapped key that does not open.
pub fn person_key(view: &View<'_>, site: &Site, person: PersonId) -> Result<Key, Fault> {
    let wrapped = people::find_key(view, person)?.ok_or(Error::Missing("person"))?;
    Ok(site.keyring.open_person_key(person, &wrapped)?)
}

/// Seals a value for its place and row.
///
/// # Errors
/// [`Fault::Seal`] when sealing fails.
pub fn seal_value(
    key: &Key,
    place: Place,
    row: &[u8],
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, Fault> {
    Ok(seal::seal(key, &context(place, row), plain, entropy)?)
}

/// Opens a value that must be a text.
///
/// # Errors
/// [`Fault::Seal`] if it does not open, [`Fault::Damaged`] if it is no UTF-8.
pub fn open_text(key: &Key, place: Place, row: &[u8], envelope: &[u8]) -> Result<String, Fault> {
    let plain = seal::open(key, &context(place, row), envelope)?;
    let text = std::str::from_utf8(plain.expose()).map_err(|_| Fault::Damaged(place.column))?;
    Ok(text.to_owned())
}

/// Opens a value and gives its bytes to a reader; they are wiped afterwards.
///
/// # Errors
/// [`Fault::Seal`] if it does not open, [`Fault::Damaged`] if the reader makes nothing of it.
pub fn open_with<T>(
    key: &Key,
    place: Place,
    row: &[u8],
    envelope: &[u8],
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, Fault> {
    let plain = seal::open(key, &context(place, row), envelope)?;
    read(plain.expose()).ok_or(Fault::Damaged(place.column))
}

/// The digest by which a value is found: the same for the same value at the same place.
#[must_use]
pub fn lookup(site: &Site, purpose: Purpose, place: Place, plain: &[u8]) -> Digest {
    let whole = seal::digest(site.keyring.purpose(purpose), &context(place, &[]), plain);
    short(&whole)
}

/// The first 16 bytes of a digest.
#[must_use]
pub fn short(whole: &[u8; 32]) -> Digest {
    let mut half = Digest::default();
    half.iter_mut()
        .zip(whole)
        .for_each(|(to, from)| *to = *from);
    half
}

/// The row of a person's values: the id's bytes.
#[must_use]
pub fn row_of(person: PersonId) -> [u8; 16] {
    person.to_bytes()
}
