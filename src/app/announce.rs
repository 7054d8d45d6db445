//! The box's name on its network, as the configuration and the listeners have it.

use crate::app::config::{Config, Listener, Tls};
use crate::domain::surface::Surface;
use crate::host::announce::{Announcer, LocalName, Service};
use crate::surface::core::Core;

/// The name; None if it is switched off or no other device can reach the box.
#[must_use]
pub fn name(config: &Config) -> Option<LocalName> {
    let label = config.local_name.as_deref()?;
    (!services(&config.listeners).is_empty()).then(|| LocalName::new(label))
}

/// Begins to answer to the name. A system that cannot is no reason not to start.
#[must_use]
pub fn start(name: &LocalName, config: &Config, core: &Core) -> Option<Announcer> {
    let title = core.site().rules.name.clone();
    match Announcer::start(name, &title, &services(&config.listeners)) {
        Ok(announcer) => Some(announcer),
        Err(error) => {
            name.silence(&error.to_string());
            None
        }
    }
}

/// What others can reach: with TLS if there is any, for the rest leads to it.
fn services(listeners: &[Listener]) -> Vec<Service> {
    let pages = listeners.iter().filter(|l| l.surface == Surface::Native);
    let outside = pages.filter(|l| !l.address.ip().is_loopback());
    let mut all: Vec<Service> = outside
        .map(|l| Service {
            secure: l.tls != Tls::Off,
            port: l.address.port(),
        })
        .collect();
    if all.iter().any(|s| s.secure) {
        all.retain(|s| s.secure);
    }
    all.sort_unstable();
    all.dedup_by_key(|s| s.secure);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surface_for_programs_is_not_listed_for_people() {
        let mut old = Listener::at("0.0.0.0:18081", Tls::Off);
        old.surface = Surface::Identity;
        assert!(services(std::slice::from_ref(&old)).is_empty());
        let pages = Listener::at("0.0.0.0:80", Tls::Off);
        assert_eq!(services(&[old, pages]).len(), 1);
    }

    #[test]
    fn one_service_that_others_can_reach_is_listed() {
        let own = Listener::at("127.0.0.1:8080", Tls::Off);
        let plain = Listener::at("0.0.0.0:80", Tls::Off);
        let secure = Listener::at("0.0.0.0:443", Tls::Box);
        let six = Listener::at("[::]:443", Tls::Box);
        let of = |all: &[&Listener]| {
            let all: Vec<Listener> = all.iter().map(|l| (*l).clone()).collect();
            services(&all)
        };
        assert_eq!(of(&[&own]), []);
        let http = Service {
            secure: false,
            port: 80,
        };
        assert_eq!(of(&[&own, &plain]), [http]);
        let https = Service {
            secure: true,
            port: 443,
        };
        assert_eq!(of(&[&own, &plain, &secure, &six]), [https]);
    }
}
