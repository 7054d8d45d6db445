//! Certificates: the box's own authority, what it issues for the box's names and addresses,
//! and those that somebody brings as files.
//!
//! The authority (ECDSA P-256, ten years) is what people install on their phones, from the page
//! `/trust`; it may sign certificates of servers and nothing else. What it issues is valid for
//! 397 days, as long as browsers accept, and is due again 30 days before its end or as soon as
//! the box has another name or address. Keys leave this module sealed only.
//!
//! Owns `rcgen`, which draws the keys' randomness from the system itself: a key that followed
//! from a seed would not be one.

use crate::base::secret::Secret;
use crate::base::time::{Span, Timestamp};
use crate::crypto::digest::sha256;
use crate::crypto::key::Key;
use crate::crypto::random::Entropy;
use crate::crypto::seal::{self, Context, SealError};
use crate::crypto::token::base64url;
use crate::crypto::validity;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber,
};
use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const DAY: Span = Span::from_seconds(24 * 3600);
/// How long the authority is valid, in days: longer than a box lives.
const AUTHORITY_DAYS: i64 = 3653;
/// How long a certificate is valid, in days: browsers refuse more than 398.
const LEAF_DAYS: i64 = 397;
/// How long before its end a certificate is made anew, in days.
pub const RENEW_DAYS: i64 = 30;
/// How far the beginning lies back, in days: the clocks of phones differ.
const BACKDATE_DAYS: i64 = 1;
/// Random bytes of a serial number (RFC 5280, section 4.1.2.2, allows 20 octets).
const SERIAL_BYTES: usize = 16;

/// Why there is no certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateError {
    /// It could not be made; the text says why.
    Make(String),
    /// The kept authority or certificate cannot be opened: changed, or sealed under another key.
    Sealed(SealError),
    /// The kept bytes opened, but are not what they should be.
    Damaged,
    /// A name of the box is neither a DNS name nor an address.
    Name(String),
    /// The certificate file has no certificate, or a broken one.
    NoCertificate(String),
    /// The key file has no private key, or a broken one.
    NoKey(String),
    /// The key file's key is not that of the certificate file.
    Mismatch,
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(why) => write!(f, "the certificate could not be made: {why}"),
            Self::Sealed(why) => write!(f, "the kept certificate cannot be opened: {why}"),
            Self::Damaged => f.write_str("the kept certificate is not whole"),
            Self::Name(name) => write!(f, "{name:?} is neither a DNS name nor an address"),
            Self::NoCertificate(why) => {
                write!(
                    f,
                    "the certificate file holds no whole PEM certificate: {why}"
                )
            }
            Self::NoKey(why) => write!(f, "the key file holds no whole PEM private key: {why}"),
            Self::Mismatch => {
                f.write_str("the key file does not hold the key of the certificate file")
            }
        }
    }
}

impl std::error::Error for CertificateError {}

impl From<SealError> for CertificateError {
    fn from(error: SealError) -> Self {
        Self::Sealed(error)
    }
}

fn made(error: rcgen::Error) -> CertificateError {
    CertificateError::Make(error.to_string())
}

/// What a box is called: DNS names in lower case, and addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    dns: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

impl Names {
    /// Reads names and addresses; the order does not matter.
    ///
    /// # Errors
    /// [`CertificateError::Name`] with the first that is neither.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, CertificateError> {
        let mut names = Self::default();
        for text in texts {
            if let Ok(address) = text.parse() {
                names.addresses.insert(address);
            } else if is_dns_name(text) {
                names.dns.insert(text.to_ascii_lowercase());
            } else {
                return Err(CertificateError::Name(text.to_owned()));
            }
        }
        Ok(names)
    }

    /// Adds an address.
    pub fn add_address(&mut self, address: IpAddr) {
        self.addresses.insert(address);
    }

    /// All of them as texts: names first, then addresses.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let addresses = self.addresses.iter().map(ToString::to_string);
        self.dns.iter().cloned().chain(addresses)
    }
}

