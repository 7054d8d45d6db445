//! The keys: a master key in a file or credential, a random root key wrapped by it in the
//! store, one key per purpose derived from the root (HKDF-SHA256, RFC 5869), and a random
//! key per person, wrapped and kept beside the person.
//!
//! Rotation changes the master key and wraps the same root again: nothing sealed is
//! rewritten. Erasing a person deletes the wrapped key, and with it all that was sealed
//! under it.

use crate::base::id::{Id, PersonId};
use crate::base::secret::{Secret, wipe};
pub use crate::crypto::key::Key;
use crate::crypto::random::{self, Entropy};
use crate::crypto::seal::{self, Context, SealError};
use ring::hkdf;
use std::fmt;

/// First word of a master key file, with the version of its form.
const FILE_WORD: &str = "hadir-master-key-1";
/// Number of every person's key: a person gets a new id rather than a second key.
const PERSON_KEY_NUMBER: u32 = 1;

/// Why a key could not be read or opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// The file or credential is not there.
    Missing(String),
    /// The text is not a whole master key: cut, changed, or something else.
    Damaged(&'static str),
    /// Others than the owner can read the file: its path and its mode.
    Exposed(String, u32),
    /// It is a master key, but not the one of this store: fingerprints of the key and of
    /// the one that the store wants.
    Wrong(String, String),
    /// The store has no root key although it has data.
    NoRoot,
    /// The wrapped key in the store was changed, or belongs elsewhere.
    Sealed(SealError),
    /// Reading or writing the file failed.
    Io(String),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(f, "the master key is missing: {what}"),
            Self::Damaged(why) => write!(f, "this is not a whole master key: {why}"),
            Self::Exposed(path, mode) => write!(
                f,
                "others can read the master key {path} (mode {mode:04o}): chmod 600 it"
            ),
            Self::Wrong(have, want) => write!(
                f,
                "the master key (fingerprint {have}) is not the one of this store (fingerprint {want})"
            ),
            Self::NoRoot => f.write_str("the store holds data but no wrapped root key"),
            Self::Sealed(e) => write!(f, "a wrapped key cannot be opened: {e}"),
            Self::Io(what) => write!(f, "the master key cannot be read or written: {what}"),
        }
    }
}

impl std::error::Error for KeyError {}

impl From<SealError> for KeyError {
    fn from(error: SealError) -> Self {
        Self::Sealed(error)
    }
}

pub(in crate::crypto) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    let mut text = String::with_capacity(2 * bytes.len());
    for b in bytes {
        let _ = write!(text, "{b:02x}");
    }
    text
}

fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (to, at) in bytes.iter_mut().zip((0..text.len()).step_by(2)) {
        *to = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

struct Length32;

impl hkdf::KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

/// HKDF-SHA256 of `secret` for the use named by `label`.
pub(in crate::crypto) fn derive(secret: &[u8; 32], label: &str) -> Secret<[u8; 32]> {
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hadir").extract(secret);
    let mut bytes = [0; 32];
    // Both calls fail only for outputs longer than 255 hashes.
    let label = [label.as_bytes()];
    if let Ok(okm) = prk.expand(&label, Length32) {
        let _ = okm.fill(&mut bytes);
    }
    Secret::new(bytes)
}

/// The master key: 32 random bytes that wrap the root key and do nothing else.
pub struct MasterKey(Secret<[u8; 32]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.fingerprint_text())
    }
}

