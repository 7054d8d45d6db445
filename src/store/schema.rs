//! The schema of a fresh store, and its number.

/// All tables, as a fresh file has them.
pub(in crate::store) const FRESH: &str = include_str!("sql/schema.sql");

/// Number of the schema, kept in `user_version`.
pub const NUMBER: u32 = 2;

/// `application_id` of the file: `hadr` in ASCII.
pub(in crate::store) const APPLICATION: i32 = 0x6861_6472;

/// Size of a page, in bytes. A check-in touches some nine pages, each is written to the log
/// and, less often, to the file: small pages keep that within the flash budget.
pub(in crate::store) const PAGE_BYTES: u32 = 1024;
