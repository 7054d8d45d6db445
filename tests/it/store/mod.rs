//! The store engine over real files.

mod engine;
