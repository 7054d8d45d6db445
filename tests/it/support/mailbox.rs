//! A mail server on loopback that speaks the real protocol (RFC 5321, 3207, 4954), keeps what it
//! is given, and misbehaves where a test asks for it.

use hadir::crypto::tls::Acceptor;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// How the server is.
#[derive(Clone, Default)]
pub struct Manner {
    /// TLS from the first byte.
    pub tls: Option<Acceptor>,
    /// TLS after STARTTLS.
    pub start_tls: Option<Acceptor>,
    /// Ways of signing in that it offers, and what it then wants to hear: user, password.
    pub login: Option<(&'static str, &'static str, &'static str)>,
    /// What it answers, instead of its own answer, to lines that begin so.
    pub says: Vec<(&'static str, Vec<u8>)>,
}

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// From whom, with the brackets.
    pub from: String,
    /// To whom, with the brackets.
    pub to: String,
    /// What was sent, as it was before the dots were doubled.
    pub mail: String,
}

/// What the server knows.
#[derive(Default)]
pub struct Seen {
    /// The mails that it has taken.
    pub taken: Vec<Taken>,
    /// Every line that it heard, with a `*` before it when it came encrypted.
    pub heard: Vec<String>,
}

/// The server; it ends with the test's process.
#[derive(Clone)]
pub struct Mailbox {
    /// Where it listens.
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    manner: Arc<Mutex<Manner>>,
}

impl Mailbox {
    /// Starts it.
    pub fn start(manner: Manner) -> Self {
        let (told, hear) = std::sync::mpsc::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let manner = Arc::new(Mutex::new(manner));
        let mine = (Arc::clone(&seen), Arc::clone(&manner));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
                told.send(listener.local_addr().expect("address"))
                    .expect("told");
                while let Ok((stream, _)) = listener.accept().await {
                    let manner = mine.1.lock().expect("lock").clone();
                    tokio::spawn(serve(stream, manner, Arc::clone(&mine.0)));
                }
            });
        });
        Self {
            address: hear.recv().expect("an address"),
            seen,
            manner,
        }
    }

    /// Is another way from the next connection on.
    pub fn become_(&self, manner: Manner) {
        *self.manner.lock().expect("lock") = manner;
    }

    /// The mails that it has taken.
    pub fn taken(&self) -> Vec<Taken> {
        self.seen.lock().expect("lock").taken.clone()
    }

    /// The lines that it heard.
    pub fn heard(&self) -> Vec<String> {
        self.seen.lock().expect("lock").heard.clone()
    }
}

async fn serve(stream: tokio::net::TcpStream, manner: Manner, seen: Arc<Mutex<Seen>>) {
    let Some(acceptor) = manner.tls.clone() else {
        let again = converse(stream, &manner, &seen, false).await;
        if let (Some(stream), Some(acceptor)) = (again, manner.start_tls.clone())
            && let Ok(closed) = acceptor.accept(stream).await
        {
            converse(closed, &manner, &seen, true).await;
        }
        return;
    };
    if let Ok(closed) = acceptor.accept(stream).await {
        converse(closed, &manner, &seen, true).await;
    }
}

/// What the server knows of one conversation.
#[derive(Default)]
struct State {
    from: Option<String>,
    to: Option<String>,
    known: bool,
    /// Answers to AUTH LOGIN that are still to come.
    typed: Option<Vec<String>>,
}

