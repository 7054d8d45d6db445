//! `hadir check-config`: every mistake, each with its line.

use crate::support::program::{command, root, run_with, text};
use crate::support::scratch::Scratch;

/// Checks a text and returns the status and the lines on stderr, the file's path shortened.
fn check(contents: &str, variables: &[(&str, &str)]) -> (Option<i32>, Vec<String>) {
    let scratch = Scratch::new();
    let file = scratch.write("hadir.toml", contents);
    let name = file.display().to_string();
    let mut command = command(&["check-config", "--config", &name]);
    command.envs(variables.iter().copied());
    let output = run_with(command, "");
    let lines = text(&output.stderr)
        .lines()
        .map(|l| l.replace(&name, "hadir.toml"))
        .collect();
    (output.status.code(), lines)
}

/// The lines start like these, in this order, and there are no others.
fn assert_lines(got: &[String], want: &[&str]) {
    assert_eq!(got.len(), want.len(), "{got:#?}");
    for (got, want) in got.iter().zip(want) {
        assert!(
            got.starts_with(&format!("hadir: {want}")),
            "{got}\nwanted {want}"
        );
    }
}

#[test]
fn a_good_file_is_good() {
    assert_eq!(check("[site]\nname = \"SMA 1\"\n", &[]), (Some(0), vec![]));
    assert_eq!(check("", &[]), (Some(0), vec![]));
}

