//! The front of our own surface: the list of all its routes, who is let in, and the form of a
//! refusal.

use crate::base::id::{Id as _, RequestId};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Route, Surface};
use crate::surface::native::{Caller, Native, unknown};
use crate::surface::pages::refusal;
use crate::surface::{api, language, pages};

impl Native {
    /// All its routes.
    #[must_use]
    pub fn routes() -> Vec<Route<Self>> {
        [api::routes(), pages::routes()].concat()
    }
}

impl Surface for Native {
    type Caller = Caller;

    fn admit(&self, route: &Route<Self>, head: &Head) -> Result<Caller, Problem> {
        match route.access {
            Access::Open | Access::Public => Ok(Caller {
                actor: None,
                language: language::of(head, self.core.site.rules.language),
            }),
            Access::Person | Access::Device | Access::Known => Err(unknown()),
        }
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        match head {
            Some(head) if refusal::is_for_people(&head.path) => {
                refusal::answer(head, problem, self.core.site.rules.language, "hadir")
            }
            head => {
                let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
                Reply::refusal(problem, id)
            }
        }
    }
}
