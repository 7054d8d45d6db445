//! The code on the box's own screen: whoever stands there is the owner. Only a browser on the
//! box itself, through no proxy, is shown one.

use crate::base::cause::Cause;
use crate::domain::actor::Actor;
use crate::domain::setup;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::setup as words;
use crate::surface::qr;
use crate::surface::started::for_phones;
use maud::{Markup, html};

/// The button that asks for a code.
pub(in crate::surface::pages) fn offer(frame: &Frame) -> Markup {
    html! {
        form.card method="post" action="/setup/screen" data-own-screen {
            p { (words::CODE_HERE.of(frame.language)) }
            // Sent by the script of a screen that asks by itself.
            input type="hidden" name="renew" value="yes" disabled;
            button { (words::CODE_SHOW.of(frame.language)) }
        }
    }
}

/// The way for a phone. The code stands behind the `#`, which browsers send to nobody: no log has
/// it, neither ours nor a proxy's.
fn with_code(frame: &Frame, address: &str, code: &str) -> Markup {
    let link = format!("{address}/setup#code={code}");
    html! {
        div.qr { (qr::svg(&link, words::CODE_QR.of(frame.language))) }
        p.muted { (words::CODE_SCAN.of(frame.language)) }
    }
}

/// `POST /setup/screen`: a new code, in the place of an older one. A screen that asks by itself
/// (`renew`) is told to wait while somebody follows the steps.
///
/// # Errors
/// 403 from anywhere but the box itself, 409 once there is an administrator.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    if !request.peer.loopback {
        let message = "A code is shown on the box itself only.";
        return Err(Problem::new(Cause::Forbidden, message));
    }
    let renew = request.form()?.get("renew").is_some();
    let code = (native.core).write(Actor::Operator, SURFACE, move |tx, call| match renew {
        true => setup::renew_code(tx, call),
        false => setup::new_code(tx, call).map(Some),
    })?;
    let frame = Frame::of(native, caller, &request);
    let page = match &code {
        Some(code) => shown(native, &frame, code.expose()),
        None => busy(&frame),
    };
    Ok(layout::with_status(200, &frame, page.script("setup.js")).with_secret())
}

fn shown(native: &Native, frame: &Frame, code: &str) -> Page {
    let title = words::CODE_SHOWN.of(frame.language);
    let addresses = native.addresses();
    let body = html! {
        div.narrow-column.centred data-own-screen {
            h1 { (title) }
            p.big-code id="setup-code" { (code) }
            p.lead { (words::CODE_SHOWN_LEAD.of(frame.language)) }
            @if let Some(address) = for_phones(&addresses) {
                p { strong { (address) "/setup" } }
                (with_code(frame, address, code))
            }
            a.button.primary href="/setup" { (words::BEGIN.of(frame.language)) }
        }
    };
    Page::new(title, body)
}

fn busy(frame: &Frame) -> Page {
    let title = words::CODE_BUSY.of(frame.language);
    let body = html! {
        div.narrow-column.centred data-own-screen {
            h1 { (title) }
            p.lead { (words::CODE_BUSY_LEAD.of(frame.language)) }
        }
    };
    Page::new(title, body)
}