impl MasterKey {
    /// A new key.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(random::secret(entropy))
    }

    /// Reads the text of a key file: `hadir-master-key-1`, 64 hexadecimal digits of the key
    /// and 8 of a check sum, separated by spaces.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] with what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(bytes).map_err(|_| KeyError::Damaged("not a text"))?;
        let mut words = text.split_ascii_whitespace();
        if words.next() != Some(FILE_WORD) {
            return Err(KeyError::Damaged("it does not begin with the key's mark"));
        }
        let key = words
            .next()
            .and_then(read_hex::<32>)
            .ok_or(KeyError::Damaged("the key has not 64 hexadecimal digits"))?;
        let key = Self(Secret::new(key));
        if words.next() != Some(key.check().as_str()) || words.next().is_some() {
            return Err(KeyError::Damaged("the check sum is not that of the key"));
        }
        Ok(key)
    }

    /// The text of a key file, with the line's end.
    #[must_use]
    pub fn to_file_text(&self) -> Secret<String> {
        let key = Secret::new(hex(self.0.expose()));
        Secret::new(format!("{FILE_WORD} {} {}\n", key.expose(), self.check()))
    }

    /// 16 bytes that name the key and tell nothing about it.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 16] {
        let bytes = derive(self.0.expose(), "master fingerprint");
        let mut short = [0; 16];
        for (to, from) in short.iter_mut().zip(bytes.expose()) {
            *to = *from;
        }
        short
    }

    /// The fingerprint as 32 hexadecimal digits.
    #[must_use]
    pub fn fingerprint_text(&self) -> String {
        hex(&self.fingerprint())
    }

    fn check(&self) -> String {
        let bytes = derive(self.0.expose(), "master check");
        let short: Vec<u8> = bytes.expose().iter().take(4).copied().collect();
        hex(&short)
    }

    fn wrapping_key(&self, number: u32) -> Key {
        Key::new(derive(self.0.expose(), "root wrap"), number)
    }

    /// The key under which the keys of backups are wrapped for whoever has this one.
    pub(in crate::crypto) fn backup_key(&self) -> Key {
        Key::new(derive(self.0.expose(), "backup wrap"), 1)
    }
}

/// What a key is for. Each purpose has its own key, so that nothing sealed for one opens
/// for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Wraps the persons' keys.
    PersonWrap,
    /// Links the audit rows.
    AuditChain,
    /// Seals what audit rows tell that belongs to no person.
    AuditDetail,
    /// Seals and looks up names.
    Names,
    /// Looks up ticket codes.
    Codes,
    /// Looks up students' and members' numbers.
    Numbers,
    /// Looks up everything else that is sealed: addresses, login names.
    Digests,
    /// Seals secrets of the configuration kept in the store.
    Secrets,
    /// The cipher service's own key: nothing of the store opens through it.
    Cipher,
    /// Seals backups.
    Backup,
    /// Digests of bearer tokens.
    Tokens,
    /// Seals outgoing mails and calls until they are delivered.
    Outbox,
}

impl Purpose {
    /// All purposes, in the order of their numbers.
    pub const ALL: [Self; 12] = [
        Self::PersonWrap,
        Self::AuditChain,
        Self::AuditDetail,
        Self::Names,
        Self::Codes,
        Self::Numbers,
        Self::Digests,
        Self::Secrets,
        Self::Cipher,
        Self::Backup,
        Self::Tokens,
        Self::Outbox,
    ];

    /// The purpose's name: part of the derivation, never to be changed.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PersonWrap => "person wrap",
            Self::AuditChain => "audit chain",
            Self::AuditDetail => "audit detail",
            Self::Names => "names",
            Self::Codes => "codes",
            Self::Numbers => "numbers",
            Self::Digests => "digests",
            Self::Secrets => "secrets",
            Self::Cipher => "cipher",
            Self::Backup => "backup",
            Self::Tokens => "tokens",
            Self::Outbox => "outbox",
        }
    }
}

/// A root key as the store keeps it: sealed under a master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedRoot {
    /// The root key's number, 1 for the first.
    pub number: u32,
    /// Fingerprint of the master key that opens it.
    pub master: [u8; 16],
    /// The sealed key.
    pub envelope: Vec<u8>,
}

impl WrappedRoot {
    /// The master key's fingerprint as 32 hexadecimal digits.
    #[must_use]
    pub fn master_text(&self) -> String {
        hex(&self.master)
    }
}

fn root_context(master: &[u8; 16]) -> Context<'_> {
    Context {
        table: "root_keys",
        column: "envelope",
        row: master,
    }
}

/// The place of a root key in a backup; the row is the backup's id.
const fn backup_context(backup: &[u8; 16]) -> Context<'_> {
    Context {
        table: "backup",
        column: "root",
        row: backup,
    }
}

fn person_context(person: &[u8; 16]) -> Context<'_> {
    Context {
        table: "person_key",
        column: "wrapped",
        row: person,
    }
}

