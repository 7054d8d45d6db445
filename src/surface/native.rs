//! The surface of our own: the pages, the interface below `/api/v1`, `/health` and `/ready`.
//! Here is who calls, and the form of a refusal; what is served is in `api` and `pages`.

use crate::base::cause::Cause;
use crate::base::id::{Id as _, RequestId};
use crate::domain::actor::Actor;
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Route, Surface};
use crate::surface::api;
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

fn unknown() -> Problem {
    Problem::new(Cause::Unauthenticated, "Sign in first.")
}

impl Native {
    /// A surface over this box.
    #[must_use]
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// All its routes.
    #[must_use]
    pub fn routes() -> Vec<Route<Self>> {
        api::routes()
    }
}

impl Surface for Native {
    type Caller = Caller;

    fn admit(&self, route: &Route<Self>, _: &Head) -> Result<Caller, Problem> {
        match route.access {
            Access::Open | Access::Public => Ok(Caller {
                actor: None,
                language: Language::Id,
            }),
            Access::Person | Access::Device | Access::Known => Err(unknown()),
        }
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
        Reply::refusal(problem, id)
    }
}