/// RFC 1123, section 2.1: labels of letters, digits and inner hyphens, 63 octets at most.
fn is_dns_name(text: &str) -> bool {
    let label = |label: &str| {
        let inner = label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        inner && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// The box's own authority.
pub struct Authority {
    name: String,
    key: KeyPair,
    der: Vec<u8>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({})", self.fingerprint())
    }
}

impl Authority {
    /// A new authority. People see `name` in the list of their device's authorities, so that it
    /// should tell which box it is.
    ///
    /// # Errors
    /// [`CertificateError::Make`].
    pub fn create(
        name: &str,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, CertificateError> {
        let key = KeyPair::generate().map_err(made)?;
        let mut params = authority_params(name);
        set_validity(&mut params, now, AUTHORITY_DAYS);
        params.serial_number = Some(serial(entropy));
        let der = params.self_signed(&key).map_err(made)?.der().to_vec();
        let name = name.to_owned();
        Ok(Self { name, key, der })
    }

    /// The certificate, DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as PEM (RFC 7468, lines of 64 digits).
    #[must_use]
    pub fn pem(&self) -> String {
        let digits = base64url(&self.der).replace('-', "+").replace('_', "/");
        let padded = format!("{digits}{}", "=".repeat((4 - digits.len() % 4) % 4));
        let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
        for (place, digit) in padded.char_indices() {
            if place > 0 && place % 64 == 0 {
                text.push('\n');
            }
            text.push(digit);
        }
        text + "\n-----END CERTIFICATE-----\n"
    }

    /// The SHA-256 fingerprint as devices show it: `AB:CD:…`, 32 pairs.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let pairs = sha256(&self.der).map(|b| format!("{b:02X}"));
        pairs.join(":")
    }

    /// The authority for keeping, sealed.
    ///
    /// # Errors
    /// [`CertificateError::Sealed`] when `key` is used up.
    pub fn seal(&self, key: &Key, entropy: &mut dyn Entropy) -> Result<Vec<u8>, CertificateError> {
        let private = Secret::new(self.key.serialize_der());
        let plain = join(&[self.name.as_bytes(), private.expose(), &self.der]);
        Ok(seal::seal(
            key,
            &place("authority"),
            plain.expose(),
            entropy,
        )?)
    }

    /// Opens what [`Authority::seal`] gave.
    ///
    /// # Errors
    /// [`CertificateError::Sealed`] if it was changed or sealed under another key.
    pub fn open(sealed: &[u8], key: &Key) -> Result<Self, CertificateError> {
        let plain = seal::open(key, &place("authority"), sealed)?;
        let parts = split(plain.expose()).ok_or(CertificateError::Damaged)?;
        let [name, private, der] = parts.as_slice() else {
            return Err(CertificateError::Damaged);
        };
        let name = String::from_utf8(name.to_vec()).map_err(|_| CertificateError::Damaged)?;
        let key = KeyPair::try_from(*private).map_err(|_| CertificateError::Damaged)?;
        let der = der.to_vec();
        Ok(Self { name, key, der })
    }

    /// A certificate for the box.
    ///
    /// # Errors
    /// [`CertificateError::Make`].
    pub fn issue(
        &self,
        names: &Names,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Certificate, CertificateError> {
        let key = KeyPair::generate().map_err(made)?;
        let mut params = CertificateParams::default();
        for name in &names.dns {
            let name = name.as_str().try_into().map_err(made)?;
            params.subject_alt_names.push(SanType::DnsName(name));
        }
        let addresses = names.addresses.iter().copied().map(SanType::IpAddress);
        params.subject_alt_names.extend(addresses);
        params.distinguished_name = rcgen::DistinguishedName::new();
        let first = names.texts().next().unwrap_or_else(|| "hadir".to_owned());
        let common: String = first.chars().take(64).collect();
        params.distinguished_name.push(DnType::CommonName, common);
        set_validity(&mut params, now, LEAF_DAYS);
        params.serial_number = Some(serial(entropy));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::new(authority_params(&self.name), &self.key);
        let der = params
            .signed_by(&key, &issuer)
            .map_err(made)?
            .der()
            .to_vec();
        Ok(Certificate {
            chain: vec![der],
            key: Secret::new(key.serialize_der()),
            names: names.clone(),
            ends: Some(end(now, LEAF_DAYS)),
            brought: false,
        })
    }
}

/// What is the same whenever the authority signs: its name and what it may do.
fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = rcgen::DistinguishedName::new();
    let common: String = name.chars().take(64).collect();
    params.distinguished_name.push(DnType::CommonName, common);
    params
        .distinguished_name
        .push(DnType::OrganizationName, "hadir");
    params
}

fn end(now: Timestamp, days: i64) -> Timestamp {
    let left = DAY.as_millis().saturating_mul(days - BACKDATE_DAYS);
    now.plus(Span::from_millis(left))
}

/// Sets beginning and end. An instant before 1970 counts as 1970.
fn set_validity(params: &mut CertificateParams, now: Timestamp, days: i64) {
    let date = |at: Timestamp| {
        let seconds = u64::try_from(at.as_seconds()).unwrap_or(0);
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
    };
    let back = DAY.as_millis().saturating_mul(-BACKDATE_DAYS);
    params.not_before = date(now.plus(Span::from_millis(back)));
    params.not_after = date(end(now, days));
}

fn serial(entropy: &mut dyn Entropy) -> SerialNumber {
    let mut bytes = [0; SERIAL_BYTES];
    entropy.fill(&mut bytes);
    // A serial number is positive and not zero.
    if let Some(first) = bytes.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    SerialNumber::from_slice(&bytes)
}

const fn place(what: &'static str) -> Context<'static> {
    Context {
        table: "tls",
        column: what,
        row: &[],
    }
}

/// How a certificate stands at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is valid for longer than [`RENEW_DAYS`]; when it ends.
    Good(Timestamp),
    /// It ends within [`RENEW_DAYS`]; when.
    Soon(Timestamp),
    /// It has ended; when.
    Ended(Timestamp),
}

impl Standing {
    /// When it ends or has ended.
    #[must_use]
    pub const fn ends(&self) -> Timestamp {
        match self {
            Self::Good(ends) | Self::Soon(ends) | Self::Ended(ends) => *ends,
        }
    }

    /// A stable word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Good(_) => "good",
            Self::Soon(_) => "ends_soon",
            Self::Ended(_) => "ended",
        }
    }

    /// How one stands that ends at `ends`.
    #[must_use]
    pub fn of(ends: Timestamp, now: Timestamp) -> Self {
        let left = ends.since(now).as_millis();
        if left <= 0 {
            Self::Ended(ends)
        } else if left <= RENEW_DAYS * DAY.as_millis() {
            Self::Soon(ends)
        } else {
            Self::Good(ends)
        }
    }
}

