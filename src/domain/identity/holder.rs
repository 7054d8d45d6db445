//! Whose an access token is. It carries a name and a role; whether its person still has them is
//! looked up at each use, so whoever was disabled, erased or demoted, or has changed the
//! password, is let in no more, before the token's own time is over.

use crate::base::time::Timestamp;
use crate::domain::actor::{Actor, Role};
use crate::domain::fault::Fault;
use crate::domain::identity::login::Login;
use crate::domain::identity::person::{self, PersonState};
use crate::domain::identity::{account, role};
use crate::domain::site::Site;
use crate::domain::surface::Surface;
use crate::store::{View, accounts};

/// Who has a name on a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person who may take part.
    Known {
        /// Who, with the role there.
        actor: Actor,
        /// That role.
        role: Role,
        /// When name or password were set; what was given before is worth nothing.
        since: Timestamp,
    },
    /// A person who may not take part any more.
    Gone,
    /// Nobody here: a token of the family that was minted elsewhere may say so.
    Nobody,
}

impl Holder {
    /// Whether a token with this role, given at this second, still says the truth.
    #[must_use]
    pub fn stands_for(&self, claimed: Option<Role>, given_s: Option<i64>) -> bool {
        match self {
            Self::Known { role, since, .. } => {
                let before = given_s.is_some_and(|at| at < since.as_millis().div_euclid(1000));
                !before && claimed.is_none_or(|claimed| claimed <= *role)
            }
            Self::Gone => false,
            Self::Nobody => true,
        }
    }
}

/// Who has this name on this surface.
///
/// # Errors
/// The faults.
pub fn find(
    view: &View<'_>,
    site: &Site,
    surface: Surface,
    name: &str,
) -> Result<Holder, person::Error> {
    let Some(login) = Login::typed(surface, name) else {
        return Ok(Holder::Nobody);
    };
    let digest = account::login_digest(site, surface, &login);
    let Some(row) = accounts::find_by_login(view, digest)? else {
        // A name that was somebody's is nobody else's.
        let used = accounts::find_used(view, digest)?;
        return Ok(if used { Holder::Gone } else { Holder::Nobody });
    };
    if row.state != PersonState::Active {
        return Ok(Holder::Gone);
    }
    let Some(actor) = role::actor_on(view, row.person, surface, false)? else {
        return Ok(Holder::Gone);
    };
    let Actor::Person { role, .. } = actor else {
        return Err(Fault::Damaged("role").into());
    };
    Ok(Holder::Known {
        actor,
        role,
        since: row.changed_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id as _, PersonId};

    #[test]
    fn a_token_says_the_truth_while_its_person_has_the_role_and_the_password() {
        let known = |role| Holder::Known {
            actor: Actor::Person {
                id: PersonId::from_bytes([1; 16]),
                role,
                supervise: false,
            },
            role,
            since: Timestamp::from_millis(5_900),
        };
        let committee = known(Role::Committee);
        let table = [
            (Some(Role::Committee), Some(5), true),
            (Some(Role::User), Some(6), true),
            (None, None, true),
            (Some(Role::Admin), Some(6), false),
            (Some(Role::Committee), Some(4), false),
        ];
        for (claimed, given, want) in table {
            assert_eq!(committee.stands_for(claimed, given), want, "{claimed:?}");
            assert!(Holder::Nobody.stands_for(claimed, given));
            assert!(!Holder::Gone.stands_for(claimed, given));
        }
    }
}
