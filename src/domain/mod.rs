//! The rules and all authorisation.
pub mod checkin;
pub mod identity;
pub mod ticketing;
