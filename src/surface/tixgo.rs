//! What the surfaces of the TixGo set share: the key of their tokens, how long a token holds, who
//! may register, and whose pages may ask. It is handed in with the configuration.

use crate::base::json::Value;
use crate::base::secret::Secret;
use crate::crypto::jwt::{self, Claims, Key, Keys, Refusal};
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::identity::registration::Policy;
use crate::domain::site::Site;
use crate::http::rate::{Limiter, Rules};

/// What the configuration says of a surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Who may register.
    pub policy: Policy,
    /// Fewest characters of a new password.
    pub password_chars_min: usize,
    /// How long an access token holds, in seconds.
    pub token_s: i64,
    /// Origins of pages that may ask.
    pub origins: Vec<String>,
    /// How often somebody may do something there; None: as everywhere.
    pub rates: Option<Rules>,
}

/// A surface of the set, ready to serve.
#[derive(Debug)]
pub struct State {
    /// What the configuration says.
    pub setting: Setting,
    sign: Key,
    verify: Keys,
    limiter: Option<Limiter>,
}

impl State {
    /// A surface whose tokens are signed with this secret, which the others of the set have too.
    #[must_use]
    pub fn new(setting: Setting, secret: &[u8]) -> Self {
        Self {
            limiter: setting.rates.map(Limiter::new),
            setting,
            sign: Key::new(secret),
            verify: Keys::unnamed(Key::new(secret)),
        }
    }

    /// The box's own secret of the set, where the configuration names none: always the same, and
    /// known to no other box.
    #[must_use]
    pub fn own_secret(site: &Site) -> Secret<[u8; 32]> {
        let key = site.keyring.purpose(Purpose::Tokens);
        Secret::new(token::token_digest(key, "jwt", "tixgo"))
    }

    /// A token for a name with a role, given at this second.
    #[must_use]
    pub fn token(&self, name: &str, role: &str, now_s: i64) -> Secret<String> {
        let (name, role) = (Value::from(name), Value::from(role));
        let end = now_s + self.setting.token_s;
        let claims = format!(r#"{{"sub":{name},"role":{role},"iat":{now_s},"exp":{end}}}"#);
        jwt::sign(&self.sign, None, &claims)
    }

    /// The claims of a token of the set.
    ///
    /// # Errors
    /// As [`jwt::verify`]; a token without a name is none.
    pub fn read(&self, token: &str, now_s: i64) -> Result<Claims, Refusal> {
        let claims = jwt::verify(&self.verify, token, now_s, None)?;
        match claims.get("sub").and_then(Value::as_str) {
            Some(name) if !name.is_empty() => Ok(claims),
            Some(_) | None => Err(Refusal::Claims),
        }
    }

    /// What counts how often somebody does something here: its own, or that of the box.
    #[must_use]
    pub fn limiter<'a>(&'a self, of_all: &'a Limiter) -> &'a Limiter {
        self.limiter.as_ref().unwrap_or(of_all)
    }

    /// Whether a page of this origin may ask.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        self.setting.origins.iter().any(|o| o == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;

    fn state() -> State {
        let setting = Setting {
            policy: Policy {
                open: true,
                roles: vec![Role::Committee],
            },
            password_chars_min: 4,
            token_s: 7200,
            origins: vec!["http://localhost:3000".to_owned()],
            rates: None,
        };
        State::new(setting, &[7; 32])
    }

    #[test]
    fn a_token_has_the_four_claims_and_its_time() {
        let state = state();
        let token = state.token("Bu \"Sri\"", "committee", 1000);
        let claims = state.read(token.expose(), 1000).expect("a token");
        let names: Vec<&str> = claims.keys().map(String::as_str).collect();
        assert_eq!(names, ["exp", "iat", "role", "sub"]);
        assert_eq!(
            (&claims["sub"], &claims["exp"]),
            (&Value::from("Bu \"Sri\""), &Value::from(8200))
        );
        assert_eq!(state.read(token.expose(), 8200), Err(Refusal::Expired));
    }

    #[test]
    fn a_token_without_a_name_is_none() {
        let state = state();
        for claims in [r#"{"exp":9000}"#, r#"{"exp":9000,"sub":""}"#] {
            let token = jwt::sign(&Key::new(&[7; 32]), None, claims);
            assert_eq!(
                state.read(token.expose(), 1000),
                Err(Refusal::Claims),
                "{claims}"
            );
        }
        let unnamed = jwt::sign(&Key::new(&[7; 32]), None, r#"{"exp":9000,"sub":"x"}"#);
        assert!(
            state.read(unnamed.expose(), 1000).is_ok(),
            "a role is not needed"
        );
    }

    #[test]
    fn an_origin_is_allowed_as_it_is_written() {
        let state = state();
        assert!(state.allows("http://localhost:3000"));
        for other in ["http://localhost", "https://localhost:3000", "null", ""] {
            assert!(!state.allows(other), "{other}");
        }
    }
}
