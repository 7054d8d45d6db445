//! The rules, over a real store.
