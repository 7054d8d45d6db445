//! The tables themselves refuse what the rules would never write: a mistake of ours is an error,
//! not a row.

use rusqlite::Connection;
use std::path::PathBuf;

fn schema() -> Connection {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store/sql/schema.sql");
    let connection = Connection::open_in_memory().expect("memory");
    connection
        .pragma_update(None, "foreign_keys", true)
        .expect("foreign keys");
    connection
        .execute_batch(&std::fs::read_to_string(path).expect("the schema"))
        .expect("the schema is valid");
    connection
}

/// A person, an event and a ticket to refer to; ids are the blobs of 16 ones, twos and threes.
const GROUND: &str = "
    INSERT INTO person (id, state, name, created_at) VALUES (x'01010101010101010101010101010101', 'active', x'00', 1);
    INSERT INTO event (id, name, state, capacity_of, entry_rule, face_allowed, created_at)
        VALUES (x'02020202020202020202020202020202', 'Seminar', 'open', 'inside', 'any', 1, 1);
    INSERT INTO ticket (id, event, code_digest, code, state, settled, answered, created_at)
        VALUES (x'03030303030303030303030303030303', x'02020202020202020202020202020202',
                x'04040404040404040404040404040404', x'00', 'valid', 1, 1, 1);
    INSERT INTO consent (id, person, purpose, given_by, means, text_version, given_at)
        VALUES (x'05050505050505050505050505050505', x'01010101010101010101010101010101', 'face', 'person', 'paper', '1', 1);";

/// What must be refused, and a word of the refusal.
const REFUSED: [(&str, &str); 24] = [
    (
        "INSERT INTO person (id, state, name, created_at) VALUES (x'01', 'active', x'00', 1)",
        "CHECK",
    ),
    (
        "INSERT INTO person (id, state, name, created_at) VALUES (zeroblob(16), 'gone', x'00', 1)",
        "CHECK",
    ),
    (
        "INSERT INTO person (id, state, created_at) VALUES (zeroblob(16), 'active', 1)",
        "CHECK",
    ),
    ("UPDATE person SET state = 'erased'", "CHECK"),
    ("UPDATE person SET state = 'erased', erased_at = 1", "CHECK"),
    ("UPDATE person SET name = 'Budi'", "cannot store TEXT"),
    (
        "INSERT INTO person_key VALUES (zeroblob(16), x'00')",
        "FOREIGN KEY",
    ),
    (
        "INSERT INTO role VALUES (x'01010101010101010101010101010101', 'native', 'root', NULL, 1)",
        "CHECK",
    ),
    (
        "INSERT INTO consent SELECT zeroblob(16), person, purpose, given_by, guardian, means, text_version, given_at, NULL FROM consent",
        "UNIQUE",
    ),
    ("UPDATE consent SET given_by = 'friend'", "CHECK"),
    ("UPDATE consent SET purpose = 'advertising'", "CHECK"),
    ("DELETE FROM person", "FOREIGN KEY"),
    ("UPDATE event SET inside = -1", "CHECK"),
    ("UPDATE event SET admitted = -1", "CHECK"),
    ("UPDATE event SET starts_at = 2, ends_at = 2", "CHECK"),
    ("UPDATE event SET entry_rule = 'twice'", "CHECK"),
    ("UPDATE event SET capacity = 'many'", "cannot store TEXT"),
    ("UPDATE ticket SET state = 'lost'", "CHECK"),
    ("UPDATE ticket SET valid_from = 2, valid_until = 1", "CHECK"),
    ("UPDATE ticket SET holder = zeroblob(16)", "FOREIGN KEY"),
    (
        "INSERT INTO ticket SELECT zeroblob(16), event, holder, code_digest, code, state, settled, answered, NULL, NULL, NULL, 1 FROM ticket",
        "UNIQUE",
    ),
    ("INSERT INTO gallery VALUES (2, 1)", "CHECK"),
    (
        "INSERT INTO presence VALUES (x'01', zeroblob(16), 0, 0, NULL, NULL, NULL)",
        "CHECK",
    ),
    (
        "INSERT INTO undo VALUES (1, 1, 'operator', NULL, 'test', NULL)",
        "FOREIGN KEY",
    ),
];

#[test]
fn rows_that_make_no_sense_are_refused() {
    for (sql, word) in REFUSED {
        let connection = schema();
        connection.execute_batch(GROUND).expect("the ground");
        let refusal = connection.execute(sql, []).expect_err(sql).to_string();
        assert!(refusal.contains(word), "{sql}: {refusal}");
    }
}

fn visit(verdict: &str, reason: &str, nonce: u8) -> String {
    let nonce = format!("{nonce:02x}").repeat(16);
    format!(
        "INSERT INTO visit (nonce, contents, box, occasion, means, direction, mode, verdict, reason,
             happened_at, arrived_at, synced)
         VALUES (x'{nonce}', zeroblob(16), zeroblob(16), zeroblob(16), 'code', 'entry', 'online', {verdict}, {reason},
             1, 1, 1)"
    )
}

#[test]
fn an_admission_has_no_reason_and_everything_else_has_one() {
    let connection = schema();
    let good = [
        ("'admitted'", "NULL"),
        ("'refused'", "'expired'"),
        ("'already'", "'already_admitted'"),
    ];
    for (i, (verdict, reason)) in good.iter().enumerate() {
        let sql = visit(verdict, reason, u8::try_from(i).expect("few"));
        assert_eq!(connection.execute(&sql, []).expect("a row"), 1);
    }
    for (verdict, reason) in [
        ("'admitted'", "'expired'"),
        ("'refused'", "NULL"),
        ("'maybe'", "'expired'"),
    ] {
        let refusal = connection
            .execute(&visit(verdict, reason, 99), [])
            .expect_err("refused");
        assert!(refusal.to_string().contains("CHECK"), "{refusal}");
    }
    let twice = connection
        .execute(&visit("'admitted'", "NULL", 0), [])
        .expect_err("the nonce is taken");
    assert!(twice.to_string().contains("visit.nonce"), "{twice}");
    let undo = "INSERT INTO undo VALUES (1, 1, 'operator', NULL, 'test', NULL)";
    assert_eq!(connection.execute(undo, []).expect("undone"), 1);
    assert!(connection.execute(undo, []).is_err(), "undone twice");
}

#[test]
fn every_table_is_strict() {
    let connection = schema();
    let mut query = connection
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite%'")
        .expect("the list of tables");
    let loose: Vec<String> = query
        .query_map([], |row| row.get(0))
        .expect("tables")
        .map(|t| t.expect("a name"))
        .collect();
    assert!(loose.is_empty(), "{loose:?}");
}
