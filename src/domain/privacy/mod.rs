//! What the law on personal data asks of the box: a notice that says what is kept and why, and
//! that what people ask for is done within 3×24 hours.

pub mod claim;
pub mod notice;
