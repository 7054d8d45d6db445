//! Webhooks: what a receiver gets, how it can check it, and what becomes of one that fails.

mod life;
pub mod receiver;
mod told;
