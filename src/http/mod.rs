//! HTTP: accepting connections, reading requests, finding the route, writing answers. Knows
//! nothing of check-ins; surfaces hand in their routes.

pub mod client;
pub mod error_table;
pub mod problem;
pub mod reply;
pub mod request;
pub mod route;
pub mod server;
pub mod stream;
