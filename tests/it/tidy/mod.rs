//! The house rules that a compiler does not know, as tests. Each rule is a function over
//! texts, called once on the project and once on samples that break it.

mod crates;
mod deeds;
mod layers;
mod links;
mod manifest;
mod paths;
mod promises;
mod size;
mod source;
mod vendored;
mod words;
