//! Who asks, and what they may do.
//!
//! A service asks the actor for a right and gets a value of a capability type, which only this
//! file can make; what writes or reveals takes that value as an argument. So a forgotten check
//! does not compile. Whoever is not named by a rule here is refused.

use crate::base::cause::Cause;
use crate::base::id::{ApiKeyId, DeviceId, PersonId};
use crate::base::word::words;
use std::fmt;

words! {
    /// What a person is on a surface, from least to most.
    Role {
        /// A visitor, student, pupil.
        User => "user",
        /// Integrates from outside.
        Developer => "developer",
        /// Teaches: keeps classes and attendance.
        Teacher => "teacher",
        /// Works at the door.
        Committee => "committee",
        /// Runs the box.
        Admin => "admin",
    }
}

words! {
    /// What a paired device may do, from least to most.
    DeviceAccess {
        /// Scans only: a kiosk, a camera. Nobody stands beside it.
        Scan => "scan",
        /// A staffed desk: also picks people from the list and reports offline scans.
        Desk => "desk",
        /// A staffed desk that may also undo what others did.
        Supervise => "supervise",
    }
}

words! {
    /// What a key of a program may be for.
    Scope {
        /// Sees people's data.
        PeopleRead => "people.read",
        /// Adds, changes and erases people, and their consents.
        PeopleWrite => "people.write",
        /// Makes events and tickets.
        Events => "events",
        /// Checks people in by what they show, and sees events and its own check-ins.
        Scan => "scan",
        /// Checks people in as staff does: from the list, with undo, and sees all check-ins.
        Attend => "attend",
        /// Says who is told what happens.
        Webhooks => "webhooks",
    }
}

impl Scope {
    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The scope that a right needs; None: no key has it.
    fn of(right: &str) -> Option<Self> {
        Some(match right {
            "read_people" | "read_name" => Self::PeopleRead,
            "manage_people" | "manage_consents" => Self::PeopleWrite,
            "manage_events" | "manage_tickets" => Self::Events,
            "scan" => Self::Scan,
            "attend" | "undo" | "report_offline" => Self::Attend,
            "manage_webhooks" => Self::Webhooks,
            _ => return None,
        })
    }
}

/// Several scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// These.
    pub fn new(all: impl IntoIterator<Item = Scope>) -> Self {
        Self(all.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Whether it is one of them. Who may do what staff does may scan, too.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        let implied = match scope {
            Scope::Scan => Scope::Attend.bit(),
            Scope::PeopleRead => Scope::PeopleWrite.bit(),
            Scope::PeopleWrite | Scope::Events | Scope::Attend | Scope::Webhooks => 0,
        };
        self.0 & (scope.bit() | implied) != 0
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Whoever has not signed in: holds no right.
    Stranger,
    /// The command line of the box: everything.
    Operator,
    /// A paired device, with what it may do.
    Device {
        /// Which device.
        id: DeviceId,
        /// What it may do.
        access: DeviceAccess,
    },
    /// A program with a key.
    Key {
        /// Which key.
        id: ApiKeyId,
        /// What the key is for.
        scopes: Scopes,
    },
    /// A person who has logged in, with the role held on the surface of the request.
    Person {
        /// Who.
        id: PersonId,
        /// The role on this surface.
        role: Role,
        /// Whether the person has the right `supervise`.
        supervise: bool,
    },
}

/// The actor may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied {
    /// The right that was missing.
    pub right: &'static str,
}

impl Denied {
    /// Always [`Cause::Forbidden`].
    #[must_use]
    pub const fn cause(self) -> Cause {
        Cause::Forbidden
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not permitted: the right `{}` is missing", self.right)
    }
}

impl std::error::Error for Denied {}

/// The least that a right asks of each kind of actor; None: never.
struct Grant {
    right: &'static str,
    role: Option<Role>,
    device: Option<DeviceAccess>,
}

