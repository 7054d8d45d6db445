//! The surface of our own: the pages, the interface below `/api/v1`, `/health` and `/ready`.
//! Here is what its handlers work on and who calls; what is served, and who is let in, is in
//! `front`.

use crate::base::cause::Cause;
use crate::domain::actor::Actor;
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::surface::core::Core;
use std::sync::Arc;

/// What the handlers of this surface work on.
pub struct Native {
    /// The box.
    pub core: Arc<Core>,
}

/// Who calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whom the domain is told; None: nobody has signed in.
    pub actor: Option<Actor>,
    /// The language of pages and sentences for this caller.
    pub language: Language,
}

impl Caller {
    /// The actor of a route that only the known may call.
    ///
    /// # Errors
    /// 401 if nobody has signed in.
    pub fn known(&self) -> Result<Actor, Problem> {
        self.actor.ok_or_else(unknown)
    }
}

/// Nobody has signed in: 401.
#[must_use]
pub fn unknown() -> Problem {
    Problem::new(Cause::Unauthenticated, "Sign in first.")
}

impl Native {
    /// A surface over this box.
    #[must_use]
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}
