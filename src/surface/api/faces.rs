//! Enrolment of a face: pictures come one by one and wait in the tray; when there are enough of
//! them they are enrolled together. A face that is known under another name is a conflict, which
//! is resolved by saying why it is another person.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::limits::{ENROL_PICTURES_MAX, ENROL_PICTURES_MIN};
use crate::base::text::Remark;
use crate::domain::fault::Fault;
use crate::domain::identity::enrol::{self, Picture};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::parse_some;
use crate::surface::native::{Caller, Native};
use crate::surface::picture;
use crate::vision::worker::Want;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a picture was worth.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Waiting {
    /// Pictures that wait, this one too if it is good enough.
    pub count: usize,
    /// Pictures that an enrolment needs.
    pub needed: usize,
    /// Whether the picture is good enough; if not, it does not wait.
    pub taken: bool,
    /// Faces in the picture.
    pub faces: usize,
    /// Quality of the largest, 0 to 1.
    pub quality: f32,
    /// What is wrong with it, worst first.
    pub issues: Vec<&'static str>,
}

/// Enrols the pictures that wait.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewFace {
    /// Why it is another person than the one with the same face.
    #[schemars(length(min = 1, max = 500))]
    not_same_person: Option<String>,
}

/// An enrolled face.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Enrolled {
    /// Its pictures.
    pub pictures: usize,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/people/{person}/face/pictures", add)
            .about(
                "Enrolment",
                "Looks at a picture; a good one waits for the enrolment.",
            )
            .right("manage_faces")
            .takes_picture()
            .answers::<Waiting>(200),
        Entry::delete("/api/v1/people/{person}/face/pictures", clear)
            .about("Enrolment", "Forgets the pictures that wait.")
            .right("manage_faces"),
        Entry::post("/api/v1/people/{person}/face", enrol_waiting)
            .about(
                "Enrolment",
                "Enrols the pictures that wait as the person's face.",
            )
            .right("manage_faces")
            .takes::<NewFace>("{}")
            .answers::<Enrolled>(201)
            .refuses(&[
                (400, "picture_count"),
                (400, "picture_refused"),
                (400, "pictures_unlike"),
                (404, "no_person"),
                (409, "no_consent"),
                (409, "same_face"),
                (409, "stale"),
                (503, "face_engine_error"),
            ]),
        Entry::delete("/api/v1/people/{person}/face", remove)
            .about("Enrolment", "Removes a person's face; the consent stays.")
            .right("manage_faces")
            .refuses(&[(404, "not_enrolled")]),
    ]
}

fn may(caller: &Caller) -> Result<String, Problem> {
    let actor = caller.known()?;
    let _may = actor.manage_faces().map_err(Fault::from)?;
    Ok(actor.label())
}

fn add(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let actor = may(caller)?;
    let person: PersonId = request.id_param("person")?;
    let (analysis, _) = picture::faces(native, request.into_body(), Want::enrolment())?;
    let seen = Picture::seen(&analysis);
    let taken = enrol::is_good(&seen);
    let now = native.core.clock.stamp().at;
    let answer = Waiting {
        needed: ENROL_PICTURES_MIN,
        taken,
        faces: seen.faces,
        quality: seen.quality,
        issues: seen.issues.iter().map(|i| i.code()).collect(),
        count: if taken {
            native.tray.add(&actor, person, seen, now)
        } else {
            native.tray.pictures(&actor, person, now).len()
        },
    };
    Ok(Reply::of(200, &answer))
}

fn clear(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let actor = may(caller)?;
    native.tray.clear(&actor, request.id_param("person")?);
    Ok(Reply::empty())
}

fn enrol_waiting(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let actor = may(caller)?;
    let person: PersonId = request.id_param("person")?;
    let new: NewFace = request.json()?;
    let reason: Option<Remark> = parse_some("not_same_person", new.not_same_person.as_deref())?;
    let pictures = native
        .tray
        .pictures(&actor, person, native.core.clock.stamp().at);
    let pictures_count = pictures.len();
    if pictures_count < ENROL_PICTURES_MIN {
        let message = format!(
            "{pictures_count} good pictures wait, and an enrolment has {ENROL_PICTURES_MIN} to \
             {ENROL_PICTURES_MAX}. Send more to face/pictures."
        );
        return Err(Problem::invalid(message).with_code("picture_count"));
    }
    let Some(model) = native.core.model else {
        let message = "Faces are switched off on this box.";
        return Err(Problem::new(Cause::FaceEngine, message));
    };
    let everybody = native.read(caller, |view, call| {
        enrol::load_everybody(view, call.site, model)
    })?;
    let candidate = enrol::examine(person, &pictures, &everybody, model)?;
    native.write(caller, move |tx, call| {
        enrol::enrol(tx, call, &candidate, reason.as_ref())
    })?;
    native.tray.clear(&actor, person);
    let pictures = pictures_count;
    Ok(Reply::of(201, &Enrolled { pictures }))
}

fn remove(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let person: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| enrol::remove(tx, call, person))?;
    Ok(Reply::empty())
}
