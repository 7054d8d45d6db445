//! Commands of the operator: the command line makes a [`Command`] of its arguments and sends
//! it to the running daemon through the control socket, or executes it itself while no daemon
//! runs. Either way it is the same function that executes it.

mod audit;
mod backup;
pub mod client;
mod device;
mod event;
mod face;
mod import;
mod keeping;
mod login;
mod mail;
mod person;
pub mod server;

use crate::base::cause::Cause;
use crate::base::id::{DeviceId, EventId, NoticeId, TicketId};
use crate::base::json;
use crate::base::limits;
use crate::domain::actor::{Actor, Role};
use crate::domain::device::DeviceKind;
use crate::domain::surface::Surface;
use crate::domain::trail;
use crate::surface::core::Core;
use serde::{Deserialize, Serialize};
use std::fmt;

pub use backup::Passphrase;
pub use face::{ConsentGiven, Sample};

/// The surface's name in audit rows.
const SURFACE: &str = "control";

/// Who sends commands: whoever may open the socket or the store's directory.
const ACTOR: Actor = Actor::Operator;

/// What can be commanded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// How the box is.
    Status,
    /// Adds a person.
    PersonAdd {
        /// The name.
        name: String,
        /// The native role.
        role: Role,
        /// The number (NIS, NIM), if any.
        number: Option<String>,
        /// The e-mail address, if any.
        email: Option<String>,
        /// The class, if any.
        class: Option<String>,
    },
    /// All people.
    PersonList,
    /// Everything that is kept of a person.
    PersonExport {
        /// The person's id or number.
        person: String,
    },
    /// Lets a person take part, or not any more.
    PersonEnable {
        /// The person's id or number.
        person: String,
        /// Whether they may.
        enabled: bool,
    },
    /// Gives a person a role on a surface.
    PersonRole {
        /// The person's id or number.
        person: String,
        /// Where it holds, a native one everywhere, and which.
        held: (Surface, Role),
    },
    /// Merges an entry of a person into another one.
    PersonMerge {
        /// The entry that goes: id or number.
        from: String,
        /// The entry that stays: id or number.
        into: String,
    },
    /// Erases a person for ever.
    PersonErase {
        /// The person's id or number.
        person: String,
    },
    /// Gives a person a login, or a new password.
    PersonPasswd {
        /// The person's id or number.
        person: String,
        /// The login name; None: the one there is.
        login: Option<String>,
        /// Hash of the password, in the PHC form: the password itself does not travel.
        hash: String,
    },
    /// Gives a person a login on an old surface, and a role there.
    PersonLogin {
        /// The person's id or number.
        person: String,
        /// The surface.
        surface: Surface,
        /// The login name, as it is typed there.
        login: String,
        /// The role, which holds there alone.
        role: Role,
        /// Hash of the password, in the PHC form.
        hash: String,
    },
    /// Brings accounts of the TixGo set over.
    ImportTixgo {
        /// JSON or CSV.
        text: String,
    },
    /// Enrols a face.
    FaceEnrol {
        /// The person's id or number.
        person: String,
        /// Digest of the model that made the embeddings, hexadecimal.
        model: String,
        /// What was seen in each picture.
        samples: Vec<Sample>,
        /// A consent to record first.
        consent: Option<ConsentGiven>,
        /// Why it is another person than the one with the same face, if so.
        not_same_person: Option<String>,
    },
    /// Removes a person's face.
    FaceRemove {
        /// The person's id or number.
        person: String,
    },
    /// Makes an open event.
    EventAdd {
        /// The name.
        name: String,
        /// How many it holds.
        capacity: Option<u32>,
    },
    /// All events.
    EventList,
    /// Closes an event.
    EventClose {
        /// Which.
        event: EventId,
    },
    /// Issues a ticket.
    TicketAdd {
        /// For which event.
        event: EventId,
        /// For whom: id or number; nobody: for whoever shows it.
        person: Option<String>,
    },
    /// A ticket's code.
    TicketCode {
        /// Which.
        ticket: TicketId,
    },
    /// A fresh code for the first administrator.
    SetupCode,
    /// Offers a device.
    DevicePair {
        /// What people call it.
        name: String,
        /// What it is.
        kind: DeviceKind,
        /// The event it checks in to; none: the attendance of the day.
        event: Option<EventId>,
    },
    /// All devices.
    DeviceList,
    /// Revokes a device.
    DeviceRevoke {
        /// Which.
        device: DeviceId,
    },
    /// Changes the master key.
    KeyRotate,
    /// How the keys stand.
    KeyStatus,
    /// Checks the audit chain.
    AuditVerify {
        /// An end of the chain that was kept elsewhere, COUNT:LINK, which it must still have.
        #[serde(default)]
        head: Option<String>,
    },
    /// Rows of the audit trail for an export, oldest first.
    AuditExport {
        /// From this row on; 0: an export begins, which the trail tells.
        first: u64,
        /// The last row; what the answer to the beginning said.
        last: u64,
        /// The form.
        form: trail::Form,
    },
    /// Reads the configuration anew; only a daemon can.
    Reload,
    /// Sends a test mail at once.
    MailTest {
        /// To whom.
        to: String,
    },
    /// How the mails stand that wait or were given up.
    MailList,
    /// Tries a mail again now.
    MailRetry {
        /// Which.
        mail: NoticeId,
    },
    /// Makes a backup and proves it.
    BackupCreate {
        /// The file, absolute; None: where backups go.
        file: Option<String>,
        /// A passphrase that opens it besides the recovery kit.
        passphrase: Option<Passphrase>,
    },
    /// Proves a backup again, with the keys of this box.
    BackupVerify {
        /// The file, absolute.
        file: String,
    },
    /// The backups in a folder.
    BackupList {
        /// The folder, absolute; None: where backups go.
        folder: Option<String>,
    },
}

