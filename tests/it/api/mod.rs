//! The interface below `/api/v1` over real connections: each route's exchange, who may call
//! which route, what bad input gets, and the document against what is served.

mod audit;
mod bad_input;
mod checkin;
mod device;
mod document;
mod enrolment;
mod event;
pub mod exchange;
mod factor;
mod history;
pub mod house;
mod import;
mod key;
mod link;
mod matrix;
mod nonce;
mod origin;
mod paging;
mod people;
mod privacy;
mod screen;
mod search;
mod session;
mod setting;
mod throttle;
mod token;
