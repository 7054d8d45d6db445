//! `hadir check-config`: names every mistake of the configuration.

use crate::app::cli::Common;
use crate::app::config;
use crate::app::error::Failure;
use crate::app::output::{Style, line};
use crate::base::json;

/// Checks the configuration.
///
/// # Errors
/// [`Failure::Config`] with all mistakes.
pub fn run(common: &Common) -> Result<(), Failure> {
    let config = match (config::load(common.config.as_deref()), common.style()) {
        (Ok(config), _) => config,
        (Err(problems), Style::Text) => return Err(Failure::Config(problems)),
        (Err(problems), Style::Json) => {
            let list: Vec<_> = problems.iter().map(ToString::to_string).collect();
            line(json::json!({"ok": false, "problems": list}));
            return Err(Failure::Config(problems));
        }
    };
    let file = config.file.as_ref().map(|f| f.display().to_string());
    match common.style() {
        Style::Json => line(json::json!({"ok": true, "file": file})),
        Style::Text => line(format!(
            "{}: good",
            file.as_deref()
                .unwrap_or("no configuration file, development defaults")
        )),
    }
    Ok(())
}
