//! The box itself: its clock, its service manager, its sockets, secrets, disk and cameras.

pub mod announce;
pub mod camera;
pub mod clock;
pub mod credential;
pub mod disk;
pub mod drive;
pub mod file;
pub mod memory;
pub mod names;
pub mod notify;
pub mod sockets;