impl Command {
    /// Time that it may take, in milliseconds.
    #[must_use]
    pub const fn ms_max(&self) -> u64 {
        match matches!(self, Self::BackupCreate { .. } | Self::BackupVerify { .. }) {
            true => limits::BACKUP_MS_MAX,
            false => limits::CONTROL_MS_MAX,
        }
    }
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The code of the cause.
    pub code: String,
    /// What is wrong and what to do, for the operator.
    pub message: String,
}

impl Refusal {
    /// A refusal for this cause.
    pub fn new(cause: Cause, message: impl fmt::Display) -> Self {
        Self {
            code: cause.code().to_owned(),
            message: message.to_string(),
        }
    }

    /// An input that is not of its form.
    pub fn invalid(what: &str, error: impl fmt::Display) -> Self {
        Self::new(Cause::Invalid, format_args!("{what}: {error}"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Errors of the domain's services as refusals.
macro_rules! refusals {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self::new(error.cause(), error)
            }
        }
    )*};
}

refusals!(
    crate::store::Error,
    crate::domain::fault::Fault,
    crate::domain::custody::Error,
    crate::domain::consent::Error,
    crate::domain::identity::account::Error,
    crate::domain::identity::bring::Error,
    crate::domain::identity::person::Error,
    crate::domain::identity::enrol::Error,
    crate::domain::ticketing::error::Error,
    crate::domain::device::Error,
    crate::domain::setup::Error,
    crate::domain::mail::Error,
    crate::surface::backup::Error,
);

/// The line that goes back: one of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It was carried out; commands that ask get what they asked for.
    Done(json::Value),
    /// It was not.
    Refused(Refusal),
}

impl From<Result<json::Value, Refusal>> for Answer {
    fn from(result: Result<json::Value, Refusal>) -> Self {
        match result {
            Ok(value) => Self::Done(value),
            Err(refusal) => Self::Refused(refusal),
        }
    }
}

/// Carries a command out. Blocks until its commit; not to be called from async code.
///
/// # Errors
/// [`Refusal`]. Nothing has changed then.
pub fn execute(core: &Core, command: Command) -> Result<json::Value, Refusal> {
    match command {
        Command::Status => Ok(keeping::status(core)),
        Command::PersonAdd {
            name,
            role,
            number,
            email,
            class,
        } => {
            let texts = person::Texts {
                name,
                number,
                email,
                class,
            };
            person::add(core, &texts, role)
        }
        Command::PersonList => person::list(core),
        Command::PersonExport { person } => person::export(core, &person),
        Command::PersonEnable { person, enabled } => person::enable(core, &person, enabled),
        Command::PersonRole { person, held } => login::give_role(core, &person, held),
        Command::PersonMerge { from, into } => person::merge(core, &from, &into),
        Command::PersonErase { person } => person::erase(core, &person),
        Command::PersonPasswd {
            person,
            login,
            hash,
        } => login::set(core, &person, login, &hash),
        Command::FaceEnrol {
            person,
            model,
            samples,
            consent,
            not_same_person: why,
        } => face::enrol(core, &person, &model, &samples, consent, why),
        Command::PersonLogin {
            person,
            surface,
            login,
            role,
            hash,
        } => login::set_on(core, &person, (surface, role), &login, &hash),
        Command::ImportTixgo { text } => import::tixgo(core, &text),
        Command::FaceRemove { person } => face::remove(core, &person),
        Command::EventAdd { name, capacity } => event::add(core, &name, capacity),
        Command::EventList => event::list(core),
        Command::EventClose { event } => event::close(core, event),
        Command::TicketAdd { event, person } => event::issue(core, event, person.as_deref()),
        Command::TicketCode { ticket } => event::code(core, ticket),
        Command::SetupCode => device::setup_code(core),
        Command::DevicePair { name, kind, event } => device::pair(core, &name, kind, event),
        Command::DeviceList => device::list(core),
        Command::DeviceRevoke { device } => device::revoke(core, device),
        Command::KeyRotate => keeping::rotate(core),
        Command::KeyStatus => keeping::key_status(core),
        Command::AuditVerify { head } => audit::verify(core, head.as_deref()),
        Command::AuditExport { first, last, form } => audit::export(core, first, last, form),
        Command::Reload => Err(Refusal::new(Cause::Conflict, "no daemon runs")),
        Command::MailTest { to } => mail::test(core, &to),
        Command::MailList => mail::list(core),
        Command::MailRetry { mail } => mail::retry(core, mail),
        Command::BackupCreate { file, passphrase } => backup::create(core, file, passphrase),
        Command::BackupVerify { file } => backup::verify(core, &file),
        Command::BackupList { folder } => backup::list(core, folder.as_deref()),
    }
}

/// Reads a command from a line.
///
/// # Errors
/// A refusal that says what is wrong with the line.
pub fn read(line: &[u8]) -> Result<Command, Refusal> {
    json::decode(line, limits::CONTROL_LINE_BYTES_MAX).map_err(|e| Refusal::invalid("command", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_survive_the_socket_and_others_are_refused() {
        let command = Command::PersonErase {
            person: "X1".into(),
        };
        let line = json::encode(&command).expect("json");
        assert_eq!(read(line.as_bytes()), Ok(command));
        for line in ["", "{}", "{\"command\":\"shutdown\"}", "[[["] {
            assert_eq!(read(line.as_bytes()).expect_err(line).code, "invalid");
        }
    }
}
