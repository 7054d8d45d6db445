//! Check-in: one contract for all means. An occasion, a credential, a device, a nonce and a
//! time go in; a decision comes out, is kept, and is the same for ever.
pub mod face;
pub mod reason;
pub mod threshold;
pub mod track;
