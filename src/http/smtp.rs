//! One mail to one mail server (RFC 5321): a conversation that is bounded in time and in the
//! length of what the server says. Nothing is sent in the clear unless the server is this
//! machine itself.

use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::text::Email;
use crate::crypto::tls::{Connector, ServerName};
use crate::crypto::token::base64;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpStream;

/// Characters of a server's own words that are kept.
const WORDS_CHARS_MAX: usize = 300;

/// How the way to the server is kept closed.
#[derive(Clone)]
pub enum Security {
    /// TLS from the first byte.
    Tls(Connector),
    /// TLS before anything that matters is said; a server that cannot is left.
    StartTls(Connector),
    /// None: only for a server on this machine.
    Loopback,
}

/// A mail server.
pub struct Server<'a> {
    /// Name or address.
    pub host: &'a str,
    /// Port.
    pub port: u16,
    /// How the way there is kept closed.
    pub security: Security,
    /// User and password, if it asks for them.
    pub login: Option<(&'a str, Secret<String>)>,
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmtpError {
    /// The name is not known, or nobody answers there; how.
    Unreachable(String),
    /// A server without TLS that is not this machine.
    NotLoopback,
    /// The conversation took too long.
    Slow,
    /// The connection broke off while this was being said.
    Broken(&'static str),
    /// What came is no answer of a mail server.
    NoMailServer,
    /// The server offers no STARTTLS.
    NoTls,
    /// The encrypted connection did not come about: a certificate, most often.
    Tls(String),
    /// The server takes no user and password in a way that is known here.
    NoLogin,
    /// The server said no.
    Refused {
        /// To what.
        step: &'static str,
        /// Its code.
        code: u16,
        /// Its words, which may name the receiver.
        words: String,
    },
}

impl fmt::Display for SmtpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the mail server cannot be reached: {why}"),
            Self::NotLoopback => {
                f.write_str("without TLS the mail server must be this machine itself: set mail.tls")
            }
            Self::Slow => f.write_str("the mail server is too slow"),
            Self::Broken(step) => write!(f, "the mail server broke off at {step}"),
            Self::NoMailServer => f.write_str("what answers there is no mail server"),
            Self::NoTls => {
                f.write_str("the mail server offers no STARTTLS; try mail.tls = \"tls\"")
            }
            Self::Tls(why) => write!(f, "no encrypted connection to the mail server: {why}"),
            Self::NoLogin => f.write_str("the mail server takes no password in a known way"),
            Self::Refused { step, code, words } => {
                write!(f, "the mail server refused {step}: {code} {words}")
            }
        }
    }
}

impl std::error::Error for SmtpError {}

impl SmtpError {
    /// The reason without anything that could name somebody: for logs and lists.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Unreachable(_) => "the mail server cannot be reached".to_owned(),
            Self::Tls(_) => "no encrypted connection to the mail server".to_owned(),
            Self::Refused { step, code, .. } => format!("the mail server refused {step}: {code}"),
            Self::NotLoopback
            | Self::Slow
            | Self::Broken(_)
            | Self::NoMailServer
            | Self::NoTls
            | Self::NoLogin => self.to_string(),
        }
    }

    /// Whether trying again cannot help: the server refused this receiver or this mail for good.
    /// A refused password may be mended, so it is not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { step, code: 500.., .. } if matches!(*step, RECEIVER | CONTENTS))
    }
}

const GREETING: &str = "the greeting";
const HELLO: &str = "EHLO";
const START_TLS: &str = "STARTTLS";
const PASSWORD: &str = "user and password";
const SENDER: &str = "the sender";
const RECEIVER: &str = "the receiver";
const CONTENTS: &str = "the mail";

/// Hands a whole mail (see [`crate::http::letter::compose`]) to the server.
///
/// # Errors
/// [`SmtpError`]. After [`SmtpError::Broken`] and [`SmtpError::Slow`] the server may have taken
/// it all the same.
pub async fn send(
    server: &Server<'_>,
    from: &Email,
    to: &Email,
    mail: &str,
) -> Result<(), SmtpError> {
    let limit = Duration::from_millis(limits::MAIL_MS_MAX);
    tokio::time::timeout(limit, converse(server, from, to, mail))
        .await
        .unwrap_or(Err(SmtpError::Slow))
}

