//! The box's own authority at work: kept sealed beside the store, made at the first start, and
//! the certificate that it issues for the listeners, made anew in time.
//!
//! The authority is never replaced by the program: devices trust it. A certificate that cannot
//! be opened is made anew. What the page `/trust` hands out is the authority's certificate.

use crate::base::limits;
use crate::base::time::Timestamp;
use crate::crypto::certificate::{Authority, Certificate, CertificateError, Names};
use crate::crypto::keyring::{Keyring, Purpose};
use crate::crypto::random::Seeded;
use crate::crypto::tls::Server;
use crate::host::file;
use crate::journal::fields;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The authority with its key, sealed, in the store's folder.
pub(in crate::surface) const AUTHORITY_FILE: &str = "tls.authority";
/// The certificate with its key, sealed, in the store's folder.
pub(in crate::surface) const CERTIFICATE_FILE: &str = "tls.certificate";

/// Why the listeners have no certificate.
#[derive(Debug)]
pub enum TrustError {
    /// A file cannot be read or written.
    Io(PathBuf, io::Error),
    /// The kept authority cannot be opened.
    Authority(PathBuf, CertificateError),
    /// A certificate cannot be made.
    Certificate(CertificateError),
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Authority(path, error) => write!(
                f,
                "{}: {error}; put the file back from a backup, or remove it: the box then makes \
                 another authority, and every device has to trust that one anew (page /trust)",
                path.display()
            ),
            Self::Certificate(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TrustError {}

impl From<CertificateError> for TrustError {
    fn from(error: CertificateError) -> Self {
        Self::Certificate(error)
    }
}

/// The box's authority and the certificate that its listeners show.
#[derive(Debug)]
pub struct Trust {
    folder: PathBuf,
    keyring: Arc<Keyring>,
    authority: Authority,
    server: Server,
    now: Mutex<(Names, Certificate)>,
}

impl Trust {
    /// Opens what is kept in the store's folder, and makes what is missing or due.
    ///
    /// # Errors
    /// [`TrustError::Authority`] for an authority that does not open; [`TrustError::Io`].
    pub fn open(
        folder: &Path,
        keyring: Arc<Keyring>,
        names: Names,
        now: Timestamp,
        chance: &mut Seeded,
    ) -> Result<Self, TrustError> {
        let authority = authority(folder, &keyring, &names, now, chance)?;
        let path = folder.join(CERTIFICATE_FILE);
        let kept = read(&path)?;
        let kept = kept
            .and_then(|sealed| Certificate::open(&sealed, keyring.purpose(Purpose::Secrets)).ok());
        let certificate = match kept {
            Some(kept) if !kept.is_due(&names, now) => kept,
            Some(_) | None => issue(folder, &keyring, &authority, &names, now, chance)?,
        };
        Ok(Self {
            folder: folder.to_owned(),
            server: Server::new(&certificate)?,
            keyring,
            authority,
            now: Mutex::new((names, certificate)),
        })
    }

    /// To be called now and then: makes the certificate anew when it is due or the box is called
    /// otherwise, and shows it from the next handshake on. Says whether it did.
    ///
    /// # Errors
    /// As [`Trust::open`]; the old certificate stays.
    pub fn refresh(
        &self,
        names: &Names,
        now: Timestamp,
        chance: &mut Seeded,
    ) -> Result<bool, TrustError> {
        if !self.state().1.is_due(names, now) {
            return Ok(false);
        }
        let made = issue(
            &self.folder,
            &self.keyring,
            &self.authority,
            names,
            now,
            chance,
        )?;
        self.server.replace(&made)?;
        *self.state() = (names.clone(), made);
        tracing::info!(
            { fields::EVENT } = "certificate_renewed",
            "The box shows a new certificate."
        );
        Ok(true)
    }

    fn state(&self) -> MutexGuard<'_, (Names, Certificate)> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the listeners show.
    #[must_use]
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// The authority's certificate, DER: what devices are to trust.
    #[must_use]
    pub fn authority(&self) -> &[u8] {
        self.authority.certificate()
    }

    /// The same as PEM.
    #[must_use]
    pub fn authority_pem(&self) -> String {
        self.authority.pem()
    }

    /// The authority's fingerprint, as devices show it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.authority.fingerprint()
    }

    /// The names and addresses of the certificate, and when it ends.
    #[must_use]
    pub fn shown(&self) -> (Vec<String>, Option<Timestamp>) {
        let state = self.state();
        (state.0.texts().collect(), state.1.ends())
    }
}

/// When the box's own certificate ends, of what is kept in the store's folder; None if nothing
/// is kept there yet. Makes nothing.
///
/// # Errors
/// [`TrustError::Authority`], [`TrustError::Io`].
pub fn look(folder: &Path, keyring: &Keyring) -> Result<Option<Timestamp>, TrustError> {
    let key = keyring.purpose(Purpose::Secrets);
    let path = folder.join(AUTHORITY_FILE);
    let Some(sealed) = read(&path)? else {
        return Ok(None);
    };
    Authority::open(&sealed, key).map_err(|e| TrustError::Authority(path, e))?;
    // A certificate that does not open is made anew at the next start.
    let kept = read(&folder.join(CERTIFICATE_FILE))?;
    Ok(kept
        .and_then(|sealed| Certificate::open(&sealed, key).ok())
        .and_then(|certificate| certificate.ends()))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, TrustError> {
    file::read(path, limits::CERTIFICATE_BYTES_MAX).map_err(|e| TrustError::Io(path.to_owned(), e))
}

fn write(path: &Path, sealed: &[u8]) -> Result<(), TrustError> {
    file::write(path, sealed).map_err(|e| TrustError::Io(path.to_owned(), e))
}

fn authority(
    folder: &Path,
    keyring: &Keyring,
    names: &Names,
    now: Timestamp,
    chance: &mut Seeded,
) -> Result<Authority, TrustError> {
    let path = folder.join(AUTHORITY_FILE);
    let key = keyring.purpose(Purpose::Secrets);
    if let Some(sealed) = read(&path)? {
        return Authority::open(&sealed, key).map_err(|e| TrustError::Authority(path, e));
    }
    let called = names.texts().find(|n| n != "localhost").unwrap_or_default();
    let made = Authority::create(format!("hadir {called}").trim(), now, chance)?;
    write(&path, &made.seal(key, chance)?)?;
    tracing::info!(
        { fields::EVENT } = "authority_made",
        "The box has an authority of its own, {}: devices trust it after a visit to /trust.",
        made.fingerprint()
    );
    Ok(made)
}

fn issue(
    folder: &Path,
    keyring: &Keyring,
    authority: &Authority,
    names: &Names,
    now: Timestamp,
    chance: &mut Seeded,
) -> Result<Certificate, TrustError> {
    let made = authority.issue(names, now, chance)?;
    let sealed = made.seal(keyring.purpose(Purpose::Secrets), chance)?;
    write(&folder.join(CERTIFICATE_FILE), &sealed)?;
    Ok(made)
}
