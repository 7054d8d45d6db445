//! Tells the service manager how we are: the protocol of sd_notify(3), a datagram of
//! `NAME=value` lines to the socket in `$NOTIFY_SOCKET`. Without that variable nothing
//! happens.

use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// What can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The daemon serves.
    Ready,
    /// The daemon stops.
    Stopping,
    /// A sentence on how it is.
    Status(String),
    /// The daemon is alive.
    Watchdog,
}

impl Message {
    fn text(&self) -> String {
        match self {
            Self::Ready => "READY=1".to_owned(),
            Self::Stopping => "STOPPING=1".to_owned(),
            // A line break would begin another assignment.
            Self::Status(text) => format!("STATUS={}", text.replace('\n', " ")),
            Self::Watchdog => "WATCHDOG=1".to_owned(),
        }
    }
}

/// The way to the service manager.
#[derive(Debug)]
pub struct Notifier(Option<(UnixDatagram, SocketAddr)>);

impl Notifier {
    /// Takes the address from `$NOTIFY_SOCKET`; a name that begins with `@` is abstract.
    #[must_use]
    pub fn from_env() -> Self {
        let name = std::env::var_os("NOTIFY_SOCKET");
        Self(name.and_then(|n| Self::connect(n.as_bytes()).ok()))
    }

    fn connect(name: &[u8]) -> io::Result<(UnixDatagram, SocketAddr)> {
        let address = match name.strip_prefix(b"@") {
            Some(rest) => SocketAddr::from_abstract_name(rest)?,
            None => SocketAddr::from_pathname(std::ffi::OsStr::from_bytes(name))?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.set_write_timeout(Some(Duration::from_secs(1)))?;
        Ok((socket, address))
    }

    /// Sends a message. A manager that does not listen is not our failure.
    pub fn send(&self, message: &Message) {
        if let Some((socket, address)) = &self.0 {
            let _ = socket.send_to_addr(message.text().as_bytes(), address);
        }
    }
}

/// How often the manager wants to hear `WATCHDOG=1`, from `$WATCHDOG_USEC` and
/// `$WATCHDOG_PID`: half of the limit, as sd_watchdog_enabled(3) advises. None if it is off.
#[must_use]
pub fn watchdog_interval() -> Option<Duration> {
    interval(
        std::env::var("WATCHDOG_USEC").ok().as_deref(),
        std::env::var("WATCHDOG_PID").ok().as_deref(),
        std::process::id(),
    )
}

fn interval(usec: Option<&str>, for_pid: Option<&str>, pid: u32) -> Option<Duration> {
    let usec: u64 = usec?.parse().ok()?;
    let ours = for_pid.is_none_or(|p| p.parse() == Ok(pid));
    (ours && usec > 0).then(|| Duration::from_micros(usec / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(name: &str, address: &SocketAddr) -> String {
        let manager = UnixDatagram::bind_addr(address).expect("bind");
        let notifier = Notifier(Some(Notifier::connect(name.as_bytes()).expect("connect")));
        notifier.send(&Message::Status("one\nREADY=1".into()));
        let mut buffer = [0; 256];
        let n = manager.recv(&mut buffer).expect("datagram");
        String::from_utf8_lossy(&buffer[..n]).into_owned()
    }

    #[test]
    fn both_kinds_of_socket_are_reached() {
        let name = format!("hadir-notify-{}", std::process::id());
        let abstract_address = SocketAddr::from_abstract_name(&name).expect("address");
        assert_eq!(
            heard(&format!("@{name}"), &abstract_address),
            "STATUS=one READY=1"
        );
        let path = std::env::temp_dir().join(&name);
        let address = SocketAddr::from_pathname(&path).expect("address");
        assert_eq!(
            heard(path.to_str().expect("path"), &address),
            "STATUS=one READY=1"
        );
        std::fs::remove_file(path).expect("remove");
    }

    #[test]
    fn the_watchdog_is_fed_at_half_its_limit() {
        let half = Some(Duration::from_secs(60));
        let table = [
            (None, None, None),
            (Some("120000000"), None, half),
            (Some("120000000"), Some("7"), half),
            (Some("120000000"), Some("8"), None),
            (Some("0"), None, None),
            (Some("x"), None, None),
        ];
        for (usec, pid, want) in table {
            assert_eq!(interval(usec, pid, 7), want, "{usec:?} {pid:?}");
        }
    }

    #[test]
    fn without_a_manager_nothing_happens() {
        Notifier(None).send(&Message::Ready);
    }
}
