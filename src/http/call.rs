//! Requests that the box makes to addresses that somebody typed: one POST, bounded in time and
//! size, without following anything, and only to addresses that may be called at all.

use crate::base::limits;
use crate::crypto::tls::{Connector, ServerName};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// Which addresses may be called.
#[derive(Clone, Copy)]
pub struct Reach(fn(IpAddr) -> bool);

impl Reach {
    /// Everything but the box itself and what lies on its own link; other machines of the local
    /// network are fine.
    #[must_use]
    pub const fn outside() -> Self {
        Self(is_outside)
    }

    /// Everything: for tests, whose receivers are on this machine.
    #[must_use]
    pub const fn anywhere() -> Self {
        Self(|_| true)
    }

    /// Whether this address may be called.
    #[must_use]
    pub fn allows(self, ip: IpAddr) -> bool {
        self.0(ip)
    }
}

/// Services that tell a machine in a data centre about itself, secrets included, and do not lie
/// on its link.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Addresses of IPv6 that stand for one of IPv4: mapped, NAT64, 6to4.
fn inner(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => of(high, low),
        [0x64, 0xff9b, .., high, low] => of(high, low),
        [0x2002, high, low, ..] => of(high, low),
        _ => None,
    }
}

fn is_outside(ip: IpAddr) -> bool {
    let good = match ip {
        IpAddr::V4(ip) => {
            let this_net = ip.octets().first() == Some(&0);
            !(ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_broadcast()
                || this_net)
        }
        IpAddr::V6(ip) => match inner(ip) {
            Some(v4) => is_outside(IpAddr::V4(v4)),
            None => {
                !(ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_multicast()
                    || ip.is_unicast_link_local())
            }
        },
    };
    good && !METADATA.contains(&ip)
}

/// Why a call came to nothing. No variant carries the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The address is not `http(s)://HOST[:PORT]/PATH`.
    Address,
    /// The name is not known.
    Name,
    /// The name leads to the box itself, its link, or a metadata service.
    Forbidden,
    /// No encrypted connection.
    Tls,
    /// Nobody answered there, or not in the language of the web.
    Connection,
    /// No answer in time.
    Slow,
    /// The answer was no success.
    Status(u16),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("the address is not http(s)://HOST[:PORT]/PATH"),
            Self::Name => f.write_str("the name is not known"),
            Self::Forbidden => {
                f.write_str("the name leads to this box or its own link, which is not called")
            }
            Self::Tls => f.write_str("no encrypted connection: a certificate, most often"),
            Self::Connection => f.write_str("no connection, or no answer of the web"),
            Self::Slow => f.write_str("no answer in time"),
            Self::Status(status) => write!(f, "the answer was {status}"),
        }
    }
}

impl std::error::Error for CallError {}

/// A call.
#[derive(Debug)]
pub struct Post<'a> {
    /// Where to.
    pub url: &'a str,
    /// Headers besides those of every call.
    pub headers: &'a [(&'static str, String)],
    /// JSON.
    pub body: &'a str,
}

/// Makes a call; gives the status of its success. `connector`: for `https`.
///
/// # Errors
/// [`CallError`].
pub async fn post(
    call: &Post<'_>,
    connector: Option<&Connector>,
    reach: Reach,
) -> Result<u16, CallError> {
    let limit = Duration::from_millis(limits::CALL_MS_MAX);
    tokio::time::timeout(limit, make(call, connector, reach))
        .await
        .unwrap_or(Err(CallError::Slow))
}

/// An address, taken apart.
struct Target {
    uri: http::Uri,
    host: String,
    port: u16,
    secure: bool,
}

fn target(url: &str) -> Result<Target, CallError> {
    let uri: http::Uri = url.parse().map_err(|_| CallError::Address)?;
    let secure = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        Some(_) | None => return Err(CallError::Address),
    };
    let authority = uri.authority().ok_or(CallError::Address)?.as_str();
    let host = uri.host().unwrap_or_default();
    let bare = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    if bare.is_empty() || authority.contains('@') || (uri.port().is_none() && authority != host) {
        return Err(CallError::Address);
    }
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    Ok(Target {
        uri,
        host: bare,
        port,
        secure,
    })
}

