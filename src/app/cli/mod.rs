//! The command line: one file per subcommand.

mod act;
pub mod backup;
pub mod check_config;
pub mod completions;
pub mod demo;
pub mod device;
pub mod doctor;
pub mod event;
pub mod face;
pub mod import;
pub mod key;
pub mod mail;
pub mod openapi;
mod opening;
pub mod person;
pub mod reload;
pub mod restore;
pub mod serve;
pub mod status;

use crate::app::error::Failure;
use crate::app::output::{Style, complaint, urgent_complaint};
use crate::base::limits;
use crate::journal;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Configuration [default: /etc/hadir/hadir.toml, else development defaults]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Control socket of the running daemon [default: the configuration's]
    #[arg(long, global = true, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

impl Common {
    /// The form of the output.
    #[must_use]
    pub const fn style(&self) -> Style {
        if self.json { Style::Json } else { Style::Text }
    }
}

#[derive(Debug, Parser)]
#[command(
    name = "hadir",
    version,
    about = "The check-in desk of a school, a campus or a venue, on one small box",
    after_help = "Example: hadir demo --once",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The daemon
    #[command(after_help = "Example: hadir serve --config ./hadir.toml")]
    Serve(serve::Serve),
    /// A throw-away box, a played camera, the real engine
    #[command(after_help = "Example: hadir demo --once")]
    Demo(demo::Demo),
    /// Check the configuration and name every mistake
    #[command(after_help = "Example: hadir check-config --config ./hadir.toml")]
    CheckConfig,
    /// Faces: embeddings, comparisons, enrolment
    #[command(after_help = "Example: hadir face compare one.jpg other.jpg")]
    Face(face::Face),
    /// People
    #[command(after_help = "Example: hadir person list")]
    Person(person::Person),
    /// Events
    #[command(after_help = "Example: hadir event list")]
    Event(event::Event),
    /// Tickets
    #[command(after_help = "Example: hadir ticket add 01KANCJ2G0000000000000000A")]
    Ticket(event::Ticket),
    /// A fresh code for the first administrator
    #[command(after_help = "Example: hadir setup-code")]
    SetupCode,
    /// Kiosks and desks
    #[command(after_help = "Example: hadir device pair \"North gate\"")]
    Device(device::Device),
    /// Print the OpenAPI document of an interface
    #[command(after_help = "Example: hadir openapi > openapi.json")]
    Openapi(openapi::Openapi),
    /// The master key
    #[command(after_help = "Example: hadir key status")]
    Key(key::Key),
    /// The audit chain
    #[command(after_help = "Example: hadir audit verify")]
    Audit(key::Audit),
    /// Mails
    #[command(after_help = "Example: hadir mail test kepala@sekolah.sch.id")]
    Mail(mail::Mail),
    /// Accounts of an old system, from the standard input
    #[command(after_help = "Example: hadir import tixgo < accounts.json")]
    Import(import::Import),
    /// Backups: made, proven, listed
    #[command(after_help = "Example: hadir backup create")]
    Backup(backup::Backup),
    /// Bring the store back from a backup, on this box or a new one; the daemon must be stopped
    #[command(
        after_help = "Example: hadir restore /mnt/usb/hadir-01KANC….backup --dry-run\n         hadir restore /mnt/usb/hadir-01KANC….backup --kit-stdin < kit.txt"
    )]
    Restore(restore::Restore),
    /// How the running daemon is
    #[command(after_help = "Example: hadir status --json")]
    Status,
    /// Let the running daemon read its configuration anew
    #[command(after_help = "Example: hadir reload")]
    Reload,
    /// Look at everything that can be wrong, and say what to do
    #[command(after_help = "Example: hadir doctor")]
    Doctor(doctor::Doctor),
    /// Print a shell's completions
    #[command(after_help = "Example: hadir completions bash > /etc/bash_completion.d/hadir")]
    Completions(completions::Completions),
}

fn dispatch(arguments: &Arguments) -> Result<(), Failure> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Serve(args) => serve::run(common, args),
        Command::Person(args) => person::run(common, args),
        Command::Event(args) => event::run_event(common, args),
        Command::Ticket(args) => event::run_ticket(common, args),
        Command::SetupCode => device::run_setup_code(common),
        Command::Device(args) => device::run(common, args),
        Command::Openapi(args) => openapi::run(args),
        Command::Key(args) => key::run(common, args),
        Command::Audit(args) => key::run_audit(common, args),
        Command::Mail(args) => mail::run(common, args),
        Command::Import(args) => import::run(common, args),
        Command::Backup(args) => backup::run(common, args),
        Command::Restore(args) => restore::run(common, args),
        Command::Status => status::run(common),
        Command::Reload => reload::run(common),
        Command::Doctor(args) => doctor::run(common, args),
        Command::Demo(args) => demo::run(common, args),
        Command::CheckConfig => check_config::run(common),
        Command::Face(args) => face::run(common, args),
        Command::Completions(args) => completions::run(args, &mut Arguments::command()),
    }
}

/// Runs the program with these arguments (the first is its name) and returns how it ended: 0,
/// 1 failed, 64 called wrongly, 78 configuration or key.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are errors to clap, but none to the caller.
            let _ = error.print();
            let status = if error.use_stderr() { 64 } else { 0 };
            return ExitCode::from(status);
        }
    };
    let done = dispatch(&arguments);
    if let Err(failure) = &done {
        tell(failure);
    }
    journal::flush(Duration::from_millis(limits::JOURNAL_FLUSH_MS_MAX));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(failure.status()),
    }
}

/// Tells a failure once: in the journal where there is one, which has stderr as well.
fn tell(failure: &Failure) {
    if journal::is_started() {
        failure.log();
        return;
    }
    let in_journal = journal::is_behind_stderr();
    for text in failure.to_string().lines() {
        match in_journal {
            true => urgent_complaint(text),
            false => complaint(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(command: &clap::Command, path: &str, visit: &mut impl FnMut(&str, &clap::Command)) {
        visit(path, command);
        for sub in command.get_subcommands() {
            walk(sub, &format!("{path} {}", sub.get_name()), visit);
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_help_with_an_example() {
        walk(&Arguments::command(), "hadir", &mut |path, command| {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            let leaf = command.get_subcommands().next().is_none();
            assert!(
                !leaf || help.starts_with("Example: ") && help.contains("hadir "),
                "{path}: {help:?}"
            );
            assert!(command.get_about().is_some(), "{path}");
        });
    }
}
