//! Looks at everything that can be wrong with a box, and says what to do about it. Changes
//! nothing, prints no secret.

use crate::app::config::Config;
use crate::base::limits;
use crate::base::time::{Clock as _, ClockState};
use crate::domain::checkin::threshold;
use crate::domain::rule::FacePolicy;
use crate::host::clock::SystemClock;
use crate::host::disk;
use crate::vision::model::Models;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Nothing to do.
    Good,
    /// It works, but somebody should know.
    Note,
    /// It will not work.
    Bad,
}

impl Grade {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Bad => "BAD",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub subject: &'static str,
    /// How it is.
    pub grade: Grade,
    /// What was found, and what to do.
    pub text: String,
}

fn finding(subject: &'static str, grade: Grade, text: impl Into<String>) -> Finding {
    Finding {
        subject,
        grade,
        text: text.into(),
    }
}

/// Looks at the box from outside. `running`: a daemon answers on the control socket; its ports
/// and store are then in use, as they should be.
#[must_use]
pub fn examine(config: &Config, models: &[PathBuf], running: bool) -> Vec<Finding> {
    let mut all = vec![
        configuration(config),
        daemon(running),
        store(&config.store_dir),
        room(&config.store_dir),
        key(config),
        faces(models),
        thresholds(&config.rules.face),
        clock(),
    ];
    if !running {
        all.extend(config.listeners.iter().map(|l| port(&l.key, l.address)));
    }
    all
}

fn configuration(config: &Config) -> Finding {
    match &config.file {
        Some(file) => finding("configuration", Grade::Good, file.display().to_string()),
        None => finding(
            "configuration",
            Grade::Note,
            "no file, development defaults; a box has /etc/hadir/hadir.toml",
        ),
    }
}

fn daemon(running: bool) -> Finding {
    if running {
        finding("daemon", Grade::Good, "it answers on the control socket")
    } else {
        finding(
            "daemon",
            Grade::Note,
            "none runs; start it with `hadir serve`",
        )
    }
}

fn store(dir: &Path) -> Finding {
    match std::fs::metadata(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => finding(
            "store",
            Grade::Note,
            format!(
                "{} does not exist yet; the first start makes it",
                dir.display()
            ),
        ),
        Err(error) => finding("store", Grade::Bad, format!("{}: {error}", dir.display())),
        Ok(data) if data.mode() & 0o077 != 0 => finding(
            "store",
            Grade::Bad,
            format!("{} may be read by others: chmod 700 it", dir.display()),
        ),
        Ok(_) => finding("store", Grade::Good, dir.display().to_string()),
    }
}

/// The nearest folder above that exists, for a store that is not made yet.
fn existing(dir: &Path) -> &Path {
    let mut dir = dir;
    while !dir.exists() {
        dir = match dir.parent() {
            Some(above) if !above.as_os_str().is_empty() => above,
            Some(_) | None => return Path::new("."),
        };
    }
    dir
}

fn room(dir: &Path) -> Finding {
    const MIB: u64 = 1024 * 1024;
    match disk::room(existing(dir)) {
        Err(error) => finding("disk", Grade::Bad, error.to_string()),
        Ok(room) if room.read_only => finding(
            "disk",
            Grade::Bad,
            "it is mounted read-only: check the card and the kernel's log",
        ),
        Ok(room) if room.free_bytes < limits::DISK_FREE_BYTES_MIN => finding(
            "disk",
            Grade::Bad,
            format!(
                "{} MiB free, at least {} are needed: make room",
                room.free_bytes / MIB,
                limits::DISK_FREE_BYTES_MIN / MIB
            ),
        ),
        Ok(room) => finding(
            "disk",
            Grade::Good,
            format!("{} MiB free", room.free_bytes / MIB),
        ),
    }
}

fn key(config: &Config) -> Finding {
    match config.master.read() {
        Ok(_) => finding("key", Grade::Good, config.master.to_string()),
        Err(error) if config.is_development() => finding(
            "key",
            Grade::Note,
            format!("{error}; the first start makes it"),
        ),
        Err(error) => finding("key", Grade::Bad, error.to_string()),
    }
}

fn faces(models: &[PathBuf]) -> Finding {
    match Models::load(models) {
        Ok(models) => finding(
            "models",
            Grade::Good,
            format!("embedder {}", models.embedder_hash()),
        ),
        Err(error) => finding(
            "models",
            Grade::Bad,
            format!("{error}; faces are off until then"),
        ),
    }
}

fn thresholds(policy: &FacePolicy) -> Finding {
    let steps =
        threshold::steps(policy).map(|(cosine, people)| format!("{cosine:.2} up to {people:.0}"));
    finding(
        "thresholds",
        Grade::Good,
        format!(
            "{} people; above, a second factor decides",
            steps.join(", ")
        ),
    )
}

fn clock() -> Finding {
    let stamp = SystemClock::new().stamp();
    match stamp.clock {
        ClockState::Synced => finding("clock", Grade::Good, stamp.at.to_string()),
        ClockState::Unsynced => finding(
            "clock",
            Grade::Note,
            format!(
                "{} is not to be believed: connect the box to a time server",
                stamp.at
            ),
        ),
    }
}

fn port(key: &str, address: std::net::SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => finding("port", Grade::Good, format!("{address} is free")),
        Err(error) => {
            let error = crate::host::sockets::BindError {
                address,
                key: key.to_owned(),
                error,
            };
            finding("port", Grade::Bad, error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config;

    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("hadir-doctor-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder");
        dir
    }

    #[test]
    fn what_is_wrong_is_said_with_what_to_do() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = scratch("open");
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).expect("chmod");
        let busy = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
        let address = busy.local_addr().expect("address");
        let text = format!(
            "[store]\ndir = \"{}\"\n[keys]\nmaster = \"file:/nonexistent\"\n[[listener]]\naddress = \"{address}\"\n",
            dir.display()
        );
        let config = config::build(Some(Path::new("x")), &text, &[]).expect("good");
        let found = examine(&config, &[PathBuf::from("/nonexistent")], false);
        let bad: Vec<_> = found
            .iter()
            .filter(|f| f.grade == Grade::Bad)
            .map(|f| f.subject)
            .collect();
        assert_eq!(bad, ["store", "key", "models", "port"], "{found:#?}");
        assert!(found.iter().any(|f| f.text.contains("chmod 700")));
        assert!(
            found
                .iter()
                .any(|f| f.text.contains("change listener.0.address"))
        );
        std::fs::remove_dir_all(dir).expect("remove");
    }

    #[test]
    fn a_running_daemon_s_ports_are_not_tried() {
        let config = config::build(None, "", &[]).expect("defaults");
        let found = examine(&config, &[], true);
        assert!(found.iter().all(|f| f.subject != "port"));
    }
}
