//! What is to be delivered: good rows, and the life of a mail.

use super::fixture::{TestStore, add_person, at, conflict, id};
use super::row::{Case, ID, KNOWN, NOBODY, SHORT};
use hadir::base::id::{NoticeId, PersonId};
use hadir::store::api_keys::{self, ApiKeyRow};
use hadir::store::mails::{self, MailCounts, MailRow};
use hadir::store::webhooks::{self, Attempt, DeliveryRow, WebhookRow};
use hadir::store::{Error, Tx};

/// All of them.
pub const CASES: [Case; 5] = [
    Case {
        table: "api_key",
        row: &[
            ("id", ID),
            ("name", "'Laporan'"),
            ("digest", "zeroblob(32)"),
            ("scopes", "'scan'"),
            ("made_at", "1"),
            ("expires_at", "2"),
        ],
        refused: &[
            ("id", SHORT),
            ("name", &["''"]),
            ("digest", &["X''", "zeroblob(31)"]),
            ("old_digest", &["zeroblob(31)", "zeroblob(32)"]),
            ("old_until", &["1"]),
        ],
    },
    Case {
        table: "mail",
        row: &[
            ("id", ID),
            ("person", KNOWN),
            ("kind", "'test'"),
            ("letter", "X'01'"),
            ("made_at", "1"),
            ("state", "'waiting'"),
            ("due_at", "1"),
            ("attempts", "0"),
        ],
        refused: &[
            ("id", SHORT),
            ("person", &[NOBODY]),
            ("letter", &["NULL"]),
            ("state", &["'sent'", "'lost'", "''"]),
            ("attempts", &["-1"]),
        ],
    },
    Case {
        table: "mail",
        row: &[
            ("id", ID),
            ("kind", "'test'"),
            ("made_at", "1"),
            ("state", "'sent'"),
            ("due_at", "1"),
        ],
        refused: &[
            ("letter", &["X'01'"]),
            ("state", &["'waiting'", "'failed'"]),
        ],
    },
    Case {
        table: "webhook",
        row: &[
            ("id", ID),
            ("url", "X'01'"),
            ("secret", "X'01'"),
            ("events", "'event.opened'"),
            ("state", "'on'"),
            ("failures", "0"),
            ("made_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("state", &["'gone'", "''"]),
            ("failures", &["-1"]),
        ],
    },
    Case {
        table: "delivery",
        row: &[
            ("id", ID),
            ("webhook", KNOWN),
            ("event", "'event.opened'"),
            ("body", "'{}'"),
            ("made_at", "1"),
            ("state", "'waiting'"),
            ("due_at", "1"),
            ("attempts", "0"),
        ],
        refused: &[
            ("id", SHORT),
            ("webhook", &[NOBODY]),
            ("state", &["'sent'", "''"]),
            ("attempts", &["-1"]),
        ],
    },
];

/// A mail that waits.
pub fn mail(number: u64, due: i64, person: Option<PersonId>) -> MailRow {
    MailRow {
        id: id(number),
        person,
        kind: "test".to_owned(),
        letter: b"sealed".to_vec(),
        made_at: at(1),
        due_at: at(due),
        attempts: 0,
        error: None,
        given_up: false,
    }
}

fn filled() -> TestStore {
    let store = TestStore::new();
    store.put(|tx| {
        add_person(tx, 1, None, None)?;
        for (number, due) in [(1, 30), (2, 10), (3, 20)] {
            let person = (number == 1).then(|| id(1));
            mails::insert_mail(tx, &mail(number, due, person))?;
        }
        Ok(())
    });
    store
}

fn claim(store: &TestStore, now: i64, limit: u32) -> Vec<NoticeId> {
    let rows = store.put(move |tx| mails::update_claimed(tx, at(now), at(1_000), limit));
    rows.iter().map(|row| row.id).collect()
}

fn counts(store: &TestStore) -> (u64, u64) {
    let MailCounts { waiting, failed } = store.get(mails::count_mails);
    (waiting, failed)
}

#[test]
fn mails_are_claimed_when_due_oldest_first_and_once() {
    let store = filled();
    assert_eq!(store.get(mails::find_next_due), Some(at(10)));
    assert_eq!(claim(&store, 9, 10), []);
    assert_eq!(claim(&store, 30, 2), [id(2), id(3)]);
    assert_eq!(claim(&store, 30, 2), [id(1)]);
    assert_eq!(claim(&store, 999, 9), [], "all are claimed");
    let again = claim(&store, 1_000, 9);
    assert_eq!(again.len(), 3, "whoever claimed them has died");
    let taken = store.write(|tx| mails::insert_mail(tx, &mail(1, 5, None)));
    assert_eq!(conflict(taken), "mail.id");
}

#[test]
fn what_was_sent_is_empty_and_what_failed_can_be_tried_again() {
    let store = filled();
    claim(&store, 100, 9);
    store.put(|tx| {
        mails::update_sent(tx, id(1), at(101))?;
        mails::update_failed(tx, id(2), at(101), "silence", Some(at(160)))?;
        mails::update_failed(tx, id(3), at(101), "refused", None)
    });
    assert_eq!(counts(&store), (1, 1));
    let letters = "SELECT count(*) FROM mail WHERE letter IS NULL";
    let empty: i64 = store
        .connection()
        .query_row(letters, [], |r| r.get(0))
        .expect("a count");
    assert_eq!(empty, 1);
    let troubled = store.get(|view| mails::list_troubled(view, 9));
    let told: Vec<_> = troubled
        .iter()
        .map(|m| (m.id, m.given_up, m.error.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (id(3), true, Some("refused")),
            (id(2), false, Some("silence"))
        ]
    );
    assert_eq!(
        store.get(|view| mails::find_state(view, id(3))),
        Some(("failed".into(), Some("refused".into())))
    );
    assert_eq!(store.get(|view| mails::find_state(view, id(9))), None);
    assert_eq!(claim(&store, 159, 9), []);
    store.put(|tx| mails::update_retried(tx, id(3), at(150)));
    assert_eq!(claim(&store, 159, 9), [id(3)]);
    for gone in [
        |tx: &Tx<'_>| mails::update_retried(tx, id(1), at(1)),
        |tx: &Tx<'_>| mails::update_sent(tx, id(1), at(1)),
        |tx: &Tx<'_>| mails::update_failed(tx, id(9), at(1), "x", None),
    ] {
        assert_eq!(store.write(gone), Err(Error::Missing("mail")));
    }
}

#[test]
fn mails_go_with_their_person_and_with_time() {
    let store = filled();
    claim(&store, 100, 9);
    store.put(|tx| mails::update_sent(tx, id(2), at(200)));
    store.put(|tx| mails::delete_mails_of(tx, id(1)));
    assert_eq!(store.rows("mail"), 2);
    assert_eq!(store.put(|tx| mails::delete_mails_before(tx, at(200))), 0);
    assert_eq!(store.put(|tx| mails::delete_mails_before(tx, at(201))), 1);
    assert_eq!(counts(&store), (1, 0), "what waits is not forgotten");
}

/// A webhook that is on.
pub fn webhook(number: u64) -> WebhookRow {
    WebhookRow {
        id: id(number),
        url: b"url".to_vec(),
        secret: b"secret".to_vec(),
        events: "event.opened event.closed".to_owned(),
        on: true,
        failures: 0,
        made_at: at(1),
    }
}

/// A delivery that waits.
pub fn delivery(number: u64, hook: u64, due: i64) -> DeliveryRow {
    DeliveryRow {
        id: id(number),
        webhook: id(hook),
        event: "event.opened".to_owned(),
        body: "{}".to_owned(),
        made_at: at(1),
        state: "waiting".to_owned(),
        due_at: at(due),
        attempts: 0,
        status: None,
        error: None,
    }
}

fn hooked() -> TestStore {
    let store = TestStore::new();
    store.put(|tx| {
        webhooks::insert_webhook(tx, &webhook(1))?;
        webhooks::insert_webhook(tx, &webhook(2))?;
        for (number, hook, due) in [(1, 1, 30), (2, 2, 10), (3, 1, 20)] {
            webhooks::insert_delivery(tx, &delivery(number, hook, due))?;
        }
        Ok(())
    });
    store
}

#[test]
fn webhooks_come_back_as_they_were_put_in_and_go_with_their_deliveries() {
    let store = hooked().reopen();
    assert_eq!(store.get(webhooks::list_webhooks), [webhook(1), webhook(2)]);
    assert_eq!(
        store.get(|v| webhooks::find_webhook(v, id(2))),
        Some(webhook(2))
    );
    store.put(|tx| webhooks::update_webhook(tx, id(2), false, 7));
    let off = WebhookRow {
        on: false,
        failures: 7,
        ..webhook(2)
    };
    assert_eq!(store.get(|v| webhooks::find_webhook(v, id(2))), Some(off));
    let missing = store.write(|tx| webhooks::update_webhook(tx, id(9), true, 0));
    assert_eq!(missing, Err(Error::Missing("webhook")));
    assert!(store.put(|tx| webhooks::delete_webhook(tx, id(1))));
    assert!(!store.put(|tx| webhooks::delete_webhook(tx, id(1))));
    assert_eq!((store.rows("webhook"), store.rows("delivery")), (1, 1));
}

#[test]
fn deliveries_are_claimed_once_settled_while_they_wait_and_listed_newest_first() {
    let store = hooked();
    assert_eq!(store.get(webhooks::find_next_delivery), Some(at(10)));
    let claim = |now: i64| {
        let rows = store.put(move |tx| webhooks::update_claimed(tx, at(now), at(500), 2));
        rows.iter().map(|r| (r.id, r.attempts)).collect::<Vec<_>>()
    };
    assert_eq!(claim(30), [(id(2), 1), (id(3), 1)]);
    assert_eq!(claim(30), [(id(1), 1)]);
    assert_eq!(claim(30), []);
    let attempt = |state, due| Attempt {
        state,
        due_at: at(due),
        status: Some(500),
        error: Some("the answer was 500"),
    };
    assert!(store.put(move |tx| webhooks::update_attempt(tx, id(1), &attempt("waiting", 40))));
    assert!(store.put(move |tx| webhooks::update_attempt(tx, id(3), &attempt("failed", 31))));
    assert!(store.put(move |tx| webhooks::update_attempt(tx, id(2), &attempt("done", 31))));
    for gone in [2, 3, 9] {
        let noted =
            store.put(move |tx| webhooks::update_attempt(tx, id(gone), &attempt("done", 1)));
        assert!(!noted, "{gone}");
    }
    assert_eq!(claim(40), [(id(1), 2)]);
    let log = store.get(|v| webhooks::list_deliveries(v, id(1), 9));
    let told: Vec<_> = log
        .iter()
        .map(|d| (d.id, d.state.as_str(), d.status))
        .collect();
    assert_eq!(
        told,
        [(id(3), "failed", Some(500)), (id(1), "waiting", Some(500))]
    );
    assert!(store.put(|tx| webhooks::update_again(tx, id(1), id(3), at(41))));
    assert!(
        !store.put(|tx| webhooks::update_again(tx, id(2), id(3), at(41))),
        "of another one"
    );
    assert!(
        !store.put(|tx| webhooks::update_again(tx, id(2), id(2), at(41))),
        "it was taken"
    );
    assert_eq!(claim(41), [(id(3), 1)]);
    assert_eq!(
        store.put(|tx| webhooks::delete_deliveries_before(tx, at(31))),
        0
    );
    assert_eq!(
        store.put(|tx| webhooks::delete_deliveries_before(tx, at(32))),
        1
    );
}

/// A key of a program.
pub fn key(number: u8) -> ApiKeyRow {
    ApiKeyRow {
        id: id(number.into()),
        name: format!("key {number}"),
        digest: [number; 32],
        old: None,
        scopes: "scan events".to_owned(),
        made_at: at(1),
        expires_at: at(1_000),
        seen_at: None,
    }
}

#[test]
fn a_key_is_found_by_its_text_and_by_the_one_before() {
    let store = TestStore::new();
    store.put(|tx| {
        api_keys::insert_key(tx, &key(1))?;
        api_keys::insert_key(tx, &key(2))
    });
    let taken = store.write(|tx| {
        let again = ApiKeyRow {
            id: id(3),
            ..key(1)
        };
        api_keys::insert_key(tx, &again)
    });
    assert_eq!(conflict(taken), "api_key.digest");
    let store = store.reopen();
    assert_eq!(store.get(api_keys::list_keys), [key(1), key(2)]);
    assert_eq!(store.get(|v| api_keys::find_key(v, id(2))), Some(key(2)));
    let found = |digest: u8| {
        let row = store.get(move |v| api_keys::find_by_digest(v, [digest; 32]));
        row.map(|row| (row.id, row.old.map(|(_, until)| until)))
    };
    assert_eq!((found(1), found(9)), (Some((id(1), None)), None));
    store.put(|tx| api_keys::update_digest(tx, id(1), [7; 32], at(50)));
    assert_eq!(
        (found(1), found(7)),
        (Some((id(1), Some(at(50)))), Some((id(1), Some(at(50)))))
    );
    store.put(|tx| api_keys::update_digest(tx, id(1), [8; 32], at(60)));
    assert_eq!(found(1), None);
    assert_eq!(
        (found(7), found(8)),
        (Some((id(1), Some(at(60)))), Some((id(1), Some(at(60)))))
    );
    store.put(|tx| api_keys::update_seen(tx, id(1), at(9)));
    let seen = store
        .get(|v| api_keys::find_key(v, id(1)))
        .expect("a key")
        .seen_at;
    assert_eq!(seen, Some(at(9)));
    let missing = store.write(|tx| api_keys::update_digest(tx, id(9), [1; 32], at(1)));
    assert_eq!(missing, Err(Error::Missing("api_key")));
    assert!(store.put(|tx| api_keys::delete_key(tx, id(1))));
    assert!(!store.put(|tx| api_keys::delete_key(tx, id(1))));
}
