//! `/enrol/{person}`: consent first, then pictures with live hints, then the next person. The
//! pictures are taken by the page's script; what it needs to know stands in its attributes.

use crate::base::id::PersonId;
use crate::base::json::{Value, json};
use crate::base::limits::ENROL_PICTURES_MIN;
use crate::domain::consent::{self, ConsentPurpose};
use crate::domain::identity::person::{self, Person};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::enrol::{class_query, next_address};
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::people::consent as consents;
use crate::surface::pages::words::enrol as words;
use maud::{Markup, html};

/// Where the page's script sends pictures, and what it may do.
pub(super) struct Post<'a> {
    /// Looks at a picture.
    pub look: &'a str,
    /// Takes a picture (`POST`), forgets all (`DELETE`).
    pub pictures: &'a str,
    /// Enrols those that wait.
    pub face: &'a str,
    /// Whether a like face may be said to be another person's.
    pub may_override: bool,
    /// Whether it is the person's own phone.
    pub own: bool,
}

/// `GET /enrol/{person}?class=`.
///
/// # Errors
/// 404, and those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: PersonId = request.id_param("person")?;
    let class = request.query("class").unwrap_or_default();
    let person = native.read(caller, |v, c| person::find(v, c, id))?;
    let consent = native.read(caller, |v, _| consent::find(v, id, ConsentPurpose::Face))?;
    let may_override = caller.known()?.override_same_face().is_ok();
    let language = caller.language;
    let body = html! {
        h1 { (person.name) }
        @if let Some(class) = &person.class { p.muted { (class) } }
        (steps(language, usize::from(consent.is_some())))
        @if consent.is_some() {
            (pictures(language, &person, may_override))
        } @else {
            div.medium-column { (consents::fields(language, id, &next_address(id, class), None)) }
        }
        (onward(language, id, class))
    };
    let page = Page::new(
        format!("{} · {}", person.name, words::TITLE.of(language)),
        body,
    );
    let page = page
        .style("enrol.css")
        .script("enrol.js")
        .words(texts(language));
    Ok(layout::reply(native, caller, &request, page))
}

/// The steps, of which `current` is under way.
pub(super) fn steps(language: Language, current: usize) -> Markup {
    let all = [words::STEP_CONSENT, words::STEP_PICTURES, words::STEP_DONE];
    html! {
        ol.steps id="steps" {
            @for (i, step) in all.iter().enumerate() {
                li.done[i < current] aria-current=[(i == current).then_some("step")] {
                    span { (step.of(language)) }
                }
            }
        }
    }
}

fn pictures(language: Language, person: &Person, may_override: bool) -> Markup {
    let to = |rest: &str| format!("/api/v1/people/{}/{rest}", person.id);
    let post = Post {
        look: "/api/v1/enrol/look",
        pictures: &to("face/pictures"),
        face: &to("face"),
        may_override,
        own: false,
    };
    html! {
        @if person.face_pictures.is_some() { p.notice { (words::ALREADY.of(language)) } }
        (camera(language, &person.name, &post))
    }
}

/// The camera with its hints, and the files for those without one.
pub(super) fn camera(language: Language, name: &str, post: &Post<'_>) -> Markup {
    html! {
        section.card.enrol id="enrol" data-look=(post.look) data-pictures=(post.pictures)
            data-face=(post.face) data-name=(name) data-needed=(ENROL_PICTURES_MIN)
            data-override=[post.may_override.then_some("yes")] data-own=[post.own.then_some("yes")] {
            h2 { (words::CAMERA.of(language)) }
            div.view id="view" hidden {
                video id="video" playsinline muted autoplay aria-label=(words::PREVIEW.of(language)) {}
                div.face id="box" hidden {}
            }
            p.hint-now id="hint" role="status" aria-live="polite" {}
            progress id="progress" max=(ENROL_PICTURES_MIN) value="0" aria-labelledby="count" {}
            p.muted id="count" { (words::COUNT.fill(language, &["0", &ENROL_PICTURES_MIN.to_string()])) }
            div.actions {
                button.primary.large type="button" id="start" { (words::CAMERA_START.of(language)) }
                button.quiet type="button" id="again" hidden { (words::AGAIN.of(language)) }
            }
            div.field id="cameras-field" hidden {
                label for="cameras" { (words::CAMERA_CHOOSE.of(language)) }
                select id="cameras" {}
            }
            div.field {
                label for="files" { (words::FILES.of(language)) }
                input type="file" id="files" accept="image/jpeg,image/png,image/webp" multiple;
                p.hint { (words::FILES_HINT.of(language)) }
            }
        }
        (conflict(language, post))
        section.card.empty id="done" hidden tabindex="-1" {
            (icon::draw(Icon::Tick))
            h2 id="done-text" {}
        }
    }
}

/// What is shown when the face is enrolled under another name.
fn conflict(language: Language, post: &Post<'_>) -> Markup {
    html! {
        section.card id="conflict" hidden tabindex="-1" {
            @if post.own {
                p { (words::OWN_SAME_FACE.of(language)) }
            } @else {
                h2 { (words::SAME_FACE.of(language)) }
                p { a.button id="other" href="/people" { (words::SAME_FACE_OPEN.of(language)) } }
                @if post.may_override {
                    p { (words::SAME_FACE_ASK.of(language)) }
                    form id="override" {
                        div.field {
                            label for="reason" { (words::SAME_FACE_REASON.of(language)) }
                            input id="reason" maxlength="500" required autocomplete="off";
                        }
                        button { (words::SAME_FACE_SEND.of(language)) }
                    }
                } @else {
                    p { (words::SAME_FACE_ADMIN.of(language)) }
                }
            }
        }
    }
}

fn onward(language: Language, id: PersonId, class: &str) -> Markup {
    let class = class_query(class).replace('?', "&");
    let next = format!("/enrol/next?after={id}{class}");
    html! {
        div.actions {
            a.button id="next" href=(next) data-done=(words::NEXT.of(language)) { (words::SKIP.of(language)) }
            a.button.quiet href="/enrol" { (words::TITLE.of(language)) }
        }
    }
}

/// The texts of the script.
pub(super) fn texts(language: Language) -> Value {
    json!({
        "count": words::COUNT.of(language),
        "wait": words::HINT_WAIT.of(language),
        "good": words::HINT_GOOD.of(language),
        "taken": words::HINT_TAKEN.of(language),
        "no_face": words::HINT_NO_FACE.of(language),
        "many_faces": words::HINT_MANY_FACES.of(language),
        "small": words::HINT_SMALL.of(language),
        "dark": words::HINT_DARK.of(language),
        "bright": words::HINT_BRIGHT.of(language),
        "blurred": words::HINT_BLURRED.of(language),
        "turned_away": words::HINT_TURNED_AWAY.of(language),
        "tilted": words::HINT_TILTED.of(language),
        "unsure": words::HINT_UNSURE.of(language),
        "enrolled": words::ENROLLED.of(language),
        "own_done": words::OWN_DONE.of(language),
        "unlike": words::UNLIKE.of(language),
        "no_consent": words::NO_CONSENT.of(language),
        "faces_off": words::FACES_OFF.of(language),
        "failed": words::FAILED.of(language),
        "connection": words::CONNECTION.of(language),
        "camera_none": words::CAMERA_NONE.of(language),
        "camera_insecure": words::CAMERA_INSECURE.of(language),
    })
}
