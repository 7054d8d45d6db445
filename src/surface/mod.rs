//! The adapters between the outside and the domain: they parse, stamp the time, call the
//! domain and shape the answer.

pub mod after;
pub mod api;
pub mod callers;
pub mod clock;
pub mod control;
pub mod core;
pub mod desk;
pub mod directory;
pub mod document;
pub mod door;
pub mod front;
pub mod gallery;
pub mod gate;
pub mod health;
pub mod held;
pub mod kiosk;
pub mod known;
pub mod language;
pub mod live;
pub mod mjpeg;
pub mod native;
pub mod pages;
pub mod picture;
pub mod pin;
pub mod problem;
pub mod qr;
pub mod session;
pub mod started;
pub mod tally;
pub mod told;
pub mod tray;
pub mod trust;
pub mod waiting;
pub mod watch;
