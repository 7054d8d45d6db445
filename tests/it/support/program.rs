//! The built program as a child process.

use crate::support::{LONG, eventually};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A command of the program, in an environment without settings of the tester's own.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hadir"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HADIR_") {
            command.env_remove(name);
        }
    }
    for name in [
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "JOURNAL_STREAM",
        "CREDENTIALS_DIRECTORY",
    ] {
        command.env_remove(name);
    }
    command.current_dir(root()).args(args);
    command
}

/// Runs a command to its end, with nothing or `input` on its stdin.
pub fn run_with(mut command: Command, input: &str) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin");
    // A program that reads nothing closes its end early.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// Runs `hadir` with these arguments.
pub fn run(args: &[&str]) -> Output {
    run_with(command(args), "")
}

/// The text of an output.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A program that keeps running, with its stderr gathered.
pub struct Running {
    child: Child,
    lines: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts it.
    pub fn start(command: Command) -> Self {
        Self::start_with(command, Stdio::null())
    }

    /// Starts it with something at its stdin.
    pub fn start_with(mut command: Command, stdin: Stdio) -> Self {
        command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let lines = Arc::new(Mutex::new(String::new()));
        let readers = vec![
            gather(child.stderr.take().expect("stderr"), Arc::clone(&lines)),
            gather(child.stdout.take().expect("stdout"), Arc::clone(&lines)),
        ];
        Self {
            child,
            lines,
            readers,
        }
    }

    /// What has been read so far of what it wrote, stdout and stderr together. While it runs the
    /// reading may lag behind: use `wait_for` for a line that must be there. After `end` it is
    /// everything.
    pub fn written(&self) -> String {
        self.lines.lock().expect("lock").clone()
    }

    /// Waits until it has written `text`.
    pub fn wait_for(&mut self, text: &str) -> String {
        eventually(LONG, &format!("the program writes {text:?}"), || {
            let ended = self.child.try_wait().expect("state");
            let found = self.written().contains(text);
            assert!(
                found || ended.is_none(),
                "it ended with {ended:?}:\n{}",
                self.written()
            );
            found
        });
        self.written()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name (`TERM`, `INT`, `KILL`).
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.id().to_string())
            .status();
        assert!(status.expect("kill").success());
    }

    /// Waits for its end, and for all that it wrote.
    pub fn end(&mut self) -> ExitStatus {
        let mut status = None;
        eventually(LONG, "the program ends", || {
            status = self.child.try_wait().expect("state");
            status.is_some()
        });
        for reader in self.readers.drain(..) {
            reader.join().expect("the reader ends");
        }
        status.expect("a status")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the program wrote:\n{}", self.written());
        }
    }
}

fn gather(from: impl Read + Send + 'static, to: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut to = to.lock().expect("lock");
            to.push_str(&line);
            to.push('\n');
        }
    })
}

/// A configuration of a box in `dir` that listens on a free port of loopback.
pub fn config(dir: &Path, more: &str) -> PathBuf {
    let path = dir.join("hadir.toml");
    let text = format!(
        "[store]\ndir = \"{0}/store\"\n[keys]\nmaster = \"file:{0}/master.key\"\n\
         [control]\nsocket = \"{0}/control.sock\"\n\
         [[listener]]\naddress = \"127.0.0.1:0\"\n{more}",
        dir.display()
    );
    std::fs::write(&path, text).expect("a configuration");
    path
}
