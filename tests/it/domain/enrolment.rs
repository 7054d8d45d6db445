//! Enrolment: what passes, what is refused and why, and who is in which gallery.

use super::door::{Door, MODEL, axis, direction, picture};
use hadir::base::text::Remark;
use hadir::domain::actor::{Actor, Role};
use hadir::domain::checkin::Occasion;
use hadir::domain::checkin::reason::Reason;
use hadir::domain::identity::enrol::{self, Error, PictureFault};
use hadir::domain::identity::{gallery, person};
use hadir::vision::embed::Embedding;
use hadir::vision::gallery::ModelHash;
use hadir::vision::quality::QualityIssue;

#[test]
fn three_to_ten_good_pictures_of_one_face() {
    let door = Door::new();
    let who = door.person("Budi", None);
    door.consent(who);
    let good = picture(&axis(0));
    let mut poor = good.clone();
    poor.quality = 0.59;
    poor.issues = vec![QualityIssue::Blurred];
    let (mut none, mut two) = (good.clone(), good.clone());
    none.faces = 0;
    two.faces = 2;
    let other = picture(&direction(&[0.49]));
    let table = [
        (vec![good.clone(); 2], Error::Pictures(2)),
        (vec![good.clone(); 11], Error::Pictures(11)),
        (
            vec![good.clone(), poor, good.clone()],
            Error::Picture(1, PictureFault::Quality(0.59, vec![QualityIssue::Blurred])),
        ),
        (
            vec![none, good.clone(), good.clone()],
            Error::Picture(0, PictureFault::NoFace),
        ),
        (
            vec![good.clone(), good.clone(), two],
            Error::Picture(2, PictureFault::ManyFaces(2)),
        ),
    ];
    for (pictures, want) in table {
        let got = door.enrol_pictures(who, &pictures, MODEL, None);
        assert_eq!(got, Err(want));
    }
    let unlike = door.enrol_pictures(who, &[good.clone(), good.clone(), other], MODEL, None);
    assert!(matches!(unlike, Err(Error::Unlike(0, 2, cosine)) if (cosine - 0.49).abs() < 1e-3));
    assert_eq!(
        door.enrol_pictures(who, &vec![good; 10], MODEL, None),
        Ok(())
    );
    let found = door.look(|v, c| person::find(v, c, who)).expect("found");
    assert_eq!(found.face_pictures, Some(10));
}

#[test]
fn the_template_is_the_mean_and_a_new_enrolment_takes_the_old_one_s_place() {
    let door = Door::new();
    let who = door.person("Budi", None);
    door.consent(who);
    let pictures =
        [&[0.9, 0.2], &[0.9, 0.0], &[0.9, -0.2]].map(|a: &[f32; 2]| picture(&direction(a)));
    door.enrol_pictures(who, &pictures, MODEL, None)
        .expect("enrolled");
    let site = &door.site;
    let template = || {
        let found = door.look(|v, _| gallery::load_template(v, site, who, MODEL));
        found.expect("readable").expect("a template")
    };
    let embeddings: Vec<_> = pictures
        .iter()
        .filter_map(|p| p.embedding.clone())
        .collect();
    let mean = Embedding::mean(&embeddings).expect("a mean");
    assert!(template().dot(&mean) > 0.9999);
    door.enrol(who, &axis(4), None).expect("enrolled anew");
    assert!(template().dot(&axis(4)) > 0.9999);
    assert_eq!(door.gallery(Occasion::Daily(door.today())).gallery.len(), 1);
    door.act(move |tx, call| enrol::remove(tx, call, who))
        .expect("removed");
    let twice = door.act(move |tx, call| enrol::remove(tx, call, who));
    assert_eq!(twice, Err(Error::NotEnrolled));
}

