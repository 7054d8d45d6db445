//! The words that all parts use: ids, times, texts, JSON, and what visitors read.

mod id;
mod json;
mod text;
mod time;
mod wording;
