//! Causes, secrets, and that the words are distinct.

use hadir::base::cause::{Cause, Severity};
use hadir::base::secret::{Secret, wipe};
use std::collections::BTreeSet;

const CAUSES: [(Cause, Severity); 16] = [
    (Cause::Invalid, Severity::Info),
    (Cause::TooLarge, Severity::Info),
    (Cause::Unauthenticated, Severity::Info),
    (Cause::Forbidden, Severity::Info),
    (Cause::Missing, Severity::Info),
    (Cause::Conflict, Severity::Info),
    (Cause::NonceReused, Severity::Info),
    (Cause::RateLimited, Severity::Info),
    (Cause::Busy, Severity::Warning),
    (Cause::StoreFull, Severity::Warning),
    (Cause::StoreIo, Severity::Warning),
    (Cause::FaceEngine, Severity::Warning),
    (Cause::Stopping, Severity::Warning),
    (Cause::StoreCorrupt, Severity::Critical),
    (Cause::KeyUnavailable, Severity::Critical),
    (Cause::Internal, Severity::Critical),
];

#[test]
fn a_cause_has_one_stable_code() {
    let codes: BTreeSet<&str> = CAUSES.iter().map(|(cause, _)| cause.code()).collect();
    assert_eq!(codes.len(), CAUSES.len());
    for code in codes {
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{code}"
        );
    }
}

#[test]
fn refusals_trouble_nobody() {
    for (cause, severity) in CAUSES {
        assert_eq!(cause.severity(), severity, "{cause:?}");
    }
    assert!(Severity::Info < Severity::Warning && Severity::Warning < Severity::Critical);
}

#[test]
fn a_secret_is_told_to_nobody() {
    let secret = Secret::new(vec![0xABu8; 4]);
    for shown in [format!("{secret:?}"), format!("{:#?}", Some(&secret))] {
        assert!(!shown.contains("171") && !shown.contains("AB"), "{shown}");
    }
    assert_eq!(secret.clone().expose(), &vec![0xABu8; 4]);
}

#[test]
fn a_wiped_buffer_holds_nothing() {
    let mut bytes = *b"a key of the box";
    wipe(&mut bytes);
    assert_eq!(bytes, [0; 16]);
}
