//! Commands on mails.

use crate::base::cause::Cause;
use crate::base::id::NoticeId;
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

/// How the mails stand: what waits, what was given up and why. Names nobody.
pub fn list(core: &Core) -> Result<json::Value, Refusal> {
    let standing = core.read(ACTOR, SURFACE, mail::standing)?;
    let mails = standing.troubled.iter().map(|mail| {
        json::json!({
            "mail": mail.id,
            "kind": mail.kind,
            "made_at": mail.made_at.to_string(),
            "again_at": mail.again_at.map(|at| at.to_string()),
            "error": mail.error,
        })
    });
    Ok(json::json!({
        "configured": core.post.setting().is_some(),
        "waiting": standing.counts.waiting,
        "failed": standing.counts.failed,
        "mails": mails.collect::<Vec<_>>(),
    }))
}

/// Tries a mail again now.
pub fn retry(core: &Core, id: NoticeId) -> Result<json::Value, Refusal> {
    core.write(ACTOR, SURFACE, move |tx, call| mail::retry(tx, call, id))?;
    Ok(json::json!({"mail": id, "waiting": true}))
}
