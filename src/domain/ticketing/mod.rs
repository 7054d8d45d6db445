//! Events and tickets.
