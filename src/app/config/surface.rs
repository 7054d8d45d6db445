//! `[identity]` and `[surface.NAME]`: who may register, how long tokens hold, whose pages may
//! ask. What a surface does not say for itself, `[identity]` says for all of them; what neither
//! says is as the surface's contract has it, and registration is closed.

use crate::app::config::document::Table;
use crate::app::config::limit::read_rates;
use crate::app::config::section::{Problems, Section};
use crate::base::limits::{OLD_PASSWORD_BYTES_MAX, OLD_PASSWORD_CHARS_MIN};
use crate::domain::actor::Role;
use crate::domain::identity::registration::Policy;
use crate::host::credential::Place;
use crate::http::rate::Rules;
use crate::surface::tixgo::Setting;
use std::str::FromStr;

/// `[identity]`: what holds for every surface that does not say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// Whether anybody may register.
    pub registration: Option<bool>,
    /// The roles that may be asked for.
    pub roles: Option<Vec<Role>>,
    /// How long an access token holds, in minutes.
    pub access_token_minutes: Option<u32>,
    /// How long a refresh token holds, in days.
    pub refresh_token_days: Option<u32>,
    /// Fewest characters of a new password, on the old surfaces.
    pub password_chars_min: Option<usize>,
}

/// `[surface.identity]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentitySetting {
    /// What its handlers go by.
    pub setting: Setting,
    /// The secret that it shares with others of its set; None: the box's own.
    pub secret: Option<Place>,
    /// Whether the file speaks of it.
    pub named: bool,
}

/// An origin, as browsers write it.
struct Origin(String);

