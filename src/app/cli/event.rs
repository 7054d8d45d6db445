//! `hadir event …` and `hadir ticket …`.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line, table};
use crate::base::id::{EventId, TicketId};
use crate::base::json;
use crate::surface::control::Command;
use crate::vision::code;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The arguments of `hadir event`.
#[derive(Debug, Clone, Args)]
pub struct Event {
    #[command(subcommand)]
    act: EventAct,
}

#[derive(Debug, Clone, Subcommand)]
enum EventAct {
    /// Make an event that is open at once
    #[command(after_help = "Example: hadir event add \"Wisuda 2026\" --capacity 400")]
    Add {
        /// The name
        name: String,
        /// How many it holds
        #[arg(long)]
        capacity: Option<u32>,
    },
    /// List all events
    #[command(after_help = "Example: hadir event list --json")]
    List,
    /// Close an event
    #[command(after_help = "Example: hadir event close 01KANCJ2G0000000000000000A")]
    Close {
        /// The event's id
        event: EventId,
    },
}

/// The arguments of `hadir ticket`.
#[derive(Debug, Clone, Args)]
pub struct Ticket {
    #[command(subcommand)]
    act: TicketAct,
}

#[derive(Debug, Clone, Subcommand)]
enum TicketAct {
    /// Issue a ticket and print its code
    #[command(
        after_help = "Example: hadir ticket add 01KANCJ2G0000000000000000A --person 2026-001"
    )]
    Add {
        /// The event's id
        event: EventId,
        /// Holder: id or number; without one, whoever shows the code
        #[arg(long)]
        person: Option<String>,
    },
    /// Write a ticket's QR code as a PNG file
    #[command(after_help = "Example: hadir ticket qr 01KANCJ2G0000000000000000B ticket.png")]
    Qr {
        /// The ticket's id
        ticket: TicketId,
        /// The file; it must not exist
        file: PathBuf,
    },
}

/// Runs `hadir event`.
///
/// # Errors
/// What the command is refused for.
pub fn run_event(common: &Common, args: &Event) -> Result<(), Failure> {
    let command = match args.act.clone() {
        EventAct::Add { name, capacity } => Command::EventAdd { name, capacity },
        EventAct::List => Command::EventList,
        EventAct::Close { event } => Command::EventClose { event },
    };
    let value = act::carry_out(common, &act::config(common)?, command, None)?;
    match (common.style(), &args.act) {
        (Style::Json, _) => line(&value),
        (Style::Text, EventAct::Add { .. }) => line(cell(&value, "event")),
        (Style::Text, EventAct::Close { .. }) => line(format!("closed {}", cell(&value, "event"))),
        (Style::Text, EventAct::List) => list(&value),
    }
    Ok(())
}

fn list(value: &json::Value) {
    const KEYS: [&str; 4] = ["event", "name", "state", "capacity"];
    let events = value.get("events").and_then(json::Value::as_array);
    let row = |e: &json::Value| KEYS.iter().map(|k| cell(e, k)).collect::<Vec<_>>();
    let rows: Vec<_> = events.into_iter().flatten().map(row).collect();
    table(&["EVENT", "NAME", "STATE", "CAPACITY"], &rows);
}

/// Runs `hadir ticket`.
///
/// # Errors
/// What the command is refused for, or a file that cannot be written.
pub fn run_ticket(common: &Common, args: &Ticket) -> Result<(), Failure> {
    let config = act::config(common)?;
    match &args.act {
        TicketAct::Add { event, person } => {
            let command = Command::TicketAdd {
                event: *event,
                person: person.clone(),
            };
            let value = act::carry_out(common, &config, command, None)?;
            match common.style() {
                Style::Json => line(&value),
                Style::Text => {
                    line(format!(
                        "{} {}",
                        cell(&value, "ticket"),
                        cell(&value, "code")
                    ));
                }
            }
        }
        TicketAct::Qr { ticket, file } => {
            let command = Command::TicketCode { ticket: *ticket };
            let value = act::carry_out(common, &config, command, None)?;
            let picture = code::render(&cell(&value, "code")).map_err(Failure::of)?;
            let png = picture.to_frame().encode_png().map_err(Failure::of)?;
            write_new(file, &png)?;
            match common.style() {
                Style::Json => line(json::json!({"ticket": ticket, "file": file})),
                Style::Text => line(format!("wrote {}", file.display())),
            }
        }
    }
    Ok(())
}

fn write_new(file: &PathBuf, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;
    let wrong = |e: std::io::Error| Failure::Failed(format!("{}: {e}", file.display()));
    let mut new = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(wrong)?;
    new.write_all(bytes).map_err(wrong)
}
