//! The certificates of the listeners: the box's own, made anew in time, and brought ones, read
//! again when their files change. Neither needs a restart.

use crate::app::config::{Config, Listener, Tls};
use crate::app::error::Failure;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::certificate::{Certificate, CertificateError, Names, Standing};
use crate::crypto::digest::sha256;
use crate::crypto::random::Seeded;
use crate::crypto::tls::{Acceptor, Server};
use crate::domain::surface::Surface;
use crate::host::announce::LocalName;
use crate::host::credential::Place;
use crate::host::{file, names};
use crate::http::server::Redirect;
use crate::journal::fields;
use crate::surface::core::Core;
use crate::surface::trust::Trust;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What a device reads before it trusts the box: over plain HTTP, too.
const OPEN: &[&str] = &["/trust", "/assets/", "/language/", "/health", "/ready"];

/// The certificates of all listeners.
pub struct Certificates {
    /// Names and addresses that the configuration adds to those of the box.
    names: Mutex<Vec<String>>,
    /// The box's name on its network.
    local: Option<LocalName>,
    trust: Option<Arc<Trust>>,
    brought: Vec<Brought>,
}

/// A certificate that somebody brought, as files.
pub struct Brought {
    cert: PathBuf,
    key: Place,
    server: Server,
    /// Digest of what the files held when they were last read, good or not.
    seen: Mutex<[u8; 32]>,
    /// When the certificate that is shown ends, and the day on which that was told last.
    ends: Mutex<(Option<Timestamp>, Option<i64>)>,
}

/// What the two files hold.
struct Files {
    cert: Vec<u8>,
    key: Secret<Vec<u8>>,
}

impl Files {
    fn digest(&self) -> [u8; 32] {
        sha256(&[sha256(&self.cert), sha256(self.key.expose())].concat())
    }
}

impl Certificates {
    /// Makes and reads what the listeners need.
    ///
    /// # Errors
    /// [`Failure::Setup`] for a file that is missing or wrong; it says which.
    pub fn open(config: &Config, core: &Core, local: Option<LocalName>) -> Result<Self, Failure> {
        let mut all = Self {
            names: Mutex::new(config.names.clone()),
            local,
            trust: None,
            brought: Vec::new(),
        };
        for listener in &config.listeners {
            match &listener.tls {
                Tls::Off => {}
                Tls::Box if all.trust.is_some() => {}
                Tls::Box => all.trust = Some(Arc::new(trust(core, all.called())?)),
                Tls::Files { cert, key } if all.find(cert, key).is_some() => {}
                Tls::Files { cert, key } => {
                    let brought = Brought::open(cert, key);
                    all.brought.push(brought.map_err(Failure::Setup)?);
                }
            }
        }
        Ok(all)
    }

    fn find(&self, cert: &Path, key: &Place) -> Option<&Brought> {
        let mut all = self.brought.iter();
        all.find(|b| b.cert == cert && b.key == *key)
    }

    /// The box's own authority, if a listener uses it.
    #[must_use]
    pub fn trust(&self) -> Option<Arc<Trust>> {
        self.trust.clone()
    }

    /// What puts TLS around a listener's connections; None for one without.
    #[must_use]
    pub fn acceptor(&self, tls: &Tls) -> Option<Acceptor> {
        match tls {
            Tls::Off => None,
            Tls::Box => self.trust.as_ref().map(|t| t.server().acceptor()),
            Tls::Files { cert, key } => self.find(cert, key).map(Brought::acceptor),
        }
    }

    /// Makes the box's certificate anew if it is due, and reads brought files again. What goes
    /// wrong is told in the journal, and the old certificate stays.
    pub fn refresh(&self, core: &Core) {
        let now = core.clock.stamp().at;
        if let Some(trust) = &self.trust {
            let mut chance = Seeded::new(&core.draw_seed());
            if let Err(error) = trust.refresh(&self.called(), now, &mut chance) {
                refused(&error);
            }
        }
        for brought in &self.brought {
            match brought.refresh() {
                Ok(false) => {}
                Ok(true) => tracing::info!(
                    { fields::EVENT } = "certificate_renewed",
                    "The certificate {} was read again.",
                    brought.cert.display()
                ),
                Err(error) => refused(&error),
            }
            brought.warn(now);
        }
        core.set_certificate(self.worst(now));
    }

