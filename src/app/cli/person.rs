//! `hadir person …`.

use crate::app::cli::{Common, act};
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line, table};
use crate::base::secret::Secret;
use crate::base::{json, limits};
use crate::crypto::password::Passwords;
use crate::crypto::random::{Seed, Seeded};
use crate::domain::actor::Role;
use crate::domain::surface::Surface;
use crate::surface::control::Command;
use clap::{Args, Subcommand};
use std::io::{BufRead, Read};

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
    /// Give a person a new password for the pages, read from the standard input
    #[command(
        after_help = "Example: hadir person passwd 2026-001 --login sinta --password-stdin < secret.txt"
    )]
    Passwd {
        /// Id or number
        person: String,
        /// Login name; without it the person keeps the one there is
        #[arg(long)]
        login: Option<String>,
        /// The password is the first line of the standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Give a person a login on an old surface, with a role that holds there alone
    #[command(
        after_help = "Example: hadir person login 2026-001 panitia1 --surface identity --role committee --password-stdin < secret.txt"
    )]
    Login {
        /// Id or number
        person: String,
        /// Login name, as it is typed there
        name: String,
        /// Only `identity` has logins of this kind
        #[arg(long, value_parser = surface)]
        surface: Surface,
        /// user, developer, teacher, committee or admin
        #[arg(long, default_value = "committee", value_parser = role)]
        role: Role,
        /// The password is the first line of the standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Give a person a role: a native one holds everywhere, another one on its surface alone
    #[command(after_help = "Example: hadir person role 2026-001 committee")]
    Role {
        /// Id or number
        person: String,
        /// user, developer, teacher, committee or admin
        #[arg(value_parser = role)]
        role: Role,
        /// The old surface on which the role holds: `identity`; without it the role is native
        #[arg(long, value_parser = surface)]
        surface: Option<Surface>,
    },
    /// Print everything that is kept of a person, as JSON
    #[command(after_help = "Example: hadir person export 2026-001 > person.json")]
    Export {
        /// Id or number
        person: String,
    },
    /// Keep a person out until enabled again; all their sessions end
    #[command(after_help = "Example: hadir person disable 2026-001")]
    Disable {
        /// Id or number
        person: String,
    },
    /// Let a disabled person take part again
    #[command(after_help = "Example: hadir person enable 2026-001")]
    Enable {
        /// Id or number
        person: String,
    },
    /// Merge an entry of a person into another one, and erase it
    #[command(after_help = "Example: hadir person merge 01KANC… 2026-001")]
    Merge {
        /// The entry that goes: id or number
        from: String,
        /// The entry that stays: id or number
        into: String,
    },
    /// Erase a person for ever: key, face, name, number
    #[command(after_help = "Example: hadir person erase 2026-001")]
    Erase {
        /// Id or number
        person: String,
    },
}

fn surface(text: &str) -> Result<Surface, String> {
    let found = Surface::read(text).filter(|s| *s == Surface::Identity);
    found.ok_or_else(|| "the surface is identity".to_owned())
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
        Act::Role {
            person,
            role,
            surface,
        } => Command::PersonRole {
            person,
            held: (surface.unwrap_or(Surface::Native), role),
        },
        Act::Export { person } => Command::PersonExport { person },
        Act::Disable { person } => Command::PersonEnable {
            person,
            enabled: false,
        },
        Act::Enable { person } => Command::PersonEnable {
            person,
            enabled: true,
        },
        Act::Merge { from, into } => Command::PersonMerge { from, into },
        Act::Erase { person } => Command::PersonErase { person },
        Act::Passwd { person, login, .. } => Command::PersonPasswd {
            person,
            login,
            hash: hash(&typed_password(limits::PASSWORD_CHARS_MIN)?)?,
        },
        Act::Login {
            person,
            name,
            surface,
            role,
            ..
        } => Command::PersonLogin {
            person,
            login: name,
            surface,
            role,
            hash: hash(&old_password()?)?,
        },
    };
    let value = act::carry_out(common, &act::config(common)?, command, None)?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => show(&args.act, &value),
    }
    Ok(())
}

/// What a command has done, for people.
fn show(act: &Act, value: &json::Value) {
    match act {
        Act::Export { .. } => line(format!("{value:#}")),
        Act::Add { .. } => line(cell(value, "person")),
        Act::Passwd { .. } | Act::Login { .. } => line(format!(
            "{} signs in as {}",
            cell(value, "person"),
            cell(value, "login")
        )),
        Act::Role { .. } => line(format!(
            "{} is {} on {}",
            cell(value, "person"),
            cell(value, "role"),
            cell(value, "surface")
        )),
        Act::Disable { .. } => line(format!("disabled {}", cell(value, "person"))),
        Act::Enable { .. } => line(format!("enabled {}", cell(value, "person"))),
        Act::Merge { .. } => line(format!(
            "merged {} into {}",
            cell(value, "merged"),
            cell(value, "person")
        )),
        Act::Erase { .. } => line(format!("erased {}", cell(value, "person"))),
        Act::List => list(value),
    }
}

/// A password for an old surface, whose clients know short ones and none beyond 72 bytes.
fn old_password() -> Result<Secret<String>, Failure> {
    let password = typed_password(limits::OLD_PASSWORD_CHARS_MIN)?;
    if password.expose().len() > limits::OLD_PASSWORD_BYTES_MAX {
        let most = limits::OLD_PASSWORD_BYTES_MAX;
        let told = format!("the password is too long: at most {most} bytes");
        return Err(Failure::Failed(told));
    }
    Ok(password)
}

/// The first line of the standard input, without its end; with so many characters at least.
fn typed_password(least: usize) -> Result<Secret<String>, Failure> {
    let mut line = String::new();
    // One more byte than a password may have, so that a longer one is seen and refused.
    let most = u64::try_from(limits::PASSWORD_BYTES_MAX).unwrap_or(u64::MAX) + 3;
    std::io::stdin()
        .lock()
        .take(most)
        .read_line(&mut line)
        .map_err(|e| Failure::Failed(format!("the standard input: {e}")))?;
    let password = Secret::new(line.trim_end_matches(['\r', '\n']).to_owned());
    drop(Secret::new(line));
    if password.expose().chars().count() < least {
        let told = format!("the password is too short: at least {least} characters");
        return Err(Failure::Failed(told));
    }
    Ok(password)
}

fn hash(password: &Secret<String>) -> Result<String, Failure> {
    let seed = Seed::from_system().map_err(Failure::of)?;
    let hashed = Passwords::default().hash(password, &mut Seeded::new(&seed));
    hashed.map_err(Failure::of)
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
