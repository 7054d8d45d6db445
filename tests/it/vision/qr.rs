//! Codes as a camera sees them: turned, small, pale, dark, in a scene, several at once, next to a face.

use super::fixture;
use hadir::vision::code::{find_codes, render};
use hadir::vision::edit;
use hadir::vision::frame::Frame;
use hadir::vision::worker::{Engine, SourceId, Want};

const TEXT: &str = "HADIR-2F8K-9QXW";

fn drawn(text: &str, side: u32) -> Frame {
    let frame = render(text).expect("fits").to_frame();
    edit::scale(&frame, side, side).expect("a valid size")
}

fn scene() -> Frame {
    edit::brighten(&fixture::picture("single_640x480.jpg"), 0.8).expect("valid")
}

fn held_up(code: &Frame, x: i32, y: i32) -> Frame {
    edit::paste(&scene(), code, x, y).expect("valid")
}

#[test]
fn a_code_is_found_however_it_is_held() {
    let upright = drawn(TEXT, 200);
    let white = edit::blank(640, 480, [235, 232, 228]).expect("valid");
    let on_white = edit::paste(&white, &upright, 220, 140).expect("valid");
    let mut table = vec![
        ("in a scene", held_up(&upright, 20, 260)),
        ("small in a scene", held_up(&drawn(TEXT, 120), 500, 20)),
        (
            "dark",
            edit::brighten(&held_up(&upright, 20, 260), 0.25).expect("valid"),
        ),
        (
            "a little blurred",
            edit::blur(&held_up(&upright, 20, 260), 1.0).expect("valid"),
        ),
        ("alone and small", drawn(TEXT, 110)),
    ];
    for degrees in [-45.0, -20.0, -5.0, 10.0, 30.0, 90.0, 180.0] {
        table.push(("turned", edit::rotate(&on_white, degrees).expect("valid")));
    }
    for (name, frame) in table {
        assert_eq!(find_codes(&frame.luma()), [TEXT], "{name}");
    }
}

#[test]
fn a_code_survives_a_camera_s_compression() {
    for quality in [30, 50, 90] {
        let bytes = held_up(&drawn(TEXT, 200), 20, 260)
            .encode_jpeg(quality)
            .expect("encodes");
        let frame = Frame::decode(&bytes).expect("decodes");
        assert_eq!(find_codes(&frame.luma()), [TEXT], "quality {quality}");
    }
}

#[test]
fn two_codes_are_two_texts_and_the_same_twice_is_one() {
    let two = edit::paste(
        &held_up(&drawn("A-0001", 180), 10, 290),
        &drawn("B-0002", 180),
        450,
        290,
    );
    let mut texts = find_codes(&two.expect("valid").luma());
    texts.sort();
    assert_eq!(texts, ["A-0001", "B-0002"]);
    let same = edit::paste(
        &held_up(&drawn("A-0001", 180), 10, 290),
        &drawn("A-0001", 180),
        450,
        290,
    );
    assert_eq!(find_codes(&same.expect("valid").luma()), ["A-0001"]);
}

#[test]
fn a_large_photograph_is_read_too() {
    let large = edit::scale(&held_up(&drawn(TEXT, 200), 20, 260), 2560, 1920).expect("valid");
    assert_eq!(find_codes(&large.luma()), [TEXT]);
}

#[test]
fn pictures_without_a_code_have_none() {
    for image in &fixture::reference().images {
        let codes = find_codes(&fixture::picture(&image.file).luma());
        assert!(codes.is_empty(), "{}: {codes:?}", image.file);
    }
}

#[test]
fn a_face_and_a_code_come_from_the_same_frame() {
    let engine = Engine::start(Ok(fixture::models().clone()), 1).expect("a thread starts");
    let frame = held_up(&drawn(TEXT, 160), 10, 310);
    let seen = engine
        .analyse(SourceId::fresh(), frame, Want::door())
        .wait()
        .expect("analysed");
    assert_eq!(seen.codes, [TEXT]);
    assert_eq!(seen.faces.len(), 1);
    assert!(seen.faces[0].embedding.is_some());
}
