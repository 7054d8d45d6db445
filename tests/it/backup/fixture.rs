//! Boxes with something in them, and what is said of their backups.

use crate::support::boxed::TestBox;
use crate::support::program::{run_with, text};
use crate::support::scratch::Scratch;
use hadir::base::json::{Value, decode};
use std::path::{Path, PathBuf};
use std::process::Output;

/// A box with two people, whose backups go into a folder of their own beside it.
pub struct Kept {
    pub subject: TestBox,
    pub shelf: PathBuf,
    _folder: Scratch,
}

impl Kept {
    pub fn new() -> Self {
        Self::with("")
    }

    /// With more in `[backup]`.
    pub fn with(more: &str) -> Self {
        let folder = Scratch::new();
        let shelf = folder.path("copies");
        std::fs::create_dir(&shelf).expect("a folder");
        let subject = TestBox::new(&format!("[backup]\ndir = \"{}\"\n{more}", shelf.display()));
        subject.json(&["person", "add", "Sinta Dewi", "--number", "2026-1"]);
        subject.json(&["person", "add", "Budi", "--number", "2026-2"]);
        Self {
            subject,
            shelf,
            _folder: folder,
        }
    }

    /// Makes a backup: its file.
    pub fn create(&self) -> PathBuf {
        file(&self.subject.json(&["backup", "create"]))
    }

    /// The names in the folder, in their order.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.shelf).expect("the folder");
        let name = |e: std::io::Result<std::fs::DirEntry>| e.expect("an entry").file_name();
        let mut names: Vec<_> = entries
            .map(|e| name(e).into_string().expect("a name"))
            .collect();
        names.sort();
        names
    }

    /// The text of the recovery kit.
    pub fn kit(&self) -> String {
        std::fs::read_to_string(self.subject.scratch.path("master.key")).expect("the key")
    }
}

/// The file of a backup that was told of.
pub fn file(told: &Value) -> PathBuf {
    PathBuf::from(told["file"].as_str().expect("a file"))
}

/// A path as an argument.
pub fn arg(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Runs a command on a box with something on its standard input.
pub fn typed(subject: &TestBox, arguments: &[&str], input: &str) -> Output {
    run_with(subject.command(arguments), input)
}

/// The same for a command that must succeed: its JSON.
pub fn told(subject: &TestBox, arguments: &[&str], input: &str) -> Value {
    let output = typed(subject, &[arguments, &["--json"]].concat(), input);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    decode(&output.stdout, 1024 * 1024).expect("json")
}

/// What a command says that must fail.
pub fn refusal(subject: &TestBox, arguments: &[&str], input: &str) -> String {
    let output = typed(subject, arguments, input);
    assert!(
        !output.status.success(),
        "{arguments:?}: {}",
        text(&output.stdout)
    );
    text(&output.stderr)
}

/// The names of the people of a box.
pub fn people(subject: &TestBox) -> Vec<String> {
    let list = subject.json(&["person", "list"]);
    let all = list["people"].as_array().expect("people");
    all.iter()
        .map(|p| p["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// What stands in the store's folder besides the store: names.
pub fn left_in_store(subject: &TestBox) -> Vec<String> {
    let entries = std::fs::read_dir(subject.scratch.path("store")).expect("the folder");
    let names = entries.map(|e| {
        e.expect("an entry")
            .file_name()
            .into_string()
            .expect("a name")
    });
    let mut names: Vec<_> = names
        .filter(|n| !n.starts_with("hadir.") && !n.starts_with("tls."))
        .collect();
    names.sort();
    names
}
