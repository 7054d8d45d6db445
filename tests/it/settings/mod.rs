//! The configuration, read in the process: each key with values that are good and that are not.
//! What the command line makes of it is tested with the command line.

mod form;
pub mod key;
mod variable;
