//! hadir: the check-in desk of a school, a campus or a venue, on one small ARM box.

pub mod app;
pub mod base;
pub mod crypto;
pub mod domain;
pub mod host;
pub mod http;
pub mod journal;
pub mod store;
pub mod surface;
pub mod vision;
