//! The pages as a browser without scripts sees them: what they say in both languages, what
//! their forms do, whom they refuse.

mod audit;
mod catalogue;
mod contrast;
mod devices;
mod events;
mod factor;
mod frame;
mod garbage;
mod home;
pub mod house;
mod import;
mod keys;
mod kit;
mod link;
mod mail;
mod me;
mod origin;
mod people;
mod privacy;
mod settings;
mod setup;
mod sign_in;
mod station;
mod status;
mod table;
mod webhooks;
