//! Reading columns as the program's own types: ids, times, words. Used by the table files.

use crate::base::id::Id;
use crate::base::time::Timestamp;
use rusqlite::Row;
use rusqlite::types::Type;

/// An id of 16 bytes.
pub(in crate::store) fn id<T: Id>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get::<_, [u8; 16]>(column).map(T::from_bytes)
}

/// An id of 16 bytes, or None.
pub(in crate::store) fn id_or_none<T: Id>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(T::from_bytes))
}

/// A time in milliseconds.
pub(in crate::store) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// A time in milliseconds, or None.
pub(in crate::store) fn time_or_none(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row
        .get::<_, Option<i64>>(column)?
        .map(Timestamp::from_millis))
}

/// One of a closed list of words.
pub(in crate::store) fn word<T>(
    row: &Row<'_>,
    column: usize,
    read: fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let value = row.get_ref(column)?;
    let text = value.as_str().map_err(rusqlite::Error::from)?;
    read(text).ok_or_else(|| {
        let unknown = format!("unknown word {text:?}");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, unknown.into())
    })
}

/// One of a closed list of words, or None.
pub(in crate::store) fn word_or_none<T>(
    row: &Row<'_>,
    column: usize,
    read: fn(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    if row.get_ref(column)?.data_type() == Type::Null {
        return Ok(None);
    }
    word(row, column, read).map(Some)
}
