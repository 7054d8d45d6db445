//! The whole way of a face with the real models: pictures, track, verdict, check-in. Strangers,
//! nobody, and two people at once are never admitted; two people with almost one face are not
//! told apart.

use super::door::{Door, evidence};
use crate::vision::fixture;
use hadir::base::id::PersonId;
use hadir::base::time::{Span, Timestamp};
use hadir::domain::checkin::face::{self, Finding};
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::checkin::track::Track;
use hadir::domain::checkin::{Credential, Decision, Occasion, Request, seen};
use hadir::domain::identity::enrol::{self, Picture};
use hadir::domain::rule::{FacePolicy, LivenessPolicy};
use hadir::vision::edit;
use hadir::vision::frame::Frame;
use hadir::vision::gallery::ModelHash;
use hadir::vision::worker::{Engine, SourceId, Want};

/// A door with a camera that is shown pictures.
struct Camera {
    door: Door,
    engine: Engine,
    model: ModelHash,
}

fn part(of: u32, share: f32) -> u32 {
    (of as f32 * share) as u32
}

fn cut(frame: &Frame, share: f32) -> Frame {
    let (width, height) = (frame.width(), frame.height());
    let rest = (1.0 - share) / 2.0;
    let (left, top) = (part(width, rest) as i32, part(height, rest) as i32);
    edit::crop(frame, left, top, part(width, share), part(height, share)).expect("a part")
}

/// Three pictures to enrol from.
fn to_enrol(frame: &Frame) -> Vec<Frame> {
    let turned = edit::rotate(frame, 5.0).expect("turned");
    vec![
        cut(frame, 0.95),
        turned,
        edit::brighten(frame, 0.7).expect("darker"),
    ]
}

/// Pairs of frames to be recognised from; none of them was enrolled.
fn to_show(frame: &Frame) -> Vec<[Frame; 2]> {
    let light = |factor| edit::brighten(frame, factor).expect("light");
    let turn = |degrees| edit::rotate(frame, degrees).expect("turned");
    let soft = |sigma| edit::blur(frame, sigma).expect("soft");
    vec![
        [frame.clone(), light(0.9)],
        [cut(frame, 0.9), cut(frame, 0.88)],
        [turn(-4.0), turn(-5.0)],
        [light(0.5), light(0.55)],
        [light(1.2), light(1.15)],
        [soft(0.6), soft(0.8)],
        [
            edit::mirror(frame).expect("mirrored"),
            edit::mirror(&light(0.8)).expect("mirrored"),
        ],
        [turn(8.0), light(0.6)],
    ]
}

impl Camera {
    fn new() -> Self {
        let models = fixture::models().clone();
        let model = models.embedder_hash();
        let engine = Engine::start(Ok(models), 1).expect("an engine");
        Self {
            door: Door::new(),
            engine,
            model,
        }
    }

    fn today(&self) -> Occasion {
        Occasion::Daily(self.door.today())
    }

    fn enrol(
        &self,
        name: &str,
        file: &str,
        not_same: Option<&str>,
    ) -> Result<PersonId, enrol::Error> {
        let person = self.door.person(name, None);
        self.door.consent(person);
        let pictures: Vec<Picture> = to_enrol(&fixture::picture(file))
            .into_iter()
            .map(|f| {
                let answer = self
                    .engine
                    .analyse(SourceId::fresh(), f, Want::enrolment())
                    .wait();
                Picture::seen(&answer.expect("an analysis"))
            })
            .collect();
        self.door
            .enrol_pictures(person, &pictures, self.model, not_same)?;
        Ok(person)
    }

    /// The request that these frames, a tenth of a second apart, lead to.
    fn request(&self, frames: &[Frame]) -> Request {
        let mut track = Track::new();
        for (i, shown) in frames.iter().enumerate() {
            let answer = self
                .engine
                .analyse(SourceId::fresh(), shown.clone(), Want::door())
                .wait();
            let ms = i64::try_from(i).expect("few") * 100;
            let at = Timestamp::from_millis(ms);
            track.push(seen::frame(at, &answer.expect("an analysis")));
        }
        let (site, key) = (&self.door.site, self.today().key());
        let loaded = self
            .door
            .look(|v, _| enrol::load_gallery(v, site, &key, self.model));
        let gallery = loaded.expect("a gallery").gallery;
        let verdict = face::judge(track.frames(), &gallery, &site.rules.face);
        let mut request = self.door.request(self.today(), evidence(verdict));
        if let Credential::Face(shown) = &mut request.credential {
            shown.model = self.model;
        }
        request
    }

    fn show(&self, frames: &[Frame]) -> Decision {
        self.door.advance(Span::from_seconds(10));
        self.door.decide(&self.request(frames))
    }
}

