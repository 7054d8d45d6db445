//! A child that works on a ledger as its parent says, line by line: the parent kills it,
//! limits its files, or takes the limit away.
//!
//! Orders on stdin: `write NUMBER BYTES`, `flood FIRST SEED` (write for ever), `read`,
//! `health`, `stop`. Answers on stdout begin with `@`.

use super::disk::chance;
use super::ledger::Ledger;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Tells the child where to work.
const ROOT: &str = "HADIR_FAULT_CHILD";

fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@{text}")
        .and_then(|()| out.flush())
        .expect("say");
}

/// Writes numbered jobs until it is killed, a few at a time, and says each number once its
/// answer has come.
fn flood(ledger: &Ledger, first: u64, mut seed: u64) -> ! {
    let mut number = first;
    loop {
        let jobs: Vec<_> = (0..1 + chance(&mut seed) % 8)
            .map(|_| {
                number += 1;
                let bytes = 10 + chance(&mut seed) as usize % 2000;
                let fails = chance(&mut seed).is_multiple_of(9);
                (number, ledger.submit(number, bytes, fails))
            })
            .collect();
        for (number, job) in jobs {
            if job.wait().is_ok() {
                say(&format!("done {number}"));
            }
        }
        if chance(&mut seed).is_multiple_of(16) {
            ledger.store.checkpoint().expect("checkpoint");
        }
    }
}

fn obey(ledger: &Ledger, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |i: usize| words[i].parse::<u64>().expect("number");
    match words[0] {
        "write" => match ledger.submit(number(1), number(2) as usize, false).wait() {
            Ok(()) => say("ok"),
            Err(e) => say(&format!("error {e:?}")),
        },
        "read" => match ledger.examine() {
            Ok(found) => say(&format!("found {}", found.len())),
            Err(e) => say(&format!("error {e}")),
        },
        "health" => say(&format!("{:?}", ledger.store.health())),
        "flood" => flood(ledger, number(1), number(2)),
        other => panic!("unknown order {other}"),
    }
}

/// The process: does nothing unless it was started as the child.
#[test]
fn child() {
    let Some(root) = std::env::var_os(ROOT).map(PathBuf::from) else {
        return;
    };
    let ledger = match Ledger::open(&root) {
        Ok(ledger) => ledger,
        Err(why) => return say(&format!("shut {why}")),
    };
    say("open");
    for line in std::io::stdin().lines() {
        match line.expect("order").as_str() {
            "stop" => break,
            line => obey(&ledger, line),
        }
    }
    ledger.store.close();
}

/// The parent's handle.
pub struct Worker {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts the child on the ledger in `root`; `before` are shell words run before it.
    pub fn start(root: &Path, before: &str) -> Self {
        let script = format!(
            "{before} exec \"$0\" fault::child::child --exact --nocapture --test-threads=1"
        );
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(script)
            .arg(std::env::current_exe().expect("this test"))
            .env(ROOT, root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("child");
        let orders = child.stdin.take().expect("stdin");
        let answers = BufReader::new(child.stdout.take().expect("stdout"));
        Self {
            child,
            orders,
            answers,
        }
    }

    /// The next answer; None when the child has ended.
    pub fn answer(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line).expect("answer") == 0 {
                return None;
            }
            // The test harness writes lines of its own, without an end before ours.
            if let Some((_, answer)) = line.trim_end().split_once('@') {
                return Some(answer.to_owned());
            }
        }
    }

    /// Gives an order.
    pub fn order(&mut self, text: &str) {
        writeln!(self.orders, "{text}").expect("order");
    }

    /// Gives an order and waits for its answer.
    pub fn ask(&mut self, text: &str) -> String {
        self.order(text);
        self.answer().expect("an answer")
    }

    /// The child's process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL; gives the answers that had been sent by then.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().expect("kill");
        let mut left = Vec::new();
        while let Some(answer) = self.answer() {
            left.push(answer);
        }
        self.child.wait().expect("ended");
        left
    }

    /// Lets the child end by itself.
    pub fn stop(mut self) {
        self.order("stop");
        assert!(self.child.wait().expect("ended").success());
    }
}
