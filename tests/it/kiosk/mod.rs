//! The screen at the door: what it is told, and by whom it may be asked.

mod gate;
mod sentence;
mod told;
mod wire;
