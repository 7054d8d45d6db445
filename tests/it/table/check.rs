//! The schema's own promises: for each table a good row is written down, and every change of it
//! that the schema has to refuse is tried. Types and NOT NULL are tried for every column.

use super::fixture::TestStore;
use super::row::{Case, GROUND, ID, KNOWN, cases};
use rusqlite::Connection;

/// Tries the row with `column` changed to `literal`, and takes it out again.
fn attempt(
    connection: &Connection,
    case: &Case,
    change: Option<(&str, &str)>,
) -> Result<(), String> {
    let mut row: Vec<(&str, &str)> = case.row.to_vec();
    if let Some((column, literal)) = change {
        row.retain(|(name, _)| *name != column);
        row.push((column, literal));
    }
    let names: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let values: Vec<&str> = row.iter().map(|(_, value)| *value).collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        case.table,
        names.join(", "),
        values.join(", ")
    );
    connection
        .execute_batch("SAVEPOINT attempt")
        .expect("savepoint");
    let done = connection.execute(&sql, []).map_err(|e| format!("{e}"));
    connection
        .execute_batch("ROLLBACK TO attempt; RELEASE attempt")
        .expect("rollback");
    if let Err(text) = &done {
        assert!(
            ["constraint", "store", "mismatch"]
                .iter()
                .any(|w| text.contains(w)),
            "{sql}: {text}"
        );
    }
    done.map(|_| ())
}

/// A store's file with the ground rows in it.
fn ground(store: &TestStore) -> Connection {
    let connection = store.connection();
    connection
        .pragma_update(None, "foreign_keys", true)
        .expect("foreign keys");
    // The day as bytes, as the program writes it.
    let rows = GROUND.replace("'2026-11-21'", "CAST('2026-11-21' AS BLOB)");
    connection.execute_batch(&rows).expect("the ground");
    connection
}

#[test]
fn the_good_rows_are_good() {
    let store = TestStore::new();
    let connection = ground(&store);
    for case in cases() {
        let done = attempt(&connection, case, None);
        assert_eq!(done, Ok(()), "{}", case.table);
    }
}

#[test]
fn every_bad_value_is_refused() {
    let store = TestStore::new();
    let connection = ground(&store);
    for case in cases() {
        for (column, literals) in case.refused {
            for literal in *literals {
                let done = attempt(&connection, case, Some((column, literal)));
                assert!(done.is_err(), "{}.{column} took {literal}", case.table);
            }
        }
    }
}

/// Name, type, whether NULL is refused.
fn columns(connection: &Connection, table: &str) -> Vec<(String, String, bool)> {
    let mut query = connection
        .prepare("SELECT name, type, \"notnull\" FROM pragma_table_info(?1)")
        .expect("columns");
    let rows = query.query_map([table], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
    rows.expect("rows").map(|r| r.expect("a column")).collect()
}

/// Columns that SQLite fills in where NULL is given: they are the rows' own numbers.
const NUMBERS: [&str; 3] = ["seq", "visit", "from_at"];

#[test]
fn every_column_keeps_its_type_and_its_not_null() {
    let store = TestStore::new();
    let connection = ground(&store);
    let mut tried = 0;
    for case in cases() {
        for (column, kind, not_null) in columns(&connection, case.table) {
            let wrong = match kind.as_str() {
                "BLOB" => "'text'",
                "TEXT" => "X'ff'",
                _ => "'no number'",
            };
            let done = attempt(&connection, case, Some((&column, wrong)));
            assert!(done.is_err(), "{}.{column} took {wrong}", case.table);
            if not_null && !NUMBERS.contains(&column.as_str()) {
                let done = attempt(&connection, case, Some((&column, "NULL")));
                assert!(done.is_err(), "{}.{column} took NULL", case.table);
            }
            tried += 1;
        }
    }
    assert!(tried > 120, "only {tried} columns");
}

#[test]
fn versions_are_one_row() {
    let store = TestStore::new();
    let connection = store.connection();
    for table in ["gallery", "directory"] {
        for number in [0, 1, 2] {
            let sql = format!("INSERT INTO {table} (id, version) VALUES ({number}, 5)");
            let error = connection.execute(&sql, []).expect_err(&sql).to_string();
            assert!(error.contains("constraint"), "{error}");
        }
        assert_eq!(store.rows(table), 1);
    }
}

#[test]
fn every_table_has_a_case() {
    let store = TestStore::new();
    let connection = store.connection();
    let mut query = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('gallery', 'directory')")
        .expect("query");
    let names = query
        .query_map([], |r| r.get::<_, String>(0))
        .expect("names");
    for name in names.map(|n| n.expect("a name")) {
        assert!(cases().any(|c| c.table == name), "{name}");
    }
}

#[test]
fn what_others_point_to_cannot_be_deleted() {
    let store = TestStore::new();
    let connection = ground(&store);
    let rows = format!(
        "INSERT INTO face_template (person, model, consent, template, pictures, created_at)
             VALUES ({KNOWN}, zeroblob(32), {KNOWN}, X'01', 3, 1);
         INSERT INTO ticket (id, event, holder, code_digest, code, state, settled, answered, created_at)
             VALUES ({ID}, {KNOWN}, {KNOWN}, zeroblob(16), X'01', 'valid', 1, 1, 1);
         INSERT INTO undo (visit, at, actor, reason) VALUES (1, 1, 'a', 'test');"
    );
    connection.execute_batch(&rows).expect("rows");
    for table in ["person", "event", "consent", "visit"] {
        let done = connection.execute(&format!("DELETE FROM {table}"), []);
        let text = done.expect_err(table).to_string();
        assert_eq!(text, "FOREIGN KEY constraint failed", "{table}");
    }
}
