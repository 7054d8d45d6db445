//! `hadir openapi`.

use crate::app::error::Failure;
use crate::app::output::line;
use crate::base::json;
use crate::surface::document;

/// Prints the document of the native interface.
///
/// # Errors
/// None that a document of ours can cause.
pub fn run() -> Result<(), Failure> {
    line(json::encode(&document::openapi()).map_err(Failure::of)?);
    Ok(())
}