async fn make(
    call: &Post<'_>,
    connector: Option<&Connector>,
    reach: Reach,
) -> Result<u16, CallError> {
    let target = target(call.url)?;
    // The address that was looked at is the one that is called: a name that leads elsewhere a
    // moment later changes nothing.
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    let found: Vec<SocketAddr> = found.map_err(|_| CallError::Name)?.collect();
    if found.is_empty() {
        return Err(CallError::Name);
    }
    let allowed: Vec<SocketAddr> = (found.into_iter())
        .filter(|a| reach.allows(a.ip()))
        .collect();
    if allowed.is_empty() {
        return Err(CallError::Forbidden);
    }
    let stream = TcpStream::connect(allowed.as_slice())
        .await
        .map_err(|_| CallError::Connection)?;
    if !target.secure {
        return exchange(stream, call, &target).await;
    }
    let name = ServerName::try_from(target.host.clone()).map_err(|_| CallError::Address)?;
    let connector = connector.ok_or(CallError::Tls)?;
    let stream = connector
        .connect(name, stream)
        .await
        .map_err(|_| CallError::Tls)?;
    exchange(stream, call, &target).await
}

async fn exchange<S>(stream: S, call: &Post<'_>, target: &Target) -> Result<u16, CallError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |_| CallError::Connection;
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .max_buf_size(limits::CALL_ANSWER_BYTES_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let connection = tokio::spawn(connection);
    let path = target.uri.path_and_query();
    let path = path.map_or("/", http::uri::PathAndQuery::as_str);
    let authority = target
        .uri
        .authority()
        .map_or("", http::uri::Authority::as_str);
    let mut request = http::Request::post(path)
        .header(http::header::HOST, authority)
        .header(
            http::header::USER_AGENT,
            concat!("hadir/", env!("CARGO_PKG_VERSION")),
        )
        .header(http::header::CONTENT_TYPE, "application/json");
    for (name, value) in call.headers {
        request = request.header(*name, value.as_str());
    }
    let body = Full::new(Bytes::from(call.body.to_owned()));
    let answered = async {
        let request = request.body(body).map_err(|_| CallError::Address)?;
        let response = sender.send_request(request).await.map_err(broken)?;
        let status = response.status();
        // Read so that the other side is not cut off; what it says does not matter.
        let rest = Limited::new(response.into_body(), limits::CALL_ANSWER_BYTES_MAX);
        let _ = rest.collect().await;
        Ok(status)
    };
    let status = answered.await;
    connection.abort();
    let status = status?;
    match status.is_success() {
        true => Ok(status.as_u16()),
        false => Err(CallError::Status(status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_box_itself_its_link_and_metadata_are_not_called() {
        for bad in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "169.254.0.1",
            "224.0.0.251",
            "255.255.255.255",
            "100.100.100.200",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "fe80::1",
            "ff02::fb",
            "fd00:ec2::254",
        ] {
            assert!(!Reach::outside().allows(ip(bad)), "{bad}");
        }
        for good in [
            "192.168.1.5",
            "10.0.0.1",
            "203.0.113.9",
            "2001:db8::1",
            "fd12::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(Reach::outside().allows(ip(good)), "{good}");
        }
        assert!(Reach::anywhere().allows(ip("127.0.0.1")));
    }

    #[test]
    fn addresses_are_taken_apart() {
        let of = |url: &str| target(url).map(|t| (t.host, t.port, t.secure));
        assert_eq!(of("https://x.id/a?b"), Ok(("x.id".into(), 443, true)));
        assert_eq!(of("http://x.id:81"), Ok(("x.id".into(), 81, false)));
        assert_eq!(of("http://[::1]:81/"), Ok(("::1".into(), 81, false)));
        for bad in [
            "",
            "x.id",
            "/a",
            "ftp://x.id/",
            "https://",
            "https://u:p@x.id/",
            "http://x.id:bad/",
        ] {
            assert_eq!(of(bad), Err(CallError::Address), "{bad}");
        }
    }
}
