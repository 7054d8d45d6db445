//! The store's table files over a real file: what is put in comes out, what contradicts the
//! schema is refused, pages end where they should, and a job that fails leaves nothing.

mod access;
mod audit;
mod check;
mod consents;
pub mod delivery;
mod devices;
mod dossiers;
mod events;
mod faces;
pub mod fixture;
mod imports;
mod keys;
mod migration;
mod outbox;
mod people;
mod people_model;
mod presence;
mod privacy;
mod rollback;
mod row;
mod tickets;
mod visits;
mod words;
