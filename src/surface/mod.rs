//! The adapters between the outside and the domain: they parse, stamp the time, call the
//! domain and shape the answer.

pub mod mjpeg;