#[test]
fn people_are_recognised_and_strangers_are_not() {
    let camera = Camera::new();
    let one = camera.enrol("Satu", "p1_a.png", None).expect("enrolled");
    let two = camera.enrol("Dua", "p2_a.png", None).expect("enrolled");
    let three = camera.enrol("Tiga", "p3_a.png", None).expect("enrolled");
    for (person, file) in [(one, "p1_a.png"), (two, "p2_a.png"), (three, "p3_a.png")] {
        let mut recognised = 0;
        for frames in to_show(&fixture::picture(file)) {
            let decision = camera.show(&frames);
            if matches!(decision.verdict, Verdict::Admitted | Verdict::Already) {
                assert_eq!(decision.person, Some(person), "{file}");
                recognised += 1;
            }
        }
        assert!(recognised >= 6, "{file}: {recognised} of 8 recognised");
    }
    for frames in to_show(&fixture::picture("p4_a.png")) {
        let decision = camera.show(&frames);
        assert_eq!(decision.verdict, Verdict::Refused);
        assert!(decision.person.is_none(), "{:?}", decision.reason);
    }
}

#[test]
fn the_two_strangers_are_not_each_other() {
    for (enrolled, shown) in [
        ("p3_a.png", "p4_a.png"),
        ("p4_a.png", "p3_a.png"),
        ("p4_a.png", "p3_b.png"),
    ] {
        let camera = Camera::new();
        camera.enrol("Terdaftar", enrolled, None).expect("enrolled");
        for frames in to_show(&fixture::picture(shown)) {
            let decision = camera.show(&frames);
            assert_eq!(decision.verdict, Verdict::Refused, "{shown} as {enrolled}");
        }
    }
}

#[test]
fn nobody_and_two_at_once_are_not_admitted() {
    let camera = Camera::new();
    camera.enrol("Satu", "p1_a.png", None).expect("enrolled");
    camera.enrol("Dua", "p2_a.png", None).expect("enrolled");
    let none = fixture::picture("none_320x240.jpg");
    assert_eq!(
        camera.show(&[none.clone(), none]).reason,
        Some(Reason::NoFace)
    );
    let group = fixture::picture("group_640x480.jpg");
    assert_eq!(
        camera.show(&[group.clone(), group]).reason,
        Some(Reason::ManyFaces)
    );
    let room = edit::blank(640, 480, [120, 120, 120]).expect("a room");
    let left = edit::paste(&room, &fixture::picture("p1_a.png"), 20, 90).expect("one");
    let both = edit::paste(&left, &fixture::picture("p2_a.png"), 330, 90).expect("both");
    let decision = camera.show(&[both.clone(), both]);
    assert_eq!(
        (decision.verdict, decision.reason),
        (Verdict::Refused, Some(Reason::ManyFaces))
    );
}

/// Two pictures of one person, enrolled as two people: whoever lies between is nobody.
#[test]
fn two_people_with_one_face_are_ambiguous() {
    let camera = Camera::new();
    let first = camera
        .enrol("Kembar Satu", "p3_a.png", None)
        .expect("enrolled");
    let refused = camera.enrol("Kembar Dua", "p3_b.png", None);
    assert!(matches!(refused, Err(enrol::Error::SameFace { other, .. }) if other == first));
    camera
        .enrol("Kembar Dua", "p3_b.png", Some("kembar"))
        .expect("enrolled");
    let decision = camera.show(&[
        fixture::picture("p3_c.png"),
        cut(&fixture::picture("p3_c.png"), 0.96),
    ]);
    assert_eq!(
        (decision.verdict, decision.reason),
        (Verdict::Ambiguous, Some(Reason::AmbiguousFace))
    );
    assert!(decision.cosine.expect("compared") > decision.threshold.expect("compared"));
}

#[test]
fn stills_under_required_liveness_admit_nobody() {
    let mut camera = Camera::new();
    camera.enrol("Satu", "p1_a.png", None).expect("enrolled");
    camera.door.site.rules.liveness.unattended = LivenessPolicy::Required;
    for frames in to_show(&fixture::picture("p1_a.png")) {
        let decision = camera.show(&frames);
        assert_eq!(decision.reason, Some(Reason::LivenessUnavailable));
    }
}

/// A threshold that is set by hand is the one that decides, upwards and downwards.
#[test]
fn a_threshold_by_hand_decides() {
    let mut camera = Camera::new();
    let one = camera.enrol("Satu", "p1_a.png", None).expect("enrolled");
    let set = |camera: &mut Camera, threshold| {
        camera.door.site.rules.face = FacePolicy {
            threshold: Some(threshold),
            ..FacePolicy::default()
        };
    };
    let mut finding = |threshold, file: &str| {
        set(&mut camera, threshold);
        let shown = fixture::picture(file);
        let request =
            camera.request(&[shown.clone(), edit::brighten(&shown, 0.5).expect("darker")]);
        request
            .credential
            .face()
            .expect("a face")
            .verdict
            .finding
            .clone()
    };
    assert_eq!(finding(0.999, "p1_mirror.jpg"), Finding::Unknown);
    assert_eq!(finding(0.0, "p1_mirror.jpg"), Finding::Match(one));
    assert_eq!(
        finding(-1.0, "p4_a.png"),
        Finding::Match(one),
        "so low, anybody is taken for anybody"
    );
}
