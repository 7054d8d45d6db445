//! The front of our own surface: the list of all its routes, who is let in, and the form of a
//! refusal.

use crate::base::id::{Id as _, RequestId};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Route, Surface};
use crate::surface::api;
use crate::surface::native::{Caller, Native, unknown};

impl Native {
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