    fn called(&self) -> Names {
        let mut all = (self.local.as_ref())
            .map(LocalName::names)
            .unwrap_or_default();
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(&names);
        called(&all)
    }

    /// Other names and addresses besides those of the box, from the next look on.
    pub fn set_names(&self, names: Vec<String>) {
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = names;
    }

    /// What is wrong with the files of a configuration's listeners, if something is.
    ///
    /// # Errors
    /// What is wrong with which file, as a sentence.
    pub fn check(listeners: &[Listener]) -> Result<(), String> {
        for listener in listeners {
            if let Tls::Files { cert, key } = &listener.tls {
                ends(cert, key)?;
            }
        }
        Ok(())
    }

    /// How the brought certificate stands that ends first; None without one.
    fn worst(&self, now: Timestamp) -> Option<Standing> {
        let all = self.brought.iter().filter_map(|b| b.standing(now));
        all.min_by_key(Standing::ends)
    }
}

fn refused(error: &dyn Display) {
    tracing::error!(
        { fields::EVENT } = "certificate_refused",
        { fields::ERROR } = %error,
        "The new certificate is not used; the old one stays."
    );
}

/// Names and addresses of the box, without those that no certificate can carry, and `more`.
fn called(more: &[String]) -> Names {
    let mut all = names::of_this_box();
    all.extend_from_slice(more);
    let good = |text: &&str| Names::read([*text]).is_ok();
    Names::read(all.iter().map(String::as_str).filter(good)).unwrap_or_default()
}

fn trust(core: &Core, names: Names) -> Result<Trust, Failure> {
    let mut chance = Seeded::new(&core.draw_seed());
    let keyring = Arc::clone(&core.site().keyring);
    let now = core.clock.stamp().at;
    Trust::open(core.store.dir(), keyring, names, now, &mut chance)
        .map_err(|e| Failure::Setup(e.to_string()))
}

fn read(cert: &Path, key: &Place) -> Result<Files, String> {
    let told = |error: &dyn Display| format!("{}: {error}", cert.display());
    let found = file::read(cert, limits::CERTIFICATE_BYTES_MAX).map_err(|e| told(&e))?;
    let key = key
        .read()
        .map_err(|e| format!("the key of {}: {e}", cert.display()))?;
    Ok(Files {
        cert: found.ok_or_else(|| told(&"there is no such file"))?,
        key,
    })
}

fn parsed(cert: &Path, files: &Files) -> Result<Certificate, String> {
    let told = |error: CertificateError| format!("{}: {error}", cert.display());
    Certificate::from_pem(&files.cert, files.key.expose()).map_err(told)
}

/// When a brought certificate ends, if it says so; its key must fit.
///
/// # Errors
/// What is wrong with which file, as a sentence.
pub fn ends(cert: &Path, key: &Place) -> Result<Option<Timestamp>, String> {
    let certificate = parsed(cert, &read(cert, key)?)?;
    Server::new(&certificate).map_err(|e| format!("{}: {e}", cert.display()))?;
    Ok(certificate.ends())
}

impl Brought {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with which file, as a sentence.
    pub fn open(cert: &Path, key: &Place) -> Result<Self, String> {
        let files = read(cert, key)?;
        let parsed = parsed(cert, &files)?;
        let server = Server::new(&parsed);
        Ok(Self {
            cert: cert.to_owned(),
            key: key.clone(),
            server: server.map_err(|e| format!("{}: {e}", cert.display()))?,
            seen: Mutex::new(files.digest()),
            ends: Mutex::new((parsed.ends(), None)),
        })
    }

