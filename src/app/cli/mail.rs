//! `hadir mail …`.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line, table};
use crate::base::id::NoticeId;
use crate::base::json;
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
    /// List the mails that could not be sent yet
    #[command(after_help = "Example: hadir mail list")]
    List,
    /// Try a mail again now
    #[command(after_help = "Example: hadir mail retry 01KANCJ2G0000000000000000A")]
    Retry {
        /// Its id
        mail: NoticeId,
    },
}

/// Runs the command.
///
/// # Errors
/// Why the mail was not taken.
pub fn run(common: &Common, args: &Mail) -> Result<(), Failure> {
    let config = act::config(common)?;
    let command = match &args.act {
        Act::Test { address } => Command::MailTest {
            to: address.clone(),
        },
        Act::List => Command::MailList,
        Act::Retry { mail } => Command::MailRetry { mail: *mail },
    };
    let value = act::carry_out(common, &config, command, None)?;
    match (common.style(), &args.act) {
        (Style::Json, _) => line(&value),
        (Style::Text, Act::Test { .. }) => line(format!(
            "sent: {} has taken the mail to {}",
            cell(&value, "server"),
            cell(&value, "to")
        )),
        (Style::Text, Act::List) => list(&value),
        (Style::Text, Act::Retry { mail }) => line(format!("{mail} is tried again")),
    }
    Ok(())
}

fn list(value: &json::Value) {
    line(format!(
        "{} waiting, {} given up",
        cell(value, "waiting"),
        cell(value, "failed")
    ));
    let mails = value.get("mails").and_then(json::Value::as_array);
    let row = |mail: &json::Value| {
        let keys = ["mail", "kind", "made_at", "again_at", "error"];
        keys.map(|key| cell(mail, key)).to_vec()
    };
    let rows: Vec<_> = mails.into_iter().flatten().map(row).collect();
    if !rows.is_empty() {
        table(&["MAIL", "KIND", "MADE", "AGAIN", "WHY"], &rows);
    }
}
