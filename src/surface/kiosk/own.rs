//! `POST /kiosk/own`: the box's own screen shows the token that the package made for it, and is
//! paired. Only a browser on the box itself, through no proxy, may.

use crate::base::cause::Cause;
use crate::base::secret::Secret;
use crate::base::text::Name;
use crate::domain::actor::Actor;
use crate::domain::device::{self, Shown};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::kiosk::SURFACE;
use crate::surface::kiosk::page::{self as screen, Wrong};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::words::kiosk as words;
use crate::surface::session;

/// Answers the form: to the page, or the form for a code with what is wrong.
///
/// # Errors
/// 403 from anywhere but the box itself, 404 if its screen has no token, 400 for a body that is no
/// form, and the store's.
pub fn redeem(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    if !request.peer.loopback {
        let message = "Only the box's own screen pairs itself.";
        return Err(Problem::new(Cause::Forbidden, message));
    }
    let Some(kept) = native.started.own_screen.clone() else {
        return Err(Problem::missing());
    };
    let shown = Secret::new(request.form()?.text("token").to_owned());
    let language = native.core.site().rules.language;
    let name: Name = (words::PAIR_OWN_NAME.of(language).parse())
        .map_err(|_| Problem::new(Cause::Internal, "The name of the screen is none."))?;
    let answer = (native.core).write(Actor::Stranger, SURFACE, move |tx, call| {
        device::pair_own(tx, call, &kept, &shown, &name)
    })?;
    let wrong = match answer {
        Shown::Paired(_, token) => {
            let secure = request.peer.secure;
            let cookie = session::set_cookie(session::DEVICE, token.expose(), secure);
            return Ok(Reply::see_other("/kiosk").with_header("set-cookie", cookie));
        }
        Shown::Wrong => Wrong::Own,
        Shown::Revoked => Wrong::Revoked,
    };
    Ok(screen::pairing(native, caller, &request, Some(wrong)))
}
