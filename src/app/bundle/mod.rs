//! `hadir doctor --bundle`: one archive for whoever helps, with what they need to know of a box
//! and nothing that names or opens anything.

mod redact;
mod tar;

use crate::app::config::{self, Config};
use crate::app::doctor::Finding;
use crate::app::error::Failure;
use crate::base::json::{self, Value};
use crate::base::limits;
use crate::base::time::{Clock as _, ClockState};
use crate::host::clock::SystemClock;
use crate::host::disk;
use crate::store::inspect;
use redact::Redactor;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tar::Archive;

const README: &str = "\
What hadir says of this box, for whoever helps with it.

version.txt   version, machine, clock
doctor.txt    what `hadir doctor` found
config.txt    the configuration; a text that is not one of a few fixed words stands as <key>
store.txt     rows per table, sizes of files; nothing of what stands in them
journal.txt   the last lines of the service, if they could be read

It has no names of people, no addresses, no tokens, codes, passwords or keys in it. Texts of the
configuration are replaced by <key> wherever they occur, e-mail and network addresses by <e-mail> and
<address>, long words by <long word>.
";

/// Writes the archive to a new file.
///
/// # Errors
/// [`Failure::Failed`] if there is a file of that name already, or none can be written;
/// [`Failure::Config`] for a configuration that changed in between.
pub fn write(config: &Config, found: &[Finding], to: &Path) -> Result<(), Failure> {
    let (text, hidden) = config::redacted(config.file.as_deref()).map_err(Failure::Config)?;
    let redactor = Redactor::new(hidden);
    let parts = [
        ("README.txt", README.to_owned()),
        ("version.txt", version()),
        ("doctor.txt", redactor.text(&doctor(found))),
        ("config.txt", redactor.text(&text)),
        ("store.txt", redactor.text(&store(&config.store_dir))),
        ("journal.txt", redactor.text(&journal())),
    ];
    let mut archive = Archive::new(SystemClock::new().stamp().at);
    for (name, text) in parts {
        archive.add(name, text.as_bytes());
    }
    let told = |error: std::io::Error| Failure::Failed(format!("{}: {error}", to.display()));
    let mut options = std::fs::OpenOptions::new();
    let mut file = (options.write(true).create_new(true).mode(0o600))
        .open(to)
        .map_err(told)?;
    file.write_all(&archive.end()).map_err(told)?;
    file.sync_all().map_err(told)
}

fn version() -> String {
    let stamp = SystemClock::new().stamp();
    let clock = match stamp.clock {
        ClockState::Synced => "synced",
        ClockState::Unsynced => "unsynced",
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "hadir {}\n{} {}, {cores} cores\n{} {clock}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        stamp.at
    )
}

fn doctor(found: &[Finding]) -> String {
    let line = |f: &Finding| format!("{:<5} {:<14} {}\n", f.grade.word(), f.subject, f.text);
    found.iter().map(line).collect()
}

fn store(dir: &Path) -> String {
    let mut text = String::new();
    if let Ok(room) = disk::room(dir) {
        let _ = writeln!(
            text,
            "disk: {} of {} bytes free",
            room.free_bytes, room.total_bytes
        );
    }
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let size = entry.metadata().map_or(0, |data| data.len());
        let _ = writeln!(text, "file {}: {size} bytes", entry.file_name().display());
    }
    match inspect::inspect(dir, inspect::count_rows) {
        Ok(Some((_, Some(counts)))) => {
            for (table, rows) in counts {
                let _ = writeln!(text, "table {table}: {rows} rows");
            }
        }
        Ok(Some((_, None))) => text.push_str("the file is damaged\n"),
        Ok(None) => text.push_str("there is no store yet\n"),
        Err(error) => {
            let _ = writeln!(text, "the store cannot be read: {error}");
        }
    }
    text
}

/// The last lines of the service with the fields that are ours; what else journald knows, the
/// name of the machine for one, stays behind.
fn journal() -> String {
    let lines = limits::BUNDLE_JOURNAL_LINES.to_string();
    let output = Command::new("journalctl")
        .args([
            "--unit=hadir",
            "--no-pager",
            "--output=json",
            "--lines",
            &lines,
        ])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => {
            let all = output.stdout.split(|b| *b == b'\n');
            all.filter_map(line).collect()
        }
        Ok(_) | Err(_) => "the journal could not be read\n".to_owned(),
    }
}

fn line(bytes: &[u8]) -> Option<String> {
    let entry = json::decode::<Value>(bytes, limits::BUNDLE_LINE_BYTES_MAX).ok()?;
    let entry = entry.as_object()?;
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut line = format!(
        "{} {} {}",
        text("__REALTIME_TIMESTAMP"),
        text("PRIORITY"),
        text("MESSAGE")
    );
    for (key, value) in entry {
        if let (Some(name), Some(value)) = (key.strip_prefix("HADIR_"), value.as_str()) {
            let _ = write!(line, " {name}={value}");
        }
    }
    line.push('\n');
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_entry_only_ours_is_kept() {
        let entry = r#"{"__REALTIME_TIMESTAMP":"1","PRIORITY":"6","MESSAGE":"hadir stops.","HADIR_EVENT":"stopping","_HOSTNAME":"kotak-sekolah","_CMDLINE":"x"}"#;
        assert_eq!(
            line(entry.as_bytes()).as_deref(),
            Some("1 6 hadir stops. EVENT=stopping\n")
        );
        assert_eq!(line(b"no json"), None);
        assert_eq!(line(b""), None);
    }
}
