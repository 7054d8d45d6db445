//! `hadir restore`.

use crate::app::cli::backup::contents;
use crate::app::cli::opening::Opening;
use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line};
use crate::base::json;
use crate::crypto::random::Seed;
use crate::host::clock::SystemClock;
use crate::host::credential::Place;
use crate::surface::backup::restore::{Order, restore};
use crate::surface::backup::{Error, own_openers};
use clap::Args;
use std::path::PathBuf;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    opening: Opening,
    /// Do everything but the last step, and say what it would be
    #[arg(long)]
    dry_run: bool,
}

/// A credential is handed over by the service manager alone: then it says how to be asked.
fn failed(error: &Error, master: &Place) -> Failure {
    match (error, master) {
        (Error::Key(_), Place::Credential(name)) if master.path().is_err() => {
            Failure::Setup(format!(
                "{error}\nThe service manager has it: systemd-run --pipe --wait -p User=hadir -p LoadCredentialEncrypted={name} hadir restore FILE … \
             (or, for a key in a file: -p LoadCredential={name}:/etc/hadir/master.key)"
            ))
        }
        (Error::Key(_), Place::Credential(_) | Place::File(_)) => Failure::Setup(error.to_string()),
        (other, _) => Failure::of(other),
    }
}

/// Runs the command.
///
/// # Errors
/// [`Failure::Setup`] without a master key, [`Failure::Failed`] with the reason for all else.
pub fn run(common: &Common, args: &Restore) -> Result<(), Failure> {
    let config = act::config(common)?;
    let own = || own_openers(&config.master, &config.backup);
    let openers = args.opening.openers(own)?;
    let order = Order {
        file: &args.file,
        openers: &openers,
        store_dir: &config.store_dir,
        master: &config.master,
        zone: config.site.zone.clone(),
        dry_run: args.dry_run,
        clock: &SystemClock::new(),
        seed: Seed::from_system().map_err(Failure::of)?,
    };
    let value = restore(&order).map_err(|error| failed(&error, &config.master))?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => told(&value),
    }
    Ok(())
}

fn told(value: &json::Value) {
    let is = |key: &str| cell(value, key) == "true";
    line(contents(value));
    match is("dry_run") {
        true => line(format!(
            "It is good. Restoring puts it into {}; what is there now is kept aside.",
            cell(value, "into")
        )),
        false => line(format!(
            "restored into {}; what was there lies in {}",
            cell(value, "into"),
            cell(value, "aside")
        )),
    }
    if is("keys_wrapped_anew") {
        line("Its keys are wrapped for this box's master key: print a new recovery kit.");
    }
    if is("migrated") {
        line("It comes from an older hadir and was brought up to date.");
    }
    line(format!(
        "People who were erased after it was made and are erased again: {}",
        cell(value, "erased_again")
    ));
    let trouble = cell(value, "erasures_trouble");
    if !trouble.is_empty() {
        line(format!("WARNING: {trouble}."));
    }
    line(format!(
        "Erasures after {} are not known here: repeat them.",
        cell(value, "erasures_known_until")
    ));
    line(
        "Everybody has to sign in again; a device or login that was revoked after the backup must be revoked again.",
    );
}
