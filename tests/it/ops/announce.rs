//! The box on its network, asked as any device asks: datagrams written by hand (RFC 1035,
//! section 4) on this machine's own interface and a port of the test's.

use crate::support::{LONG, eventually};
use hadir::host::announce::{Announcer, LocalName, Service};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

const A: u16 = 1;
const PTR: u16 = 12;
/// "This is all there is of that name", in the class of a record (RFC 6762, section 10.2).
const FLUSH: u16 = 0x8000;

fn encoded(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in name.split('.') {
        out.push(label.len() as u8);
        out.extend(label.as_bytes());
    }
    out.push(0);
    out
}

fn header(flags: u16, questions: u16, answers: u16) -> Vec<u8> {
    [7, flags, questions, answers, 0, 0]
        .iter()
        .flat_map(|word: &u16| word.to_be_bytes())
        .collect()
}

fn question(name: &str, kind: u16) -> Vec<u8> {
    let tail = [kind.to_be_bytes(), 1_u16.to_be_bytes()].concat();
    [header(0, 1, 0), encoded(name), tail].concat()
}

/// Somebody says that the name is theirs.
fn claim(name: &str, address: Ipv4Addr) -> Vec<u8> {
    let class = 1 | FLUSH;
    let fixed = [
        A.to_be_bytes(),
        class.to_be_bytes(),
        [0, 0],
        [0, 120],
        [0, 4],
    ]
    .concat();
    [
        header(0x8400, 0, 1),
        encoded(name),
        fixed,
        address.octets().to_vec(),
    ]
    .concat()
}

struct Network {
    port: u16,
    device: UdpSocket,
}

impl Network {
    fn new() -> Self {
        let of = |address| UdpSocket::bind(address).expect("bind");
        // A port that nobody has at the moment.
        let free = of((Ipv4Addr::LOCALHOST, 0)).local_addr();
        let device = of((Ipv4Addr::LOCALHOST, 0));
        let limit = Duration::from_millis(200);
        device.set_read_timeout(Some(limit)).expect("a limit");
        Self {
            port: free.expect("address").port(),
            device,
        }
    }

    fn start(&self, name: &LocalName) -> Announcer {
        let services = [Service {
            secure: true,
            port: 8443,
        }];
        Announcer::start_at(name, "SMA 1 Malang", &services, self.port, true).expect("start")
    }

    fn send(&self, datagram: &[u8]) {
        let to: SocketAddr = (Ipv4Addr::LOCALHOST, self.port).into();
        // Nobody listens yet, or any more: no matter.
        let _ = self.device.send_to(datagram, to);
    }

    /// What is answered to a question; empty: nothing in time.
    fn ask(&self, name: &str, kind: u16) -> Vec<u8> {
        self.send(&question(name, kind));
        let mut bytes = vec![0; 9000];
        let length = self.device.recv(&mut bytes).unwrap_or(0);
        bytes.truncate(length);
        bytes
    }
}

fn holds(datagram: &[u8], part: &[u8]) -> bool {
    datagram.windows(part.len()).any(|w| w == part)
}

#[test]
fn a_box_is_found_by_its_name_and_in_the_list_of_services() {
    let network = Network::new();
    let name = LocalName::new("hadir");
    let announcer = network.start(&name);
    eventually(LONG, "the network was told", || name.told().is_some());
    assert_eq!(name.told().as_deref(), Some("hadir.local"));
    eventually(LONG, "its address", || {
        let answer = network.ask("hadir.local", A);
        holds(&answer, &[0, 4, 127, 0, 0, 1])
    });
    eventually(LONG, "its service", || {
        let answer = network.ask("_https._tcp.local", PTR);
        holds(&answer, b"SMA 1 Malang") && holds(&answer, &8443_u16.to_be_bytes())
    });
    assert_eq!(
        network.ask("other.local", A),
        [0; 0],
        "a name of somebody else"
    );
    drop(announcer);
    assert_eq!(network.ask("hadir.local", A), [0; 0], "taken back");
}

#[test]
fn a_name_that_another_device_has_is_left_to_it() {
    let network = Network::new();
    let name = LocalName::new("hadir");
    let _announcer = network.start(&name);
    let other = claim("hadir.local", Ipv4Addr::new(127, 0, 0, 77));
    eventually(LONG, "another name", || {
        network.send(&other);
        name.told().is_some()
    });
    assert_eq!(name.told().as_deref(), Some("hadir-2.local"));
    assert_eq!(name.names(), ["hadir.local", "hadir-2.local"]);
    eventually(LONG, "its address", || {
        holds(&network.ask("hadir-2.local", A), &[0, 4, 127, 0, 0, 1])
    });
}
