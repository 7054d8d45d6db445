//! The front of our own surface: the list of all its routes, who is let in, and the form of a
//! refusal.

use crate::base::cause::Cause;
use crate::base::id::{Id as _, RequestId};
use crate::domain::actor::Actor;
use crate::http::problem::Problem;
use crate::http::rate::Subject;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::http::route::{Access, Lane, Rate, Route, Surface};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::refusal;
use crate::surface::{api, desk, document, identity, kiosk, language, pages, program, session};

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
            identity::mounted(),
        ]
        .concat()
    }
}

impl Surface for Native {
    type Caller = Caller;

    /// In order: does the request come from a page of our own, who calls and how often, is the
    /// box set up, may such a caller come in.
    fn admit(&self, route: &Route<Self>, head: &Head) -> Result<Caller, Problem> {
        let mut caller = Caller::nobody(language::of(head, self.core.site().rules.language));
        if route.lane == Lane::Memory {
            return Ok(caller);
        }
        if is_identity(&head.path) {
            caller.left = identity::admit(self, (route.lane, route.access, route.rate), head)?;
            return Ok(caller);
        }
        session::check_origin(head)?;
        let known = session::identify(self, head, &mut caller);
        let own = caller.session.as_ref().and_then(|s| s.language);
        caller.language = language::for_person(head, own, self.core.site().rules.language);
        let now = self.core.clock.stamp().at;
        if let Some((rate, subject)) = counted(route.rate, &caller, head) {
            self.limiter.count(rate, subject, now)?;
            if rate != Rate::Poll {
                caller.left = self.limiter.left(rate, subject, now);
            }
        }
        if route.access == Access::Open {
            // What is open stays so when the store cannot say who calls.
            return Ok(match known.and_then(|()| bare(route.access, &mut caller)) {
                Ok(()) => caller,
                Err(_) => Caller::nobody(caller.language),
            });
        }
        if !self.is_set_up()? {
            return Err(not_set_up());
        }
        known?;
        program::stays_within(&caller, head)?;
        if !FOR_BARE.contains(&route.path) {
            bare(route.access, &mut caller)?;
        }
        enter(route.access, caller)
    }

    /// A device that called lately, once the box is set up: the same steps in the same order.
    fn recall(&self, route: &Route<Self>, head: &Head) -> Option<Result<Caller, Problem>> {
        if !self.was_set_up() || route.access != Access::Known {
            return None;
        }
        if let Err(problem) = session::check_origin(head) {
            return Some(Err(problem));
        }
        let device = session::recall(self, head)?;
        let language = language::of(head, self.core.site().rules.language);
        let caller = Caller {
            actor: Some(Actor::Device {
                id: device.id,
                access: device.access,
            }),
            device: Some(device),
            ..Caller::nobody(language)
        };
        let now = self.core.clock.stamp().at;
        let counted = counted(route.rate, &caller, head)
            .map_or(Ok(()), |(rate, who)| self.limiter.count(rate, who, now));
        Some(counted.map(|()| caller))
    }

    fn tell(&self, caller: &Caller, reply: Reply) -> Reply {
        match &caller.left {
            Some(left) => reply.with_left(left),
            None => reply,
        }
    }

    fn refuse(&self, head: Option<&Head>, problem: &Problem) -> Reply {
        match head {
            Some(head) if is_identity(&head.path) => identity::refuse(problem),
            Some(head) if refusal::is_for_people(&head.path) => {
                refusal::answer(head, problem, self.core.site().rules.language, "hadir")
            }
            head => {
                let id = head.map_or_else(|| RequestId::from_bytes([0; 16]), |h| h.id);
                Reply::refusal(problem, id)
            }
        }
    }

    fn early(&self, method: &str, head: &Head) -> Option<Reply> {
        is_identity(&head.path)
            .then(|| identity::early(self, identity::MOUNT, method, head))
            .flatten()
    }

    fn finish(&self, head: &Head, reply: Reply) -> Reply {
        if is_identity(&head.path) {
            return identity::finish(self, head, reply);
        }
        reply
    }
}

/// Whether a path belongs to the surface `identity`.
fn is_identity(path: &str) -> bool {
    let rest = path.strip_prefix(identity::MOUNT);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

/// The routes of whoever may do nothing yet but set up a second factor.
const FOR_BARE: [&str; 6] = [
    "/sign-out",
    "/me/second-factor",
    "/api/v1/session",
    "/api/v1/me/second-factor",
    "/api/v1/me/second-factor/secret",
    "/api/v1/me/second-factor/codes",
];

/// Lets a person who still has to set up a second factor do nothing else: where anybody comes in,
/// they are nobody.
fn bare(access: Access, caller: &mut Caller) -> Result<(), Problem> {
    if !caller.session.as_ref().is_some_and(|session| session.bare) {
        return Ok(());
    }
    match access {
        Access::Open | Access::Public | Access::Device => caller.actor = None,
        Access::Person | Access::Known => {
            let message = "Staff need a second factor here. Set yours up on /me/second-factor.";
            let problem = Problem::new(Cause::Forbidden, message);
            return Err(problem.with_code("second_factor_required"));
        }
    }
    Ok(())
}

/// In which class a call counts, and as whose: a person or a device where one is known, an
/// address for strangers. Codes are tried by strangers, whoever has signed in before. Who asks
/// for a password again is counted by the session, so that one that was stolen does not stop the
/// others; whoever signs in is counted with the name (`throttle`), and not here. What a program
/// does with its key has a class where the route has none of its own: check-ins stay what they are.
fn counted(rate: Rate, caller: &Caller, head: &Head) -> Option<(Rate, Subject)> {
    let stranger = Subject::address(head.peer.address);
    let key = caller
        .key
        .filter(|_| !matches!(rate, Rate::Login | Rate::Code));
    if let Some(key) = key {
        let class = if rate == Rate::General {
            Rate::ApiKey
        } else {
            rate
        };
        return Some((class, Subject::Key(key.to_bytes())));
    }
    let subject = match (rate, &caller.session, &caller.device) {
        (Rate::Code, ..) => Some(stranger),
        (Rate::Login, Some(session), _) => Some(Subject::Person(session.id.to_bytes())),
        (Rate::Login, None, _) => None,
        (_, Some(session), _) => Some(Subject::Person(session.person.to_bytes())),
        (_, None, Some(device)) => Some(Subject::Device(device.id.to_bytes())),
        (_, None, None) => Some(stranger),
    };
    subject.map(|subject| (rate, subject))
}

/// Lets a caller in whom the route's access allows. Where a device must call, it is the device
/// who acts, also when somebody has signed in on it.
fn enter(access: Access, mut caller: Caller) -> Result<Caller, Problem> {
    let known = match access {
        Access::Open | Access::Public => true,
        Access::Known => caller.actor.is_some(),
        Access::Person => caller.session.is_some() || caller.key.is_some(),
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
