//! Who a decision is about, for those who are told of it.

use crate::domain::actor::Actor;
use crate::domain::checkin::decision::Decision;
use crate::domain::fault::Fault;
use crate::domain::identity::{language, person};
use crate::domain::rule::Language;
use crate::domain::site::Site;
use crate::store::View;
use crate::surface::core::Core;

/// What is told of the person of a decision, besides the decision. Neither is there if it could
/// not be read: the decision is committed, so that is no error.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The whole name, of which each listener is told what it may know.
    pub name: Option<String>,
    /// The language that the person has chosen.
    pub language: Option<Language>,
}

impl Known {
    /// Of the person of a decision, in the same transaction.
    #[must_use]
    pub fn of(view: &View<'_>, site: &Site, decision: &Decision) -> Self {
        let Some(person) = decision.person else {
            return Self::default();
        };
        let name = person::shown_name(view, site, &Actor::Operator, person);
        Self {
            name: name.ok().flatten(),
            language: language::of(view, person).ok().flatten(),
        }
    }

    /// The same, read anew.
    #[must_use]
    pub fn read(core: &Core, decision: &Decision) -> Self {
        let site = core.site();
        let found = (core.store).read(|view| Ok::<_, Fault>(Self::of(view, &site, decision)));
        found.unwrap_or_default()
    }
}