#[test]
fn the_same_face_under_another_name_is_refused_with_a_way_out() {
    let door = Door::new();
    let first = door.enrolled("Budi", &axis(0));
    let second = door.person("Bambang", None);
    door.consent(second);
    let near = direction(&[0.7]);
    let refused = door.enrol(second, &near, None).expect_err("the same face");
    assert!(matches!(refused, Error::SameFace { other, .. } if other == first));
    let says = refused.to_string();
    assert!(
        says.contains(&first.to_string())
            && says.contains("merge")
            && says.contains("not_same_person")
    );
    assert_eq!(refused.cause(), hadir::base::cause::Cause::Conflict);
    door.enrol(second, &near, Some("saudara kembar"))
        .expect("two people, said the operator");
    // At the door the two are told apart by the margin, or not at all.
    let middle = Embedding::mean(&[axis(0), near]).expect("a mean");
    let between = door.decide(&door.face(Occasion::Daily(door.today()), &middle));
    assert_eq!(between.reason, Some(Reason::AmbiguousFace));
    door.enrolled("Jauh", &axis(9)); // somebody else is still no problem
}

#[test]
fn a_teacher_enrols_but_does_not_override() {
    let door = Door::new();
    door.enrolled("Budi", &axis(0));
    let second = door.person("Bambang", None);
    door.consent(second);
    let everybody = door
        .look(|v, c| enrol::load_everybody(v, c.site, MODEL))
        .expect("gallery");
    let pictures = vec![picture(&axis(0)); 3];
    let candidate = enrol::examine(second, &pictures, &everybody, MODEL).expect("good pictures");
    let teacher = Actor::Person {
        id: second,
        role: Role::Teacher,
        supervise: false,
    };
    let reason: Remark = "bukan dia".parse().expect("a remark");
    let denied = door.act_as(teacher, move |tx, c| {
        enrol::enrol(tx, c, &candidate, Some(&reason))
    });
    assert_eq!(
        denied.expect_err("denied").cause(),
        hadir::base::cause::Cause::Forbidden
    );
}

#[test]
fn templates_of_another_model_are_never_matched() {
    let door = Door::new();
    let other = ModelHash([8; 32]);
    let who = door.person("Budi", None);
    door.consent(who);
    door.enrol_pictures(who, &vec![picture(&axis(0)); 3], other, None)
        .expect("enrolled");
    let today = Occasion::Daily(door.today());
    assert_eq!(door.gallery(today).gallery.len(), 0);
    // A verdict that names the person all the same is refused inside.
    let site = &door.site;
    let theirs = door
        .look(|v, _| gallery::load_gallery(v, site, &today.key(), other))
        .expect("gallery");
    let frames = [super::door::frame(&axis(0)), super::door::frame(&axis(0))];
    let verdict = hadir::domain::checkin::face::judge(&frames, &theirs.gallery, &site.rules.face);
    let decision = door.decide(&door.request(today, super::door::evidence(verdict)));
    assert_eq!(decision.reason, Some(Reason::NotEnrolled));
}

#[test]
fn a_gallery_is_that_of_the_occasion() {
    let door = Door::new();
    let holder = door.enrolled("Budi", &axis(0));
    door.enrolled("Siti", &axis(1));
    let event = door.event();
    assert_eq!(door.gallery(Occasion::Event(event)).gallery.len(), 0);
    let before = door.gallery(Occasion::Event(event)).version;
    door.ticket(event, Some(holder));
    door.ticket(event, Some(holder));
    let at_event = door.gallery(Occasion::Event(event));
    assert_eq!(at_event.gallery.len(), 1);
    assert!(
        at_event.version > before,
        "a new holder makes galleries out of date"
    );
    assert_eq!(door.gallery(Occasion::Daily(door.today())).gallery.len(), 2);
    let stranger = door.decide(&door.face(Occasion::Event(event), &axis(1)));
    assert_eq!(stranger.reason, Some(Reason::UnknownFace));
    door.act(move |tx, c| person::set_enabled(tx, c, holder, false))
        .expect("disabled");
    assert_eq!(door.gallery(Occasion::Event(event)).gallery.len(), 0);
}

#[test]
fn galleries_of_many_pages_are_whole() {
    let door = Door::new();
    // 40 people by three axes each: enough to see that nobody is lost between people.
    let event = door.event();
    for i in 0..40 {
        let who = door.enrolled(&format!("Orang {i}"), &axis(i));
        door.ticket(event, Some(who));
    }
    assert_eq!(door.gallery(Occasion::Event(event)).gallery.len(), 40);
    assert_eq!(
        door.gallery(Occasion::Daily(door.today())).gallery.len(),
        40
    );
}
