//! `hadir mail …`.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line};
use crate::surface::control::Command;
use clap::{Args, Subcommand};

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Mail {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// Send a test mail at once and say what the mail server answers
    #[command(after_help = "Example: hadir mail test kepala@sekolah.sch.id")]
    Test {
        /// To whom
        address: String,
    },
}

/// Runs the command.
///
/// # Errors
/// Why the mail was not taken.
pub fn run(common: &Common, args: &Mail) -> Result<(), Failure> {
    let config = act::config(common)?;
    let Act::Test { address } = &args.act;
    let command = Command::MailTest {
        to: address.clone(),
    };
    let value = act::carry_out(common, &config, command, None)?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => line(format!(
            "sent: {} has taken the mail to {}",
            cell(&value, "server"),
            cell(&value, "to")
        )),
    }
    Ok(())
}
