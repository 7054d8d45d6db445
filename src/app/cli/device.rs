//! `hadir device …` and `hadir setup-code`.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line, table};
use crate::base::id::{DeviceId, EventId};
use crate::base::json;
use crate::domain::device::DeviceKind;
use crate::surface::control::Command;
use clap::{Args, Subcommand};

/// The arguments of `hadir device`.
#[derive(Debug, Clone, Args)]
pub struct Device {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// Print a code with which a kiosk or a desk is paired within ten minutes
    #[command(after_help = "Example: hadir device pair \"North gate\" --kind kiosk")]
    Pair {
        /// What people call it
        name: String,
        /// kiosk or desk
        #[arg(long, default_value = "kiosk", value_parser = kind)]
        kind: DeviceKind,
        /// The event it checks in to [default: the attendance of the day]
        #[arg(long, value_name = "ID")]
        event: Option<EventId>,
    },
    /// List all devices
    #[command(after_help = "Example: hadir device list --json")]
    List,
    /// Take a device's rights away, at once
    #[command(after_help = "Example: hadir device revoke 01KANCJ2G0000000000000000A")]
    Revoke {
        /// The device's id
        device: DeviceId,
    },
}

fn kind(text: &str) -> Result<DeviceKind, String> {
    match DeviceKind::read(text) {
        Some(kind @ (DeviceKind::Kiosk | DeviceKind::Desk)) => Ok(kind),
        Some(DeviceKind::Camera) | None => Err("a device is a kiosk or a desk".to_owned()),
    }
}

/// Runs the command.
///
/// # Errors
/// What the command is refused for.
pub fn run(common: &Common, args: &Device) -> Result<(), Failure> {
    let command = match args.act.clone() {
        Act::Pair { name, kind, event } => Command::DevicePair { name, kind, event },
        Act::List => Command::DeviceList,
        Act::Revoke { device } => Command::DeviceRevoke { device },
    };
    let value = act::carry_out(common, &act::config(common)?, command, None)?;
    match (common.style(), &args.act) {
        (Style::Json, _) => line(&value),
        (Style::Text, Act::Pair { .. }) => line(cell(&value, "code")),
        (Style::Text, Act::Revoke { .. }) => line(format!("revoked {}", cell(&value, "device"))),
        (Style::Text, Act::List) => list(&value),
    }
    Ok(())
}

/// Prints a fresh code for the first administrator.
///
/// # Errors
/// If the box has an administrator already.
pub fn run_setup_code(common: &Common) -> Result<(), Failure> {
    let value = act::carry_out(common, &act::config(common)?, Command::SetupCode, None)?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => line(cell(&value, "code")),
    }
    Ok(())
}

fn list(value: &json::Value) {
    const KEYS: [&str; 5] = ["device", "name", "kind", "state", "event"];
    let devices = value.get("devices").and_then(json::Value::as_array);
    let row = |d: &json::Value| KEYS.iter().map(|k| cell(d, k)).collect::<Vec<_>>();
    let rows: Vec<_> = devices.into_iter().flatten().map(row).collect();
    table(&["DEVICE", "NAME", "KIND", "STATE", "EVENT"], &rows);
}
