//! Listening sockets: those that the service manager hands over, all others bound here.

use listenfd::ListenFd;
use std::fmt;
use std::net::{SocketAddr, TcpListener};

/// Why an address cannot be listened on.
#[derive(Debug)]
pub struct BindError {
    /// The address.
    pub address: SocketAddr,
    /// The setting to change, such as `listener.0.address`.
    pub key: String,
    /// What the system said.
    pub error: std::io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.error.kind();
        let why = if kind == std::io::ErrorKind::AddrInUse {
            "is used by another program".to_owned()
        } else if kind == std::io::ErrorKind::PermissionDenied {
            "may not be used without hadir.socket (ports below 1024)".to_owned()
        } else if kind == std::io::ErrorKind::AddrNotAvailable {
            "is not an address of this box".to_owned()
        } else {
            format!("cannot be used: {}", self.error)
        };
        write!(f, "{} {why}; change {}", self.address, self.key)
    }
}

impl std::error::Error for BindError {}

/// The sockets that were handed over and are not taken yet.
#[derive(Debug, Default)]
pub struct Inherited(Vec<(SocketAddr, TcpListener)>);

impl Inherited {
    /// What the service manager hands over (`LISTEN_FDS`, sd_listen_fds(3)). The variables are
    /// for this process alone, so they are taken out of the environment. What is no TCP
    /// listener is left closed.
    #[must_use]
    pub fn from_env() -> Self {
        let mut given = ListenFd::from_env();
        let all = 0..given.len();
        let take = |i| given.take_tcp_listener(i).ok().flatten();
        Self::of(all.filter_map(take).collect())
    }

    /// Sockets given by the caller, for tests and for [`Inherited::from_env`].
    #[must_use]
    pub fn of(listeners: Vec<TcpListener>) -> Self {
        let named = |l: TcpListener| l.local_addr().ok().map(|a| (a, l));
        Self(listeners.into_iter().filter_map(named).collect())
    }

    /// A listener on `address`: an inherited one if there is one, else a new one. An
    /// inherited socket on all addresses (`[::]:443`, `0.0.0.0:443`) serves any address of
    /// the same port.
    ///
    /// # Errors
    /// [`BindError`], which names `key`.
    pub fn listen(&mut self, address: SocketAddr, key: &str) -> Result<TcpListener, BindError> {
        let wrong = |error| BindError {
            address,
            key: key.to_owned(),
            error,
        };
        let fits = |have: &SocketAddr| {
            have.port() == address.port()
                && (have.ip() == address.ip() || have.ip().is_unspecified())
        };
        let listener = match self.0.iter().position(|(have, _)| fits(have)) {
            Some(i) if address.port() != 0 => self.0.swap_remove(i).1,
            _ => TcpListener::bind(address).map_err(wrong)?,
        };
        listener.set_nonblocking(true).map_err(wrong)?;
        Ok(listener)
    }

    /// Addresses that were handed over but asked for by nobody.
    #[must_use]
    pub fn left(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|(address, _)| *address).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 0))
    }

    #[test]
    fn an_inherited_socket_is_taken_instead_of_binding() {
        let given = TcpListener::bind(local()).expect("bind");
        let address = given.local_addr().expect("address");
        let mut inherited = Inherited::of(vec![given]);
        let taken = inherited
            .listen(address, "listener.0.address")
            .expect("listen");
        assert_eq!(taken.local_addr().expect("address"), address);
        assert!(inherited.left().is_empty());
    }

    #[test]
    fn a_port_in_use_names_the_key() {
        let busy = TcpListener::bind(local()).expect("bind");
        let address = busy.local_addr().expect("address");
        let error = Inherited::default()
            .listen(address, "listener.1.address")
            .expect_err("busy");
        assert_eq!(
            error.to_string(),
            format!("{address} is used by another program; change listener.1.address")
        );
    }

    #[test]
    fn what_nobody_asked_for_is_named() {
        let given = TcpListener::bind(local()).expect("bind");
        let address = given.local_addr().expect("address");
        let mut inherited = Inherited::of(vec![given]);
        assert!(inherited.listen(local(), "listener.0.address").is_ok());
        assert_eq!(inherited.left(), [address]);
    }
}
