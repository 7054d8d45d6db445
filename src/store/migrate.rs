//! Brings a file to the schema of this program: a fresh file by one script, an older one
//! step by step. Each step is a transaction that sets `user_version` last, so that a power
//! cut leaves the file at one number or the next.

use crate::store::error::Error;
use crate::store::schema;
use rusqlite::Connection;

/// One step of the schema: from the number before it to `to`. A step that has been released
/// is never edited.
pub(in crate::store) struct Step {
    /// The number that the step reaches.
    pub to: u32,
    /// Its statements.
    pub sql: &'static str,
}

/// All steps, in order.
const STEPS: &[Step] = &[Step {
    to: 2,
    sql: include_str!("sql/0002.sql"),
}];

/// What opening found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migration {
    /// The file was empty and has been given all tables.
    Fresh,
    /// The file had today's schema.
    Current,
    /// The file was brought up from this number.
    From(u32),
}

/// Brings the open file to the schema of this program.
pub(in crate::store) fn migrate(connection: &Connection, path: &str) -> Result<Migration, Error> {
    run(connection, path, schema::FRESH, schema::NUMBER, STEPS)
}

fn number(connection: &Connection, pragma: &str) -> Result<i64, Error> {
    Ok(connection.pragma_query_value(None, pragma, |row| row.get(0))?)
}

fn apply(connection: &Connection, sql: &str, to: u32) -> Result<(), Error> {
    let marks = format!(
        "PRAGMA application_id = {}; PRAGMA user_version = {to};",
        schema::APPLICATION
    );
    let done = connection.execute_batch(&format!("BEGIN IMMEDIATE;\n{sql}\n;{marks} COMMIT;"));
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    Ok(done?)
}

fn run(
    connection: &Connection,
    path: &str,
    fresh: &str,
    goal: u32,
    steps: &[Step],
) -> Result<Migration, Error> {
    let found = u32::try_from(number(connection, "user_version")?).unwrap_or(u32::MAX);
    let application = number(connection, "application_id")?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if tables == 0 && found == 0 {
        apply(connection, fresh, goal)?;
        return Ok(Migration::Fresh);
    }
    if application != i64::from(schema::APPLICATION) || found == 0 {
        return Err(Error::Foreign(path.to_owned()));
    }
    if found > goal {
        return Err(Error::Newer(found, goal));
    }
    for step in steps.iter().filter(|s| s.to > found) {
        apply(connection, step.sql, step.to)?;
    }
    Ok(if found == goal {
        Migration::Current
    } else {
        Migration::From(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "CREATE TABLE a (x INTEGER NOT NULL) STRICT;";
    const NEW: &str =
        "CREATE TABLE a (x INTEGER NOT NULL, y TEXT) STRICT;\nCREATE TABLE b (z BLOB) STRICT;";
    const STEP: Step = Step {
        to: 2,
        sql: "ALTER TABLE a ADD COLUMN y TEXT;\nCREATE TABLE b (z BLOB) STRICT;",
    };

    fn schema_of(connection: &Connection) -> Vec<String> {
        let mut query = connection
            .prepare(
                "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name",
            )
            .expect("query");
        query
            .query_map([], |r| {
                let parts: [String; 4] = [r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?];
                Ok(parts.join(" | "))
            })
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("row")
    }

    fn memory() -> Connection {
        Connection::open_in_memory().expect("memory")
    }

    #[test]
    fn the_steps_lead_to_the_schema_number_one_by_one() {
        assert_eq!(STEPS.len() + 1, schema::NUMBER as usize);
        for (i, step) in STEPS.iter().enumerate() {
            assert_eq!(step.to as usize, i + 2);
        }
    }

    #[test]
    fn an_upgraded_store_equals_a_fresh_one() {
        let (old, fresh) = (memory(), memory());
        assert_eq!(run(&old, "", OLD, 1, &[]), Ok(Migration::Fresh));
        assert_eq!(run(&old, "", NEW, 2, &[STEP]), Ok(Migration::From(1)));
        assert_eq!(run(&fresh, "", NEW, 2, &[STEP]), Ok(Migration::Fresh));
        assert_eq!(schema_of(&old), schema_of(&fresh));
        assert_eq!(run(&old, "", NEW, 2, &[STEP]), Ok(Migration::Current));
    }

    #[test]
    fn the_real_schema_is_whole_and_strict() {
        let fresh = memory();
        assert_eq!(migrate(&fresh, ""), Ok(Migration::Fresh));
        assert_eq!(migrate(&fresh, ""), Ok(Migration::Current));
        for line in schema_of(&fresh) {
            assert!(
                !line.starts_with("table |") || line.contains("STRICT"),
                "{line}"
            );
        }
    }

    #[test]
    fn a_failed_step_leaves_the_number_before_it() {
        let old = memory();
        run(&old, "", OLD, 1, &[]).expect("fresh");
        let bad = Step {
            to: 2,
            sql: "CREATE TABLE c (x INTEGER) STRICT; CREATE TABLE a (x INTEGER) STRICT;",
        };
        assert!(run(&old, "", NEW, 2, &[bad]).is_err());
        assert_eq!(number(&old, "user_version"), Ok(1));
        assert_eq!(
            schema_of(&old).len(),
            1,
            "the step's first table was rolled back"
        );
        assert_eq!(run(&old, "", NEW, 2, &[STEP]), Ok(Migration::From(1)));
    }

    #[test]
    fn newer_and_foreign_files_are_refused() {
        let newer = memory();
        run(&newer, "", OLD, 9, &[]).expect("fresh");
        assert_eq!(migrate(&newer, ""), Err(Error::Newer(9, schema::NUMBER)));
        let foreign = memory();
        foreign.execute_batch("CREATE TABLE t (a)").expect("table");
        assert!(matches!(migrate(&foreign, "x"), Err(Error::Foreign(_))));
    }
}
