//! The front of our own surface: the list of all its routes, who is let in, and the form of a
//! refusal.

use crate::base::id::{Id as _, RequestId};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Lane, Route, Surface};
use crate::surface::native::{Caller, Native, unknown};
use crate::surface::pages::refusal;
use crate::surface::{api, language, pages, session};

impl Native {
    /// All its routes.
    #[must_use]
    pub fn routes() -> Vec<Route<Self>> {
        [api::routes(), pages::routes(), pages::trust::routes()].concat()
    }
}

impl Surface for Native {
    type Caller = Caller;

    /// In order: does the request come from a page of our own, is the box set up, who calls.
    fn admit(&self, route: &Route<Self>, head: &Head) -> Result<Caller, Problem> {
        let caller = Caller {
            actor: None,
            device: None,
            language: language::of(head, self.core.site().rules.language),
        };
        if route.lane == Lane::Memory {
            return Ok(caller);
        }
        session::check_origin(head)?;
        match route.access {
            Access::Open | Access::Public => Ok(caller),
            Access::Person | Access::Device | Access::Known => Err(unknown()),
        }
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        match head {
            Some(head) if refusal::is_for_people(&head.path) => {
                refusal::answer(head, problem, self.core.site().rules.language, "hadir")
            }
            head => {
                let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
                Reply::refusal(problem, id)
            }
        }
    }
}
