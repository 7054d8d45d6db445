//! `hadir doctor`.

use crate::app::cli::{Common, act};
use crate::app::doctor::{Finding, Grade, examine};
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
}

/// Looks at everything and says what to do.
///
/// # Errors
/// [`Failure::Failed`] if something will not work.
pub fn run(common: &Common, args: &Doctor) -> Result<(), Failure> {
    let config = act::config(common)?;
    let running = matches!(act::ask(common, &config, &Command::KeyStatus), Ok(Some(_)));
    let found = examine(&config, &config.model_dirs(args.models.as_deref()), running);
    match common.style() {
        Style::Json => {
            let shown = |f: &Finding| json::json!({"subject": f.subject, "grade": f.grade.word(), "text": f.text});
            line(json::json!({"findings": found.iter().map(shown).collect::<Vec<_>>()}));
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
    match found.iter().filter(|f| f.grade == Grade::Bad).count() {
        0 => Ok(()),
        n => Err(Failure::Failed(format!(
            "{n} of {} checks are bad",
            found.len()
        ))),
    }
}