macro_rules! rights {
    ($($(#[$doc:meta])* $kind:ident, $ask:ident, $code:literal, $role:expr, $device:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $kind(());

            impl Actor {
                #[doc = concat!("Asks for the right `", $code, "`.")]
                ///
                /// # Errors
                /// [`Denied`] if the actor has it not.
                pub fn $ask(&self) -> Result<$kind, Denied> {
                    let grant = Grant { right: $code, role: $role, device: $device };
                    self.holds(&grant).then_some($kind(())).ok_or(Denied { right: $code })
                }
            }
        )*

        /// The codes of all rights, for the table of who may do what.
        pub const RIGHTS: &[&str] = &[$($code),*];

        #[cfg(test)]
        fn ask(actor: &Actor, right: &str) -> bool {
            match right { $($code => actor.$ask().is_ok(),)* _ => false }
        }
    };
}

rights! {
    /// May add, change and erase people.
    ManagePeople, manage_people, "manage_people", Some(Role::Admin), None;
    /// May see people's data.
    ReadPeople, read_people, "read_people", Some(Role::Teacher), None;
    /// May see the full name of somebody who was just decided about.
    ReadName, read_name, "read_name", Some(Role::Teacher), Some(DeviceAccess::Desk);
    /// May decide how people get in, whose entry is whose, and over what is theirs by law. No program
    /// has it: whoever can make a way in has the rights of whoever comes in.
    ManageAccounts, manage_accounts, "manage_accounts", Some(Role::Admin), None;
    /// May give roles.
    ManageRoles, manage_roles, "manage_roles", Some(Role::Admin), None;
    /// May record and withdraw consents.
    ManageConsents, manage_consents, "manage_consents", Some(Role::Teacher), None;
    /// May enrol and remove faces.
    ManageFaces, manage_faces, "manage_faces", Some(Role::Teacher), None;
    /// May say that two like faces are two people.
    OverrideSameFace, override_same_face, "override_same_face", Some(Role::Admin), None;
    /// May pair and revoke devices.
    ManageDevices, manage_devices, "manage_devices", Some(Role::Admin), None;
    /// May make, open and close events.
    ManageEvents, manage_events, "manage_events", Some(Role::Committee), None;
    /// May issue, revoke and block tickets.
    ManageTickets, manage_tickets, "manage_tickets", Some(Role::Committee), None;
    /// May read and export the audit trail.
    ReadAudit, read_audit, "read_audit", Some(Role::Admin), None;
    /// May change the site's settings.
    ManageSettings, manage_settings, "manage_settings", Some(Role::Admin), None;
    /// May make and revoke keys of programs.
    ManageKeys, manage_keys, "manage_keys", Some(Role::Admin), None;
    /// May say who is told what happens.
    ManageWebhooks, manage_webhooks, "manage_webhooks", Some(Role::Admin), None;
    /// May say what the time is while nobody else does.
    SetClock, set_clock, "set_clock", Some(Role::Committee), Some(DeviceAccess::Desk);
    /// May check people in by what they show.
    Scan, scan, "scan", Some(Role::Teacher), Some(DeviceAccess::Scan);
    /// May check people in by picking them, and is somebody who looks at the visitor.
    Attend, attend, "attend", Some(Role::Teacher), Some(DeviceAccess::Desk);
    /// May report what was decided while the box could not be reached.
    ReportOffline, report_offline, "report_offline", Some(Role::Committee), Some(DeviceAccess::Desk);
    /// May undo a check-in within the window.
    Undo, undo, "undo", Some(Role::Teacher), Some(DeviceAccess::Desk);
}

/// May undo what others did, and later than the window.
#[derive(Debug, Clone, Copy)]
pub struct Supervise(());

impl Actor {
    fn holds(&self, grant: &Grant) -> bool {
        match self {
            Self::Stranger => false,
            Self::Operator => true,
            Self::Device { access, .. } => grant.device.is_some_and(|least| *access >= least),
            Self::Key { scopes, .. } => Scope::of(grant.right).is_some_and(|s| scopes.has(s)),
            Self::Person { role, .. } => grant.role.is_some_and(|least| *role >= least),
        }
    }

    /// Asks for the right `supervise`, which is given to single persons and devices.
    ///
    /// # Errors
    /// [`Denied`] if the actor has it not.
    pub fn supervise(&self) -> Result<Supervise, Denied> {
        let holds = match self {
            Self::Stranger | Self::Key { .. } => false,
            Self::Operator => true,
            Self::Device { access, .. } => *access >= DeviceAccess::Supervise,
            Self::Person {
                role, supervise, ..
            } => *role == Role::Admin || (*role == Role::Committee && *supervise),
        };
        holds
            .then_some(Supervise(()))
            .ok_or(Denied { right: "supervise" })
    }

    /// The device, if a device asks.
    #[must_use]
    pub const fn device(&self) -> Option<DeviceId> {
        match self {
            Self::Device { id, .. } => Some(*id),
            Self::Stranger | Self::Operator | Self::Key { .. } | Self::Person { .. } => None,
        }
    }

    /// Whether this very person asks, signed in.
    #[must_use]
    pub fn is_person(&self, id: PersonId) -> bool {
        self.person() == Some(id)
    }

    /// The person, if somebody who has signed in asks.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Stranger | Self::Operator | Self::Device { .. } | Self::Key { .. } => None,
        }
    }

    /// The actor as audit rows and undo rows name it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Stranger => "stranger".to_owned(),
            Self::Operator => "operator".to_owned(),
            Self::Device { id, .. } => format!("device:{id}"),
            Self::Key { id, .. } => format!("api_key:{id}"),
            Self::Person { id, .. } => format!("person:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id;
    use crate::base::time::Timestamp;

    fn person(role: Role) -> Actor {
        let id = PersonId::from_parts(Timestamp::from_millis(1), [1; 10]);
        Actor::Person {
            id,
            role,
            supervise: false,
        }
    }

    fn device(access: DeviceAccess) -> Actor {
        let id = DeviceId::from_parts(Timestamp::from_millis(1), [2; 10]);
        Actor::Device { id, access }
    }

    /// Written by hand: user, developer, teacher, committee, admin, scan, desk, supervise.
    #[test]
    fn who_may_do_what() {
        let table = [
            ("manage_people", "....x..."),
            ("read_people", "..xxx..."),
            ("read_name", "..xxx.xx"),
            ("manage_accounts", "....x..."),
            ("manage_roles", "....x..."),
            ("manage_consents", "..xxx..."),
            ("manage_faces", "..xxx..."),
            ("override_same_face", "....x..."),
            ("manage_devices", "....x..."),
            ("manage_events", "...xx..."),
            ("manage_tickets", "...xx..."),
            ("read_audit", "....x..."),
            ("manage_settings", "....x..."),
            ("manage_keys", "....x..."),
            ("manage_webhooks", "....x..."),
            ("set_clock", "...xx.xx"),
            ("scan", "..xxxxxx"),
            ("attend", "..xxx.xx"),
            ("report_offline", "...xx.xx"),
            ("undo", "..xxx.xx"),
        ];
        assert_eq!(table.map(|(right, _)| right), RIGHTS);
        let actors = Role::ALL
            .iter()
            .map(|r| person(*r))
            .chain(DeviceAccess::ALL.iter().map(|a| device(*a)));
        for (i, actor) in actors.enumerate() {
            for (right, marks) in table {
                let want = marks.as_bytes()[i] == b'x';
                assert_eq!(ask(&actor, right), want, "{right} for {}", actor.label());
            }
        }
        for right in RIGHTS {
            assert!(ask(&Actor::Operator, right), "{right}");
            assert!(!ask(&Actor::Stranger, right), "{right}");
        }
    }

    /// Written by hand: what a key of one scope may do, and nothing else.
    #[test]
    fn what_a_key_may_do() {
        let table: [(Scope, &[&str]); 6] = [
            (Scope::PeopleRead, &["read_people", "read_name"]),
            (
                Scope::PeopleWrite,
                &[
                    "manage_people",
                    "read_people",
                    "read_name",
                    "manage_consents",
                ],
            ),
            (Scope::Events, &["manage_events", "manage_tickets"]),
            (Scope::Scan, &["scan"]),
            (Scope::Attend, &["scan", "attend", "report_offline", "undo"]),
            (Scope::Webhooks, &["manage_webhooks"]),
        ];
        assert_eq!(table.map(|(scope, _)| scope), Scope::ALL);
        let key = |scopes| Actor::Key {
            id: ApiKeyId::from_parts(Timestamp::from_millis(1), [3; 10]),
            scopes,
        };
        for (scope, rights) in table {
            let actor = key(Scopes::new([scope]));
            let held: Vec<&str> = RIGHTS.iter().copied().filter(|r| ask(&actor, r)).collect();
            assert_eq!(held, rights, "{scope}");
            assert!(actor.supervise().is_err());
        }
        let all = key(Scopes::new(Scope::ALL.iter().copied()));
        for never in [
            "manage_roles",
            "manage_keys",
            "manage_settings",
            "manage_devices",
            "set_clock",
        ] {
            assert!(!ask(&all, never), "{never}");
        }
        assert!(
            RIGHTS
                .iter()
                .all(|right| !ask(&key(Scopes::default()), right))
        );
    }

    #[test]
    fn supervising_is_given_to_single_ones() {
        let supervisor = |role| Actor::Person {
            id: PersonId::from_parts(Timestamp::from_millis(1), [1; 10]),
            role,
            supervise: true,
        };
        assert!(supervisor(Role::Committee).supervise().is_ok());
        assert!(supervisor(Role::User).supervise().is_err());
        assert!(person(Role::Committee).supervise().is_err());
        assert!(person(Role::Admin).supervise().is_ok());
        assert!(device(DeviceAccess::Supervise).supervise().is_ok());
        assert!(device(DeviceAccess::Desk).supervise().is_err());
    }
}
