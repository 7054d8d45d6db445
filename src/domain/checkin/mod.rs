//! Check-in: one contract for all means. An occasion, a credential, a device, a nonce and a
//! time go in; a decision comes out, is kept, and is the same for ever.
pub mod again;
pub mod decide;
pub mod decision;
pub mod error;
pub mod face;
pub mod history;
pub mod listing;
pub mod presence;
pub mod reason;
pub mod report;
pub mod request;
pub mod resolve;
pub mod scan;
pub mod seen;
pub mod settle;
pub mod standing;
pub mod tally;
pub mod threshold;
pub mod track;
pub mod undo;
pub mod walk_in;
pub mod wording;

pub use decision::Decision;
pub use error::Error;
pub use request::{Credential, FaceEvidence, Occasion, Request};
