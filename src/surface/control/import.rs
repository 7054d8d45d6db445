//! Bringing accounts over from old systems.

use crate::base::json;
use crate::domain::identity::bring;
use crate::domain::surface::Surface;
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;

/// Brings over the accounts of the TixGo set in `text`: all of them or none.
pub fn tixgo(core: &Core, text: &str) -> Result<json::Value, Refusal> {
    let accounts = bring::read_tixgo(text)?;
    let outcome = core.write(ACTOR, SURFACE, move |tx, call| {
        bring::bring(tx, call, Surface::Identity, &accounts)
    })?;
    Ok(json::json!({"added": outcome.added, "kept": outcome.kept}))
}
