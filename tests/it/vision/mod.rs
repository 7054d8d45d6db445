//! Vision against reference values, strangers, bad pictures, drawn codes, played sequences and
//! panics.

mod bad_picture;
pub mod fixture;
mod liveness;
mod production;
mod qr;
mod reference;
mod stranger;
mod worker;
