//! The demo is the job from end to end, so it is run as a user runs it: the built
//! binary, the committed models and pictures.

use crate::support::program::{Running, command, root, run, run_with, text};
use crate::support::scratch::Scratch;
use hadir::app::demo::{Line, Setting, play};
use hadir::base::json::{Value, decode};
use hadir::domain::checkin::reason::{Means, Reason, Verdict};
use hadir::domain::rule::LivenessPolicy;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

fn lines(stdout: &[u8]) -> Vec<Value> {
    let parse = |l: &str| decode(l.as_bytes(), 64 * 1024).expect("a line of JSON");
    text(stdout).lines().map(parse).collect()
}

fn once(arguments: &[&str]) -> (bool, Vec<Value>, String) {
    let output = run(&[&["demo", "--once", "--json"], arguments].concat());
    (
        output.status.success(),
        lines(&output.stdout),
        text(&output.stderr),
    )
}

fn wrong(lines: &[Value]) -> Vec<String> {
    let is_wrong = |l: &&Value| l["right"] == false;
    lines
        .iter()
        .filter(is_wrong)
        .map(|l| l["scene"].to_string())
        .collect()
}

#[test]
fn every_decision_is_right() {
    let (good, lines, stderr) = once(&[]);
    assert!(good, "{:?} {stderr}", wrong(&lines));
    let summary = lines.last().expect("a summary");
    assert_eq!(summary["good"], true);
    assert!(summary["scenes"].as_u64() >= Some(10));
}

