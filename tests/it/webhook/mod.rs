//! Webhooks: what a receiver gets, how it can check it, and what becomes of one that fails.

mod address;
mod call;
mod life;
mod pauses;
pub mod receiver;
mod refusal;
mod signature;
mod told;
