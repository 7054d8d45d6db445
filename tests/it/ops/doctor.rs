//! `hadir doctor` on boxes on which one thing was broken for real: it names that thing, where
//! it is and what to do, and nothing else.

use crate::support::boxed::TestBox;
use crate::support::program::{root, run_with, text};
use crate::support::scratch::Scratch;
use hadir::base::json::{Value, decode};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is bad, as subject and text. The two forms of the output say the same, and the exit
/// status says whether there is anything.
fn faults(subject: &TestBox, change: impl Fn(&mut Command)) -> Vec<(String, String)> {
    let run = |arguments: &[&str]| {
        let mut command = subject.command(arguments);
        change(&mut command);
        run_with(command, "")
    };
    let told = run(&["doctor", "--json"]);
    let value: Value = decode(&told.stdout, 65536).expect("json");
    let all = value["findings"].as_array().expect("findings").clone();
    let cell = |f: &Value, key: &str| f[key].as_str().expect("a text").to_owned();
    let bad: Vec<_> = all.iter().filter(|f| f["grade"] == "BAD").collect();
    assert_eq!(value["bad"].as_u64(), Some(bad.len() as u64));
    let bad: Vec<_> = bad
        .iter()
        .map(|f| (cell(f, "subject"), cell(f, "text")))
        .collect();
    let shown = run(&["doctor"]);
    let lines = text(&shown.stdout);
    assert_eq!(lines.lines().count(), all.len() + 1, "{lines}");
    for (name, found) in &bad {
        let mut lines = lines.lines();
        let found = to_seconds(found);
        let line = lines.any(|line| {
            let same = to_seconds(line).ends_with(&found);
            line.starts_with("BAD") && line.contains(name) && same
        });
        assert!(line, "{name}: {found}\n{}", text(&shown.stdout));
    }
    for output in [told, shown] {
        let status = if bad.is_empty() { 0 } else { 1 };
        assert_eq!(output.status.code(), Some(status), "{bad:?}");
        let counted = format!("{} of {} checks are bad", bad.len(), all.len());
        let said = text(&output.stderr);
        assert!(bad.is_empty() || said.contains(&counted), "{said}");
    }
    bad
}

/// A text without the thousandths of its times: the two runs take their time.
fn to_seconds(text: &str) -> String {
    let mut parts = text.split('.');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_at_checked(3) {
            Some((digits, rest)) if rest.starts_with('Z') && digits.parse::<u16>().is_ok() => {
                whole.push_str(rest);
            }
            _ => {
                whole.push('.');
                whole.push_str(part);
            }
        }
    }
    whole
}

/// The one fault of a box has this subject and says all of this.
fn only(subject: &TestBox, change: impl Fn(&mut Command), name: &str, says: &[&str]) {
    let bad = faults(subject, change);
    assert_eq!(bad.len(), 1, "{name}: {bad:#?}");
    assert_eq!(bad[0].0, name, "{bad:?}");
    for part in says {
        assert!(bad[0].1.contains(part), "{part:?} is not in {bad:?}");
    }
    assert!(!bad[0].1.contains('\n'));
}

const fn nothing(_: &mut Command) {}

/// A box with a row in its store.
fn used(more: &str) -> TestBox {
    let subject = TestBox::new(more);
    subject.json(&["person", "add", "Sinta"]);
    subject
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn a_healthy_box_has_no_fault_at_rest_and_at_work() {
    let subject = used("[[listener]]\naddress = \"127.0.0.1:0\"\ntls = \"box\"\n");
    assert_eq!(faults(&subject, nothing), []);
    let before = std::fs::read(subject.scratch.path("store/hadir.db")).expect("the file");
    assert_eq!(faults(&subject, nothing), []);
    let after = std::fs::read(subject.scratch.path("store/hadir.db")).expect("the file");
    assert!(before == after, "a look changes nothing");
    let mut daemon = subject.serve();
    assert_eq!(faults(&subject, nothing), []);
    daemon.running.signal("TERM");
    assert!(daemon.running.end().success());
    assert_eq!(faults(&subject, nothing), []);
}

fn models(scratch: &Scratch) -> PathBuf {
    let dir = scratch.path("models");
    std::fs::create_dir(&dir).expect("a folder");
    for entry in std::fs::read_dir(root().join("models")).expect("models") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "onnx") {
            let name = path.file_name().expect("a name");
            std::fs::copy(&path, dir.join(name)).expect("a copy");
        }
    }
    dir
}

