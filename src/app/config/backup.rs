//! `[backup]`: where backups go, what opens them besides the recovery kit, how many are kept.

use crate::app::config::document::Table;
use crate::app::config::section::{Problems, Section};
use crate::domain::backup::{Folder, Keep};
use crate::surface::shelf::BackupSetting;

/// Days, weeks or months that are kept, most.
const KEEP_MAX: f64 = 1000.0;

fn folder(text: &str) -> Result<Folder, String> {
    text.parse().map_err(|_| {
        format!("\"{text}\" is no folder: write its whole path, beginning with a slash")
    })
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 1000"
)]
fn count(section: &mut Section, key: &'static str, problems: &mut Problems, default: u32) -> u32 {
    let place = section.place(key);
    let Some(number) = section.number(key, problems, 0.0, KEEP_MAX) else {
        return default;
    };
    if let Some(place) = place.filter(|_| number.fract() != 0.0) {
        problems.add(&place, format!("{} is a whole number", section.full(key)));
    }
    number as u32
}

/// Reads `[backup]`.
pub fn backup(root: &mut Table, problems: &mut Problems) -> BackupSetting {
    let mut section = Section::take(root, "backup", problems);
    let dir = section.parsed_with("dir", problems, folder);
    let passphrase = section.parsed("passphrase", problems);
    let default = Keep::default();
    let keep = Keep {
        daily: count(&mut section, "keep_daily", problems, default.daily),
        weekly: count(&mut section, "keep_weekly", problems, default.weekly),
        monthly: count(&mut section, "keep_monthly", problems, default.monthly),
    };
    section.finish(problems);
    BackupSetting {
        dir: dir.map(|folder| folder.path().to_owned()),
        passphrase,
        keep,
    }
}