/// All keys of a running box.
pub struct Keyring {
    root: Secret<[u8; 32]>,
    number: u32,
    /// The key of the first purpose, and those of the others in the order of `Purpose::ALL`.
    person_wrap: Key,
    others: Vec<Key>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", self.number)
    }
}

impl Keyring {
    fn from_root(root: Secret<[u8; 32]>, number: u32) -> Self {
        let key = |p: &Purpose| Key::new(derive(root.expose(), p.label()), number);
        Self {
            person_wrap: key(&Purpose::PersonWrap),
            others: Purpose::ALL.iter().skip(1).map(key).collect(),
            root,
            number,
        }
    }

    /// A new root key and its wrapped form for the store.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] if it could not be wrapped.
    pub fn create(
        master: &MasterKey,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, WrappedRoot), KeyError> {
        let mut root = [0; 32];
        entropy.fill(&mut root);
        let keyring = Self::from_root(Secret::new(root), 1);
        wipe(&mut root);
        let wrapped = keyring.rewrap(master, entropy)?;
        Ok((keyring, wrapped))
    }

    /// Opens the store's root key with the master key.
    ///
    /// # Errors
    /// [`KeyError::NoRoot`] for an empty list, [`KeyError::Wrong`] if none is for this
    /// master key, [`KeyError::Sealed`] if it was changed.
    pub fn open(master: &MasterKey, roots: &[WrappedRoot]) -> Result<Self, KeyError> {
        let fingerprint = master.fingerprint();
        let Some(wanted) = roots.last() else {
            return Err(KeyError::NoRoot);
        };
        let wrapped = roots
            .iter()
            .find(|r| r.master == fingerprint)
            .ok_or_else(|| KeyError::Wrong(hex(&fingerprint), hex(&wanted.master)))?;
        let key = master.wrapping_key(wrapped.number);
        let plain = seal::open(&key, &root_context(&fingerprint), &wrapped.envelope)?;
        let root = <[u8; 32]>::try_from(plain.expose().as_slice())
            .map_err(|_| KeyError::Sealed(SealError::Form))?;
        Ok(Self::from_root(Secret::new(root), wrapped.number))
    }

    /// The root key's number, 1 for the first.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The root key sealed under the key of the backup with this id.
    pub(in crate::crypto) fn seal_root(
        &self,
        key: &Key,
        backup: &[u8; 16],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        seal::seal(key, &backup_context(backup), self.root.expose(), entropy)
    }

    /// All keys of the box of which a backup was made.
    pub(in crate::crypto) fn open_root(
        key: &Key,
        backup: &[u8; 16],
        number: u32,
        envelope: &[u8],
    ) -> Result<Self, KeyError> {
        let plain = seal::open(key, &backup_context(backup), envelope)?;
        let root = <[u8; 32]>::try_from(plain.expose().as_slice())
            .map_err(|_| KeyError::Sealed(SealError::Form))?;
        Ok(Self::from_root(Secret::new(root), number))
    }

    /// Wraps the root key for another master key.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] if it could not be sealed.
    pub fn rewrap(
        &self,
        master: &MasterKey,
        entropy: &mut dyn Entropy,
    ) -> Result<WrappedRoot, KeyError> {
        let fingerprint = master.fingerprint();
        let key = master.wrapping_key(self.number);
        let plain = self.root.expose();
        let envelope = seal::seal(&key, &root_context(&fingerprint), plain, entropy)?;
        Ok(WrappedRoot {
            number: self.number,
            master: fingerprint,
            envelope,
        })
    }

    /// The key of a purpose.
    #[must_use]
    pub fn purpose(&self, purpose: Purpose) -> &Key {
        // Number 0 is the one that is not in the list; the order is tested.
        let at = (purpose as usize).wrapping_sub(1);
        self.others.get(at).unwrap_or(&self.person_wrap)
    }

    /// Values sealed since the start, per purpose.
    #[must_use]
    pub fn uses(&self) -> Vec<(Purpose, u64)> {
        let count = |p: Purpose| (p, self.purpose(p).uses());
        Purpose::ALL.into_iter().map(count).collect()
    }