#[test]
fn a_model_with_one_byte_changed() {
    let subject = used("");
    let dir = models(&subject.scratch);
    let with = |command: &mut Command| {
        command.env("HADIR_MODELS__DIR", &dir);
    };
    assert_eq!(faults(&subject, with), []);
    let file = dir.join("face_recognition_sface_2021dec.onnx");
    let mut model = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&file);
    let model = model.as_mut().expect("the model");
    let mut byte = [0];
    model.seek(SeekFrom::Start(1_000_000)).expect("seek");
    model.read_exact(&mut byte).expect("a byte");
    model.seek(SeekFrom::Start(1_000_000)).expect("seek");
    model.write_all(&[byte[0] ^ 1]).expect("write");
    let says = [&shown(&file), "not the expected one", "install it again"];
    only(&subject, with, "models", &says);
}

#[test]
fn a_model_that_is_missing() {
    let subject = used("");
    // In another directory, so that ./models is not found.
    let elsewhere = |command: &mut Command| {
        command.current_dir(subject.scratch.dir());
    };
    let says = [
        "face_detection_yunet",
        "is missing (looked in models,",
        "install it again",
    ];
    only(&subject, elsewhere, "models", &says);
}

#[test]
fn a_key_that_others_can_read() {
    let subject = used("");
    let key = subject.scratch.path("master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).expect("chmod");
    let says = [
        &shown(&key),
        "(mode 0640)",
        "chmod 600 it",
        "hadir key rotate",
    ];
    only(&subject, nothing, "key", &says);
}

#[test]
fn a_key_that_is_gone_also_while_the_daemon_runs() {
    let subject = used("");
    let key = subject.scratch.path("master.key");
    let mut daemon = subject.serve();
    std::fs::remove_file(&key).expect("remove");
    let says = [&shown(&key), "does not exist", "recovery kit"];
    only(&subject, nothing, "key", &says);
    daemon.running.signal("KILL");
    daemon.running.end();
    only(&subject, nothing, "key", &says);
}

#[test]
fn a_key_of_another_store() {
    let (subject, other) = (used(""), used(""));
    let key = subject.scratch.path("master.key");
    std::fs::copy(other.scratch.path("master.key"), &key).expect("a copy");
    let says = [&shown(&key), "is not the one of this store", "recovery kit"];
    only(&subject, nothing, "key", &says);
}

#[test]
fn a_page_of_the_store_that_is_torn() {
    let subject = used("");
    let file = subject.scratch.path("store/hadir.db");
    let mut store = std::fs::OpenOptions::new()
        .write(true)
        .open(&file)
        .expect("the file");
    // The first half of a page in the middle: the second one is what was there before.
    store.seek(SeekFrom::Start(20 * 1024)).expect("seek");
    store.write_all(&[0x5a; 512]).expect("write");
    drop(store);
    let bad = faults(&subject, nothing);
    let (name, found) = bad.first().expect("a fault");
    assert_eq!(name, "database", "{bad:?}");
    for part in [
        &*shown(&file),
        "is damaged",
        "put a copy from before in its place",
    ] {
        assert!(found.contains(part), "{found}");
    }
}

#[test]
fn a_store_that_is_no_store() {
    let subject = used("");
    let file = subject.scratch.path("store/hadir.db");
    std::fs::write(&file, "x".repeat(4096)).expect("write");
    let says = [
        &shown(&file),
        "is damaged",
        "put a copy from before in its place",
    ];
    only(&subject, nothing, "database", &says);
}

#[test]
fn a_folder_that_cannot_be_written_or_is_open_to_others() {
    let subject = used("");
    let store = subject.scratch.path("store");
    for (mode, says) in [
        (0o500, "cannot be written"),
        (0o755, "may be read by others"),
    ] {
        std::fs::set_permissions(&store, std::fs::Permissions::from_mode(mode)).expect("chmod");
        only(
            &subject,
            nothing,
            "store",
            &[&shown(&store), says, "chmod 700 it"],
        );
    }
    std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o700)).expect("chmod");
    assert_eq!(faults(&subject, nothing), []);
}

#[test]
fn a_port_that_another_program_has() {
    let busy = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = busy.local_addr().expect("address").to_string();
    let subject = used(&format!("[[listener]]\naddress = \"{address}\"\n"));
    let says = [
        &address,
        "is used by another program",
        "change listener.1.address",
    ];
    only(&subject, nothing, "port", &says);
}

fn build_clock(scratch: &Scratch) -> PathBuf {
    let library = scratch.path("clock.so");
    let built = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([&library, &root().join("tests/it/ops/clock.c")])
        .status();
    assert!(built.expect("a C compiler").success());
    library
}

#[test]
fn a_clock_that_woke_in_1970_or_was_set_back() {
    let subject = used("");
    let library = build_clock(&subject.scratch);
    let at = |seconds: &'static str| {
        let library = library.clone();
        move |command: &mut Command| {
            command.env("LD_PRELOAD", &library);
            command.env("HADIR_TEST_SECONDS", seconds);
        }
    };
    let says = [
        "1970-01-01T00:01:00",
        "before this version was released",
        "timedatectl",
    ];
    only(&subject, at("60"), "clock", &says);
    // The day after the release: before everything that this box has recorded.
    let says = [
        "2026-11-02T",
        "before the last recorded time (20",
        "timedatectl",
    ];
    only(&subject, at("1793577600"), "clock", &says);
    // The year 2096 is believed, so that the test does not only see that a library is loaded.
    assert_eq!(faults(&subject, at("4000000000")), []);
}

