//! The style, held by tests.
