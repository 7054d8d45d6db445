//! Logs to the journal or to stderr.