#[test]
fn a_camera_that_is_not_there() {
    let empty = Scratch::new();
    let nobody = TcpListener::bind(("127.0.0.1", 0)).expect("bind");
    let address = nobody.local_addr().expect("address");
    drop(nobody);
    for source in [
        "files:/nonexistent/pictures".to_owned(),
        format!("files:{}", empty.dir().display()),
        format!("mjpeg:http://{address}/stream"),
    ] {
        let subject = used(&format!("[camera]\nsource = \"{source}\"\n"));
        let says = [source.as_str(), "gives no picture", "change camera.source"];
        only(&subject, nothing, "camera", &says);
    }
    let subject = used("[camera]\nsource = \"files:/nonexistent\"\n");
    let mut daemon = subject.serve();
    daemon.running.wait_for("event=camera_lost");
    only(
        &subject,
        nothing,
        "camera",
        &["files:/nonexistent gives no picture"],
    );
}

fn edit(subject: &TestBox, sql: &str) {
    let file = subject.scratch.path("store/hadir.db");
    let store = rusqlite::Connection::open(file).expect("the store");
    assert_eq!(store.execute(sql, []).expect("the edit"), 1);
}

#[test]
fn an_audit_chain_that_somebody_has_edited() {
    for (sql, says) in [
        (
            "UPDATE audit SET act = 'person.show' WHERE act = 'person.add'",
            "is not what was written",
        ),
        (
            "DELETE FROM audit WHERE act = 'key.create'",
            "a row is missing before row",
        ),
        (
            "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
            "rows are missing at the end",
        ),
        (
            "UPDATE meta SET value = zeroblob(80) WHERE name = 'audit.head'",
            "record of its end",
        ),
    ] {
        let subject = used("");
        edit(&subject, sql);
        let says = ["the audit chain is broken", says, "see who had access"];
        only(&subject, nothing, "audit", &says);
        // The daemon writes its own rows after it, and the break stays in sight.
        let _daemon = subject.serve();
        only(&subject, nothing, "audit", &[says[0], says[2]]);
    }
}

/// A certificate of 2020 to `year`, and its key.
fn bring(scratch: &Scratch, year: i32) -> String {
    let key = rcgen::KeyPair::generate().expect("key");
    let mut params = rcgen::CertificateParams::new(vec!["box.example".to_owned()]).expect("params");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(year, 1, 2);
    let made = params.self_signed(&key).expect("made");
    scratch.write("cert.pem", made.pem());
    let path = scratch.write("key.pem", key.serialize_pem());
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    let dir = scratch.dir().display();
    format!(
        "[[listener]]\naddress = \"127.0.0.1:0\"\ntls = {{ cert = \"{dir}/cert.pem\", key = \"file:{dir}/key.pem\" }}\n"
    )
}

#[test]
fn a_brought_certificate_that_has_ended_or_has_another_key() {
    let files = Scratch::new();
    let subject = used(&bring(&files, 2060));
    assert_eq!(faults(&subject, nothing), []);
    let cert = shown(&files.path("cert.pem"));
    bring(&files, 2021);
    let says = [
        cert.as_str(),
        "(listener.1.tls)",
        "has ended on 2021-01-02",
        "bring a new one",
    ];
    only(&subject, nothing, "certificate", &says);
    let other = rcgen::KeyPair::generate().expect("key");
    bring(&files, 2060);
    files.write("key.pem", other.serialize_pem());
    let says = [
        cert.as_str(),
        "does not hold the key",
        "change listener.1.tls",
    ];
    only(&subject, nothing, "certificate", &says);
}

#[test]
fn a_brought_certificate_is_warned_about_in_its_last_month() {
    let files = Scratch::new();
    let subject = used(&bring(&files, 2060));
    let library = build_clock(&subject.scratch);
    // Ends on 2060-01-02 at midnight, which is 2840227200.
    for (seconds, grade) in [
        (2_840_227_200 - 31 * 86_400, "good"),
        (2_840_227_200 - 29 * 86_400, "note"),
    ] {
        let mut command = subject.command(&["doctor", "--json"]);
        command.env("LD_PRELOAD", &library);
        command.env("HADIR_TEST_SECONDS", i64::to_string(&seconds));
        let value: Value = decode(&run_with(command, "").stdout, 65536).expect("json");
        let all = value["findings"].as_array().expect("findings").iter();
        let mut found = all.filter(|f| f["subject"] == "certificate");
        assert_eq!(found.next().expect("a finding")["grade"], grade, "{value}");
    }
}
