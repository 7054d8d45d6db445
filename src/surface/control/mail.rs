//! Commands on mails.

use crate::base::cause::Cause;
use crate::base::json;
use crate::base::text::Email;
use crate::domain::mail;
use crate::http::letter::Draft;
use crate::surface::control::person::parse;
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;

/// Sends a test mail and waits for the server's answer.
pub fn test(core: &Core, to: &str) -> Result<json::Value, Refusal> {
    let to: Email = parse("address", to)?;
    let (name, language) = {
        let site = core.site();
        (site.rules.name.clone(), site.rules.language)
    };
    let (subject, text) = mail::test_letter(language, &name);
    let (id, at) = (core.new_id(), core.clock.stamp().at);
    core.write(ACTOR, SURFACE, mail::note_test)?;
    let draft = Draft {
        id,
        at,
        sender_name: name,
        to,
        subject,
        text,
    };
    core.post
        .send_blocking(&draft)
        .map_err(|error| Refusal::new(Cause::Unprocessable, format_args!("refused: {error}")))?;
    let through = core.post.setting();
    let through = through.map(|s| format!("{}:{}", s.server, s.port));
    Ok(json::json!({"sent": true, "to": draft.to.as_str(), "server": through}))
}
