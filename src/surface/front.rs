//! The front of our own surface: the list of all its routes, who is let in, and the form of a
//! refusal.

use crate::base::cause::Cause;
use crate::base::id::{Id as _, RequestId};
use crate::domain::actor::Actor;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Lane, Route, Surface};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::refusal;
use crate::surface::{api, desk, document, kiosk, language, pages, session};

impl Native {
    /// All its routes.
    #[must_use]
    pub fn routes() -> Vec<Route<Self>> {
        [
            api::routes(),
            document::routes(),
            kiosk::routes(),
            pages::routes(),
            pages::trust::routes(),
            desk::routes(),
        ]
        .concat()
    }
}

impl Surface for Native {
    type Caller = Caller;

    /// In order: does the request come from a page of our own, is the box set up, who calls.
    fn admit(&self, route: &Route<Self>, head: &Head) -> Result<Caller, Problem> {
        let mut caller = Caller::nobody(language::of(head, self.core.site().rules.language));
        if route.lane == Lane::Memory {
            return Ok(caller);
        }
        session::check_origin(head)?;
        if route.access == Access::Open {
            // What is open stays so when the store cannot say who calls.
            return Ok(match session::identify(self, head, &mut caller) {
                Ok(()) => caller,
                Err(_) => Caller::nobody(caller.language),
            });
        }
        if !self.is_set_up()? {
            return Err(not_set_up());
        }
        session::identify(self, head, &mut caller)?;
        enter(route.access, caller)
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

/// Lets a caller in whom the route's access allows. Where a device must call, it is the device
/// who acts, also when somebody has signed in on it.
fn enter(access: Access, mut caller: Caller) -> Result<Caller, Problem> {
    let known = match access {
        Access::Open | Access::Public => true,
        Access::Known => caller.actor.is_some(),
        Access::Person => caller.session.is_some(),
        Access::Device => caller.device.is_some(),
    };
    if !known {
        return Err(caller.stranger());
    }
    if access == Access::Device {
        caller.actor = caller.device.as_ref().map(|device| Actor::Device {
            id: device.id,
            access: device.access,
        });
        caller.session = None;
    }
    Ok(caller)
}

/// The box has no administrator yet.
fn not_set_up() -> Problem {
    let message = "The box is not set up yet. Open its page and enter the setup code.";
    Problem::new(Cause::SetupRequired, message)
}
