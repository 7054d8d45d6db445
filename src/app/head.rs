//! The end of the audit chain for the journal: at the start, every hour and at the stop. There it is
//! out of reach of whoever changes the store's file.

use crate::journal::fields;
use crate::store::audit;
use crate::surface::core::Core;
use crate::surface::trail;
use std::sync::Arc;

/// Tells it. A store that cannot be read says so elsewhere.
pub async fn tell(core: &Arc<Core>) {
    let core = Arc::clone(core);
    let read = tokio::task::spawn_blocking(move || core.store.read(audit::head)).await;
    if let Ok(Ok(end)) = read {
        let link = trail::hex(&end.link);
        tracing::info!(
            { fields::EVENT } = "audit_head",
            { fields::MESSAGE_ID } = fields::AUDIT_HEAD,
            { fields::ROWS } = end.count,
            { fields::LINK } = link,
            "The audit chain ends at {}:{link}.",
            end.count
        );
    }
}
