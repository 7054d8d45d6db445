//! The site's logo: sent by a script as the bytes of a file, shown above every page. A picture is
//! known by its first bytes; nothing that a browser could run is taken.

use crate::base::limits::LOGO_BYTES_MAX;
use crate::domain::rule::Language;
use crate::domain::setting::{self, Change};
use crate::http::problem::Problem;
use crate::http::reply::{Keep, Reply};
use crate::http::request::Request;
use crate::http::route::{Access, Handler, Rate, Route};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::layout;
use crate::surface::pages::words::{general, settings as words};
use crate::surface::pages::{person, read, send};
use maud::{Markup, html};

/// A route that takes a logo.
pub(super) const fn sending(
    path: &'static str,
    access: Access,
    handle: Handler<Native>,
) -> Route<Native> {
    let mut route = send(path, access, handle);
    route.body_bytes_max = LOGO_BYTES_MAX;
    route
}

/// The routes of the logo.
pub(super) fn routes() -> Vec<Route<Native>> {
    vec![
        Route {
            rate: Rate::Free,
            ..read("/logo", Access::Open, show)
        },
        sending("/settings/logo", Access::Person, keep),
        send("/settings/logo/remove", Access::Person, remove),
    ]
}

fn show(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    let tag = native.core.site().rules.logo.clone();
    let logo = native.core.store.read(setting::find_logo)?;
    let (tag, logo) = tag.zip(logo).ok_or_else(Problem::missing)?;
    let kind = setting::logo_type(&logo).ok_or_else(Problem::missing)?;
    let keep = match request.query("v") == Some(&tag) {
        true => Keep::Forever,
        false => Keep::Ask,
    };
    Ok(Reply::bytes(kind, logo).kept(keep).tagged(tag))
}

/// The change of the settings to this logo, or to none.
#[must_use]
pub fn change(logo: Option<Vec<u8>>) -> Change {
    Change {
        logo: Some(logo),
        ..Change::default()
    }
}

/// `POST /settings/logo`: the bytes of a picture.
fn keep(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    let change = change(Some(request.into_body()));
    native.core.write(actor, SURFACE, move |tx, call| {
        setting::update(tx, call, &change)
    })?;
    native.core.refresh_site()?;
    Ok(Reply::empty())
}

/// `POST /settings/logo/remove`.
fn remove(native: &Native, caller: &Caller, _: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    native.core.write(actor, SURFACE, move |tx, call| {
        setting::update(tx, call, &change(None))
    })?;
    native.core.refresh_site()?;
    Ok(Reply::see_other("/settings?done=yes"))
}

/// The field for a logo, which works with scripts only and says so; `to` is where it is sent.
#[must_use]
pub fn field(native: &Native, language: Language, to: &str) -> Markup {
    let now = layout::logo(native);
    html! {
        div.field id="logo" data-to=(to) data-bytes-max=(LOGO_BYTES_MAX) {
            p.logo-shown {
                img id="logo-shown" src=[now.as_deref()] alt=(words::LOGO.of(language)) hidden[now.is_none()];
            }
            div id="logo-choice" hidden {
                label for="logo-file" { (words::LOGO_FILE.of(language)) }
                input type="file" id="logo-file" accept="image/png,image/jpeg,image/webp" aria-describedby="logo-hint";
                p.hint id="logo-hint" { (words::LOGO_HINT.of(language)) }
            }
            p.hint id="logo-without" { (words::LOGO_WITHOUT.of(language)) }
            p id="logo-told" role="status" hidden data-kept=(words::LOGO_KEPT.of(language))
                data-refused=(words::LOGO_REFUSED.of(language)) data-failed=(general::PROBLEM.of(language)) {}
        }
    }
}
