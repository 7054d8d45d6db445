//! Start, stop, readiness, logs.
