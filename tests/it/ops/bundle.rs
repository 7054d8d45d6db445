//! The archive for support: what stands in it, and that nothing does that must not. Secrets are
//! planted in the configuration, in the store and in the journal; the same search finds each of
//! them where it was planted.

use crate::ops::client::{PASSWORD, person};
use crate::support::boxed::TestBox;
use crate::support::program::text;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

/// A journal that tells of more than it should.
const JOURNAL: &str = r#"#!/bin/sh
echo '{"__REALTIME_TIMESTAMP":"1","PRIORITY":"6","MESSAGE":"hadir 0.1.0 serves SMA Rahasia Dua.","HADIR_EVENT":"started","_HOSTNAME":"kotak-tersembunyi"}'
echo '{"__REALTIME_TIMESTAMP":"2","PRIORITY":"3","MESSAGE":"camera http://kamera:sandi77@10.9.8.7/mjpg of wati@sma.sch.id","HADIR_ERROR":"hdr_AbCdEfGhIjKlMnOpQrStUvWx12345","HADIR_DEVICE":"01M7ZYA9P2YCGQ8X122Z3PMR21"}'
"#;

/// Where each file begins and what it holds.
fn unpack(bytes: &[u8]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut at = 0;
    while bytes[at] != 0 {
        let word = |from: usize, to: usize| {
            let field = &bytes[at + from..at + to];
            text(field.split(|b| *b == 0).next().expect("a field"))
        };
        let size = usize::from_str_radix(&word(124, 136), 8).expect("a size");
        files.push((word(0, 100), text(&bytes[at + 512..at + 512 + size])));
        at += 512 + size.next_multiple_of(512);
    }
    files
}

#[test]
fn nothing_that_names_or_opens_anything_leaves_the_box() {
    let subject = TestBox::new(
        "[site]\nname = \"SMA Rahasia Dua\"\n[camera]\nsource = \"mjpeg:http://kamera:sandi77@10.9.8.7/mjpg\"\n",
    );
    person(&subject, "kepala.sekolah", "admin");
    let arguments = [
        "person",
        "add",
        "Wati Kurniasih",
        "--number",
        "20261177",
        "--email",
        "wati@sma.sch.id",
    ];
    subject.json(&arguments);
    let event = subject.json(&["event", "add", "Acara Tertutup"]);
    let ticket = subject.json(&["ticket", "add", event["event"].as_str().expect("an id")]);
    let code = ticket["code"].as_str().expect("a code").to_owned();
    let key = std::fs::read_to_string(subject.scratch.path("master.key")).expect("a key");
    let tools = subject.scratch.path("bin");
    std::fs::create_dir(&tools).expect("a folder");
    let fake = tools.join("journalctl");
    std::fs::write(&fake, JOURNAL).expect("write");
    std::fs::set_permissions(&fake, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    let to = subject.scratch.path("bundle.tar");
    let mut command: Command = subject.command(&["doctor", "--bundle", &to.display().to_string()]);
    let path = std::env::var("PATH").expect("a path");
    command.env("PATH", format!("{}:{path}", tools.display()));
    let ran = command.output().expect("it runs");
    let bytes = std::fs::read(&to).unwrap_or_else(|e| panic!("{e}: {}", text(&ran.stderr)));
    let mode = std::fs::metadata(&to)
        .expect("the archive")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let files = unpack(&bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "README.txt",
            "version.txt",
            "doctor.txt",
            "config.txt",
            "store.txt",
            "journal.txt"
        ]
    );
    let of = |name: &str| &files.iter().find(|(n, _)| n == name).expect("there").1;
    assert!(
        of("version.txt").starts_with("hadir 0."),
        "{}",
        of("version.txt")
    );
    assert!(of("doctor.txt").contains("audit"), "{}", of("doctor.txt"));
    assert!(
        of("config.txt").contains("site.name = <site.name>"),
        "{}",
        of("config.txt")
    );
    assert!(
        of("store.txt").contains("table person: 2 rows"),
        "{}",
        of("store.txt")
    );
    assert!(
        of("journal.txt").contains("EVENT=started"),
        "{}",
        of("journal.txt")
    );
    assert!(
        of("journal.txt").contains("01M7ZYA9P2YCGQ8X122Z3PMR21"),
        "ids are no secrets"
    );

    let config = std::fs::read_to_string(subject.scratch.path("hadir.toml")).expect("read");
    let planted = [
        config,
        JOURNAL.to_owned(),
        arguments.join(" "),
        key.clone(),
        code.clone(),
    ]
    .concat()
        + PASSWORD
        + "kepala.sekolah Acara Tertutup";
    let secrets = [
        "SMA Rahasia Dua",
        "Rahasia",
        "kamera",
        "sandi77",
        "10.9.8.7",
        "kotak-tersembunyi",
        "wati@sma.sch.id",
        "hdr_AbCdEfGhIjKlMnOpQrStUvWx12345",
        "Wati",
        "Kurniasih",
        "20261177",
        "Acara Tertutup",
        PASSWORD,
        "kepala.sekolah",
        code.as_str(),
        key.trim(),
    ];
    let whole = text(&bytes);
    for secret in secrets {
        assert!(
            planted.contains(secret),
            "the search would not find {secret}"
        );
        assert!(
            !whole.contains(secret),
            "{secret} is in the archive:\n{whole}"
        );
    }
    // A file that is there is not overwritten.
    let (status, said) = subject.refused(&["doctor", "--bundle", &to.display().to_string()]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("bundle.tar"), "{said}");
}
