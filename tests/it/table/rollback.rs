//! A job that fails after it has written to every table leaves nothing behind.

use super::fixture::{TestStore, add_person, at, consent, digest, event, id, ticket};
use hadir::base::time::{ClockState, Span, Stretch};
use hadir::crypto::keyring::{Keyring, MasterKey, Purpose, WrappedRoot};
use hadir::crypto::random::{Seed, Seeded};
use hadir::store::accounts::NewAccount;
use hadir::store::devices::{DeviceKind, DeviceRow};
use hadir::store::faces::{PictureRow, TemplateRow};
use hadir::store::factors::FactorRow;
use hadir::store::imports::{ImportRow, ImportedRow};
use hadir::store::pairings::OptionRow;
use hadir::store::people::RoleRow;
use hadir::store::refresh::RefreshRow;
use hadir::store::sessions::{SessionKind, SessionRow};
use hadir::store::setups::Step;
use hadir::store::stretches::StretchRow;
use hadir::store::verdicts::{Direction, Means, Mode, UndoReason, Verdict};
use hadir::store::visits::{OccasionKey, Presence, UndoRow, VisitRow};
use hadir::store::{
    Error, Tx, accounts, api_keys, audit, consents, devices, events, faces, factors, imports, keys,
    languages, mails, outbox, pairings, people, privacy, refresh, sessions, settings, setups,
    stretches, tickets, visits, webhooks,
};

/// The tables that the job writes to, and what a fresh store has in them.
const TABLES: [(&str, u64); 43] = [
    ("person", 0),
    ("person_key", 0),
    ("role", 0),
    ("consent", 0),
    ("face_template", 0),
    ("face_picture", 0),
    ("gallery", 1),
    ("device", 0),
    ("event", 0),
    ("ticket", 0),
    ("visit", 0),
    ("undo", 0),
    ("presence", 0),
    ("scan_count", 0),
    ("root_key", 0),
    ("audit", 0),
    ("outbox", 0),
    ("account", 0),
    ("login_used", 0),
    ("person_language", 0),
    ("session", 0),
    ("setup_code", 0),
    ("setup_step", 0),
    ("setting", 0),
    ("device_token", 0),
    ("device_option", 0),
    ("pairing", 0),
    ("pairing_try", 0),
    ("visit_staff", 0),
    ("directory", 1),
    ("face_round", 0),
    ("import", 0),
    ("import_person", 0),
    ("clock_stretch", 0),
    ("mail", 0),
    ("webhook", 0),
    ("delivery", 0),
    ("privacy_notice", 0),
    ("privacy_claim", 0),
    ("second_factor", 0),
    ("recovery_code", 0),
    ("refresh", 0),
    ("api_key", 0),
];

fn write_people(tx: &Tx<'_>) -> Result<(), Error> {
    add_person(tx, 1, Some(digest(1)), Some(digest(2)))?;
    let role = RoleRow {
        person: id(1),
        surface: "native".to_owned(),
        role: "user".to_owned(),
        word: None,
    };
    people::insert_role(tx, &role, at(1))?;
    consents::insert_consent(tx, &consent(1, 1))?;
    let template = TemplateRow {
        person: id(1),
        model: [7; 32],
        consent: id(1),
        template: b"t",
        pictures: 3,
        created_at: at(1),
    };
    // Taken away and enrolled again, so that there is a count of it.
    faces::insert_template(tx, &template)?;
    faces::delete_faces(tx, id(1))?;
    faces::insert_template(tx, &template)?;
    let picture = PictureRow {
        id: id(1),
        person: id(1),
        model: [7; 32],
        embedding: b"e",
        quality: 0.5,
        created_at: at(1),
    };
    faces::insert_picture(tx, &picture)?;
    faces::update_gallery_version(tx)
}

