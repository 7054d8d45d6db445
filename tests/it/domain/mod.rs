//! The rules, over a real store.

mod administrator;
mod checkin;
mod consent;
mod directory;
pub mod door;
mod enrolment;
mod import;
mod invite;
mod mail;
mod pairing;
mod person;
mod plan;
mod race;
mod refresh;
mod revert;
mod right;
mod sample;
mod session;
mod setting;
mod setup;
mod stranger;
mod table;
mod ticketing;
mod trace;
mod undo;
