//! Bringing accounts over from an old system, with the hashes of their passwords: whoever had an
//! account there signs in here with the same name and password, and gets a hash of today then.

use crate::base::cause::Cause;
use crate::base::json::{self, JsonError, Value};
use crate::base::limits;
use crate::crypto::password::is_old_hash;
use crate::domain::actor::Role;
use crate::domain::fault::{Fault, from_fault};
use crate::domain::identity::login::Login;
use crate::domain::identity::person::{self, Profile};
use crate::domain::identity::{account, registration};
use crate::domain::site::Call;
use crate::domain::surface::Surface;
use crate::store::Tx;
use std::collections::BTreeSet;
use std::fmt;

/// Names of the columns, of which the first that is there counts.
const NAMES: [&str; 3] = ["username", "user", "login"];
const HASHES: [&str; 4] = ["password_hash", "hashed_password", "hash", "password"];
const ROLES: [&str; 1] = ["role"];

/// Why nothing was brought over.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// Not a list of accounts: neither JSON nor a table with the columns that are needed.
    Form(&'static str),
    /// An entry is wrong: its number, counted from one, and why.
    Entry(usize, &'static str),
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl From<account::Error> for Error {
    fn from(error: account::Error) -> Self {
        match error {
            account::Error::Fault(fault) => Self::Fault(fault),
            account::Error::NoPerson | account::Error::LoginTaken => {
                Self::Form("the accounts have changed meanwhile: try again")
            }
        }
    }
}

impl From<registration::Error> for Error {
    fn from(error: registration::Error) -> Self {
        match error {
            registration::Error::Fault(fault) => Self::Fault(fault),
            registration::Error::Closed
            | registration::Error::Role
            | registration::Error::LoginTaken => {
                Self::Form("the accounts have changed meanwhile: try again")
            }
        }
    }
}

impl From<person::Error> for Error {
    fn from(error: person::Error) -> Self {
        match error {
            person::Error::Fault(fault) => Self::Fault(fault),
            person::Error::NoPerson
            | person::Error::NumberTaken
            | person::Error::EmailTaken
            | person::Error::LastAdministrator => {
                Self::Form("the accounts have changed meanwhile: try again")
            }
        }
    }
}

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Form(_) => Cause::Invalid,
            Self::Entry(..) => Cause::Unprocessable,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(why) => f.write_str(why),
            Self::Entry(number, why) => write!(f, "account {number}: {why}"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// An account of an old system.
#[derive(Debug, Clone)]
pub struct Brought {
    login: Login,
    role: Role,
    hash: String,
}

/// How many accounts were brought over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// New here.
    pub added: usize,
    /// Here already, and left as they are.
    pub kept: usize,
}

/// Reads the accounts of the TixGo set: a JSON list of objects, an object of such by name, or a
/// table (CSV) with a head. Each has `username`, `password_hash` (bcrypt) and, if it is not
/// `committee`, `role`.
///
/// # Errors
/// [`Error::Form`], [`Error::Entry`].
pub fn read_tixgo(text: &str) -> Result<Vec<Brought>, Error> {
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let rows = match text.chars().next() {
        Some('[' | '{') => from_json(text)?,
        Some(_) => from_table(text)?,
        None => return Err(Error::Form("there are no accounts: the input is empty")),
    };
    if rows.len() > limits::IMPORT_LINES_MAX {
        return Err(Error::Form("there are more accounts than one import takes"));
    }
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let one = brought(row).map_err(|why| Error::Entry(i + 1, why))?;
        if !seen.insert(one.login.as_str().to_owned()) {
            return Err(Error::Entry(i + 1, "another entry has this name"));
        }
        all.push(one);
    }
    Ok(all)
}

/// Name, hash, role.
type Row = [Option<String>; 3];

fn brought([name, hash, role]: &Row) -> Result<Brought, &'static str> {
    let name = name.as_deref().ok_or("it has no username")?;
    if !(1..=limits::LOGIN_CHARS_MAX).contains(&name.chars().count()) {
        return Err("its username has not 1 to 64 characters");
    }
    let login = Login::chosen(name).ok_or("its username looks like another one")?;
    let hash = hash.clone().ok_or("it has no password_hash")?;
    if !is_old_hash(&hash) {
        return Err("its password_hash is no bcrypt hash of cost 4 to 14");
    }
    let role = match role.as_deref().unwrap_or("committee") {
        "committee" => Role::Committee,
        "admin" => Role::Admin,
        _ => return Err("its role is neither committee nor admin"),
    };
    Ok(Brought { login, role, hash })
}

