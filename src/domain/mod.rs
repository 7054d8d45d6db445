//! The rules and all authorisation. Every function takes what it works on, a call (when, who,
//! chance) and its input, and gives an outcome or its own error. No waiting, no sockets, no
//! system clock.
pub mod actor;
pub mod api_key;
pub mod audit;
pub mod backup;
pub mod checkin;
pub mod clock;
pub mod consent;
pub mod custody;
pub mod device;
pub mod fault;
pub mod identity;
pub mod mail;
pub mod merge;
pub mod outbox;
pub mod privacy;
pub mod rule;
pub mod sample;
pub mod setting;
pub mod setup;
pub mod site;
pub mod surface;
pub mod ticketing;
pub mod trail;
pub mod vault;
pub mod webhook;
