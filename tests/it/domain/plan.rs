//! Every statement of the table files is found in their source and explained on a fresh schema:
//! none reads a whole table, or those that must are named here with the reason.

use rusqlite::Connection;
use std::path::PathBuf;

/// Statements that may scan: the file, a part of the text, the reason.
const MAY_SCAN: [(&str, &str, &str); 9] = [
    (
        "sessions.rs",
        "DELETE FROM session",
        "all of them go, once, when a store was restored",
    ),
    (
        "keys.rs",
        "FROM root_key ORDER BY number",
        "one row, two while keys are rotated; read at start",
    ),
    (
        "audit.rs",
        "WHERE act = ?1 ORDER BY seq",
        "the history of one kind of deed: no handler asks",
    ),
    (
        "outbox.rs",
        "state = 'waiting' ORDER BY",
        "the index of what waits is all that is read",
    ),
    (
        "tallies.rs",
        "count(*) FROM undo",
        "few are undone, and the number of rows is read without the rows",
    ),
    (
        "migrate.rs",
        "sqlite_schema",
        "asked once, when the store is opened",
    ),
    (
        "inspect.rs",
        "sqlite_schema",
        "an archive for support counts the rows of every table; the command line alone asks",
    ),
    (
        "audit.rs",
        "FROM audit ORDER BY seq",
        "verifying the chain reads all of it; the command line alone asks",
    ),
    (
        "outbox.rs",
        "FILTER (WHERE",
        "counts for the status; what was sent is pruned, so the table stays small",
    ),
];

fn source(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("src/store")
        .join(name);
    std::fs::read_to_string(path).expect("a table file")
}

fn files() -> Vec<String> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let names = std::fs::read_dir(dir).expect("the folder");
    let names = names.filter_map(|e| e.expect("an entry").file_name().into_string().ok());
    names.filter(|n| n.ends_with(".rs")).collect()
}

/// The texts between quotation marks, outside of comments and of the file's own tests.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n").replace("'\"'", "");
    code.split('"')
        .skip(1)
        .step_by(2)
        .map(|t| t.replace("\\\n", " "))
        .collect()
}

/// The beginning that a file's look-ups share: a constant, or the first part of a macro.
fn columns(source: &str) -> &str {
    let constant = source.split("const COLUMNS: &str =").nth(1);
    let begin = constant.or_else(|| source.split("($end:literal)").nth(1));
    begin
        .and_then(|after| after.split('"').nth(1))
        .unwrap_or_default()
}

/// The statements of a file: whole ones, and ends that follow its columns.
fn statements(name: &str) -> Vec<String> {
    let source = source(name);
    let columns = columns(&source);
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    let texts = literals(&source)
        .into_iter()
        .filter(|text| text != columns && !text.contains("{end}"));
    texts
        .map(|text| match text.starts_with("WHERE ") {
            true => format!("{columns} {text}"),
            false => text.replace("{COLUMNS}", columns),
        })
        .filter(|text| verbs.iter().any(|verb| text.starts_with(verb)))
        .collect()
}

fn schema() -> Connection {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store/sql/schema.sql");
    let sql = std::fs::read_to_string(path).expect("the schema");
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch(&sql).expect("the schema is valid");
    connection
}

/// The steps of a plan that read a whole table or index.
fn scans(connection: &Connection, sql: &str) -> Vec<String> {
    let mut explain = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    let nothing = vec![rusqlite::types::Null; explain.parameter_count()];
    let steps = explain.query_map(rusqlite::params_from_iter(nothing), |row| {
        row.get::<_, String>(3)
    });
    let steps = steps.expect("a plan").map(|s| s.expect("a step"));
    steps.filter(|s| s.starts_with("SCAN")).collect()
}

#[test]
fn no_statement_reads_a_whole_table() {
    let connection = schema();
    let mut seen = 0;
    for name in files() {
        for sql in statements(&name) {
            seen += 1;
            let allowed = MAY_SCAN
                .iter()
                .any(|(file, part, _)| *file == name && sql.contains(part));
            let scans = scans(&connection, &sql);
            assert!(allowed || scans.is_empty(), "{name}: {sql}\n{scans:?}");
        }
    }
    assert!(seen >= 60, "only {seen} statements were found");
}

/// The test above would be worth nothing if it could not see a scan.
#[test]
fn a_scan_would_be_seen() {
    let connection = schema();
    assert_eq!(
        scans(&connection, "SELECT id FROM person WHERE name = ?1").len(),
        1
    );
    assert!(scans(&connection, "SELECT state FROM person WHERE id = ?1").is_empty());
}