/// Gives the connection back after STARTTLS.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    manner: &Manner,
    seen: &Mutex<Seen>,
    closed: bool,
) -> Option<S> {
    let mut stream = BufReader::new(stream);
    let mut state = State::default();
    if !(closed && manner.start_tls.is_some()) {
        let greeting = special(manner, "GREETING").unwrap_or(b"220 mail.test ESMTP\r\n".to_vec());
        stream.write_all(&greeting).await.ok()?;
    }
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        let mark = if closed { "*" } else { "" };
        seen.lock()
            .expect("lock")
            .heard
            .push(format!("{mark}{line}"));
        if let Some(answer) = special(manner, &line) {
            stream.write_all(&answer).await.ok()?;
            if line == "STARTTLS" && answer.starts_with(b"220") {
                return Some(stream.into_inner());
            }
            continue;
        }
        let answer = match line.as_str() {
            "DATA" if state.to.is_some() => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let mail = read_mail(&mut stream).await?;
                match special(manner, ".") {
                    Some(answer) => String::from_utf8(answer).expect("text"),
                    None => {
                        let (from, to) = (state.from.take()?, state.to.take()?);
                        let taken = Taken { from, to, mail };
                        seen.lock().expect("lock").taken.push(taken);
                        "250 2.0.0 taken\r\n".to_owned()
                    }
                }
            }
            "STARTTLS" if manner.start_tls.is_some() && !closed => {
                stream.write_all(b"220 begin\r\n").await.ok()?;
                return Some(stream.into_inner());
            }
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n").await;
                return None;
            }
            other => answer(other, manner, &mut state, closed),
        };
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn special(manner: &Manner, line: &str) -> Option<Vec<u8>> {
    let found = manner
        .says
        .iter()
        .find(|(begin, _)| line.starts_with(begin));
    found.map(|(_, answer)| answer.clone())
}

fn answer(line: &str, manner: &Manner, state: &mut State, closed: bool) -> String {
    if let Some(mut typed) = state.typed.take() {
        typed.push(line.to_owned());
        if typed.len() == 1 {
            state.typed = Some(typed);
            return "334 UGFzc3dvcmQ6\r\n".to_owned();
        }
        return signed_in(manner, state, |user, word| {
            typed == [base64(user), base64(word)]
        });
    }
    let verb = line.split_whitespace().next().unwrap_or_default();
    match verb {
        "EHLO" => {
            let mut all = vec!["mail.test greets you".to_owned(), "SIZE 1000000".to_owned()];
            if manner.start_tls.is_some() && !closed {
                all.push("STARTTLS".to_owned());
            }
            if let Some((ways, _, _)) = manner.login {
                all.push(format!("AUTH {ways}"));
            }
            let last = all.len() - 1;
            let lines = all.iter().enumerate();
            lines
                .map(|(i, l)| format!("250{}{l}\r\n", if i == last { ' ' } else { '-' }))
                .collect()
        }
        "AUTH" if line == "AUTH LOGIN" => {
            state.typed = Some(Vec::new());
            "334 VXNlcm5hbWU6\r\n".to_owned()
        }
        "AUTH" => signed_in(manner, state, |user, word| {
            line == format!("AUTH PLAIN {}", base64(&format!("\0{user}\0{word}")))
        }),
        "MAIL" if manner.login.is_some() && !state.known => "530 sign in first\r\n".to_owned(),
        "MAIL" => {
            state.from = line.strip_prefix("MAIL FROM:").map(str::to_owned);
            "250 2.1.0 ok\r\n".to_owned()
        }
        "RCPT" if state.from.is_some() => {
            state.to = line.strip_prefix("RCPT TO:").map(str::to_owned);
            "250 2.1.5 ok\r\n".to_owned()
        }
        "RCPT" | "DATA" => "503 5.5.1 not now\r\n".to_owned(),
        _ => "502 5.5.2 what?\r\n".to_owned(),
    }
}

fn signed_in(manner: &Manner, state: &mut State, fits: impl Fn(&str, &str) -> bool) -> String {
    state.known = manner.login.is_some_and(|(_, user, word)| fits(user, word));
    match state.known {
        true => "235 2.7.0 welcome\r\n".to_owned(),
        false => "535 5.7.8 wrong\r\n".to_owned(),
    }
}

async fn read_mail<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(mail);
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// RFC 4648, section 4, written a second time.
pub fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut all = String::new();
    for group in text.as_bytes().chunks(3) {
        let mut bytes = [0; 3];
        bytes[..group.len()].copy_from_slice(group);
        let value = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for i in 0..4 {
            let digit = LETTERS[(value >> (18 - 6 * i) & 63) as usize];
            all.push(if i <= group.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    all
}
