//! `hadir reload`: the running daemon reads its configuration anew.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, line};
use crate::base::json::Value;
use crate::surface::control::Command;

/// Asks the daemon to read its configuration anew and prints what was taken over.
///
/// # Errors
/// [`Failure::Config`] for mistakes in the configuration, [`Failure::Failed`] if no daemon runs.
pub fn run(common: &Common) -> Result<(), Failure> {
    let config = act::config(common)?;
    let Some(value) = act::ask(common, &config, &Command::Reload)? else {
        return Err(Failure::Failed(format!(
            "no daemon listens on {}; the next start reads the configuration",
            config.control.display()
        )));
    };
    match common.style() {
        Style::Json => line(&value),
        Style::Text => {
            let names = |key: &str| {
                let list = value.get(key).and_then(Value::as_array);
                list.into_iter().flatten().filter_map(Value::as_str)
            };
            for name in names("taken") {
                line(format!("taken over: {name}"));
            }
            for name in names("restart") {
                line(format!("needs a restart: {name}"));
            }
            if names("taken").chain(names("restart")).next().is_none() {
                line("nothing has changed; certificates were read again");
            }
        }
    }
    Ok(())
}
