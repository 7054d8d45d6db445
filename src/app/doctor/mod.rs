//! Looks at everything that can be wrong with a box, and says what to do about it. Changes
//! nothing, prints no secret.
//!
//! Each finding is one line that names what is wrong, where, and what to do. What a running
//! daemon knows better (its key may be handed to it alone, a camera may serve one client) is
//! asked of it; the store's file is looked at through a connection of its own.

mod daemon;
mod outward;
mod place;
mod record;
mod sight;

pub use daemon::Daemon;

use crate::app::config::Config;
use std::path::PathBuf;

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

impl Finding {
    fn new(subject: &'static str, grade: Grade, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            subject,
            grade,
            text,
        }
    }

    fn good(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Grade::Good, text)
    }

    fn note(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Grade::Note, text)
    }

    fn bad(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Grade::Bad, text)
    }
}

/// Looks at the box from outside. `running`: what the daemon on the control socket says; its
/// ports are then in use, as they should be.
#[must_use]
pub fn examine(config: &Config, models: &[PathBuf], running: &Daemon) -> Vec<Finding> {
    let mut all = vec![
        configuration(config),
        running.finding(),
        place::folder(&config.store_dir),
        place::room(&config.store_dir),
    ];
    let recorded = record::examine(config, running);
    let latest = recorded.latest;
    all.extend(recorded.findings);
    all.extend([sight::models(models), sight::thresholds(&config.rules.face)]);
    all.extend(config.cameras.iter().map(|c| sight::camera(c, running)));
    all.push(place::clock(latest));
    if matches!(running, Daemon::None) {
        all.extend(
            config
                .listeners
                .iter()
                .map(|l| place::port(&l.key, l.address)),
        );
    }
    all
}

fn configuration(config: &Config) -> Finding {
    match &config.file {
        Some(file) => Finding::good("configuration", file.display().to_string()),
        None => Finding::note(
            "configuration",
            "no file, development defaults; a box has /etc/hadir/hadir.toml",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config;
    use crate::base::json::json;
    use std::net::TcpListener;
    use std::path::Path;

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
        let found = examine(&config, &[PathBuf::from("/nonexistent")], &Daemon::None);
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
        let daemon = Daemon::Running {
            status: json!({"status": "good"}),
            keys: Ok(json!({"fits": true, "place": "credential:x"})),
            audit: Ok(json!({"whole": true, "rows": 3})),
        };
        let found = examine(&config, &[], &daemon);
        assert!(found.iter().all(|f| f.subject != "port"));
        let good = |subject: &str| {
            let mut all = found.iter().filter(|f| f.subject == subject);
            all.all(|f| f.grade == Grade::Good)
        };
        assert!(good("key") && good("audit") && good("daemon"), "{found:#?}");
    }
}
