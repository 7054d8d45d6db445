//! `hadir openapi`.

use crate::app::error::Failure;
use crate::app::output::line;
use crate::base::json;
use crate::domain::surface::Surface;
use crate::surface::{document, identity};
use clap::Args;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Openapi {
    /// Whose: `native` or `identity`
    #[arg(long, default_value = "native", value_parser = surface)]
    surface: Surface,
}

fn surface(text: &str) -> Result<Surface, String> {
    let found = Surface::read(text);
    found
        .filter(|s| matches!(s, Surface::Native | Surface::Identity))
        .ok_or_else(|| "the surface is native or identity".to_owned())
}

/// Prints the document of an interface.
///
/// # Errors
/// None that a document of ours can cause.
pub fn run(args: &Openapi) -> Result<(), Failure> {
    let document = if args.surface == Surface::Identity {
        identity::document()
    } else {
        document::openapi()
    };
    line(json::encode(&document).map_err(Failure::of)?);
    Ok(())
}