async fn converse(
    server: &Server<'_>,
    from: &Email,
    to: &Email,
    mail: &str,
) -> Result<(), SmtpError> {
    let (mut talk, hello) = open(server).await?;
    let mut offers = talk.ask(HELLO, &hello, 2).await?;
    if let Security::StartTls(connector) = &server.security {
        if !offers.lines().any(|l| l.eq_ignore_ascii_case("STARTTLS")) {
            return Err(SmtpError::NoTls);
        }
        talk.ask(START_TLS, "STARTTLS", 2).await?;
        talk = talk.close_up(connector, server.host).await?;
        offers = talk.ask(HELLO, &hello, 2).await?;
    }
    if let Some((user, password)) = &server.login {
        log_in(&mut talk, &offers, user, password).await?;
    }
    talk.ask(SENDER, &format!("MAIL FROM:<{from}>"), 2).await?;
    talk.ask(RECEIVER, &format!("RCPT TO:<{to}>"), 2).await?;
    talk.ask(CONTENTS, "DATA", 3).await?;
    talk.ask(CONTENTS, &stuffed(mail), 2).await?;
    // It has been taken; how the server says goodbye does not matter.
    let _ = talk.say("QUIT").await;
    Ok(())
}

/// Connects; what follows is said in the name of the own address (RFC 5321, section 4.1.3).
async fn open(server: &Server<'_>) -> Result<(Talk, String), SmtpError> {
    let failed = |e: io::Error| SmtpError::Unreachable(e.to_string());
    let stream = TcpStream::connect((server.host, server.port))
        .await
        .map_err(failed)?;
    let (own, peer) = (
        stream.local_addr().map_err(failed)?,
        stream.peer_addr().map_err(failed)?,
    );
    let hello = match own.ip().to_canonical() {
        IpAddr::V4(ip) => format!("EHLO [{ip}]"),
        IpAddr::V6(ip) => format!("EHLO [IPv6:{ip}]"),
    };
    let mut talk = Talk::new(Box::new(stream));
    match &server.security {
        Security::Tls(connector) => talk = talk.close_up(connector, server.host).await?,
        Security::StartTls(_) => {}
        Security::Loopback if peer.ip().to_canonical().is_loopback() => {}
        Security::Loopback => return Err(SmtpError::NotLoopback),
    }
    talk.answer(GREETING, 2).await?;
    Ok((talk, hello))
}

async fn log_in(
    talk: &mut Talk,
    offers: &str,
    user: &str,
    password: &Secret<String>,
) -> Result<(), SmtpError> {
    let ways = offers.lines().filter_map(|l| {
        let (word, ways) = l.split_once([' ', '='])?;
        word.eq_ignore_ascii_case("AUTH").then_some(ways)
    });
    let ways: Vec<&str> = ways.flat_map(str::split_whitespace).collect();
    let offered = |way: &str| ways.iter().any(|w| w.eq_ignore_ascii_case(way));
    let password = password.expose();
    if offered("PLAIN") {
        let plain = Secret::new(format!("\0{user}\0{password}"));
        let line = Secret::new(format!("AUTH PLAIN {}", base64(plain.expose().as_bytes())));
        talk.ask(PASSWORD, line.expose(), 2).await?;
    } else if offered("LOGIN") {
        talk.ask(PASSWORD, "AUTH LOGIN", 3).await?;
        talk.ask(PASSWORD, &base64(user.as_bytes()), 3).await?;
        let line = Secret::new(base64(password.as_bytes()));
        talk.ask(PASSWORD, line.expose(), 2).await?;
    } else {
        return Err(SmtpError::NoLogin);
    }
    Ok(())
}

/// A mail and its end: a line that begins with a dot gets another one (RFC 5321, section 4.5.2).
fn stuffed(mail: &str) -> String {
    let lines = mail.strip_suffix("\r\n").unwrap_or(mail).split("\r\n");
    let mut text: String = lines
        .map(|l| match l.starts_with('.') {
            true => format!(".{l}\r\n"),
            false => format!("{l}\r\n"),
        })
        .collect();
    text.push('.');
    text
}

/// A connection, with TLS around it or without.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// The conversation.
struct Talk(BufReader<Box<dyn Wire>>);

impl Talk {
    fn new(wire: Box<dyn Wire>) -> Self {
        Self(BufReader::new(wire))
    }