#[test]
fn the_commented_example_is_good_and_names_every_key() {
    let example = std::fs::read_to_string(root().join("docs/hadir.toml")).expect("the example");
    assert_eq!(check(&example, &[]), (Some(0), vec![]));
    // With every comment sign before a key taken away it is still good: no key in it is wrong.
    let all: String = example
        .lines()
        .map(|line| match line.strip_prefix("#") {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => rest,
            _ => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    assert_eq!(check(&all, &[]), (Some(0), vec![]));
    for key in [
        "name",
        "timezone",
        "language",
        "dir",
        "master",
        "socket",
        "address",
        "surface",
        "tls",
        "trusted_proxies",
        "names",
        "desk_id",
        "desk_en",
        "general",
        "auth",
        "login",
        "code",
        "poll",
        "connections",
        "connections_per_address",
        "false_accepts_per_day",
        "strangers_per_day",
        "keep_images",
        "unattended",
        "attended",
        "compat",
        "start",
        "late_after",
        "source",
        "occasion",
        "pause_ms",
        "level",
        "form",
    ] {
        assert!(
            all.lines().any(|l| l.starts_with(&format!("{key} ="))),
            "{key}"
        );
    }
}

#[test]
fn every_mistake_is_named_with_its_line_and_what_is_allowed() {
    let (status, lines) = check(
        "\
[site]
name = \"\"
timezone = \"Asia/Atlantis\"
colour = \"green\"

[store]
dir = 7

[keys]
master = \"correct horse battery staple\"

[face]
strangers_per_day = -1
keep_images = true

[liveness]
unattended = \"sometimes\"

[attendance]
start = \"7 o'clock\"

[camera]
source = \"usb\"
occasion = \"weekly\"

[log]
level = \"loud\"

[messaging]
require_friendship = false
",
        &[],
    );
    assert_eq!(status, Some(78));
    assert_lines(
        &lines,
        &[
            "hadir.toml:2: site.name: ",
            "hadir.toml:3: site.timezone: expected a time zone such as Asia/Jakarta",
            "hadir.toml:4: site.colour is not a key; the keys are: name, timezone, language",
            "hadir.toml:7: store.dir is a text in quotation marks",
            "hadir.toml:10: keys.master: a secret is named as \"credential:NAME\" or \"file:PATH\"",
            "hadir.toml:13: face.strangers_per_day is a number from 1 to 1000000",
            "hadir.toml:14: face.keep_images: this version keeps no images; allowed: false",
            "hadir.toml:17: liveness.unattended: \"sometimes\" is not allowed; allowed: \"required\", \"advisory\", \"off\"",
            "hadir.toml:20: attendance.start: expected a time of day such as 07:15",
            "hadir.toml:23: camera.source: \"usb\" is no camera; allowed: \"off\", \"v4l2:/dev/video0\", \"files:DIR\", \"mjpeg:http://HOST/PATH\"",
            "hadir.toml:24: camera.occasion: \"weekly\" is not allowed; allowed: \"daily\", \"event:ID\"",
            "hadir.toml:27: log.level: \"loud\" is not allowed; allowed: \"error\", \"warning\", \"info\", \"debug\"",
            "hadir.toml:29: messaging is not a section; the sections are: site,",
        ],
    );
    assert!(
        !lines.join("\n").contains("battery"),
        "a secret must not be repeated"
    );
}

#[test]
fn mistakes_of_form_are_named_with_their_lines() {
    let (status, lines) = check("[site]\nname = \nlanguage = \"id\"\n[store\n", &[]);
    assert_eq!(status, Some(78));
    assert!(lines.len() >= 2, "{lines:?}");
    assert!(
        lines.iter().any(|l| l.starts_with("hadir: hadir.toml:2: ")),
        "{lines:?}"
    );
    assert!(
        lines.iter().any(|l| l.starts_with("hadir: hadir.toml:4: ")),
        "{lines:?}"
    );
}

#[test]
fn a_key_twice_is_a_mistake() {
    let (status, lines) = check("[site]\nlanguage = \"id\"\nlanguage = \"en\"\n", &[]);
    assert_eq!(status, Some(78));
    assert!(
        lines.iter().any(|l| l.contains("hadir.toml:3: ")),
        "{lines:?}"
    );
}

#[test]
fn listeners_are_checked_one_by_one() {
    let (status, lines) = check(
        "\
[[listener]]
address = \"127.0.0.1:8080\"
[[listener]]
address = \"127.0.0.1:8080\"
[[listener]]
address = \"localhost\"
surface = \"chat\"
[[listener]]
tls = \"on\"
",
        &[],
    );
    assert_eq!(status, Some(78));
    assert_lines(
        &lines,
        &[
            "hadir.toml:1: listener.3.address is missing",
            "hadir.toml:4: listener.1.address: another listener has 127.0.0.1:8080 already",
            "hadir.toml:6: listener.2.address: \"localhost\" is not an address and port such as 127.0.0.1:8080",
            "hadir.toml:7: listener.2.surface: \"chat\" is not allowed; allowed: \"native\"",
            "hadir.toml:9: listener.3.tls: \"on\" is not allowed; allowed: \"off\", \"box\"",
        ],
    );
}

#[test]
fn variables_override_and_are_checked_like_the_file() {
    let good = [
        ("HADIR_SITE__LANGUAGE", "en"),
        ("HADIR_FACE__STRANGERS_PER_DAY", "250"),
    ];
    assert_eq!(
        check("[site]\nlanguage = \"xx\"\n", &good),
        (Some(0), vec![])
    );
    let bad = [("HADIR_SITE__LANGUAGE", "xx"), ("HADIR_STORE__FOLDER", "x")];
    let (status, lines) = check("", &bad);
    assert_eq!(status, Some(78));
    assert_lines(
        &lines,
        &[
            "HADIR_SITE__LANGUAGE: site.language: \"xx\" is not allowed; allowed: \"id\", \"en\"",
            "HADIR_STORE__FOLDER: store.folder is not a key; the keys are: dir",
        ],
    );
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_named() {
    let output = run_with(
        command(&["check-config", "--config", "/nonexistent.toml"]),
        "",
    );
    assert_eq!(output.status.code(), Some(78));
    assert!(text(&output.stderr).contains("/nonexistent.toml"));
    let large = format!("# {}\n", "x".repeat(1024 * 1024));
    let (status, lines) = check(&large, &[]);
    assert_eq!(status, Some(78));
    assert!(lines[0].contains("larger than 1 MiB"), "{lines:?}");
}

#[test]
fn the_json_form_lists_the_same() {
    let scratch = Scratch::new();
    let file = scratch.write("hadir.toml", "[site]\nlanguage = \"xx\"\n[nosuch]\n");
    let name = file.display().to_string();
    let output = run_with(command(&["check-config", "--json", "--config", &name]), "");
    assert_eq!(output.status.code(), Some(78));
    let value: hadir::base::json::Value =
        hadir::base::json::decode(&output.stdout, 65536).expect("json");
    assert_eq!(value["ok"], false);
    assert_eq!(value["problems"].as_array().map(Vec::len), Some(2));
}

/// No command begins its work with a configuration that has mistakes.
#[test]
fn every_command_refuses_a_bad_configuration() {
    let scratch = Scratch::new();
    let file = scratch
        .write("hadir.toml", "[nosuch]\n")
        .display()
        .to_string();
    for name in [
        "serve",
        "status",
        "doctor",
        "person list",
        "key status",
        "audit verify",
        "demo",
    ] {
        let arguments: Vec<_> = name.split(' ').chain(["--config", &file]).collect();
        let output = run_with(command(&arguments), "");
        assert_eq!(
            output.status.code(),
            Some(78),
            "{name}: {}",
            text(&output.stderr)
        );
    }
}
