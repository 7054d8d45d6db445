//! Keys and sealing.

mod sealing;
