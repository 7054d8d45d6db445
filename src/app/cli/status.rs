//! `hadir status`: how the running daemon is.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line};
use crate::surface::control::Command;

/// Prints the daemon's state.
///
/// # Errors
/// [`Failure::Failed`] if no daemon runs, or if check-ins cannot be recorded.
pub fn run(common: &Common) -> Result<(), Failure> {
    let config = act::config(common)?;
    let Some(value) = act::ask(common, &config, &Command::Status)? else {
        return Err(Failure::Failed(format!(
            "no daemon listens on {}; start it with `hadir serve`",
            config.control.display()
        )));
    };
    match common.style() {
        Style::Json => line(&value),
        Style::Text => {
            for key in value.as_object().into_iter().flat_map(|map| map.keys()) {
                line(format!("{key:<16} {}", cell(&value, key)));
            }
        }
    }
    if cell(&value, "status") == "failing" {
        return Err(Failure::of("check-ins cannot be recorded"));
    }
    Ok(())
}