fn visit() -> VisitRow {
    VisitRow {
        nonce: id(1),
        contents: digest(1),
        box_id: id(9),
        occasion: OccasionKey::event(id(1)),
        device: Some(id(1)),
        means: Means::Code,
        direction: Direction::Entry,
        mode: Mode::Online,
        verdict: Verdict::Admitted,
        reason: None,
        detail: None,
        person: Some(id(1)),
        ticket: Some(id(1)),
        rival: None,
        happened_at: at(1),
        arrived_at: at(1),
        synced: true,
        first_at: None,
        first_by: None,
        opens_at: None,
        standing: None,
        late_min: None,
        liveness: None,
        cosine: None,
        second: None,
        threshold: None,
        conflict: None,
    }
}

fn write_door(tx: &Tx<'_>) -> Result<(), Error> {
    let device = DeviceRow {
        id: id(1),
        name: "Gerbang".to_owned(),
        kind: DeviceKind::Kiosk,
        access: "scan".to_owned(),
        gate: None,
        created_at: at(1),
        revoked_at: None,
    };
    devices::insert_device(tx, &device)?;
    events::insert_event(tx, &event(1))?;
    tickets::insert_ticket(tx, &ticket(1, 1, Some(1)), digest(1), b"code")?;
    let occasion = OccasionKey::event(id(1));
    let seq = visits::insert_visit(tx, &visit())?;
    visits::insert_staff(tx, seq, id(1))?;
    let undo = UndoRow {
        at: at(2),
        actor: "operator",
        device: None,
        reason: UndoReason::Test,
        remark: None,
    };
    visits::insert_undo(tx, seq, &undo)?;
    visits::update_presence(tx, &occasion, [1; 16], &Presence::default())?;
    let day = "2026-11-21".parse().expect("a day");
    visits::update_scan_count(tx, &occasion, None, day, "no_face")
}

fn write_engine(tx: &Tx<'_>) -> Result<(), Error> {
    let root = WrappedRoot {
        number: 1,
        master: [1; 16],
        envelope: vec![1],
    };
    keys::insert_root(tx, &root, at(1))?;
    let mut chance = Seeded::new(&Seed::from_number(1));
    let master = MasterKey::generate(&mut chance);
    let (keyring, _) = Keyring::create(&master, &mut chance).expect("keyring");
    let entry = audit::Entry {
        at: at(77),
        clock: ClockState::Synced,
        actor: "operator".to_owned(),
        origin: "cli".to_owned(),
        act: "test".to_owned(),
        object: "store".to_owned(),
        detail: Vec::new(),
    };
    audit::append(tx, keyring.purpose(Purpose::AuditChain), &entry)?;
    let row = outbox::Row {
        id: id(1),
        kind: "test".to_owned(),
        payload: Vec::new(),
        made_at: at(1),
        due_at: at(1),
        attempts: 0,
    };
    outbox::insert(tx, &row)
}

fn write_access(tx: &Tx<'_>) -> Result<(), Error> {
    let account = NewAccount {
        person: id(1),
        surface: "native",
        login: b"l",
        login_digest: digest(1),
        hash: b"h",
        changed_at: at(1),
    };
    accounts::insert_account(tx, &account)?;
    assert!(accounts::insert_used(tx, digest(1), id(1))?);
    languages::insert_language(tx, id(1), "en")?;
    let session = SessionRow {
        id: id(1),
        person: id(1),
        surface: "native".to_owned(),
        kind: SessionKind::Tokens,
        token_digest: [1; 32],
        address: Vec::new(),
        agent: Vec::new(),
        opened_at: at(1),
        seen_at: at(1),
        expires_at: at(2),
    };
    sessions::insert_session(tx, &session)?;
    let row = RefreshRow {
        salt: Vec::new(),
        number: 1,
        rotated_at: at(1),
    };
    refresh::insert_refresh(tx, id(1), &row)?;
    let row = FactorRow {
        secret: Vec::new(),
        last_step: 1,
        since: at(1),
    };
    factors::insert_factor(tx, id(1), &row)?;
    factors::insert_code(tx, id(1), [1; 32])?;
    setups::insert_code(tx, [1; 32], at(2))?;
    setups::insert_step(tx, Step::Site, at(1))?;
    settings::insert_setting(tx, "site.name", b"SMA 1", at(1))?;
    pairings::insert_token(tx, id(1), [1; 32], at(1))?;
    pairings::insert_offer(tx, id(1), [1; 32], at(2))?;
    pairings::insert_try(tx, digest(1), at(1))?;
    let options = OptionRow {
        event: Some(id(1)),
        direction: Direction::Entry,
        diagonal: None,
        distance_cm: None,
        language: None,
    };
    pairings::insert_options(tx, id(1), &options)
}