/// A server's certificate with its chain and key.
#[derive(Debug, Clone)]
pub struct Certificate {
    chain: Vec<Vec<u8>>,
    key: Secret<Vec<u8>>,
    names: Names,
    ends: Option<Timestamp>,
    /// Somebody brought it: it is not ours to renew.
    brought: bool,
}

impl Certificate {
    /// Reads a certificate (the server's first, then the chain) and its key from PEM files that
    /// somebody brought.
    ///
    /// # Errors
    /// [`CertificateError::NoCertificate`], [`CertificateError::NoKey`]. Whether the two belong
    /// together is found out by [`crate::crypto::tls::Server::new`].
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(|e| CertificateError::NoCertificate(e.to_string()))?;
        if chain.is_empty() {
            let why = "there is no BEGIN CERTIFICATE";
            return Err(CertificateError::NoCertificate(why.to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|e| CertificateError::NoKey(e.to_string()))?;
        let ends = chain.first().and_then(|der| validity::ends(der));
        Ok(Self {
            chain: chain.iter().map(|der| der.to_vec()).collect(),
            key: Secret::new(key.secret_der().to_vec()),
            names: Names::default(),
            ends,
            brought: true,
        })
    }

    /// The server's certificate and then its chain, each DER.
    #[must_use]
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The private key, DER, for [`crate::crypto::tls`] alone.
    pub(in crate::crypto) const fn key(&self) -> &Secret<Vec<u8>> {
        &self.key
    }

    /// When it ends; None for a brought one that does not say so in its proper place.
    #[must_use]
    pub const fn ends(&self) -> Option<Timestamp> {
        self.ends
    }

    /// Whether the authority has to issue another: 30 days before the end, after it, when the
    /// clock says that it is from the future, and when the box is called otherwise by now.
    #[must_use]
    pub fn is_due(&self, names: &Names, now: Timestamp) -> bool {
        let Some(ends) = self.ends.filter(|_| !self.brought) else {
            return false;
        };
        let left = ends.since(now).as_millis();
        let day = DAY.as_millis();
        left <= RENEW_DAYS * day || left > LEAF_DAYS * day || self.names != *names
    }

    /// The certificate for keeping, sealed.
    ///
    /// # Errors
    /// [`CertificateError::Sealed`] when `key` is used up.
    pub fn seal(&self, key: &Key, entropy: &mut dyn Entropy) -> Result<Vec<u8>, CertificateError> {
        let ends = self.ends.unwrap_or_default().as_millis().to_be_bytes();
        let names: Vec<String> = self.names.texts().collect();
        let leaf = self.chain.first().ok_or(CertificateError::Damaged)?;
        let plain = join(&[self.key.expose(), leaf, &ends, names.join(" ").as_bytes()]);
        Ok(seal::seal(
            key,
            &place("certificate"),
            plain.expose(),
            entropy,
        )?)
    }

    /// Opens what [`Certificate::seal`] gave.
    ///
    /// # Errors
    /// [`CertificateError::Sealed`] if it was changed or sealed under another key.
    pub fn open(sealed: &[u8], key: &Key) -> Result<Self, CertificateError> {
        let plain = seal::open(key, &place("certificate"), sealed)?;
        let parts = split(plain.expose()).ok_or(CertificateError::Damaged)?;
        let [private, leaf, ends, names] = parts.as_slice() else {
            return Err(CertificateError::Damaged);
        };
        let ends = <[u8; 8]>::try_from(*ends).map_err(|_| CertificateError::Damaged)?;
        let names = std::str::from_utf8(names).map_err(|_| CertificateError::Damaged)?;
        Ok(Self {
            chain: vec![leaf.to_vec()],
            key: Secret::new(private.to_vec()),
            names: Names::read(names.split_ascii_whitespace())?,
            ends: Some(Timestamp::from_millis(i64::from_be_bytes(ends))),
            brought: false,
        })
    }
}

/// Each part with its length before it (4 bytes, big-endian).
fn join(parts: &[&[u8]]) -> Secret<Vec<u8>> {
    // With room for all of it no copy of the key is left behind by growing.
    let mut bytes = Vec::with_capacity(parts.iter().map(|p| p.len() + 4).sum());
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(part);
    }
    Secret::new(bytes)
}

