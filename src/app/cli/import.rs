//! `hadir import …`: what an old system leaves behind, from the standard input.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line};
use crate::base::limits;
use crate::surface::control::Command;
use clap::{Args, Subcommand};
use std::io::Read;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Clone, Subcommand)]
enum From {
    /// Accounts of the TixGo set, with the bcrypt hashes of their passwords: JSON or CSV with
    /// username, `password_hash` and role; a name that is known here is left alone
    #[command(after_help = "Example: hadir import tixgo < accounts.json")]
    Tixgo,
}

/// Runs the command.
///
/// # Errors
/// What the command is refused for.
pub fn run(common: &Common, args: &Import) -> Result<(), Failure> {
    let text = typed()?;
    let command = match args.from {
        From::Tixgo => Command::ImportTixgo { text },
    };
    let value = act::carry_out(common, &act::config(common)?, command, None)?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => line(format!(
            "{} accounts added, {} were known already",
            cell(&value, "added"),
            cell(&value, "kept")
        )),
    }
    Ok(())
}

/// The standard input, as long as a command may be.
fn typed() -> Result<String, Failure> {
    let most = limits::CONTROL_LINE_BYTES_MAX / 2;
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .take(most as u64 + 1)
        .read_to_string(&mut text);
    read.map_err(|e| Failure::Failed(format!("the standard input: {e}")))?;
    if text.len() > most {
        let told = format!("the input is longer than {most} bytes: bring it in parts");
        return Err(Failure::Failed(told));
    }
    Ok(text)
}
