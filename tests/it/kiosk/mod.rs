//! The screen at the door: what it is told, and by whom it may be asked.

mod gate;
pub mod hall;
mod menu;
mod own;
mod second;
mod sentence;
mod table;
mod told;
mod wire;