fn from_json(text: &str) -> Result<Vec<Row>, Error> {
    const FORM: Error =
        Error::Form("this is neither a JSON list of accounts nor an object of them");
    let value = json::decode::<Value>(text.as_bytes(), limits::IMPORT_BYTES_MAX);
    let value = value.map_err(|e| match e {
        JsonError::TooLarge(_) => Error::Form("the input is larger than an import may be"),
        JsonError::TooDeep | JsonError::Encoding | JsonError::Syntax(..) | JsonError::Shape(_) => {
            FORM
        }
    })?;
    match value {
        Value::Array(items) => Ok(items.iter().map(|i| fields(i, None)).collect()),
        Value::Object(map) => match map.get("users") {
            Some(Value::Array(items)) => Ok(items.iter().map(|i| fields(i, None)).collect()),
            Some(_) | None => Ok(map.iter().map(|(n, i)| fields(i, Some(n))).collect()),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(FORM),
    }
}

/// The fields of an entry; `name`: by which the list has it.
fn fields(entry: &Value, name: Option<&String>) -> Row {
    let find = |names: &[&str]| {
        let text = |n: &&str| entry.get(*n).and_then(Value::as_str);
        names.iter().find_map(text).map(str::to_owned)
    };
    [
        find(&NAMES).or_else(|| name.cloned()),
        find(&HASHES),
        find(&ROLES),
    ]
}

fn from_table(text: &str) -> Result<Vec<Row>, Error> {
    const FORM: Error = Error::Form("this is no table with the columns username and password_hash");
    if text.len() > limits::IMPORT_BYTES_MAX {
        return Err(Error::Form("the input is larger than an import may be"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| FORM)?.clone();
    let column = |names: &[&str]| {
        let is = |c: &str| names.iter().any(|n| c.trim().eq_ignore_ascii_case(n));
        head.iter().position(is)
    };
    let columns = [column(&NAMES), column(&HASHES), column(&ROLES)];
    if columns.iter().take(2).any(Option::is_none) {
        return Err(FORM);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| FORM)?;
        let cell = |c: Option<usize>| {
            let text = c.and_then(|c| record.get(c)).filter(|t| !t.is_empty());
            text.map(str::to_owned)
        };
        rows.push(columns.map(cell));
    }
    Ok(rows)
}

/// Brings accounts over, all of them or none. A name that somebody has or had here is left alone,
/// so the same list can be brought twice. Durable once the job's commit is answered.
///
/// # Errors
/// The faults.
pub fn bring(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    surface: Surface,
    accounts: &[Brought],
) -> Result<Outcome, Error> {
    let _may = call.actor.manage_accounts()?;
    let _may = call.actor.manage_roles()?;
    let mut outcome = Outcome { added: 0, kept: 0 };
    for one in accounts {
        if registration::is_taken(tx, call.site, surface, &one.login)? {
            outcome.kept += 1;
            continue;
        }
        let name = one.login.as_str().parse();
        let profile = Profile {
            name: name.map_err(|_| Fault::Damaged("login"))?,
            number: None,
            email: None,
            class: None,
            role: one.role,
        };
        let id = person::insert(tx, call, &profile, surface)?;
        account::keep(tx, call, surface, id, &one.login, &one.hash)?;
        outcome.added += 1;
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    fn read(text: &str) -> Result<Vec<(String, Role)>, Error> {
        let all = read_tixgo(&text.replace("HASH", HASH))?;
        Ok(all
            .iter()
            .map(|b| (b.login.as_str().to_owned(), b.role))
            .collect())
    }

    #[test]
    fn accounts_are_read_from_a_list_an_object_and_a_table() {
        let want = vec![
            ("admin1".to_owned(), Role::Admin),
            ("panitia 1".to_owned(), Role::Committee),
        ];
        let texts = [
            r#"[{"username":"admin1","password_hash":"HASH","role":"admin"},{"username":"panitia 1","hashed_password":"HASH"}]"#,
            r#"{"admin1":{"password":"HASH","role":"admin"},"panitia 1":{"hash":"HASH","role":"committee"}}"#,
            r#"{"users":[{"user":"admin1","hash":"HASH","role":"admin"},{"login":"panitia 1","hash":"HASH"}]}"#,
            "\u{FEFF}Username,Role,Password_Hash\nadmin1,admin,HASH\n\"panitia 1\",,HASH\n",
        ];
        for text in texts {
            assert_eq!(read(text), Ok(want.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_number() {
        let table = [
            ("", "empty"),
            ("7", "no table"),
            ("[", "neither"),
            ("a,b\n1,2\n", "no table"),
            (
                r#"[{"password_hash":"HASH"}]"#,
                "account 1: it has no username",
            ),
            (
                r#"[{"username":"a","password_hash":"secret"}]"#,
                "account 1: its password_hash is no bcrypt",
            ),
            (
                r#"[{"username":"a"}]"#,
                "account 1: it has no password_hash",
            ),
            (
                r#"[{"username":"a","hash":"HASH","role":"root"}]"#,
                "account 1: its role",
            ),
            (
                r#"[{"username":"a","hash":"HASH"},{"username":"a","hash":"HASH"}]"#,
                "account 2: another",
            ),
        ];
        for (text, want) in table {
            let error = read(text).expect_err(text);
            assert!(error.to_string().contains(want), "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            let _ = read_tixgo(&text);
        }
    }
}
