//! The inference threads: panics, superseded frames, switching off, stopping. The analysers are
//! made for the purpose; gates in them take the place of waiting.

use super::fixture;
use hadir::vision::code;
use hadir::vision::model::{self, ModelError, Models};
use hadir::vision::worker::{
    Analyse, Analysis, Engine, EngineError, EngineState, Off, Picture, SourceId, Want,
};
use std::future::Future;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Says when it begins with a picture, and goes on when it is let.
struct Gated {
    begun: Mutex<Sender<Vec<u8>>>,
    let_go: Mutex<Receiver<()>>,
}

impl Analyse for Gated {
    fn analyse(&self, picture: &Picture, _: Want) -> Result<Analysis, EngineError> {
        if let Picture::Bytes(bytes) = picture {
            let begun = self.begun.lock().expect("one thread");
            begun.send(bytes.clone()).expect("the test listens");
        }
        self.let_go
            .lock()
            .expect("one thread")
            .recv()
            .expect("the test lets go");
        Ok(Analysis::default())
    }
}

fn gated() -> (Engine, Receiver<Vec<u8>>, Sender<()>) {
    let ((begun, has_begun), (go, let_go)) = (channel(), channel());
    let analyser = Gated {
        begun: Mutex::new(begun),
        let_go: Mutex::new(let_go),
    };
    let engine = Engine::start_with(Arc::new(analyser), EngineState::On, 1);
    (engine.expect("a thread starts"), has_begun, go)
}

#[test]
fn a_newer_frame_of_the_same_source_takes_the_waiting_ones_place() {
    let (engine, begun, go) = gated();
    let (door, desk) = (SourceId::fresh(), SourceId::fresh());
    let first = engine.analyse(door, b"1".to_vec(), Want::door());
    assert_eq!(begun.recv().expect("begins"), b"1");
    let second = engine.analyse(door, b"2".to_vec(), Want::door());
    let other = engine.analyse(desk, b"x".to_vec(), Want::door());
    let third = engine.analyse(door, b"3".to_vec(), Want::door());
    assert_eq!(
        second.wait().expect_err("superseded"),
        EngineError::Superseded
    );
    assert_eq!(engine.waiting(), 2);
    for _ in 0..3 {
        go.send(()).expect("the thread waits");
    }
    assert!(first.wait().is_ok(), "a frame that has begun is finished");
    assert!(third.wait().is_ok() && other.wait().is_ok());
    let order: Vec<_> = begun.try_iter().collect();
    assert_eq!(
        order,
        [b"3".to_vec(), b"x".to_vec()],
        "the newer frame keeps the place"
    );
}

#[test]
fn stopping_answers_all_that_wait() {
    let (engine, begun, go) = gated();
    let running = engine.analyse(SourceId::fresh(), b"1".to_vec(), Want::door());
    begun.recv().expect("begins");
    let waiting = engine.analyse(SourceId::fresh(), b"2".to_vec(), Want::door());
    let clone = engine.clone();
    drop(engine);
    assert_eq!(clone.waiting(), 1, "a clone keeps the threads");
    go.send(()).expect("the thread waits");
    assert!(running.wait().is_ok());
    begun.recv().expect("the second begins");
    let last = clone.analyse(SourceId::fresh(), b"3".to_vec(), Want::door());
    // Dropping waits for the picture that has begun, so it happens on a thread of its own.
    let dropping = std::thread::spawn(move || drop(clone));
    assert_eq!(last.wait().expect_err("never begun"), EngineError::Stopped);
    go.send(()).expect("the thread waits");
    assert!(waiting.wait().is_ok(), "what has begun is finished");
    dropping.join().expect("the threads end");
}

#[test]
fn an_answer_can_be_awaited() {
    let (engine, begun, go) = gated();
    let pending = engine.analyse(SourceId::fresh(), b"1".to_vec(), Want::door());
    begun.recv().expect("begins");
    go.send(()).expect("the thread waits");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    assert!(runtime.block_on(pending).is_ok());
    // A picture whose asker has gone is analysed all the same, and nobody minds.
    let gone = engine.analyse(SourceId::fresh(), b"2".to_vec(), Want::door());
    drop(gone);
    begun.recv().expect("begins");
    go.send(()).expect("the thread waits");
    fn is_future<F: Future>(_: &F) {}
    is_future(&engine.analyse(SourceId::fresh(), b"3".to_vec(), Want::door()));
    go.send(()).expect("the thread waits");
}

/// Panics on the picture "bad" while faces are wanted; reports what was wanted as codes.
struct Fragile;

impl Analyse for Fragile {
    fn analyse(&self, picture: &Picture, want: Want) -> Result<Analysis, EngineError> {
        let bad = matches!(picture, Picture::Bytes(b) if b == b"bad");
        assert!(!(bad && want.faces), "a picture on which inference panics");
        Ok(Analysis {
            codes: vec![String::from(if want.faces { "faces" } else { "codes" })],
            ..Analysis::default()
        })
    }
}

