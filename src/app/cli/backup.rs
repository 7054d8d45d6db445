//! `hadir backup …`.

use crate::app::cli::opening::{Opening, typed};
use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line, table};
use crate::base::json;
use crate::surface::backup::{own_openers, verify};
use crate::surface::control::{Command, Passphrase};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Backup {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// Make a backup while the box goes on, and prove it by restoring it to a scratch folder
    #[command(
        after_help = "Example: hadir backup create\n         hadir backup create /mnt/usb/before-the-fair.backup --passphrase-stdin < secret.txt"
    )]
    Create {
        /// The file [default: a name of its own where backups go; older ones go by [backup] keep_…]
        file: Option<PathBuf>,
        /// The first line of the standard input opens it, too, besides the recovery kit
        #[arg(long)]
        passphrase_stdin: bool,
    },
    /// Prove a backup again: every byte, every row, the audit chain
    #[command(after_help = "Example: hadir backup verify /mnt/usb/hadir-01KANC….backup")]
    Verify {
        /// The backup
        file: PathBuf,
        #[command(flatten)]
        opening: Opening,
    },
    /// List the backups in a folder
    #[command(after_help = "Example: hadir backup list --json")]
    List {
        /// The folder [default: where backups go]
        folder: Option<PathBuf>,
    },
}

/// The daemon has another working directory.
fn absolute(path: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(path).map_err(Failure::of)?;
    let text = path.to_str().map(ToOwned::to_owned);
    text.ok_or_else(|| Failure::of(format!("{}: the name is not UTF-8", path.display())))
}

/// Runs the command.
///
/// # Errors
/// Why there is no backup, or what is wrong with it.
pub fn run(common: &Common, args: &Backup) -> Result<(), Failure> {
    let config = act::config(common)?;
    let value = match &args.act {
        Act::Create {
            file,
            passphrase_stdin,
        } => {
            let phrase = passphrase_stdin.then(typed).transpose()?;
            let command = Command::BackupCreate {
                file: file.as_deref().map(absolute).transpose()?,
                passphrase: phrase.map(Passphrase),
            };
            act::carry_out(common, &config, command, None)?
        }
        Act::List { folder } => {
            let folder = folder.as_deref().map(absolute).transpose()?;
            act::carry_out(common, &config, Command::BackupList { folder }, None)?
        }
        Act::Verify { file, opening } => {
            let file = absolute(file)?;
            let command = Command::BackupVerify { file: file.clone() };
            let asked = match opening.is_given() {
                // What was typed goes nowhere else.
                true => None,
                false => act::ask(common, &config, &command)?,
            };
            match asked {
                Some(value) => value,
                None => {
                    let own = || own_openers(&config.master, &config.backup);
                    let openers = opening.openers(own)?;
                    let parent = match config.store_dir.is_dir() {
                        true => config.store_dir.clone(),
                        false => std::env::temp_dir(),
                    };
                    verify::verify(Path::new(&file), &openers, &parent).map_err(Failure::of)?
                }
            }
        }
    };
    match (common.style(), &args.act) {
        (Style::Json, _) => line(&value),
        (Style::Text, Act::List { .. }) => list(&value),
        (Style::Text, Act::Create { .. }) => created(&value),
        (Style::Text, Act::Verify { .. }) => line(format!("good: {}", contents(&value))),
    }
    Ok(())
}

/// What is in it, in words.
pub(super) fn contents(value: &json::Value) -> String {
    format!(
        "{} of box {}, made at {}: {} people, {} events, {} visits, {} audit rows",
        cell(value, "file"),
        cell(value, "box"),
        cell(value, "made_at"),
        cell(value, "people"),
        cell(value, "events"),
        cell(value, "visits"),
        cell(value, "audit_rows"),
    )
}

/// Who can open it, in words.
pub(super) fn who(value: &json::Value) -> String {
    let list = value.get("opens_with").and_then(json::Value::as_array);
    let texts = list.into_iter().flatten().filter_map(json::Value::as_str);
    texts.collect::<Vec<_>>().join(" or ")
}

fn created(value: &json::Value) {
    line(format!("made and proven: {}", contents(value)));
    line(format!(
        "{} bytes; opens with {}",
        cell(value, "bytes"),
        who(value)
    ));
    if cell(value, "same_drive") == "true" {
        line(
            "It lies on the drive of the data: when that drive breaks, both are lost. Choose another one at /settings.",
        );
    }
    let removed = value.get("removed").and_then(json::Value::as_array);
    for name in removed
        .into_iter()
        .flatten()
        .filter_map(json::Value::as_str)
    {
        line(format!("removed {name}"));
    }
}

fn list(value: &json::Value) {
    let all = value.get("backups").and_then(json::Value::as_array);
    let row = |found: &json::Value| {
        vec![
            cell(found, "made_at"),
            cell(found, "bytes"),
            cell(found, "box"),
            cell(found, "file"),
        ]
    };
    let rows: Vec<_> = all.into_iter().flatten().map(row).collect();
    match rows.is_empty() {
        true => line(format!("no backups in {}", cell(value, "folder"))),
        false => table(&["MADE", "BYTES", "BOX", "FILE"], &rows),
    }
}