impl FromStr for Origin {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or_default();
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b);
        if rest.is_empty()
            || !rest.bytes().all(fits)
            || text.bytes().any(|b| b.is_ascii_uppercase())
        {
            return Err(format!(
                "\"{text}\" is no origin such as https://tiket.example.id or http://localhost:3000"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Reads `[identity]`.
pub fn accounts(root: &mut Table, problems: &mut Problems) -> Accounts {
    let mut section = Section::take(root, "identity", problems);
    let accounts = keys(&mut section, problems);
    section.finish(problems);
    accounts
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the numbers lie between one and some ten thousand"
)]
fn keys(section: &mut Section, problems: &mut Problems) -> Accounts {
    let words = [("open", true), ("closed", false)];
    let registration = section.choice("registration", problems, &words);
    let named = section.place("self_service_roles").is_some();
    let roles: Vec<Role> = section.list("self_service_roles", problems);
    let mut number = |key, most| section.number(key, problems, 1.0, most).map(|n| n as u32);
    Accounts {
        registration,
        roles: named.then_some(roles),
        access_token_minutes: number("access_token_minutes", 1440.0),
        refresh_token_days: number("refresh_token_days", 90.0),
        password_chars_min: number("password_chars_min", OLD_PASSWORD_BYTES_MAX as f64)
            .map(|n| n as usize),
    }
}

/// Reads `[surface.identity]`.
pub fn identity(
    root: &mut Table,
    all: &Accounts,
    rates: Rules,
    problems: &mut Problems,
) -> IdentitySetting {
    let mut surfaces = Section::take(root, "surface", problems);
    let section = surfaces.inner("identity");
    surfaces.finish(problems);
    let named = section.is_some();
    let mut section =
        section.unwrap_or_else(|| Section::new("surface.identity".to_owned(), Table::new()));
    let own = keys(&mut section, problems);
    let listed = section.place("cors").is_some();
    let origins: Vec<Origin> = section.list("cors", problems);
    let secret = section.parsed("jwt_secret", problems);
    let rates = section.inner("limits").map(|mut own| {
        let mut rates = rates;
        read_rates(&mut own, &mut rates, problems);
        own.finish(problems);
        rates
    });
    section.finish(problems);
    let origins = match listed {
        true => origins.into_iter().map(|o| o.0).collect(),
        false => CORS.iter().map(|&o| o.to_owned()).collect(),
    };
    let minutes = own.access_token_minutes.or(all.access_token_minutes);
    let roles = own.roles.or_else(|| all.roles.clone());
    let setting = Setting {
        policy: Policy {
            open: own.registration.or(all.registration).unwrap_or(false),
            roles: roles.unwrap_or_else(|| vec![Role::Committee]),
        },
        password_chars_min: (own.password_chars_min.or(all.password_chars_min))
            .unwrap_or(OLD_PASSWORD_CHARS_MIN),
        token_s: i64::from(minutes.unwrap_or(120)) * 60,
        origins,
        rates,
    };
    IdentitySetting {
        setting,
        secret,
        named,
    }
}

/// The origins of the original that are the same everywhere; the hosted one is the site's to name.
const CORS: [&str; 3] = [
    "http://localhost:8080",
    "http://localhost:3000",
    "http://localhost",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::parse;

    fn read(text: &str) -> (IdentitySetting, Vec<String>) {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        let all = accounts(&mut root, &mut problems);
        let got = identity(&mut root, &all, Rules::default(), &mut problems);
        let list = problems.into_list();
        (got, list.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_nobody_says_is_the_contract_s_and_closed() {
        let (got, problems) = read("");
        assert_eq!(problems, Vec::<String>::new());
        assert!(!got.named && got.secret.is_none());
        let setting = got.setting;
        assert!(!setting.policy.open);
        assert_eq!(setting.policy.roles, [Role::Committee]);
        assert_eq!((setting.token_s, setting.password_chars_min), (7200, 4));
        assert_eq!(setting.origins, CORS);
        assert_eq!(setting.rates, None);
    }

    #[test]
    fn a_surface_s_own_limits_go_before_those_for_all() {
        let (got, problems) = read(
            "[surface.identity]\nregistration = \"open\"\n[surface.identity.limits]\nlogin = \"3/1m\"\nauth = \"off\"\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let rates = got.setting.rates.expect("limits of its own");
        let login = rates.login.expect("a limit");
        assert_eq!((login.most, login.window_s, rates.auth), (3, 60, None));
        assert_eq!(rates.general, Rules::default().general);
        let (_, problems) = read("[surface.identity.limits]\nlogin = \"many\"\nconnections = 5\n");
        assert_eq!(problems.len(), 2, "{problems:#?}");
        assert!(
            problems[0].starts_with("f:2: surface.identity.limits.login: \"many\" is not allowed")
        );
        assert!(problems[1].starts_with("f:3: surface.identity.limits.connections is not a key"));
    }

    #[test]
    fn a_surface_s_own_word_goes_before_that_for_all() {
        let (got, problems) = read(
            "[identity]\nregistration = \"closed\"\naccess_token_minutes = 5\npassword_chars_min = 8\n\
             [surface.identity]\nregistration = \"open\"\nself_service_roles = [\"committee\", \"admin\"]\n\
             access_token_minutes = 30\ncors = [\"https://tiket.example.id\"]\n\
             jwt_secret = \"credential:hadir.jwt.identity\"\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let setting = got.setting;
        assert!(setting.policy.open && got.named);
        assert_eq!(setting.policy.roles, [Role::Committee, Role::Admin]);
        assert_eq!((setting.token_s, setting.password_chars_min), (1800, 8));
        assert_eq!(setting.origins, ["https://tiket.example.id"]);
        assert!(got.secret.is_some());
    }

    #[test]
    fn mistakes_are_named() {
        let (_, problems) = read(
            "[surface.identity]\nregistration = \"yes\"\nself_service_roles = [\"root\"]\n\
             access_token_minutes = 0\ncors = [\"*\"]\njwt_secret = \"rahasia\"\nx = 1\n[surface.chats]\n",
        );
        let begins = [
            "f:2: surface.identity.registration: \"yes\" is not allowed; allowed: \"open\", \"closed\"",
            "f:3: surface.identity.self_service_roles: expected one of: user,",
            "f:4: surface.identity.access_token_minutes is a number from 1 to 1440",
            "f:5: surface.identity.cors: \"*\" is no origin",
            "f:6: surface.identity.jwt_secret: a secret is named as",
            "f:7: surface.identity.x is not a key",
            "f:8: surface.chats is not a key",
        ];
        assert_eq!(problems.len(), begins.len(), "{problems:#?}");
        for (got, begin) in problems.iter().zip(begins) {
            assert!(got.starts_with(begin), "{got}");
        }
        assert!(!problems.join("").contains("rahasia"));
    }
}
