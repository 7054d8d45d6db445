//! Being found: the box answers to a name of the local network (multicast DNS, RFC 6762) and is
//! listed as a web service (DNS-SD, RFC 6763). The responder is `mdns-sd`'s, in a thread of its
//! own; it follows the addresses of the interfaces and takes another name if somebody has this
//! one.
//!
//! Nothing depends on it: where the network carries no multicast, one line says so, and the
//! box is reached by its address.

use crate::base::limits;
use crate::journal::fields;
use mdns_sd::{DaemonEvent, IfKind, RRType, RecvTimeoutError, ServiceDaemon, ServiceInfo};
use std::io;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the thread waits for the responder before it looks whether it should stop.
const LOOK: Duration = Duration::from_millis(250);

/// Looks without an answer after which somebody is told.
const LOOKS_MAX: u64 = limits::ANNOUNCE_SILENT_MS_MAX / 250;

/// The port of multicast DNS.
pub const PORT: u16 = 5353;

/// A web service of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// Whether it speaks TLS.
    pub secure: bool,
    /// Its port.
    pub port: u16,
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// Nobody has been told yet.
    Asking,
    /// The network was told.
    Told,
    /// The network was not told; the text says why.
    Silent(String),
}

#[derive(Debug)]
struct State {
    wanted: String,
    name: String,
    standing: Standing,
}

/// The name, as others read it; clones are the same.
#[derive(Debug, Clone)]
pub struct LocalName(Arc<Mutex<State>>);

