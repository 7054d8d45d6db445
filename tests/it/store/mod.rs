//! The store engine over real files.