fn split(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (part, rest) = rest.split_at_checked(length)?;
        parts.push(part);
        bytes = rest;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keyring::{Keyring, MasterKey, Purpose};
    use crate::crypto::random::{Seed, Seeded};

    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn days(days: i64) -> Timestamp {
        NOW.plus(Span::from_seconds(days * 24 * 3600))
    }

    fn entropy() -> Seeded {
        Seeded::new(&Seed::from_number(4))
    }

    fn keyring(number: u64) -> Keyring {
        let mut source = Seeded::new(&Seed::from_number(number));
        let master = MasterKey::generate(&mut source);
        Keyring::create(&master, &mut source).expect("keyring").0
    }

    fn names(texts: &[&str]) -> Names {
        Names::read(texts.iter().copied()).expect("names")
    }

    #[test]
    fn names_and_addresses_are_told_apart_and_nonsense_is_refused() {
        let read = names(&["HADIR.local", "192.168.1.4", "::1", "hadir", "hadir.local"]);
        let texts: Vec<String> = read.texts().collect();
        assert_eq!(texts, ["hadir", "hadir.local", "192.168.1.4", "::1"]);
        for wrong in [
            "",
            "a b",
            "-x",
            "x-",
            "a..b",
            "über",
            "*.a",
            "a/b",
            &"x".repeat(64),
        ] {
            let error = Names::read([wrong]).expect_err(wrong);
            assert_eq!(error, CertificateError::Name(wrong.to_owned()));
        }
    }

    #[test]
    fn a_certificate_is_due_in_time_and_when_the_box_is_called_otherwise() {
        let authority = Authority::create("hadir", NOW, &mut entropy()).expect("authority");
        let at_home = names(&["hadir.local", "192.168.1.4"]);
        let issued = authority
            .issue(&at_home, NOW, &mut entropy())
            .expect("issued");
        let table = [
            (&at_home, 0, false),
            (&at_home, 365, false),
            (&at_home, 366, true), // 396 days less 30
            (&at_home, 5000, true),
            (&at_home, -2, true), // the clock went back: it is from the future
            (&names(&["hadir.local"]), 0, true),
            (&names(&["hadir.local", "192.168.1.5"]), 0, true),
        ];
        for (called, day, due) in table {
            assert_eq!(
                issued.is_due(called, days(day)),
                due,
                "{called:?} on day {day}"
            );
        }
    }

    #[test]
    fn authority_and_certificate_are_kept_sealed_and_open_with_their_key_only() {
        let (own, other) = (keyring(1), keyring(2));
        let (own, other) = (
            own.purpose(Purpose::Secrets),
            other.purpose(Purpose::Secrets),
        );
        let authority = Authority::create("SMA 1", NOW, &mut entropy()).expect("authority");
        let called = names(&["hadir.local", "10.0.0.1"]);
        let issued = authority
            .issue(&called, NOW, &mut entropy())
            .expect("issued");

        let sealed = authority.seal(own, &mut entropy()).expect("seal");
        let again = Authority::open(&sealed, own).expect("open");
        assert_eq!(again.certificate(), authority.certificate());
        assert_eq!(again.key.serialize_der(), authority.key.serialize_der());
        assert!(Authority::open(&sealed, other).is_err());
        assert!(Authority::open(&sealed[..sealed.len() - 1], own).is_err());
        assert!(
            Certificate::open(&sealed, own).is_err(),
            "one is not the other"
        );

        let sealed = issued.seal(own, &mut entropy()).expect("seal");
        assert!(
            !sealed
                .windows(issued.key.expose().len())
                .any(|w| w == issued.key.expose())
        );
        let again = Certificate::open(&sealed, own).expect("open");
        assert_eq!(again.chain(), issued.chain());
        assert!(!again.is_due(&called, NOW));
        assert!(Certificate::open(&sealed, other).is_err());
        assert!(Certificate::open(&[], own).is_err());
    }

    #[test]
    fn a_box_that_wakes_in_1970_still_gets_a_certificate() {
        let begin = Timestamp::from_millis(0);
        let authority = Authority::create("hadir", begin, &mut entropy()).expect("authority");
        let issued = authority
            .issue(&names(&["hadir"]), begin, &mut entropy())
            .expect("issued");
        assert!(issued.is_due(&names(&["hadir"]), NOW));
    }

    #[test]
    fn the_fingerprint_is_written_as_devices_show_it() {
        let authority = Authority::create("hadir", NOW, &mut entropy()).expect("authority");
        let text = authority.fingerprint();
        assert_eq!(text.split(':').count(), 32);
        assert!(
            text.bytes()
                .all(|b| b == b':' || b.is_ascii_digit() || b.is_ascii_uppercase())
        );
        assert_eq!(format!("{authority:?}"), format!("Authority({text})"));
    }

    #[test]
    fn the_authority_is_a_file_that_others_read() {
        for number in 0..4 {
            // Names of different lengths: each remainder of base 64.
            let name = "x".repeat(number + 1);
            let authority = Authority::create(&name, NOW, &mut entropy()).expect("authority");
            let pem = authority.pem();
            let read = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a whole file");
            assert_eq!(&*read, authority.certificate());
            assert!(pem.lines().all(|line| line.len() <= 64) && pem.ends_with("-----\n"));
        }
    }

    #[test]
    fn torn_or_wrong_files_say_which() {
        let key = KeyPair::generate().expect("key");
        let made = CertificateParams::default()
            .self_signed(&key)
            .expect("made");
        let (certificate, key) = (made.pem(), key.serialize_pem());
        assert!(Certificate::from_pem(certificate.as_bytes(), key.as_bytes()).is_ok());
        let torn = |text: &str| text[..text.len() / 2].to_owned();
        for wrong in ["", "nonsense", &key, &torn(&certificate)] {
            let error = Certificate::from_pem(wrong.as_bytes(), key.as_bytes()).expect_err(wrong);
            assert!(
                matches!(error, CertificateError::NoCertificate(_)),
                "{wrong}: {error}"
            );
        }
        for wrong in ["", "nonsense", &certificate, &torn(&key)] {
            let error =
                Certificate::from_pem(certificate.as_bytes(), wrong.as_bytes()).expect_err(wrong);
            assert!(
                matches!(error, CertificateError::NoKey(_)),
                "{wrong}: {error}"
            );
            assert!(error.to_string().contains("key file"), "{error}");
        }
    }

    #[test]
    fn parts_come_back_and_cut_ones_do_not() {
        let joined = join(&[b"one", b"", b"three"]);
        let parts = split(joined.expose()).expect("parts");
        assert_eq!(parts, [&b"one"[..], b"", b"three"]);
        for cut in [1, 3, 6, 9, joined.expose().len() - 1] {
            let part = &joined.expose()[..cut];
            assert!(split(part).is_none_or(|p| p.len() < 3), "{cut}");
        }
    }
}