#[test]
fn each_line_tells_decision_numbers_and_times() {
    let output = run(&["demo", "--once"]);
    let text = text(&output.stdout);
    let scenes: Vec<_> = text.lines().filter(|l| l.starts_with("right")).collect();
    assert!(scenes.len() >= 10, "{text}");
    for line in scenes {
        for part in [
            "cosine=",
            "second=",
            "threshold=",
            "liveness=not measured",
            "ms: decode ",
        ] {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
    assert!(
        text.lines()
            .last()
            .expect("a summary")
            .starts_with("good: "),
        "{text}"
    );
}

/// Mild probes average to 0.99: the demo keeps an admission that such a threshold refuses.
#[test]
fn a_threshold_that_refuses_everybody_fails_the_demo() {
    let (good, lines, _) = once(&["--threshold", "0.99"]);
    assert!(!good);
    assert!(
        wrong(&lines).iter().any(|s| s.contains("in dim light")),
        "{:?}",
        wrong(&lines)
    );
}

#[test]
fn a_threshold_that_admits_everybody_fails_the_demo() {
    let (good, lines, _) = once(&["--threshold", "0.0"]);
    assert!(!good);
    assert!(
        wrong(&lines).iter().any(|s| s.contains("stranger")),
        "{:?}",
        wrong(&lines)
    );
}

#[test]
fn a_threshold_is_a_cosine() {
    for value in ["2", "x", "NaN", ""] {
        let output = run(&["demo", "--once", "--threshold", value]);
        assert_eq!(output.status.code(), Some(64), "{value}");
    }
}

/// A copy of the models whose files may be changed.
fn copy(scratch: &Scratch) -> PathBuf {
    let from = root().join("models");
    for dir in ["", "demo"] {
        let entries = std::fs::read_dir(from.join(dir)).expect("models");
        for entry in entries
            .map(|e| e.expect("an entry").path())
            .filter(|p| p.is_file())
        {
            let name = entry
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let bytes = std::fs::read(&entry).expect("a file");
            scratch.write(
                &Path::new("models").join(dir).join(name).to_string_lossy(),
                bytes,
            );
        }
    }
    scratch.path("models")
}

fn once_with(models: &Path) -> (Option<i32>, String) {
    // In another folder, so that ./models is not found behind the copy.
    let mut command = command(&["demo", "--once", "--models", &models.to_string_lossy()]);
    command.current_dir(models);
    let output = run_with(command, "");
    (
        output.status.code(),
        text(&output.stdout) + &text(&output.stderr),
    )
}

#[test]
fn another_person_s_portrait_fails_the_demo() {
    let scratch = Scratch::new();
    let models = copy(&scratch);
    let (status, written) = once_with(&models);
    assert_eq!(status, Some(0), "the copy itself works: {written}");
    let other = root().join("tests/reference/p4_a.png");
    std::fs::copy(other, models.join("demo/p1_a.png")).expect("swap");
    let (status, written) = once_with(&models);
    assert_eq!(status, Some(1), "{written}");
    assert!(written.contains("not of the demo's person"), "{written}");
}

#[test]
fn a_missing_or_changed_model_is_named() {
    let scratch = Scratch::new();
    let models = copy(&scratch);
    let embedder = models.join("face_recognition_sface_2021dec.onnx");
    let mut bytes = std::fs::read(&embedder).expect("the embedder");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&embedder, bytes).expect("a changed embedder");
    for _ in 0..2 {
        let (status, written) = once_with(&models);
        assert_eq!(status, Some(78), "{written}");
        assert!(
            written.contains("face_recognition_sface_2021dec.onnx"),
            "{written}"
        );
        let _ = std::fs::remove_file(&embedder); // the second time it is missing
    }
}

/// The demo plays stills; where liveness is required, no still lets anybody in.
#[test]
fn stills_admit_nobody_where_liveness_is_required() {
    let setting = Setting {
        models: vec![root().join("models")],
        threshold: None,
        liveness: LivenessPolicy::Required,
    };
    let mut seen: Vec<Line> = Vec::new();
    let summary = play(&setting, |line| seen.push(line.clone())).expect("the demo plays");
    assert!(!summary.is_good());
    let faces = || {
        seen.iter()
            .filter_map(|l| l.played.decision.as_ref())
            .filter(|d| d.means == Means::Face)
    };
    assert!(faces().all(|d| !matches!(d.verdict, Verdict::Admitted | Verdict::Already)));
    let unavailable = faces()
        .filter(|d| d.reason == Some(Reason::LivenessUnavailable))
        .count();
    assert!(
        unavailable >= 4,
        "the known faces were recognised and refused all the same"
    );
}

/// Without --once it serves the pages, says how one signs in, and goes on playing until it is
/// asked to stop.
#[test]
fn the_demo_goes_on_until_it_is_stopped() {
    let scratch = Scratch::new();
    let mut command = command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", scratch.dir());
    let mut demo = Running::start(command);
    let written = demo.wait_for("; Ctrl-C ends it");
    for part in ["sign in: demo, password ", "/kiosk (pair it with ", "/desk"] {
        assert!(written.contains(part), "{written}");
    }
    let address = written
        .split("http://")
        .nth(1)
        .and_then(|r| r.split('/').next());
    let address = address.expect("an address").to_owned();
    demo.wait_for("right  p1, enrolled");
    let mut stream = std::net::TcpStream::connect(address).expect("connect");
    stream
        .write_all(b"GET /health HTTP/1.0\r\n\r\n")
        .expect("write");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(
        answer.contains("200 OK") && answer.contains("\"faces\":\"on\""),
        "{answer}"
    );
    demo.signal("INT");
    assert!(demo.end().success(), "{}", demo.written());
    assert!(!demo.written().contains("WRONG"), "{}", demo.written());
    let left: Vec<_> = std::fs::read_dir(scratch.dir())
        .expect("the folder")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_demo_s_address_must_be_free() {
    let busy = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = busy.local_addr().expect("address").to_string();
    let output = run(&["demo", "--listen", &address]);
    assert_eq!(output.status.code(), Some(78));
    assert!(
        text(&output.stderr).contains("change --listen"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn the_demo_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let mut command = command(&["demo", "--once"]);
    command.env("TMPDIR", scratch.dir());
    assert!(run_with(command, "").status.success());
    let left: Vec<_> = std::fs::read_dir(scratch.dir())
        .expect("the folder")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