    /// A new random key for a person, and its wrapped form for the person's row.
    ///
    /// # Errors
    /// [`SealError::WornOut`] if the wrapping key has been used up.
    pub fn new_person_key(
        &self,
        person: PersonId,
        entropy: &mut dyn Entropy,
    ) -> Result<(Key, Vec<u8>), SealError> {
        let secret = random::secret(entropy);
        let row = person.to_bytes();
        let wrap = self.purpose(Purpose::PersonWrap);
        let wrapped = seal::seal(wrap, &person_context(&row), secret.expose(), entropy)?;
        Ok((Key::new(secret, PERSON_KEY_NUMBER), wrapped))
    }

    /// Opens a person's wrapped key.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] if it was changed or is another person's.
    pub fn open_person_key(&self, person: PersonId, wrapped: &[u8]) -> Result<Key, KeyError> {
        let row = person.to_bytes();
        let wrap = self.purpose(Purpose::PersonWrap);
        let plain = seal::open(wrap, &person_context(&row), wrapped)?;
        let bytes = <[u8; 32]>::try_from(plain.expose().as_slice())
            .map_err(|_| KeyError::Sealed(SealError::Form))?;
        Ok(Key::new(Secret::new(bytes), PERSON_KEY_NUMBER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::random::{Seed, Seeded};

    fn source(number: u64) -> Seeded {
        Seeded::new(&Seed::from_number(number))
    }

    #[test]
    fn a_key_file_reads_back_and_a_torn_one_does_not() {
        let key = MasterKey::generate(&mut source(1));
        let text = key.to_file_text();
        let text = text.expose().as_str();
        let read = MasterKey::read(text.as_bytes()).expect("key");
        assert_eq!(read.fingerprint(), key.fingerprint());
        for cut in 0..text.len() - 1 {
            let part = text.as_bytes().get(..cut).expect("part");
            assert!(MasterKey::read(part).is_err(), "cut at {cut}");
        }
        let other = text.replacen('a', "b", 1);
        assert!(other == text || MasterKey::read(other.as_bytes()).is_err());
        assert!(MasterKey::read(&[0xff; 32]).is_err());
        assert!(MasterKey::read(&vec![0; 100_000]).is_err());
    }

    #[test]
    fn debug_tells_no_secret() {
        let master = MasterKey::generate(&mut source(1));
        let (keyring, _) = Keyring::create(&master, &mut source(2)).expect("keyring");
        let seen = format!(
            "{master:?} {keyring:?} {:?}",
            keyring.purpose(Purpose::Names)
        );
        assert!(!seen.contains(&hex(master.0.expose())));
        assert!(seen.len() < 80, "{seen}");
    }

    #[test]
    fn purposes_have_numbers_names_and_keys_of_their_own() {
        let master = MasterKey::generate(&mut source(1));
        let (keyring, _) = Keyring::create(&master, &mut source(2)).expect("keyring");
        let context = Context {
            table: "t",
            column: "c",
            row: b"r",
        };
        let mut seen = std::collections::HashSet::new();
        for (at, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, at);
            assert!(seen.insert(seal::digest(keyring.purpose(purpose), &context, b"x")));
        }
    }

    #[test]
    fn another_master_key_opens_nothing_until_the_root_is_wrapped_for_it() {
        let (one, other) = (
            MasterKey::generate(&mut source(1)),
            MasterKey::generate(&mut source(2)),
        );
        let (keyring, first) = Keyring::create(&one, &mut source(3)).expect("keyring");
        let mut roots = vec![first];
        assert_eq!(Keyring::open(&other, &[]).err(), Some(KeyError::NoRoot));
        let refused = Keyring::open(&other, &roots);
        assert!(matches!(refused, Err(KeyError::Wrong(..))), "{refused:?}");
        roots.push(keyring.rewrap(&other, &mut source(4)).expect("wrap"));
        for master in [&one, &other] {
            let opened = Keyring::open(master, &roots).expect("open");
            assert_eq!(opened.root.expose(), keyring.root.expose());
        }
        let changed = roots.last_mut().expect("root");
        *changed.envelope.last_mut().expect("byte") ^= 1;
        assert!(matches!(
            Keyring::open(&other, &roots),
            Err(KeyError::Sealed(_))
        ));
    }
}
