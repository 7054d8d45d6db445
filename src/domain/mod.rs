//! The rules and all authorisation.
pub mod actor;
pub mod checkin;
pub mod custody;
pub mod identity;
pub mod rule;
pub mod ticketing;