fn fragile(threads: usize) -> Engine {
    Engine::start_with(Arc::new(Fragile), EngineState::On, threads).expect("threads start")
}

fn ask(engine: &Engine, bytes: &[u8], want: Want) -> Result<Analysis, EngineError> {
    engine
        .analyse(SourceId::fresh(), bytes.to_vec(), want)
        .wait()
}

#[test]
fn a_panic_costs_one_picture() {
    let engine = fragile(2);
    for _ in 0..2 {
        assert_eq!(
            ask(&engine, b"bad", Want::door()).expect_err("panics"),
            EngineError::Panicked
        );
        let next = ask(&engine, b"good", Want::door()).expect("the threads live");
        assert_eq!(next.codes, ["faces"]);
    }
    assert_eq!(engine.state(), EngineState::On);
}

#[test]
fn three_panics_in_a_minute_switch_faces_off_and_codes_go_on() {
    let engine = fragile(1);
    for _ in 0..3 {
        assert_eq!(
            ask(&engine, b"bad", Want::door()).expect_err("panics"),
            EngineError::Panicked
        );
    }
    assert_eq!(engine.state(), EngineState::Off(Off::Panics));
    let seen = ask(&engine, b"bad", Want::door()).expect("codes are read");
    assert_eq!(
        (seen.codes, seen.faces_off),
        (vec![String::from("codes")], Some(Off::Panics))
    );
    let error = ask(&engine, b"good", Want::enrolment()).expect_err("faces are off");
    assert_eq!(error, EngineError::Off(Off::Panics));
    assert!(error.to_string().contains("restarted"), "{error}");
}

#[test]
fn without_a_model_faces_are_off_and_codes_go_on() {
    let dir = PathBuf::from("nowhere");
    let error = Models::load(std::slice::from_ref(&dir)).expect_err("nothing is there");
    let engine = Engine::start(Err(error.clone()), 1).expect("a thread starts");
    assert_eq!(engine.state(), EngineState::Off(Off::Model(error.clone())));
    let ticket = code::render("TICKET-1").expect("fits").to_frame();
    let seen = engine
        .analyse(SourceId::fresh(), ticket, Want::door())
        .wait()
        .expect("codes are read");
    assert_eq!(seen.codes, ["TICKET-1"]);
    assert_eq!(seen.faces_off, Some(Off::Model(error)));
    let want = Want::enrolment();
    let refused = engine
        .analyse(SourceId::fresh(), fixture::file("p1_a.png"), want)
        .wait();
    assert!(
        matches!(refused, Err(EngineError::Off(Off::Model(_)))),
        "{refused:?}"
    );
}

#[test]
fn a_changed_model_is_refused_and_named() {
    let scratch = crate::support::scratch::Scratch::new();
    for file in [&model::DETECTOR, &model::EMBEDDER, &model::EYES] {
        let mut bytes = std::fs::read(fixture::model_dir().join(file.name)).expect("a model");
        if file.name == model::EYES.name {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        scratch.write(file.name, bytes);
    }
    let error = Models::load(&[scratch.dir().to_path_buf()]).expect_err("one bit differs");
    assert!(matches!(&error, ModelError::Changed { path, .. } if path.ends_with(model::EYES.name)));
    // The folder after it has the right ones, but the first file found is the one that counts.
    let dirs = [scratch.dir().to_path_buf(), fixture::model_dir()];
    assert_eq!(Models::load(&dirs).expect_err("as before"), error);
}

#[test]
fn the_manifest_agrees_with_the_program() {
    let text =
        std::fs::read_to_string(fixture::model_dir().join("manifest.toml")).expect("it is there");
    for file in [&model::DETECTOR, &model::EMBEDDER, &model::EYES] {
        assert!(
            text.contains(&format!("file = \"{}\"", file.name)),
            "{}",
            file.name
        );
        assert!(
            text.contains(&format!("sha256 = \"{}\"", file.sha256)),
            "{}",
            file.name
        );
    }
    for line in text.lines().filter(|l| l.starts_with("licence_file")) {
        let name = line.split('"').nth(1).expect("a value");
        assert!(fixture::model_dir().join(name).exists(), "{name}");
    }
}

#[test]
fn many_sizes_one_after_the_other_are_bounded_and_right() {
    // More input sizes than are kept: each still finds the face, before and after the first are gone.
    let face = fixture::picture("p1_a.png");
    for round in 0..2 {
        for side in (96..=512).step_by(32) {
            let frame = hadir::vision::edit::scale(&face, side, side).expect("valid");
            let found = hadir::vision::detect::find_exact(fixture::models(), &frame).expect("runs");
            assert_eq!(found.len(), 1, "side {side}, round {round}");
        }
    }
}
