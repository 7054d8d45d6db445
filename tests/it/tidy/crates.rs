//! Each foreign crate is named in its one owner; the vocabulary may be used everywhere but
//! where it would break a layer's promise.

use super::manifest;
use super::paths::mentions;
use super::source::{Source, sources};
use std::collections::BTreeSet;

/// Who may name a crate: the start of the paths of its files.
const OWNERS: [(&str, &str); 36] = [
    ("aes_gcm", "src/crypto/"),
    ("argon2", "src/crypto/"),
    ("bcrypt", "src/crypto/"),
    ("bytes", "src/http/"),
    ("clap", "src/app/"),
    ("clap_complete", "src/app/"),
    ("csv", "src/domain/"),
    ("flate2", "src/http/"),
    ("http", "src/http/"),
    ("http_body_util", "src/http/"),
    ("hyper", "src/http/"),
    ("hyper_util", "src/http/"),
    ("image", "src/vision/"),
    ("jiff", "src/base/"),
    ("linuxvideo", "src/host/"),
    ("listenfd", "src/host/"),
    ("log", "src/journal/"),
    ("maud", "src/surface/"),
    ("mdns_sd", "src/host/"),
    ("mimalloc", "src/main.rs"),
    ("qrcode", "src/vision/"),
    ("rcgen", "src/crypto/"),
    ("ring", "src/crypto/"),
    ("rqrr", "src/vision/"),
    ("rusqlite", "src/store/"),
    ("rustix", "src/host/"),
    ("schemars", "src/surface/"),
    ("serde_json", "src/base/"),
    ("systemd_journal_logger", "src/journal/"),
    ("tokio_rustls", "src/crypto/"),
    ("toml", "src/app/"),
    ("tracing_subscriber", "src/journal/"),
    ("tract_onnx", "src/vision/"),
    ("zeroize", "src/base/"),
    ("hadir", "src/main.rs"),
    ("proptest", "src/"),
];

/// Crates that are vocabulary.
const VOCABULARY: [&str; 3] = ["serde", "tokio", "tracing"];

/// Layers that must not use a word of the vocabulary.
const NOT_IN: [(&str, &str); 4] = [
    ("tokio", "src/base/"),
    ("tokio", "src/crypto/"),
    ("tokio", "src/store/"),
    ("tokio", "src/domain/"),
];

fn strangers(source: &Source) -> Vec<String> {
    let all = mentions(&source.code);
    // A module of our own may have a crate's name once it has been imported.
    let own: BTreeSet<&str> = all
        .iter()
        .filter(|m| m.import && matches!(m.names[0].as_str(), "crate" | "super" | "self"))
        .filter_map(|m| m.names.last().map(String::as_str))
        .collect();
    let declared = |name: &str| {
        let lines = source.code.lines().map(str::trim);
        lines
            .into_iter()
            .any(|l| l.ends_with(&format!("mod {name};")))
    };
    let mut faults = Vec::new();
    for mention in &all {
        let name = mention.names[0].as_str();
        if own.contains(name) || declared(name) {
            continue;
        }
        let place = format!("{}:{}", source.path, mention.line);
        if let Some((_, owner)) = OWNERS.iter().find(|(c, _)| *c == name)
            && !source.path.starts_with(owner)
        {
            faults.push(format!("{place}: `{name}` belongs to {owner}"));
        }
        if NOT_IN
            .iter()
            .any(|(c, place)| *c == name && source.path.starts_with(place))
        {
            faults.push(format!("{place}: no `{name}` in this layer"));
        }
    }
    faults
}

/// Direct dependencies that nobody owns, and owners of what is no dependency.
fn unowned(dependencies: &[String]) -> Vec<String> {
    let known: BTreeSet<String> = OWNERS
        .iter()
        .map(|(c, _)| *c)
        .chain(VOCABULARY)
        .filter(|c| *c != "hadir")
        .map(str::to_owned)
        .collect();
    let used: BTreeSet<String> = dependencies.iter().map(|d| d.replace('-', "_")).collect();
    let without = used
        .difference(&known)
        .map(|c| format!("`{c}` has no owner"));
    let idle = known
        .difference(&used)
        .map(|c| format!("`{c}` is no dependency"));
    without.chain(idle).collect()
}

#[test]
fn crates_stay_with_their_owners() {
    let faults: Vec<String> = sources(&["src"]).iter().flat_map(strangers).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_dependency_has_an_owner() {
    let faults = unowned(&manifest::dependencies("Cargo.toml"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_stranger_is_seen() {
    let check = |path: &str, code: &str| strangers(&Source::new(path, code)).len();
    assert_eq!(check("src/domain/x.rs", "use rusqlite::Connection;"), 1);
    assert_eq!(
        check("src/store/x.rs", "fn f() -> Result<(), rusqlite::Error> {}"),
        0
    );
    assert_eq!(
        check(
            "src/domain/x.rs",
            "async fn f() { tokio::time::sleep(d).await }"
        ),
        1
    );
    assert_eq!(
        check(
            "src/surface/x.rs",
            "use crate::http;\nfn f(x: http::Reply) {}"
        ),
        0
    );
    assert_eq!(
        check("src/surface/x.rs", "fn f(x: http::Request<()>) {}"),
        1
    );
    assert_eq!(
        check("src/surface/x.rs", "use {tokio::sync, ring::digest};"),
        1
    );
}

#[test]
fn a_dependency_without_an_owner_is_seen() {
    let mut dependencies = manifest::dependencies("Cargo.toml");
    dependencies.push("left-pad".to_owned());
    assert_eq!(unowned(&dependencies), ["`left_pad` has no owner"]);
    dependencies.retain(|d| d != "left-pad" && d != "ring");
    assert_eq!(unowned(&dependencies), ["`ring` is no dependency"]);
}
