//! HTTP: accepting connections, reading requests, finding the route, writing answers. Knows
//! nothing of check-ins; surfaces hand in their routes.

pub mod call;
pub mod client;
pub mod door;
pub mod error_table;
mod exchange;
pub mod form;
pub mod forward;
mod guard;
pub mod lane;
pub mod letter;
mod pack;
mod patient;
pub mod problem;
pub mod rate;
pub mod reply;
pub mod request;
pub mod route;
pub mod server;
mod service;
pub mod smtp;
pub mod stream;