    /// How the certificate stands that is shown; None if it does not say when it ends.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Option<Standing> {
        let (ends, _) = *self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.map(|ends| Standing::of(ends, now))
    }

    /// Warns once a day of a certificate that ends soon or has ended: only people can bring a
    /// new one.
    fn warn(&self, now: Timestamp) {
        let (ends, told) = match self.standing(now) {
            Some(Standing::Soon(ends)) => (ends, "ends"),
            Some(Standing::Ended(ends)) => (ends, "has ended"),
            Some(Standing::Good(_)) | None => return,
        };
        let day = now.as_seconds().div_euclid(24 * 3600);
        let mut state = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if state.1.replace(day) == Some(day) {
            return;
        }
        drop(state);
        tracing::warn!(
            { fields::EVENT } = "certificate_ends",
            "The certificate {} {told} on {ends}: bring a new one, it is taken within a minute.",
            self.cert.display()
        );
    }

    /// What puts TLS around a connection.
    #[must_use]
    pub fn acceptor(&self) -> Acceptor {
        self.server.acceptor()
    }

    /// Reads the files again and shows what they hold now; says whether that is something new.
    /// A fault is told once, not at each look.
    ///
    /// # Errors
    /// As [`Brought::open`]; the old certificate stays.
    pub fn refresh(&self) -> Result<bool, String> {
        let files = read(&self.cert, &self.key)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == files.digest() {
            return Ok(false);
        }
        *seen = files.digest();
        let parsed = parsed(&self.cert, &files)?;
        let shown = self.server.replace(&parsed);
        shown.map_err(|e| format!("{}: {e}", self.cert.display()))?;
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        *ends = (parsed.ends(), None);
        Ok(true)
    }
}

/// Where a listener sends clients that should speak TLS: one without TLS that others than this
/// machine can reach, if there is one with TLS.
#[must_use]
pub fn redirect(listener: &Listener, all: &[Listener]) -> Option<Redirect> {
    // What an old client speaks is its matter; a person's page is sent on.
    let native = |l: &&Listener| l.surface == Surface::Native;
    if listener.tls != Tls::Off || listener.address.ip().is_loopback() || !native(&listener) {
        return None;
    }
    let secure = all.iter().filter(native).find(|l| l.tls != Tls::Off)?;
    Some(Redirect {
        port: secure.address.port(),
        open: OPEN,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_others_reach_without_tls_is_sent_on() {
        let plain = Listener::at("0.0.0.0:80", Tls::Off);
        let own = Listener::at("127.0.0.1:8080", Tls::Off);
        let secure = Listener::at("0.0.0.0:8443", Tls::Box);
        let all = [plain.clone(), own.clone(), secure.clone()];
        assert_eq!(redirect(&plain, &all).map(|r| r.port), Some(8443));
        assert_eq!(redirect(&own, &all), None);
        assert_eq!(redirect(&secure, &all), None);
        assert_eq!(redirect(&plain, &all[..2]), None, "nowhere to go");
        let mut old = plain.clone();
        old.surface = Surface::Identity;
        let all = [old.clone(), plain.clone(), secure];
        assert_eq!(redirect(&old, &all), None, "an old client follows nowhere");
        let mut secret = Listener::at("0.0.0.0:9443", Tls::Box);
        secret.surface = Surface::Identity;
        assert_eq!(
            redirect(&plain, &[plain.clone(), secret]),
            None,
            "no page there"
        );
    }

    #[test]
    fn a_device_reads_how_to_trust_the_box_before_it_does() {
        for path in ["/trust", "/trust/hadir.crt", "/assets/base.css"] {
            assert!(OPEN.iter().any(|begin| path.starts_with(begin)), "{path}");
        }
        for path in ["/", "/sign-in", "/setup", "/api/v1/session", "/kiosk"] {
            assert!(!OPEN.iter().any(|begin| path.starts_with(begin)), "{path}");
        }
    }

    #[test]
    fn missing_files_are_named() {
        let key = Place::File("/nonexistent/key.pem".into());
        let error = Brought::open(Path::new("/nonexistent/cert.pem"), &key)
            .err()
            .expect("none there");
        assert!(error.contains("/nonexistent/"), "{error}");
    }
}