impl LocalName {
    /// A name that is not announced yet: one label, `hadir` for `hadir.local`.
    #[must_use]
    pub fn new(label: &str) -> Self {
        let name = format!("{label}.local");
        Self(Arc::new(Mutex::new(State {
            wanted: name.clone(),
            name,
            standing: Standing::Asking,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name that the network was told; None as long as it was not.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let state = self.state();
        (state.standing == Standing::Told).then(|| state.name.clone())
    }

    /// Why the network was not told, if that is known.
    #[must_use]
    pub fn silent(&self) -> Option<String> {
        match &self.state().standing {
            Standing::Silent(why) => Some(why.clone()),
            Standing::Asking | Standing::Told => None,
        }
    }

    /// What a certificate has to name: the wanted name, so that it is the same before and after
    /// the network was told, and the one that the box has instead.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let state = self.state();
        let mut all = vec![state.wanted.clone(), state.name.clone()];
        all.dedup();
        all
    }

    /// Another name has been taken.
    fn rename(&self, name: &str) {
        let mut state = self.state();
        name.trim_end_matches('.').clone_into(&mut state.name);
        state.standing = Standing::Asking;
    }

    /// The network was told; says so once for each name.
    fn tell(&self) {
        let mut state = self.state();
        if state.standing == Standing::Told {
            return;
        }
        state.standing = Standing::Told;
        let (name, other) = (state.name.clone(), state.name != state.wanted);
        drop(state);
        let why = if other {
            "; another device has the wanted name"
        } else {
            ""
        };
        tracing::info!(
            { fields::EVENT } = "announced",
            "The box is found on its network as {name}{why}."
        );
    }

    /// The network could not be told; says so once.
    pub fn silence(&self, why: &str) {
        let mut state = self.state();
        if state.standing != Standing::Asking {
            return;
        }
        state.standing = Standing::Silent(why.to_owned());
        drop(state);
        tracing::warn!(
            { fields::EVENT } = "not_announced",
            { fields::ERROR } = why,
            "The box has no name on its network ({why}); it is reached by its address."
        );
    }

    fn take(&self, event: &DaemonEvent) {
        if let DaemonEvent::Announce(..) = event {
            self.tell();
        } else if let DaemonEvent::NameChange(change) = event
            // Names of services change as well, which only a list of services shows.
            && matches!(change.rr_type, RRType::A | RRType::AAAA)
        {
            self.rename(&change.new_name);
        } else if let DaemonEvent::Error(error) = event {
            tracing::debug!("mDNS: {error}");
        }
    }
}

/// The responder at work. Dropping it takes the name back.
pub struct Announcer {
    daemon: ServiceDaemon,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Announcer {
    /// Answers to `name` and lists `services` under `title` (63 bytes are shown).
    ///
    /// # Errors
    /// If the system gives no thread, or the name is none.
    pub fn start(name: &LocalName, title: &str, services: &[Service]) -> io::Result<Self> {
        Self::start_at(name, title, services, PORT, false)
    }

    /// The same on another port, and on this machine's own interface alone: for tests.
    ///
    /// # Errors
    /// As [`Announcer::start`].
    pub fn start_at(
        name: &LocalName,
        title: &str,
        services: &[Service],
        port: u16,
        alone: bool,
    ) -> io::Result<Self> {
        let daemon = ServiceDaemon::new_with_port(port).map_err(io::Error::other)?;
        let events = daemon.monitor().map_err(io::Error::other)?;
        prepare(&daemon, alone).map_err(io::Error::other)?;
        for service in services {
            let listed = listed(name, title, *service).map_err(io::Error::other)?;
            daemon.register(listed).map_err(io::Error::other)?;
        }
        let (stop, stopped) = channel();
        let told = name.clone();
        let thread = std::thread::Builder::new()
            .name("announce".to_owned())
            .spawn(move || follow(&told, &events, &stopped))?;
        Ok(Self {
            daemon,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        // The others forget the name at once if they hear of it; else when its time is over.
        if let Ok(done) = self.daemon.shutdown() {
            let _ = done.recv_timeout(Duration::from_millis(limits::ANNOUNCE_STOP_MS_MAX));
        }
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It has nothing left to stop if it panicked.
            let _ = thread.join();
        }
    }
}

fn prepare(daemon: &ServiceDaemon, alone: bool) -> mdns_sd::Result<()> {
    if alone {
        daemon.disable_interface(IfKind::All)?;
        daemon.enable_interface(IfKind::LoopbackV4)?;
    }
    daemon.set_ip_check_interval(limits::ANNOUNCE_ADDRESSES_S)
}

fn listed(name: &LocalName, title: &str, service: Service) -> mdns_sd::Result<ServiceInfo> {
    let kind = match service.secure {
        true => "_https._tcp.local.",
        false => "_http._tcp.local.",
    };
    let host = format!("{}.", name.state().wanted);
    let properties = [("path", "/")];
    let listed = ServiceInfo::new(
        kind,
        shortened(title),
        &host,
        "",
        service.port,
        &properties[..],
    )?;
    Ok(listed.enable_addr_auto())
}

/// A label of DNS has 63 bytes at most.
fn shortened(title: &str) -> &str {
    let mut end = title.len().min(63);
    while !title.is_char_boundary(end) {
        end -= 1;
    }
    title.get(..end).unwrap_or_default()
}

fn follow(name: &LocalName, events: &mdns_sd::Receiver<DaemonEvent>, stopped: &Receiver<()>) {
    let mut looks = 0;
    while matches!(stopped.try_recv(), Err(TryRecvError::Empty)) {
        match events.recv_timeout(LOOK) {
            Ok(event) => name.take(&event),
            Err(RecvTimeoutError::Timeout) => {
                looks += 1;
                if looks == LOOKS_MAX {
                    name.silence("no interface carries multicast");
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mdns_sd::DnsNameChange;

    fn change(new_name: &str, rr_type: RRType) -> DaemonEvent {
        DaemonEvent::NameChange(DnsNameChange {
            original: "hadir.local.".into(),
            new_name: new_name.into(),
            rr_type,
            intf_name: "eth0".into(),
        })
    }

    fn announce() -> DaemonEvent {
        DaemonEvent::Announce("hadir._https._tcp.local.".into(), "192.168.1.7".into())
    }

    #[test]
    fn a_name_is_told_when_the_network_was() {
        let name = LocalName::new("hadir");
        assert_eq!((name.told(), name.silent()), (None, None));
        assert_eq!(name.names(), ["hadir.local"]);
        name.take(&announce());
        assert_eq!(name.told().as_deref(), Some("hadir.local"));
        name.silence("late");
        assert_eq!(name.silent(), None, "told is told");
    }

    #[test]
    fn a_name_that_somebody_has_becomes_another() {
        let name = LocalName::new("hadir");
        name.take(&change("hadir (2)._https._tcp.local.", RRType::SRV));
        assert_eq!(name.names(), ["hadir.local"], "of the service");
        name.take(&change("hadir-2.local.", RRType::A));
        assert_eq!(name.told(), None, "not before it was announced");
        name.take(&announce());
        assert_eq!(name.told().as_deref(), Some("hadir-2.local"));
        assert_eq!(name.names(), ["hadir.local", "hadir-2.local"]);
    }

    #[test]
    fn silence_ends_when_the_network_hears() {
        let name = LocalName::new("hadir");
        name.silence("no interface carries multicast");
        assert!(name.silent().is_some_and(|why| why.contains("multicast")));
        assert_eq!(name.told(), None);
        name.take(&announce());
        assert_eq!(name.told().as_deref(), Some("hadir.local"));
        assert_eq!(name.silent(), None);
    }

    #[test]
    fn a_title_is_a_label() {
        assert_eq!(shortened("SMA Negeri 1"), "SMA Negeri 1");
        let long = "é".repeat(40);
        assert_eq!(shortened(&long), "é".repeat(31));
        assert_eq!(shortened(""), "");
    }

    #[test]
    fn services_are_listed_by_kind() {
        let name = LocalName::new("hadir");
        for (secure, want) in [(true, "_https._tcp.local."), (false, "_http._tcp.local.")] {
            let service = Service { secure, port: 443 };
            let listed = listed(&name, "SMA 1.2", service).expect("good");
            assert_eq!(listed.get_type(), want);
            assert_eq!(
                (listed.get_hostname(), listed.get_port()),
                ("hadir.local.", 443)
            );
        }
    }
}
