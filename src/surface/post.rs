//! The way out for mails: which server, and handing it one letter. What is to be sent and when is
//! decided elsewhere.

use crate::base::secret::Secret;
use crate::base::text::Email;
use crate::crypto::certificate::CertificateError;
use crate::crypto::tls::{self, Connector};
use crate::host::credential::{CredentialError, Place};
use crate::http::letter::{Draft, compose};
use crate::http::smtp::{self, Security, Server, SmtpError};
use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// Where Debian keeps the authorities that everybody believes.
pub const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// How the way to the mail server is kept closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// TLS after a first word in the clear.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None: for a server on this machine.
    Off,
}

/// `[mail]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSetting {
    /// Name or address of the server.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept closed.
    pub tls: MailTls,
    /// The address that mails are from.
    pub sender: Email,
    /// The user and where the password is, if the server asks for them.
    pub login: Option<(String, Place)>,
    /// Authorities that are believed instead of everybody's, PEM.
    pub authority: Option<PathBuf>,
}

/// Why a mail was not sent.
#[derive(Debug)]
pub enum PostError {
    /// No server is configured.
    NotConfigured,
    /// The password cannot be had.
    Password(CredentialError),
    /// The file of the authorities cannot be used.
    Authorities(PathBuf, String),
    /// The server did not take it.
    Server(SmtpError),
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured => f.write_str("no mail server is configured: see [mail]"),
            Self::Password(error) => write!(f, "mail.secret: {error}"),
            Self::Authorities(path, why) => write!(
                f,
                "the authorities in {}: {why}; install ca-certificates or set mail.authority",
                path.display()
            ),
            Self::Server(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for PostError {}

impl PostError {
    /// The reason without anything that could name somebody: for logs and lists.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Server(error) => error.short(),
            Self::NotConfigured | Self::Password(_) | Self::Authorities(..) => self.to_string(),
        }
    }

    /// Whether trying again cannot help.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Server(error) if error.is_final())
    }
}

/// The authorities in a file.
///
/// # Errors
/// What is wrong with the file.
pub fn authorities(file: &Path) -> Result<Connector, String> {
    let pem = std::fs::read(file).map_err(|e| e.to_string())?;
    tls::connector(&pem).map_err(|error| match error {
        CertificateError::NoCertificate(why) => why,
        CertificateError::Make(_)
        | CertificateError::Sealed(_)
        | CertificateError::Damaged
        | CertificateError::Name(_)
        | CertificateError::NoKey(_)
        | CertificateError::Mismatch => error.to_string(),
    })
}

/// The way out, as it is configured now.
#[derive(Debug, Default)]
pub struct Post(RwLock<Option<Arc<MailSetting>>>);

impl Post {
    /// Takes another setting; mails under way go on with the old one.
    pub fn configure(&self, setting: Option<MailSetting>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = setting.map(Arc::new);
    }

    /// The setting; None: mails cannot be sent.
    #[must_use]
    pub fn setting(&self) -> Option<Arc<MailSetting>> {
        (self.0.read().unwrap_or_else(PoisonError::into_inner)).clone()
    }

    /// Sends one mail now; the password is read anew each time, so that a changed one is used.
    ///
    /// # Errors
    /// [`PostError`].
    pub async fn send(&self, draft: &Draft) -> Result<(), PostError> {
        let setting = self.setting().ok_or(PostError::NotConfigured)?;
        let read = |(user, place): &(String, Place)| Ok((user.clone(), password(place)?));
        let login = setting.login.as_ref().map(read).transpose();
        let login = login.map_err(PostError::Password)?;
        let server = Server {
            host: &setting.server,
            port: setting.port,
            security: security(&setting)?,
            login: (login.as_ref()).map(|(user, word)| (user.as_str(), word.clone())),
        };
        let mail = compose(draft, &setting.sender);
        smtp::send(&server, &setting.sender, &draft.to, &mail)
            .await
            .map_err(PostError::Server)
    }

    /// Sends one mail now and waits for it; not to be called from async code.
    ///
    /// # Errors
    /// [`PostError`].
    pub fn send_blocking(&self, draft: &Draft) -> Result<(), PostError> {
        block_on(self.send(draft))
            .map_err(|e| PostError::Server(SmtpError::Unreachable(e.to_string())))?
    }
}

/// Waits for something that talks to the network: on the daemon's runtime from a thread that may
/// block, else on one of its own.
fn block_on<T>(what: impl Future<Output = T>) -> std::io::Result<T> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => Ok(runtime.block_on(what)),
        Err(_) => {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            Ok(builder.enable_all().build()?.block_on(what))
        }
    }
}

/// The password of a file, without the line feed at its end.
fn password(place: &Place) -> Result<Secret<String>, CredentialError> {
    let bytes = place.read()?;
    let text = String::from_utf8_lossy(bytes.expose());
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn security(setting: &MailSetting) -> Result<Security, PostError> {
    let connector = || {
        let file = setting
            .authority
            .as_deref()
            .unwrap_or(Path::new(AUTHORITIES));
        authorities(file).map_err(|why| PostError::Authorities(file.to_owned(), why))
    };
    Ok(match setting.tls {
        MailTls::Off => Security::Loopback,
        MailTls::Tls => Security::Tls(connector()?),
        MailTls::StartTls => Security::StartTls(connector()?),
    })
}
