//! Enrolling oneself on one's own phone: staff make a link, its holder agrees and takes the
//! pictures. Whoever has the link acts with the rights of the staff member who made it, for
//! that one person and that one use; the domain checks the link at every step.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::limits::ENROL_PICTURES_MIN;
use crate::domain::actor::Actor;
use crate::domain::consent::{self, ConsentMeans, ConsentPurpose};
use crate::domain::fault::Fault;
use crate::domain::identity::enrol::{self, Picture};
use crate::domain::identity::invite::{self, Invited};
use crate::domain::identity::person;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Method;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Handler, Lane, Rate, Route};
use crate::surface::api::entry::Entry;
use crate::surface::api::faces::{Enrolled, Waiting};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::clock;
use crate::surface::pages::enrol::look;
use crate::surface::pages::enrol::station::{self, Post};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::people::consent as consents;
use crate::surface::pages::words::{enrol as words, people};
use crate::surface::pages::{place, read, send};
use crate::surface::{picture, qr};
use crate::vision::gallery::ModelHash;
use crate::vision::worker::Want;
use maud::html;

/// How these calls are named in the audit.
const SURFACE: &str = "invite";

/// The pages of the links.
pub(super) fn routes() -> Vec<Route<Native>> {
    vec![
        send("/people/{person}/link", Access::Person, make),
        read("/enrol/own/{token}", Access::Public, show),
        send("/enrol/own/{token}", Access::Public, agree),
    ]
}

const GONE: &[(u16, &str)] = &[(404, "link_gone"), (503, "face_engine_error")];

/// What the page of a link sends and asks for, with its document.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let own = |method, path, handle: Handler<Native>, summary| {
        Entry::new(method, path, Access::Public, handle)
            .about("Enrolment", summary)
            .lane(Lane::Ordinary, Rate::Poll)
            .refuses(GONE)
    };
    vec![
        own(
            Method::Post,
            "/api/v1/enrol/own/{token}/look",
            look_at,
            "Says what a picture is worth, for the holder of a link; keeps nothing.",
        )
        .takes_picture()
        .answers::<look::Looked>(200),
        own(
            Method::Post,
            "/api/v1/enrol/own/{token}/pictures",
            add,
            "Looks at a picture of the holder of a link; a good one waits.",
        )
        .takes_picture()
        .answers::<Waiting>(200),
        own(
            Method::Delete,
            "/api/v1/enrol/own/{token}/pictures",
            clear,
            "Forgets the pictures that wait for the holder of a link.",
        ),
        own(
            Method::Post,
            "/api/v1/enrol/own/{token}/face",
            enrol_waiting,
            "Enrols the pictures that wait as the face of the holder of a link.",
        )
        .at_most(1024)
        .answers::<Enrolled>(201)
        .refuses(&[
            (400, "picture_count"),
            (400, "picture_refused"),
            (400, "pictures_unlike"),
            (404, "link_gone"),
            (404, "no_person"),
            (409, "no_consent"),
            (409, "same_face"),
            (409, "stale"),
            (503, "face_engine_error"),
        ]),
    ]
}

fn model(native: &Native) -> Result<ModelHash, Problem> {
    let off = || Problem::new(Cause::FaceEngine, "Faces are switched off on this box.");
    native.core.model.ok_or_else(off)
}

/// `POST /people/{person}/link`: makes a link and shows it with its QR code.
fn make(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (id, model) = (request.id_param::<PersonId>("person")?, model(native)?);
    let found = native.read(caller, |v, c| person::find(v, c, id))?;
    let made = native.read(caller, |v, c| invite::make(v, c, id, model))?;
    let language = caller.language;
    let link = place::address(&request, &format!("/enrol/own/{}", made.token.expose()));
    let until = clock::moment(language, &native.core.site().zone, made.expires_at);
    let title = people::LINK_SHOWN.fill(language, &[&found.name]);
    let body = html! {
        div.narrow-column.centred {
            h1 { (title) }
            div.qr { (qr::svg(&link, people::LINK.of(language))) }
            p { a id="link" href=(link) { (link) } }
            p.muted { (people::LINK_UNTIL.fill(language, &[&until])) }
            div.actions { a.button href={ "/people/" (id) } { (found.name) } }
        }
    };
    let page = Page::new(title, body);
    Ok(layout::reply(native, caller, &request, page).with_secret())
}

/// Whom the link of the path is for; None: it is none any more.
fn find(native: &Native, head: &Head) -> Result<Option<Invited>, Problem> {
    let model = model(native)?;
    let found = (native.core).read(Actor::Stranger, SURFACE, |v, c| {
        invite::find(v, c, head.param("token"), model)
    });
    Ok(found?)
}

/// The same for the page's script.
fn get(native: &Native, head: &Head) -> Result<Invited, Problem> {
    let gone = || Problem::missing().with_code("link_gone");
    find(native, head)?.ok_or_else(gone)
}

fn gone(native: &Native, caller: &Caller, head: &Head) -> Reply {
    let language = caller.language;
    let title = words::OWN_GONE_TITLE.of(language);
    let body = html! {
        div.card.narrow.stack { h1 { (title) } p { (words::OWN_GONE.of(language)) } }
    };
    let frame = frame(native, caller, head);
    layout::with_status(404, &frame, Page::new(title, body))
}

