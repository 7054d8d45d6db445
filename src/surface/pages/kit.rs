//! `/kit`: the recovery kit, a sheet of paper with the master key. It is shown to an
//! administrator who types the password again, over a connection that nobody can read, and
//! each showing is an audit row.

use crate::domain::custody::{self, Kit};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Peer, Request};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::owner;
use crate::surface::pages::field::{Field, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general, me, setup as words};
use crate::surface::pages::{clock, person};
use crate::surface::qr;
use maud::{Markup, html};

/// Whether a key may travel on this connection.
const fn is_private(peer: Peer) -> bool {
    peer.secure || peer.loopback
}

/// `GET /kit`: what it is, and the question for the password.
///
/// # Errors
/// 403 for whoever does not run the box.
pub fn ask(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    let page = question(&frame, is_private(request.peer), None);
    Ok(layout::with_status(200, &frame, page))
}

/// `POST /kit`: `password`.
///
/// # Errors
/// 403 for whoever does not run the box; a wrong password is the form again.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    if !is_private(request.peer) {
        return Ok(layout::with_status(
            403,
            &frame,
            question(&frame, false, None),
        ));
    }
    let form = request.form()?;
    let (_, known) = owner::is_own(native, caller, form.get("password").unwrap_or_default())?;
    if !known {
        let page = question(&frame, true, Some(me::WRONG));
        return Ok(layout::with_status(422, &frame, page));
    }
    let place = native.core.master.clone();
    let kit = native.core.write(actor, SURFACE, move |tx, call| {
        custody::reveal(tx, call, &place)
    })?;
    let page = Page::new(
        words::KIT_TITLE.of(frame.language),
        sheet(native, &frame, &kit),
    );
    Ok(layout::with_status(200, &frame, page).with_secret())
}

fn question(frame: &Frame, private: bool, told: Option<Words>) -> Page {
    let language = frame.language;
    let title = words::KIT_TITLE.of(language);
    let field = Field::password("password", me::CURRENT, "current-password")
        .error(told.map(|told| told.of(language).to_owned()));
    let body = html! {
        div.medium-column {
            h1 { (title) }
            p.lead { (words::KIT_LEAD.of(language)) }
            @if private {
                form.card method="post" action="/kit" {
                    p { (words::KIT_ASK.of(language)) }
                    (field.show(language))
                    button.primary { (words::KIT_SHOW.of(language)) }
                }
            } @else {
                (refused(words::KIT_INSECURE.of(language)))
            }
        }
    };
    Page::new(title, body)
}

fn sheet(native: &Native, frame: &Frame, kit: &Kit) -> Markup {
    let language = frame.language;
    let site = native.core.site();
    let key = kit.key.expose().trim();
    let now = native.core.clock.stamp().at;
    let pairs = [
        (words::KIT_PRINT_NUMBER, kit.fingerprint.clone()),
        (words::KIT_BOX, site.box_id.to_string()),
        (words::KIT_DATE, clock::moment(language, &site.zone, now)),
    ];
    html! {
        div.head {
            h1 { (words::KIT_TITLE.of(language)) " · " (frame.site) }
            button type="button" data-print hidden { (general::PRINT.of(language)) }
        }
        p { (words::KIT_LEAD.of(language)) }
        div.card.medium {
            div.qr { (qr::svg(key, words::KIT_QR.of(language))) }
            h2 { (words::KIT_KEY.of(language)) }
            pre { (key) }
            dl.pairs { @for (name, value) in &pairs { dt { (name.of(language)) } dd { code { (value) } } } }
        }
        (how(frame, &kit.place))
    }
}

fn how(frame: &Frame, place: &str) -> Markup {
    let language = frame.language;
    html! {
        section.card.medium {
            h2 { (words::KIT_HOW.of(language)) }
            ol {
                li { (words::KIT_HOW_1.of(language)) }
                li { (words::KIT_HOW_2.of(language)) }
                li { (words::KIT_HOW_3.of(language)) }
            }
            p { (words::KIT_HOW_4.fill(language, &[place])) }
            p { strong { (words::KIT_KEEP.of(language)) } }
        }
        p.no-print { a.button.primary href="/" { (words::FINISHED_HOME.of(language)) } }
    }
}

/// `GET /setup/finished`.
///
/// # Errors
/// Those of the box.
pub fn finished(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    if caller.actor.is_none() {
        return Ok(Reply::see_other("/sign-in"));
    }
    let frame = Frame::of(native, caller, &request);
    let language = frame.language;
    let title = words::FINISHED_TITLE.of(language);
    let body = html! {
        div.medium-column.rise {
            h1 { (title) }
            p.lead { (words::FINISHED_LEAD.of(language)) }
            div.card {
                p { (words::KIT_LEAD.of(language)) }
                div.actions {
                    a.button.primary.large href="/kit" { (words::FINISHED_KIT.of(language)) }
                    a.button.quiet href="/" { (words::FINISHED_HOME.of(language)) }
                }
            }
        }
    };
    Ok(layout::with_status(200, &frame, Page::new(title, body)))
}
