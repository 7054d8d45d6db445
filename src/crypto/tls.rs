//! TLS: which certificate the listeners show, the acceptor that http puts around connections, and
//! the connector for those that the box opens itself. A new certificate is shown from the next handshake on; nothing restarts.
//!
//! Owns `tokio-rustls` and through it rustls, with ring as its cryptography, TLS 1.2 and 1.3.

use crate::crypto::certificate::{Certificate, CertificateError};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

pub use tokio_rustls::rustls::pki_types::ServerName;

/// Puts TLS around an accepted connection: `acceptor.accept(stream).await`. Cheap to clone.
pub type Acceptor = TlsAcceptor;
/// A connection with TLS around it.
pub type Stream<S> = tokio_rustls::server::TlsStream<S>;

/// Puts TLS around a connection that the box has opened: `connector.connect(name, stream).await`.
/// Cheap to clone.
pub type Connector = TlsConnector;

/// The box as a client: believes servers whose certificate one of these authorities has issued.
/// `authorities`: PEM, any number of them; what else stands between them does not matter.
///
/// # Errors
/// [`CertificateError::NoCertificate`] if there is none among them that can be used.
pub fn connector(authorities: &[u8]) -> Result<Connector, CertificateError> {
    let mut roots = RootCertStore::empty();
    let all = CertificateDer::pem_slice_iter(authorities).filter_map(Result::ok);
    let (usable, _) = roots.add_parsable_certificates(all);
    if usable == 0 {
        return Err(CertificateError::NoCertificate(
            "no authority's certificate is in it".to_owned(),
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| CertificateError::Make(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The certificate of one or more listeners.
#[derive(Clone)]
pub struct Server {
    shown: Arc<Shown>,
    acceptor: Acceptor,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Server {
    /// Begins with `certificate`.
    ///
    /// # Errors
    /// [`CertificateError::Mismatch`] if its key is another's, [`CertificateError::NoKey`] if
    /// the key is of a kind that TLS does not know.
    pub fn new(certificate: &Certificate) -> Result<Self, CertificateError> {
        let shown = Arc::new(Shown(RwLock::new(certified(certificate)?)));
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Shown>::clone(&shown);
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| CertificateError::Make(e.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self { shown, acceptor })
    }

    /// Shows another certificate from the next handshake on. When it is refused the old one
    /// stays.
    ///
    /// # Errors
    /// As [`Server::new`].
    pub fn replace(&self, certificate: &Certificate) -> Result<(), CertificateError> {
        let certified = certified(certificate)?;
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = certified;
        Ok(())
    }

    /// What puts TLS around a connection.
    #[must_use]
    pub fn acceptor(&self) -> Acceptor {
        self.acceptor.clone()
    }
}

/// The certificate that handshakes show.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    /// The same one for every name: a phone that was given the box's address sends none.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&shown))
    }
}

fn certified(certificate: &Certificate) -> Result<Arc<CertifiedKey>, CertificateError> {
    let no_key = |error: &dyn fmt::Display| CertificateError::NoKey(error.to_string());
    let key =
        PrivateKeyDer::try_from(certificate.key().expose().clone()).map_err(|e| no_key(&e))?;
    let key = ring::sign::any_supported_type(&key).map_err(|e| no_key(&e))?;
    let chain = certificate
        .chain()
        .iter()
        .cloned()
        .map(CertificateDer::from);
    let certified = CertifiedKey::new(chain.collect(), key);
    match certified.keys_match() {
        Ok(()) => Ok(Arc::new(certified)),
        Err(rustls::Error::InconsistentKeys(_)) => Err(CertificateError::Mismatch),
        Err(error) => Err(CertificateError::NoCertificate(error.to_string())),
    }
}
