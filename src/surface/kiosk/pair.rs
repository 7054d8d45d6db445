//! `POST /kiosk/pair`: the code that an administrator was shown makes this browser the screen.
//! The token goes into a cookie that scripts cannot read.

use crate::domain::actor::Actor;
use crate::domain::device::{self, Answer, DeviceKind, Refusal};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::kiosk::SURFACE;
use crate::surface::kiosk::page::{self as screen, Wrong};
use crate::surface::native::{Caller, Native};
use crate::surface::session;

/// Answers the form: to the page, or the form again with what is wrong.
///
/// # Errors
/// 400 for a body that is no form, and the store's.
pub fn redeem(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let code = request.form()?.text("code").to_owned();
    let address = request.peer.address.to_string();
    let answer = native
        .core
        .write(Actor::Stranger, SURFACE, move |tx, call| {
            device::redeem(tx, call, &code, &address)
        })?;
    match answer {
        Answer::Paired(device, token) => {
            // What it was offered as says which page it stays on.
            let page = match device.kind {
                DeviceKind::Desk => "/desk",
                DeviceKind::Kiosk | DeviceKind::Camera => "/kiosk",
            };
            let secure = request.peer.secure;
            let cookie = session::set_cookie(session::DEVICE, token.expose(), secure);
            Ok(Reply::see_other(page).with_header("set-cookie", cookie))
        }
        Answer::Refused(refusal) => {
            let wrong = match refusal {
                Refusal::Wrong { .. } => Wrong::Code,
                Refusal::TooOften { wait_ms } => Wrong::TooOften { wait_ms },
            };
            Ok(screen::pairing(native, caller, &request, Some(wrong)))
        }
    }
}
