//! Keys and sealing.
