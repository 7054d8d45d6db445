//! The words that all others use, from outside: what holds for every value of them.

mod json;
mod text;
mod time;
mod word;
