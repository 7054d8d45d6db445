//! `hadir doctor`.

use crate::app::bundle;
use crate::app::cli::{Common, act};
use crate::app::config::Config;
use crate::app::doctor::{Daemon, Finding, Grade, examine};
use crate::app::error::Failure;
use crate::app::output::{Style, line, table};
use crate::base::json;
use crate::surface::control::Command;
use clap::Args;
use std::path::PathBuf;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// Folder of the models [default: configuration, ./models, /usr/share/hadir/models]
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Also write an archive for support, without names, codes or keys [default: hadir-bundle.tar]
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "hadir-bundle.tar")]
    bundle: Option<PathBuf>,
}

/// Looks at everything and says what to do.
///
/// # Errors
/// [`Failure::Failed`] if something will not work.
pub fn run(common: &Common, args: &Doctor) -> Result<(), Failure> {
    let config = act::config(common)?;
    let running = daemon(common, &config);
    let found = examine(
        &config,
        &config.model_dirs(args.models.as_deref()),
        &running,
    );
    if let Some(file) = &args.bundle {
        bundle::write(&config, &found, file)?;
    }
    let bad = found.iter().filter(|f| f.grade == Grade::Bad).count();
    match common.style() {
        Style::Json => {
            let shown = |f: &Finding| json::json!({"subject": f.subject, "grade": f.grade.word(), "text": f.text});
            let findings: Vec<_> = found.iter().map(shown).collect();
            line(json::json!({"findings": findings, "bad": bad}));
        }
        Style::Text => {
            let row = |f: &Finding| {
                vec![
                    f.grade.word().to_owned(),
                    f.subject.to_owned(),
                    f.text.clone(),
                ]
            };
            table(
                &["", "SUBJECT", "FOUND"],
                &found.iter().map(row).collect::<Vec<_>>(),
            );
        }
    }
    match bad {
        0 => Ok(()),
        n => Err(Failure::Failed(format!(
            "{n} of {} checks are bad",
            found.len()
        ))),
    }
}

/// What the daemon says of itself, if one runs.
fn daemon(common: &Common, config: &Config) -> Daemon {
    match act::ask(common, config, &Command::Status) {
        Ok(None) => Daemon::None,
        Err(why) => Daemon::Silent(why.to_string()),
        Ok(Some(status)) => {
            let ask = |command| match act::ask(common, config, &command) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err("the daemon has just stopped".to_owned()),
                Err(why) => Err(why.to_string()),
            };
            Daemon::Running {
                status,
                keys: ask(Command::KeyStatus),
                audit: ask(Command::AuditVerify { head: None }),
            }
        }
    }
}
