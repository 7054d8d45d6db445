//! Camera sources, from the outside.