/// The frame without navigation: the link's holder has no account here.
fn frame(native: &Native, caller: &Caller, head: &Head) -> Frame {
    let mut frame = Frame::of(native, caller, head);
    frame.actor = None;
    frame
}

/// `GET /enrol/own/{token}`.
fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    match find(native, &request)? {
        Some(invited) => page(native, caller, &request, invited, None),
        None => Ok(gone(native, caller, &request)),
    }
}

fn page(
    native: &Native,
    caller: &Caller,
    head: &Head,
    invited: Invited,
    told: Option<crate::surface::pages::words::Words>,
) -> Result<Reply, Problem> {
    let (language, id) = (caller.language, invited.person);
    let (actor, core) = (invited.by, &native.core);
    let consent = core.read(actor, SURFACE, |v, _| {
        consent::find(v, id, ConsentPurpose::Face)
    })?;
    let site = core.site();
    // The link may have come into other hands: the name is shown masked.
    let name = core.read(actor, SURFACE, |v, _| {
        person::shown_name(v, &site, &Actor::Stranger, id)
    })?;
    let name = name.unwrap_or_default();
    let token = head.param("token");
    let to = |rest: &str| format!("/api/v1/enrol/own/{token}/{rest}");
    let (look, pictures, face) = (to("look"), to("pictures"), to("face"));
    let post = Post {
        look: &look,
        pictures: &pictures,
        face: &face,
        may_override: false,
        own: true,
    };
    let title = words::OWN_TITLE.of(language);
    let body = html! {
        h1 { (title) }
        p.lead { (words::OWN_LEAD.fill(language, &[&name])) }
        p.notice { (words::OWN_CHOICE.of(language)) }
        (station::steps(language, usize::from(consent.is_some())))
        @if consent.is_some() { (station::camera(language, &name, &post)) }
        @else { (consents::own_fields(language, &format!("/enrol/own/{token}"), told)) }
    };
    let page = Page::new(title, body).style("enrol.css").script("enrol.js");
    let status = if told.is_some() { 422 } else { 200 };
    Ok(layout::with_status(
        status,
        &frame(native, caller, head),
        page.words(station::texts(language)),
    ))
}

/// `POST /enrol/own/{token}`: the holder agrees.
fn agree(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let Some(invited) = find(native, &request)? else {
        return Ok(gone(native, caller, &request));
    };
    let consent = match consents::read(&request.form()?, invited.person, Some(ConsentMeans::Screen))
    {
        Ok(consent) => consent,
        Err(told) => return page(native, caller, &request, invited, Some(told)),
    };
    let done = native.core.write(invited.by, SURFACE, move |tx, call| {
        consent::record(tx, call, &consent).map(|_| ())
    });
    match done {
        Ok(()) | Err(consent::Error::InForce) => Ok(Reply::see_other(&request.path)),
        Err(other) => Err(other.into()),
    }
}

fn look_at(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    get(native, &request)?;
    let (analysis, _) = picture::faces(native, request.into_body(), look::WANT)?;
    Ok(Reply::of(200, &look::of(&analysis)))
}

/// Under which name pictures of this link wait in the tray: not with those of the station.
fn label(invited: &Invited) -> String {
    format!("{SURFACE} {}", invited.by.label())
}

fn add(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    let invited = get(native, &request)?;
    let (analysis, _) = picture::faces(native, request.into_body(), Want::enrolment())?;
    let seen = Picture::seen(&analysis);
    let (taken, now) = (enrol::is_good(&seen), native.core.clock.stamp().at);
    let answer = Waiting {
        needed: ENROL_PICTURES_MIN,
        taken,
        faces: seen.faces,
        quality: seen.quality,
        issues: seen.issues.iter().map(|i| i.code()).collect(),
        count: if taken {
            (native.tray).add(&label(&invited), invited.person, seen, now)
        } else {
            let waiting = (native.tray).pictures(&label(&invited), invited.person, now);
            waiting.len()
        },
    };
    Ok(Reply::of(200, &answer))
}

fn clear(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    let invited = get(native, &request)?;
    native.tray.clear(&label(&invited), invited.person);
    Ok(Reply::empty())
}

/// Enrols the pictures that wait. Another name for the same face is told without saying whose.
fn enrol_waiting(native: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    let (invited, model) = (get(native, &request)?, model(native)?);
    let (label, person) = (label(&invited), invited.person);
    let pictures = native
        .tray
        .pictures(&label, person, native.core.clock.stamp().at);
    let everybody = native.core.read(invited.by, SURFACE, |v, c| {
        enrol::load_everybody(v, c.site, model)
    });
    let everybody = everybody.map_err(|fault: Fault| Problem::from(fault))?;
    let candidate = enrol::examine(person, &pictures, &everybody, model)?;
    let done = native.core.write(invited.by, SURFACE, move |tx, call| {
        enrol::enrol(tx, call, &candidate, None)
    });
    if let Err(enrol::Error::SameFace { .. }) = done {
        let message = "This face is enrolled already. See a staff member.";
        return Err(Problem::new(Cause::Conflict, message).with_code("same_face"));
    }
    done?;
    native.tray.clear(&label, person);
    let pictures = pictures.len();
    Ok(Reply::of(201, &Enrolled { pictures }))
}
