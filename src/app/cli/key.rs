//! `hadir key …` and `hadir audit …`.

use crate::app::cli::{Common, act};
use crate::app::config::Config;
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line};
use crate::base::json;
use crate::crypto::random::{Seed, Seeded};
use crate::domain::custody;
use crate::domain::trail::Form;
use crate::host::credential::Place;
use crate::surface::control::Command;
use clap::{Args, Subcommand};
use std::io::Write as _;

/// The arguments of `hadir key`.
#[derive(Debug, Clone, Args)]
pub struct Key {
    #[command(subcommand)]
    act: KeyAct,
}

#[derive(Debug, Clone, Subcommand)]
enum KeyAct {
    /// Make the master key where the configuration says; never over an existing one
    #[command(after_help = "Example: hadir key init --config ./hadir.toml")]
    Init,
    /// Change the master key; nothing that is sealed changes
    #[command(after_help = "Example: hadir key rotate")]
    Rotate,
    /// Tell how the keys stand
    #[command(after_help = "Example: hadir key status --json")]
    Status,
}

/// The arguments of `hadir audit`.
#[derive(Debug, Clone, Args)]
pub struct Audit {
    #[command(subcommand)]
    act: AuditAct,
}

#[derive(Debug, Clone, Subcommand)]
enum AuditAct {
    /// Check every row of the audit chain
    #[command(after_help = "Example: hadir audit verify --head 1042:9f2c…")]
    Verify {
        /// An end of the chain that was kept elsewhere (the journal has one for each hour)
        #[arg(long, value_name = "COUNT:LINK")]
        head: Option<String>,
    },
    /// Print the audit trail, oldest row first
    #[command(after_help = "Example: hadir audit export --format ndjson > audit.ndjson")]
    Export {
        /// The form: csv, ndjson
        #[arg(long, default_value = "csv")]
        format: Form,
    },
}

/// Runs `hadir key`.
///
/// # Errors
/// [`Failure::Setup`] for a key that is missing, wrong or there already.
pub fn run(common: &Common, args: &Key) -> Result<(), Failure> {
    let config = act::config(common)?;
    match args.act {
        KeyAct::Init => {
            let Place::File(path) = &config.master else {
                return Err(Failure::Setup(format!(
                    "{} is made with systemd-creds, not here; hadir makes only \"file:PATH\"",
                    config.master
                )));
            };
            let mut chance = Seeded::new(&Seed::from_system().map_err(Failure::of)?);
            let fingerprint =
                custody::init(path, &mut chance).map_err(|e| Failure::Setup(e.to_string()))?;
            shown(common, &json::json!({"fingerprint": fingerprint}), |v| {
                format!(
                    "made {}, fingerprint {}",
                    config.master,
                    cell(v, "fingerprint")
                )
            });
        }
        KeyAct::Rotate => {
            let value = act::carry_out(common, &config, Command::KeyRotate, None)?;
            shown(common, &value, |v| match cell(v, "install") {
                text if text.is_empty() => {
                    format!("rotated, fingerprint {}", cell(v, "fingerprint"))
                }
                text => format!("install this as the credential, then restart:\n{text}"),
            });
        }
        KeyAct::Status => {
            let value = act::carry_out(common, &config, Command::KeyStatus, None)?;
            shown(common, &value, |v| {
                let fits = if cell(v, "fits") == "true" {
                    "opens"
                } else {
                    "does NOT open"
                };
                format!(
                    "{}: fingerprint {}, {fits} the store",
                    cell(v, "place"),
                    cell(v, "fingerprint")
                )
            });
        }
    }
    Ok(())
}

/// Runs `hadir audit`.
///
/// # Errors
/// [`Failure::Failed`] with what is broken.
pub fn run_audit(common: &Common, args: &Audit) -> Result<(), Failure> {
    let config = act::config(common)?;
    match &args.act {
        AuditAct::Verify { head } => {
            let command = Command::AuditVerify { head: head.clone() };
            let value = act::carry_out(common, &config, command, None)?;
            shown(common, &value, |v| {
                format!("whole: {} rows, head {}", cell(v, "rows"), cell(v, "head"))
            });
            Ok(())
        }
        AuditAct::Export { format } => export(common, &config, *format),
    }
}

/// Prints the trail a stretch at a time.
fn export(common: &Common, config: &Config, form: Form) -> Result<(), Failure> {
    let (mut first, mut last) = (0, 0);
    let mut out = std::io::stdout().lock();
    loop {
        let command = Command::AuditExport { first, last, form };
        let value = act::carry_out(common, config, command, None)?;
        let text = value.get("text").and_then(json::Value::as_str);
        let written = out.write_all(text.unwrap_or_default().as_bytes());
        written.map_err(|e| Failure::Failed(format!("the trail cannot be printed: {e}")))?;
        let number = |key| value.get(key).and_then(json::Value::as_u64);
        last = number("last").unwrap_or_default();
        match number("next") {
            Some(next) => first = next,
            None => return Ok(()),
        }
    }
}

fn shown(common: &Common, value: &json::Value, text: impl Fn(&json::Value) -> String) {
    match common.style() {
        Style::Json => line(value),
        Style::Text => line(text(value)),
    }
}
