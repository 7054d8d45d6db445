//! `hadir face …` on real pictures: the embed format, comparisons, enrolment under consent.

use crate::support::boxed::TestBox;
use crate::support::program::{command, root, run, run_with, text};
use hadir::base::json::{Value, decode};
use std::process::Output;

fn reference(name: &str) -> String {
    root()
        .join("tests/reference")
        .join(name)
        .display()
        .to_string()
}

fn embed(paths: &str) -> (Output, Vec<Value>) {
    let output = run_with(command(&["face", "embed"]), paths);
    let parse = |l: &str| decode(l.as_bytes(), 1024 * 1024).expect("json");
    let lines = text(&output.stdout).lines().map(parse).collect();
    (output, lines)
}

#[test]
fn embed_prints_one_line_for_each_path_in_the_promised_form() {
    let (output, lines) = embed(&format!(
        "{}\n\n{}\n{}\n",
        reference("p1_a.png"),
        reference("none_320x240.jpg"),
        reference("group_640x480.jpg")
    ));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(lines.len(), 3);
    let face = &lines[0]["faces"][0];
    let numbers = |v: &Value| v.as_array().map_or(0, Vec::len);
    assert_eq!(lines[0]["path"], reference("p1_a.png"));
    assert_eq!(numbers(&face["box"]), 4);
    assert_eq!(numbers(&face["landmarks"]), 5);
    assert_eq!(numbers(&face["landmarks"][0]), 2);
    assert_eq!(numbers(&face["embedding"]), 128);
    assert!(face["score"].as_f64() > Some(0.7));
    assert!(face["quality"].is_number());
    assert_eq!(numbers(&lines[1]["faces"]), 0);
    assert!(numbers(&lines[2]["faces"]) >= 4, "all faces of a group");
    for face in lines[2]["faces"].as_array().expect("faces") {
        assert_eq!(numbers(&face["embedding"]), 128, "each of them is embedded");
    }
}

#[test]
fn embed_agrees_with_the_reference() {
    let text = std::fs::read(reference("reference.json")).expect("the reference");
    let all: Value = decode(&text, 4 * 1024 * 1024).expect("json");
    let images = all["images"].as_array().expect("images");
    let wanted = images.iter().find(|i| i["file"] == "p2_a.png").expect("p2");
    let (_, lines) = embed(&reference("p2_a.png"));
    let vector = |v: &Value| -> Vec<f64> {
        v.as_array()
            .expect("numbers")
            .iter()
            .filter_map(Value::as_f64)
            .collect()
    };
    let (have, want) = (
        vector(&lines[0]["faces"][0]["embedding"]),
        vector(&wanted["faces"][0]["embedding"]),
    );
    let cosine: f64 = have.iter().zip(&want).map(|(a, b)| a * b).sum();
    assert!(cosine > 0.999, "{cosine}");
}

#[test]
fn embed_names_what_cannot_be_read_and_goes_on() {
    let (output, lines) = embed(&format!(
        "/nonexistent.jpg\n{}\n{}\n",
        reference("reference.json"),
        reference("p1_a.png")
    ));
    assert_eq!(output.status.code(), Some(1));
    assert!(lines[0]["error"].is_string());
    assert!(lines[1]["error"].is_string());
    assert_eq!(lines[2]["faces"].as_array().map(Vec::len), Some(1));
}

#[test]
fn compare_tells_same_from_other() {
    let same = run(&[
        "face",
        "compare",
        &reference("p3_a.png"),
        &reference("p3_b.png"),
    ]);
    assert!(
        text(&same.stdout).contains(": the same person"),
        "{}",
        text(&same.stdout)
    );
    let other = run(&[
        "face",
        "compare",
        "--json",
        &reference("p1_a.png"),
        &reference("p2_a.png"),
    ]);
    let value: Value = decode(&other.stdout, 65536).expect("json");
    assert_eq!(value["same"], false);
    assert!(value["cosine"].as_f64() < Some(0.4));
    let none = run(&[
        "face",
        "compare",
        &reference("none_320x240.jpg"),
        &reference("p1_a.png"),
    ]);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("no face was found"));
}

#[test]
fn bench_prints_each_stage() {
    let output = run(&[
        "face",
        "bench",
        "--rounds",
        "2",
        "--templates",
        "10000",
        "--json",
        &reference("single_640x480.jpg"),
    ]);
    let value: Value = decode(&output.stdout, 65536).expect("json");
    assert_eq!(value["templates"], 10_000);
    let peak_kib = value["peak_memory_kib"].as_u64().expect("peak");
    assert!(peak_kib > 10_000 && peak_kib < 300_000, "{peak_kib} KiB");
    let stages = value["stages"].as_array().expect("stages");
    assert_eq!(stages.len(), 5);
    assert!(
        stages
            .iter()
            .any(|s| s["stage"] == "embed" && s["median_us"].as_u64() > Some(100))
    );
}

/// Three pictures of p3 are of three days; they pass for one person.
fn enroll<'a>(person: &'a str, pictures: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    let pictures = pictures.iter().map(String::as_str);
    ["face", "enroll", person]
        .into_iter()
        .chain(pictures)
        .chain(more.iter().copied())
        .collect()
}

#[test]
fn enrolment_asks_for_consent_for_enough_and_for_one_person() {
    let subject = TestBox::new("");
    subject.json(&["person", "add", "Tiga", "--number", "3"]);
    subject.json(&["person", "add", "Lain", "--number", "4"]);
    let good: Vec<_> = ["p3_a.png", "p3_b.png", "p3_c.png"].map(reference).into();
    let consent = ["--consent", "paper", "--consent-text", "v1"];
    let table: [(Vec<&str>, &str); 4] = [
        (enroll("3", &good, &[]), "consent"),
        (enroll("3", &good[..2], &consent), "3"),
        (
            enroll("nobody", &good, &consent),
            "nobody has the id or number",
        ),
        (
            enroll("3", &good, &["--consent", "paper"]),
            "--consent-text",
        ),
    ];
    for (arguments, says) in table {
        let (_, said) = subject.refused(&arguments);
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    let mixed: Vec<_> = ["p3_a.png", "p3_b.png", "p1_a.png"].map(reference).into();
    subject.refused(&enroll("3", &mixed, &consent));
    let done = subject.json(&enroll("3", &good, &consent));
    assert_eq!(done["pictures"], 3);
    assert_eq!(
        subject.json(&["person", "list"])["people"][0]["face_pictures"],
        3
    );
    // The same face under another name needs a reason.
    let (_, said) = subject.refused(&enroll("4", &good, &consent));
    assert!(said.contains("enrolled already"), "{said}");
    let twins = [&consent[..], &["--not-same-person", "twins, seen together"]].concat();
    subject.json(&enroll("4", &good, &twins));
    subject.json(&["face", "remove", "4"]);
    assert!(
        subject
            .refused(&["face", "remove", "4"])
            .1
            .contains("no enrolled face")
    );
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
}

#[test]
fn a_minor_s_guardian_can_agree_and_the_daemon_enrols_too() {
    let subject = TestBox::new("");
    let _daemon = subject.serve();
    subject.json(&["person", "add", "Anak", "--number", "7"]);
    let good: Vec<_> = ["p3_a.png", "p3_b.png", "p3_c.png"].map(reference).into();
    let consent = [
        "--consent",
        "paper",
        "--consent-text",
        "v1",
        "--guardian",
        "Ibu Sri",
        "--relation",
        "mother",
    ];
    assert_eq!(
        subject.json(&enroll("7", &good, &consent))["enrolled"],
        true
    );
    assert_eq!(subject.json(&["status"])["enrolled"], 1);
}
