//! The box's authority over the years: made once, kept sealed, never replaced by itself; and the
//! certificate made anew in time, when the box is called otherwise, and when its file is torn.

use crate::support::scratch::Scratch;
use hadir::base::time::{Span, Timestamp};
use hadir::crypto::certificate::Names;
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded};
use hadir::surface::trust::{Trust, TrustError};
use std::path::Path;
use std::sync::Arc;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn day(count: i64) -> Timestamp {
    NOW.plus(Span::from_seconds(count * 24 * 3600))
}

fn keyring(number: u64) -> Arc<Keyring> {
    let mut source = Seeded::new(&Seed::from_number(number));
    let master = MasterKey::generate(&mut source);
    Arc::new(Keyring::create(&master, &mut source).expect("keyring").0)
}

fn names(texts: &[&str]) -> Names {
    Names::read(texts.iter().copied()).expect("names")
}

fn home() -> Names {
    names(&["hadir.local", "192.168.1.7"])
}

fn opened(folder: &Path, key: u64, names: Names, now: Timestamp) -> Result<Trust, TrustError> {
    let mut chance = Seeded::new(&Seed::from_system().expect("seed"));
    Trust::open(folder, keyring(key), names, now, &mut chance)
}

fn open(folder: &Path, now: Timestamp) -> Trust {
    opened(folder, 1, home(), now).expect("open")
}

fn refresh(trust: &Trust, names: &Names, now: Timestamp) -> bool {
    let mut chance = Seeded::new(&Seed::from_system().expect("seed"));
    trust.refresh(names, now, &mut chance).expect("refresh")
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("kept")
}

#[test]
fn authority_and_certificate_outlast_a_restart() {
    let folder = Scratch::new();
    let first = open(folder.dir(), NOW);
    let kept = bytes(folder.dir(), "tls.certificate");
    let again = open(folder.dir(), day(300));
    assert_eq!(again.authority(), first.authority());
    assert_eq!(again.fingerprint(), first.fingerprint());
    assert_eq!(again.shown(), first.shown());
    assert_eq!(
        bytes(folder.dir(), "tls.certificate"),
        kept,
        "not made anew"
    );
}

#[test]
fn the_certificate_is_made_anew_in_time_while_the_box_runs() {
    let folder = Scratch::new();
    let trust = open(folder.dir(), NOW);
    let (_, ends) = trust.shown();
    assert!(!refresh(&trust, &home(), day(365)));
    assert_eq!(trust.shown().1, ends);
    assert!(refresh(&trust, &home(), day(367)));
    assert!(trust.shown().1 > ends, "and it is shown");
    assert!(!refresh(&trust, &home(), day(368)), "once");
    let again = open(folder.dir(), day(368));
    assert_eq!(again.shown(), trust.shown(), "the new one is kept");
}

#[test]
fn another_address_makes_another_certificate_of_the_same_authority() {
    let folder = Scratch::new();
    let trust = open(folder.dir(), NOW);
    let moved = names(&["hadir.local", "10.0.0.9"]);
    assert!(refresh(&trust, &moved, day(1)));
    assert_eq!(trust.shown().0, ["hadir.local", "10.0.0.9"]);
    let again = opened(folder.dir(), 1, home(), day(1)).expect("open");
    assert_eq!(again.shown().0, ["hadir.local", "192.168.1.7"]);
    assert_eq!(again.authority(), trust.authority());
}

#[test]
fn a_torn_certificate_is_made_anew_and_a_torn_authority_is_not() {
    let folder = Scratch::new();
    let first = open(folder.dir(), NOW);
    for torn in [0, 1, 40] {
        let path = folder.dir().join("tls.certificate");
        let whole = bytes(folder.dir(), "tls.certificate");
        std::fs::write(&path, &whole[..torn]).expect("tear");
        let again = open(folder.dir(), NOW);
        assert_eq!(again.authority(), first.authority());
    }
    let path = folder.dir().join("tls.authority");
    let whole = bytes(folder.dir(), "tls.authority");
    for torn in [0, 1, whole.len() - 1] {
        std::fs::write(&path, &whole[..torn]).expect("tear");
        let error = opened(folder.dir(), 1, home(), NOW).expect_err("it is not replaced");
        let text = error.to_string();
        assert!(
            text.contains("tls.authority") && text.contains("/trust"),
            "{text}"
        );
        assert_eq!(
            bytes(folder.dir(), "tls.authority").len(),
            torn,
            "nor touched"
        );
    }
    std::fs::write(&path, &whole).expect("put back");
    assert_eq!(open(folder.dir(), NOW).authority(), first.authority());
}

#[test]
fn the_files_of_another_box_do_not_open() {
    let folder = Scratch::new();
    open(folder.dir(), NOW);
    let error = opened(folder.dir(), 2, home(), NOW).expect_err("another key");
    assert!(matches!(error, TrustError::Authority(..)), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_says_so() {
    let folder = Scratch::new();
    let error = opened(&folder.dir().join("none"), 1, home(), NOW).expect_err("no folder");
    assert!(matches!(error, TrustError::Io(..)), "{error}");
    assert!(error.to_string().contains("tls.authority"), "{error}");
}
