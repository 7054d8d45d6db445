//! `POST /api/v1/enrol/look`: what a picture of the camera is worth, while somebody stands
//! before it. Nothing of it is kept.

use crate::domain::fault::Fault;
use crate::domain::identity::enrol::{self, Picture};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::native::{Caller, Native};
use crate::surface::picture;
use crate::vision::worker::{Analysis, Want};
use schemars::JsonSchema;
use serde::Serialize;

/// What a picture shows.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Looked {
    /// Faces in the picture.
    faces: usize,
    /// The largest: left, top, width, height, each as a part of the picture, 0 to 1.
    #[serde(rename = "box")]
    place: Option<[f32; 4]>,
    /// Quality of the largest, 0 to 1.
    quality: f32,
    /// Whether it is good enough for an enrolment.
    good: bool,
    /// The one thing to say to the person now: `good`, `no_face`, `many_faces`, `small`,
    /// `dark`, `bright`, `blurred`, `turned_away`, `tilted`, `unsure`.
    hint: &'static str,
}

/// The routes that the interface's document lists.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::post("/api/v1/enrol/look", look)
            .about(
                "Enrolment",
                "Says what a picture is worth for an enrolment; keeps nothing.",
            )
            .right("manage_faces")
            .lane(Lane::Ordinary, Rate::Poll)
            .takes_picture()
            .answers::<Looked>(200)
            .refuses(&[(503, "face_engine_error")]),
    ]
}

fn look(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    let _may = caller.known()?.manage_faces().map_err(Fault::from)?;
    let (analysis, _) = picture::faces(native, request.into_body(), WANT)?;
    Ok(Reply::of(200, &of(&analysis)))
}

/// What is wanted of a picture that is only looked at.
pub(super) const WANT: Want = Want {
    codes: false,
    faces: true,
    multi: false,
    eyes: false,
    exact: false,
};

/// What an analysis says.
pub(super) fn of(analysis: &Analysis) -> Looked {
    let seen = Picture::seen(analysis);
    let good = enrol::is_good(&seen);
    let worst = seen.issues.first().map(|issue| issue.code());
    let hint = match (seen.faces, good) {
        (0, _) => "no_face",
        (1, true) => "good",
        (1, false) => worst.unwrap_or("unsure"),
        (_, _) => "many_faces",
    };
    Looked {
        faces: seen.faces,
        place: place(analysis),
        quality: seen.quality,
        good,
        hint,
    }
}

/// Where the largest face is, as parts of the picture.
fn place(analysis: &Analysis) -> Option<[f32; 4]> {
    let [left, top, width, height] = analysis.faces.first()?.face.bbox;
    let part = |length: f32, whole: u32| length / whole.max(1) as f32;
    Some([
        part(left, analysis.width),
        part(top, analysis.height),
        part(width, analysis.width),
        part(height, analysis.height),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::detect::Face;
    use crate::vision::embed::Embedding;
    use crate::vision::quality::{Quality, QualityIssue};
    use crate::vision::worker::FaceSeen;

    fn face(score: f32, issues: Vec<QualityIssue>) -> FaceSeen {
        let mut numbers = [0.0; 128];
        numbers[0] = 1.0;
        FaceSeen {
            face: Face {
                bbox: [160.0, 120.0, 320.0, 240.0],
                landmarks: [[0.0; 2]; 5],
                score: 0.9,
            },
            quality: Quality { score, issues },
            yaw: 0.0,
            roll_deg: 0.0,
            openings: None,
            embedding: Embedding::from_slice(&numbers).ok(),
        }
    }

    #[test]
    fn one_thing_is_said_at_a_time() {
        let good = || face(0.9, Vec::new());
        let table = [
            (Vec::new(), "no_face", false),
            (vec![good()], "good", true),
            (vec![good(), good()], "many_faces", false),
            (
                vec![face(0.3, vec![QualityIssue::Dark, QualityIssue::Small])],
                "dark",
                false,
            ),
            (
                vec![face(0.3, vec![QualityIssue::TurnedAway])],
                "turned_away",
                false,
            ),
            (vec![face(0.3, Vec::new())], "unsure", false),
        ];
        for (faces, hint, good) in table {
            let looked = of(&Analysis {
                width: 640,
                height: 480,
                faces,
                ..Analysis::default()
            });
            assert_eq!((looked.hint, looked.good), (hint, good));
        }
    }

    #[test]
    fn the_box_is_told_in_parts_of_the_picture() {
        let looked = of(&Analysis {
            width: 640,
            height: 480,
            faces: vec![face(0.9, Vec::new())],
            ..Analysis::default()
        });
        assert_eq!(looked.place, Some([0.25, 0.25, 0.5, 0.5]));
        assert_eq!(of(&Analysis::default()).place, None);
    }
}
