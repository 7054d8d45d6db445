//! The words that every other part uses: ids, time, limits, texts, secrets, causes, JSON.
//!
//! Imports nothing of the program. Owns `serde_json`, `zeroize` and `jiff`.

pub mod cause;
pub mod id;
pub mod json;
pub mod limits;
pub mod secret;
pub mod text;
pub mod time;
pub mod word;
