//! The surface `identity` over real connections: its contract's exchanges, and what the original
//! did wrong.

mod cors;
mod document;
mod golden;
mod guess;
mod house;
mod import;
mod mount;
mod native;
mod operator;
mod register;
mod start;
mod token;