fn write_import(tx: &Tx<'_>) -> Result<(), Error> {
    let import = ImportRow {
        id: id(1),
        at: at(1),
        created: 1,
        updated: 0,
    };
    imports::insert_import(tx, &import)?;
    let row = ImportedRow {
        person: id(1),
        line: 2,
        trace: vec![1],
    };
    imports::insert_imported(tx, import.id, &row)
}

fn write_everything(tx: &Tx<'_>) -> Result<(), Error> {
    write_people(tx)?;
    write_import(tx)?;
    write_door(tx)?;
    write_access(tx)?;
    write_clock(tx)?;
    write_delivery(tx)?;
    write_privacy(tx)?;
    write_engine(tx)
}

fn write_clock(tx: &Tx<'_>) -> Result<(), Error> {
    let stretch = Stretch {
        from: at(1),
        boot: [1; 16],
        up: Span::from_millis(5),
        slow: false,
    };
    stretches::insert_stretch(tx, &StretchRow { stretch, set: None })
}

fn write_privacy(tx: &Tx<'_>) -> Result<(), Error> {
    privacy::insert_notice(tx, &super::privacy::notice(1))?;
    privacy::insert_claim(tx, &super::privacy::claim(1, id(1), 9))
}

fn write_delivery(tx: &Tx<'_>) -> Result<(), Error> {
    mails::insert_mail(tx, &super::delivery::mail(1, 1, Some(id(1))))?;
    webhooks::insert_webhook(tx, &super::delivery::webhook(1))?;
    webhooks::insert_delivery(tx, &super::delivery::delivery(1, 1, 1))?;
    api_keys::insert_key(tx, &super::delivery::key(1))
}

fn counts(store: &TestStore) -> Vec<(&'static str, u64)> {
    TABLES
        .iter()
        .map(|(table, _)| (*table, store.rows(table)))
        .collect()
}

#[test]
fn a_failing_job_leaves_nothing_in_any_table() {
    let store = TestStore::new();
    let version = store.get(faces::get_gallery_version);
    let failed = store.write(|tx| {
        write_everything(tx)?;
        Err::<(), _>(Error::Missing("the point of it"))
    });
    assert_eq!(failed, Err(Error::Missing("the point of it")));
    assert_eq!(counts(&store), TABLES);
    assert_eq!(store.get(faces::get_gallery_version), version);
    // Without the failure the same job writes to all of them, so that the test means something.
    store.put(write_everything);
    for (table, rows) in counts(&store) {
        assert_eq!(rows, 1, "{table}");
    }
    assert_eq!(store.get(faces::get_gallery_version), version + 1);
}

#[test]
fn a_constraint_at_the_end_takes_the_whole_job_with_it() {
    let store = TestStore::new();
    store.put(write_everything);
    let again = store.write(|tx| {
        add_person(tx, 2, None, None)?;
        events::insert_event(tx, &event(2))?;
        visits::insert_visit(tx, &visit())
    });
    assert!(
        again
            .expect_err("the nonce is taken")
            .is_conflict_of("visit.nonce")
    );
    assert_eq!((store.rows("person"), store.rows("event")), (1, 1));
    assert_eq!(store.get(|v| people::find_person(v, id(2))), None);
}

#[test]
fn every_table_is_in_the_list() {
    let store = TestStore::new();
    let connection = store.connection();
    let mut query = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta'")
        .expect("query");
    let names = query
        .query_map([], |r| r.get::<_, String>(0))
        .expect("names");
    for name in names.map(|n| n.expect("a name")) {
        assert!(TABLES.iter().any(|(table, _)| *table == name), "{name}");
    }
}
