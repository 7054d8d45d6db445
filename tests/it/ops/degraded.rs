//! Parts that are missing or break: the box says so, and the rest goes on.

use crate::support::boxed::{Daemon, TestBox};
use crate::support::mjpeg::{Act, serve};
use crate::support::scratch::Scratch;
use crate::support::{LONG, eventually};
use hadir::base::json::Value;

fn without_models(subject: &TestBox) -> Daemon {
    // In another directory, so that ./models is not found.
    subject.serve_with(|command| {
        command.current_dir(subject.scratch.dir());
    })
}

#[test]
fn a_missing_model_switches_faces_off_and_nothing_else() {
    let subject = TestBox::new("");
    let mut daemon = without_models(&subject);
    let (status, health) = daemon.get("/health");
    assert_eq!(status, 200, "tickets and lists go on");
    assert_eq!(health["status"], "degraded");
    assert_eq!(health["faces"], "off_model");
    daemon.running.wait_for("event=faces_off");
    let shown = subject.json(&["status"]);
    let why = shown["faces_detail"].as_str().expect("a reason");
    assert!(
        why.contains("face_detection_yunet_2023mar_merged.onnx"),
        "{why}"
    );
    let event = subject.json(&["event", "add", "Wisuda"]);
    subject.json(&["ticket", "add", event["event"].as_str().expect("an id")]);
    assert_eq!(daemon.get("/ready").0, 200);
}

#[test]
fn a_ticket_is_read_by_the_camera_while_faces_are_off() {
    let subject = TestBox::new("");
    let event = subject.json(&["event", "add", "Wisuda"]);
    let event = event["event"].as_str().expect("an id");
    let ticket = subject.json(&["ticket", "add", event]);
    let camera = Scratch::new();
    let file = camera.path("ticket.png").display().to_string();
    subject.json(&[
        "ticket",
        "qr",
        ticket["ticket"].as_str().expect("an id"),
        &file,
    ]);
    let daemon = subject.serve_with(|command| {
        command.current_dir(subject.scratch.dir());
        command.env(
            "HADIR_CAMERA__SOURCE",
            format!("files:{}", camera.dir().display()),
        );
        command.env("HADIR_CAMERA__OCCASION", format!("event:{event}"));
        command.env("HADIR_CAMERA__PAUSE_MS", "20");
    });
    eventually(LONG, "the ticket is admitted", || {
        daemon.running.written().contains("outcome=admitted")
    });
    let written = daemon.running.written();
    assert_eq!(
        written.matches("event=checkin.decide").count(),
        1,
        "held up, it is decided once: {written}"
    );
}

fn camera_state(health: &Value) -> String {
    health["cameras"][0]["state"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_camera_that_is_lost_and_back_is_told() {
    let picture =
        std::fs::read(crate::support::program::root().join("tests/reference/none_320x240.jpg"));
    let picture = picture.expect("a picture");
    let short = vec![Act::Head, Act::Part(picture.clone(), true)];
    let good = vec![Act::Head, Act::Part(picture, true), Act::Hang];
    let address = serve(vec![short, good]);
    let subject = TestBox::new(&format!("[camera]\nsource = \"mjpeg:http://{address}/\"\n"));
    let mut daemon = subject.serve();
    daemon.running.wait_for("event=camera_lost");
    daemon.running.wait_for("event=camera_back");
    // The second connection falls silent and is lost as well; the box stays up.
    eventually(LONG, "lost again", || {
        camera_state(&daemon.get("/health").1) == "lost"
    });
    let (status, health) = daemon.get("/health");
    assert_eq!((status, &health["status"]), (200, &Value::from("degraded")));
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
}

#[test]
fn a_damaged_store_is_not_opened() {
    let subject = TestBox::new("");
    subject.json(&["person", "add", "Sinta"]);
    let file = subject.scratch.path("store/hadir.db");
    std::fs::write(
        &file,
        b"this is no database at all, but some text of the length of a page",
    )
    .expect("damage");
    let (status, said) = subject.refused(&["serve"]);
    assert_eq!(status, Some(1));
    assert!(
        said.contains("hadir.db") || said.contains("store"),
        "{said}"
    );
    assert_eq!(
        std::fs::read(&file).expect("the file").len(),
        65,
        "nothing was written over it"
    );
}

#[test]
fn doctor_says_what_is_wrong() {
    let subject = TestBox::new("");
    let good = subject.json(&["doctor"]);
    let grades = |v: &Value| -> Vec<String> {
        let all = v["findings"].as_array().expect("findings").iter();
        all.map(|f| f["grade"].as_str().expect("a grade").to_owned())
            .collect()
    };
    assert!(!grades(&good).contains(&"BAD".to_owned()), "{good}");
    std::fs::remove_file(subject.scratch.path("master.key")).expect("remove");
    let (status, said) = subject.refused(&["doctor"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("checks are bad"), "{said}");
}
