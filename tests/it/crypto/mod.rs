//! Keys, sealing and TLS.

mod listener;
mod sealing;
mod tls;
mod trust;
