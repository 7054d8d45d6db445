//! A mail server that stops amid each of its answers, says them a byte at a time, in several
//! lines, or with codes of all kinds: each is an error of its own or no error, and never a hang.

use hadir::base::text::Email;
use hadir::http::smtp::{Security, Server, SmtpError, send};
use proptest::prelude::*;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The answers of a server that takes everything, in the order of the conversation.
const GOOD: [&str; 6] = [
    "220 mail.test\r\n",
    "250-mail.test\r\n250 SIZE 1000\r\n",
    "250 sender ok\r\n",
    "250 receiver ok\r\n",
    "354 go on\r\n",
    "250 taken\r\n",
];

/// The word for what is being said when each of them is due.
const STEPS: [&str; 6] = [
    "the greeting",
    "EHLO",
    "the sender",
    "the receiver",
    "the mail",
    "the mail",
];

/// How a server says its answers.
#[derive(Debug, Clone)]
struct Script {
    answers: Vec<Vec<u8>>,
    /// A byte at a time.
    slowly: bool,
    /// Waits for a goodbye at the end.
    stays: bool,
}

impl Script {
    fn good() -> Self {
        Self {
            answers: GOOD.iter().map(|a| a.as_bytes().to_vec()).collect(),
            slowly: false,
            stays: true,
        }
    }

    /// The good one, in which the answer of a step is another; nothing follows it.
    fn ending(step: usize, answer: &[u8]) -> Self {
        let mut script = Self {
            stays: false,
            ..Self::good()
        };
        script.answers.truncate(step);
        script.answers.push(answer.to_vec());
        script
    }

    fn with(step: usize, answer: &str) -> Self {
        let mut script = Self::good();
        script.answers[step] = answer.as_bytes().to_vec();
        script
    }
}

async fn serve(script: &Script) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind");
    let address = listener.local_addr().expect("address");
    let script = script.clone();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        // A client that leaves early is part of the tests.
        let _ = play(stream, &script).await;
    });
    address
}

async fn play(stream: TcpStream, script: &Script) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    for (step, answer) in script.answers.iter().enumerate() {
        if step > 0 {
            hear(&mut stream, step == 5).await?;
        }
        if script.slowly {
            for byte in answer {
                stream.write_all(&[*byte]).await?;
                stream.flush().await?;
                tokio::task::yield_now().await;
            }
        } else {
            stream.write_all(answer).await?;
        }
    }
    let mut rest = String::new();
    if script.stays {
        stream.read_line(&mut rest).await?;
    }
    Ok(())
}

/// Reads a command, or a whole mail to its end.
async fn hear(stream: &mut BufReader<TcpStream>, mail: bool) -> std::io::Result<()> {
    loop {
        let mut line = String::new();
        let read = stream.read_line(&mut line).await?;
        if read == 0 || !mail || line == ".\r\n" {
            return Ok(());
        }
    }
}

async fn talk(script: &Script) -> Result<(), SmtpError> {
    let address = serve(script).await;
    let server = Server {
        host: "127.0.0.1",
        port: address.port(),
        security: Security::Loopback,
        login: None,
    };
    let email = |text: &str| text.parse::<Email>().expect("an address");
    let (from, to) = (email("hadir@sch.id"), email("budi@example.id"));
    let sent = send(&server, &from, &to, "Subject: x\r\n\r\nhalo\r\n");
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, sent).await.expect("no hang")
}

#[tokio::test]
async fn a_server_that_stops_amid_any_of_its_answers_costs_the_mail_alone() {
    assert_eq!(talk(&Script::good()).await, Ok(()));
    for (step, answer) in GOOD.iter().enumerate() {
        for end in 0..answer.len() {
            let cut = &answer.as_bytes()[..end];
            let got = talk(&Script::ending(step, cut)).await;
            let whole_lines = cut.is_empty() || cut.ends_with(b"\n");
            let want = match whole_lines {
                true => SmtpError::Broken(STEPS[step]),
                false => SmtpError::NoMailServer,
            };
            assert_eq!(got, Err(want), "step {step}, {end} bytes");
        }
    }
}

#[tokio::test]
async fn a_server_that_says_a_byte_at_a_time_is_understood() {
    let script = Script {
        slowly: true,
        ..Script::good()
    };
    assert_eq!(talk(&script).await, Ok(()));
}

#[tokio::test]
async fn only_an_answer_of_the_right_hundred_goes_on() {
    for (step, good) in [(0, 2), (1, 2), (2, 2), (3, 2), (4, 3), (5, 2)] {
        for code in [
            200, 220, 250, 251, 299, 300, 354, 399, 421, 450, 499, 500, 550, 599,
        ] {
            let got = talk(&Script::with(step, &format!("{code} words\r\n"))).await;
            match code / 100 == good {
                true => assert_eq!(got, Ok(()), "step {step}, {code}"),
                false => {
                    let want = SmtpError::Refused {
                        step: STEPS[step],
                        code,
                        words: "words".to_owned(),
                    };
                    assert_eq!(got, Err(want), "step {step}, {code}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_answer_may_have_many_lines_and_no_words() {
    for answer in [
        "250\r\n",
        "250 \r\n",
        "250-\r\n250-x\r\n250\r\n",
        "250 a line feed alone ends it, too\n",
        "250-a\n250 b\r\n",
    ] {
        for step in [1, 2, 3, 5] {
            assert_eq!(
                talk(&Script::with(step, answer)).await,
                Ok(()),
                "{answer:?}"
            );
        }
    }
    let many = "250-x\r\n".repeat(99) + "250 y\r\n";
    assert_eq!(talk(&Script::with(1, &many)).await, Ok(()));
    let more = "250-x\r\n".repeat(100) + "250 y\r\n";
    assert_eq!(
        talk(&Script::with(1, &more)).await,
        Err(SmtpError::NoMailServer)
    );
}

#[tokio::test]
async fn what_is_told_of_a_refusal_is_one_calm_line() {
    let answer = "550-\u{1b}[31mmerah\u{7}\r\n550 <budi@example.id>\ttidak   ada\r\n";
    let error = talk(&Script::with(3, answer)).await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the mail server refused the receiver: 550 [31mmerah <budi@example.id> tidak ada"
    );
    assert_eq!(error.short(), "the mail server refused the receiver: 550");
    let long = format!("550 {}\r\n", "x".repeat(2_000));
    let error = talk(&Script::with(3, &long)).await.expect_err("refused");
    assert!(error.to_string().len() < 400, "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a server says at any step, the conversation ends, and says of which kind it was.
    #[test]
    fn whatever_a_server_says_the_conversation_ends(
        step in 0usize..6,
        answer in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let got = runtime.expect("a runtime").block_on(talk(&Script::ending(step, &answer)));
        if let Err(error) = got {
            let known = matches!(
                error,
                SmtpError::Broken(_) | SmtpError::NoMailServer | SmtpError::Refused { .. }
            );
            prop_assert!(known, "{error:?}");
            prop_assert!(!error.short().contains('\n'));
        }
    }
}
