//! Webhooks: what a receiver gets, how it can check it, and what becomes of one that fails.

mod life;
mod receiver;
mod told;
