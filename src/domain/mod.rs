//! The rules and all authorisation.
pub mod checkin;
pub mod custody;
pub mod identity;
pub mod ticketing;
