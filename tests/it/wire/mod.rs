//! The HTTP server from outside, over bare sockets: what it makes of requests that no browser
//! would send, how long it waits, how many it serves, how it stops.

mod admission;
mod cause;
mod client;
mod connection;
mod crowd;
mod form;
mod health;
mod language;
mod later;
mod malformed;
mod request;
mod secure;
pub mod server;
mod stop;
mod table;
