//! Plans that stay: a query is planned when it is first prepared, and never for a value.

use crate::store::error::Error;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Keeps SQLite from planning a prepared query anew at every other value that is bound to it. It
/// does that where a value might choose among indexes; of ours none can, and looking up a person
/// took five times as long.
///
/// # Errors
/// Those of SQLite.
pub(in crate::store) fn keep(connection: &Connection) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id as _, PersonId};
    use crate::store::{people, schema};
    use rusqlite::StatementStatus;

    /// How often a query is planned anew while it looks for several people.
    fn planned_anew(connection: &Connection) -> i32 {
        let view = crate::store::View::new(connection);
        for number in 0..5 {
            let found = people::find_person(&view, PersonId::from_bytes([number; 16]));
            assert_eq!(found.map(|p| p.is_some()), Ok(false));
        }
        let query = connection.prepare_cached(people::ONE).expect("a query");
        query.get_status(StatementStatus::RePrepare)
    }

    #[test]
    fn a_query_is_planned_once() {
        let connection = Connection::open_in_memory().expect("memory");
        connection.execute_batch(schema::FRESH).expect("tables");
        connection.set_prepared_statement_cache_capacity(16);
        assert!(planned_anew(&connection) > 0, "or nothing needs keeping");
        connection.flush_prepared_statement_cache();
        keep(&connection).expect("a setting");
        assert_eq!(planned_anew(&connection), 0);
    }
}
