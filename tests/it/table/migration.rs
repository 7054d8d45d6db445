//! A store of an earlier form is brought to today's: it then equals a fresh one.

use super::fixture::{TestStore, id};
use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, Id};
use hadir::store::{FILE, Migration, Options, Store, people};
use rusqlite::Connection;

/// The schemas that were released, each as its fresh file had it, with their numbers.
const RELEASED: [(u32, &str); 1] = [(1, include_str!("../dumps/schema_1.sql"))];

/// Every table, index and trigger, as SQLite keeps it.
fn schema(connection: &Connection) -> Vec<String> {
    let sql = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    let mut query = connection.prepare(sql).expect("query");
    let rows = query.query_map([], |r| r.get(0)).expect("rows");
    rows.map(|r| r.expect("a row")).collect()
}

#[test]
fn an_older_store_becomes_as_a_fresh_one_and_keeps_its_rows() {
    let fresh = schema(&TestStore::new().connection());
    for (number, sql) in RELEASED {
        let scratch = Scratch::new();
        let dir = scratch.path("store");
        std::fs::create_dir(&dir).expect("directory");
        let connection = Connection::open(dir.join(FILE)).expect("file");
        let marks = format!(
            "PRAGMA page_size = 1024; BEGIN; {sql}; PRAGMA application_id = {}; PRAGMA user_version = {number};
             INSERT INTO person (id, state, name, created_at)
                 VALUES (X'00000000000000000000000000000001', 'active', X'01', 1); COMMIT;",
            0x6861_6472
        );
        connection.execute_batch(&marks).expect("the old store");
        drop(connection);
        let options = Options::new(dir.clone(), BoxId::from_bytes([9; 16]));
        let store = Store::open(&options).expect("opened");
        assert_eq!(store.migration(), Migration::From(number));
        let found = store.read(|v| people::find_person(v, id(1)));
        assert!(found.expect("readable").is_some());
        store.close();
        let connection = Connection::open(dir.join(FILE)).expect("file");
        assert_eq!(schema(&connection), fresh);
    }
}
