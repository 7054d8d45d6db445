//! `hadir person …`.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line, table};
use crate::base::json;
use crate::domain::actor::Role;
use crate::surface::control::Command;
use clap::{Args, Subcommand};

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Person {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// Add a person
    #[command(
        after_help = "Example: hadir person add \"Sinta Dewi\" --role user --number 2026-001"
    )]
    Add {
        /// The name
        name: String,
        /// user, developer, teacher, committee or admin
        #[arg(long, default_value = "user", value_parser = role)]
        role: Role,
        /// Number (NIS, NISN, NIM)
        #[arg(long, alias = "nim")]
        number: Option<String>,
        /// E-mail address
        #[arg(long)]
        email: Option<String>,
        /// Class or group
        #[arg(long)]
        class: Option<String>,
    },
    /// List all people
    #[command(after_help = "Example: hadir person list --json")]
    List,
    /// Erase a person for ever: key, face, name, number
    #[command(after_help = "Example: hadir person erase 2026-001")]
    Erase {
        /// Id or number
        person: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::read(text)
        .ok_or_else(|| "a role is user, developer, teacher, committee or admin".to_owned())
}

/// Runs the command.
///
/// # Errors
/// What the command is refused for.
pub fn run(common: &Common, args: &Person) -> Result<(), Failure> {
    let command = match args.act.clone() {
        Act::Add {
            name,
            role,
            number,
            email,
            class,
        } => Command::PersonAdd {
            name,
            role,
            number,
            email,
            class,
        },
        Act::List => Command::PersonList,
        Act::Erase { person } => Command::PersonErase { person },
    };
    let value = act::carry_out(common, &act::config(common)?, command, None)?;
    match (common.style(), &args.act) {
        (Style::Json, _) => line(&value),
        (Style::Text, Act::Add { .. }) => line(cell(&value, "person")),
        (Style::Text, Act::Erase { .. }) => line(format!("erased {}", cell(&value, "person"))),
        (Style::Text, Act::List) => list(&value),
    }
    Ok(())
}

fn list(value: &json::Value) {
    const KEYS: [&str; 6] = ["person", "name", "number", "class", "role", "face_pictures"];
    let people = value.get("people").and_then(json::Value::as_array);
    let row = |p: &json::Value| KEYS.iter().map(|k| cell(p, k)).collect::<Vec<_>>();
    let rows: Vec<_> = people.into_iter().flatten().map(row).collect();
    table(
        &["PERSON", "NAME", "NUMBER", "CLASS", "ROLE", "FACE_PICTURES"],
        &rows,
    );
}
