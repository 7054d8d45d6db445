//! Keys, sealing and TLS.

mod sealing;
mod tls;
mod trust;