    /// Goes on with TLS around what follows. What the server has said already in the clear
    /// must have been read: what somebody put behind it would count as said within.
    async fn close_up(self, connector: &Connector, host: &str) -> Result<Self, SmtpError> {
        if !self.0.buffer().is_empty() {
            return Err(SmtpError::NoMailServer);
        }
        let told = |e: &dyn fmt::Display| SmtpError::Tls(e.to_string());
        let name = ServerName::try_from(host.to_owned()).map_err(|e| told(&e))?;
        let closed = connector.connect(name, self.0.into_inner()).await;
        Ok(Self::new(Box::new(closed.map_err(|e| told(&e))?)))
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        let whole = Secret::new(format!("{line}\r\n"));
        self.0.write_all(whole.expose().as_bytes()).await?;
        self.0.flush().await
    }

    /// Says a line and reads the answer, whose code begins with the digit `good`.
    async fn ask(
        &mut self,
        step: &'static str,
        line: &str,
        good: u16,
    ) -> Result<String, SmtpError> {
        // A server that has had enough says why before it hangs up: the answer tells more.
        let said = self.say(line).await;
        let answer = self.answer(step, good).await;
        match (said, answer) {
            (Err(_), Err(SmtpError::NoMailServer)) => Err(SmtpError::Broken(step)),
            (_, answer) => answer,
        }
    }

    /// Reads an answer: its words, a line each.
    async fn answer(&mut self, step: &'static str, good: u16) -> Result<String, SmtpError> {
        let mut all = String::new();
        for _ in 0..limits::MAIL_LINES_MAX {
            let line = self.line(step).await?;
            let (code, rest) = read_line(&line).ok_or(SmtpError::NoMailServer)?;
            let (more, words) = (rest.starts_with('-'), rest.get(1..).unwrap_or_default());
            all.push_str(words);
            all.push('\n');
            if !more {
                return match code / 100 == good {
                    true => Ok(all),
                    false => Err(SmtpError::Refused {
                        step,
                        code,
                        words: shown(&all),
                    }),
                };
            }
        }
        Err(SmtpError::NoMailServer)
    }

    async fn line(&mut self, step: &'static str) -> Result<String, SmtpError> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.0).take(limits::MAIL_LINE_BYTES_MAX);
        match bounded.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return Err(SmtpError::Broken(step)),
            Ok(_) => {}
        }
        let whole = line.strip_suffix(b"\n").ok_or(SmtpError::NoMailServer)?;
        Ok(String::from_utf8_lossy(whole).trim_end().to_owned())
    }
}

/// The code of a line, and what follows: a space or a hyphen and words.
fn read_line(line: &str) -> Option<(u16, &str)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = digits.parse().ok().filter(|c| (200..600).contains(c))?;
    (rest.is_empty() || rest.starts_with([' ', '-'])).then_some((code, rest))
}

/// A server's words on one line, without anything that a terminal would obey.
fn shown(words: &str) -> String {
    let calm = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    let calm: String = calm.take(WORDS_CHARS_MAX).collect();
    calm.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_answers_are_read() {
        assert_eq!(read_line("250 OK"), Some((250, " OK")));
        assert_eq!(read_line("250-SIZE 1"), Some((250, "-SIZE 1")));
        assert_eq!(read_line("354"), Some((354, "")));
        for bad in [
            "", "25", "25O OK", "2500", "250OK", "+25 x", "999 x", "é250",
        ] {
            assert_eq!(read_line(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_dot_at_the_beginning_of_a_line_ends_no_mail() {
        assert_eq!(
            stuffed("a\r\n.\r\n..b\r\nc\r\n"),
            "a\r\n..\r\n...b\r\nc\r\n."
        );
        assert_eq!(stuffed(""), "\r\n.");
    }

    #[test]
    fn what_is_kept_of_a_reason_names_nobody() {
        let refused = |step, code| SmtpError::Refused {
            step,
            code,
            words: "<budi@example.id> unknown".to_owned(),
        };
        assert_eq!(
            refused(RECEIVER, 550).short(),
            "the mail server refused the receiver: 550"
        );
        assert!(refused(RECEIVER, 550).to_string().contains("budi"));
        for (step, code, last) in [
            (RECEIVER, 550, true),
            (CONTENTS, 554, true),
            (RECEIVER, 450, false),
            (PASSWORD, 535, false),
            (SENDER, 550, false),
        ] {
            assert_eq!(refused(step, code).is_final(), last, "{step} {code}");
        }
        assert!(!SmtpError::Slow.is_final());
    }

    #[test]
    fn words_are_shown_on_one_line() {
        assert_eq!(shown("a\n\u{1b}[31m b\n"), "a [31m b");
        assert_eq!(shown(&"x".repeat(1000)).len(), WORDS_CHARS_MAX);
    }
}
