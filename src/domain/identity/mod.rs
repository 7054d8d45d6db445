//! People: who they are, which roles they hold, and their faces.
pub mod account;
pub mod change;
pub mod column;
pub mod directory;
pub mod enrol;
pub mod gallery;
pub mod import;
pub mod invite;
pub mod language;
pub mod name;
pub mod person;
pub mod revert;
pub mod role;
pub mod session;
pub mod sheet;
