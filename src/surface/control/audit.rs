//! Commands on the audit chain: checked, and taken along.

use crate::base::cause::Cause;
use crate::base::json;
use crate::base::limits;
use crate::crypto::keyring::Purpose;
use crate::domain::trail::{self, Form, Wanted};
use crate::store::audit::{self, ChainEnd, Verdict};
use crate::store::trail::find_link;
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;
use crate::surface::trail as file;

/// Checks the audit chain from its beginning, and that it still has the end that was kept
/// elsewhere, if one is given.
pub fn verify(core: &Core, head: Option<&str>) -> Result<json::Value, Refusal> {
    let kept = head.map(read_head).transpose()?;
    let site = core.site();
    let chain = site.keyring.purpose(Purpose::AuditChain);
    let verdict = core.store.read(|view| audit::verify(view, chain))?;
    let end = match verdict {
        Verdict::Whole(end) => end,
        broken @ (Verdict::Gap(_)
        | Verdict::Changed(_)
        | Verdict::Cut { .. }
        | Verdict::HeadChanged) => return Err(broken_chain(&broken.to_string())),
    };
    if let Some(kept) = kept {
        compare(core, &end, &kept)?;
    }
    Ok(json::json!({
        "whole": true,
        "rows": end.count,
        "head": format!("{}:{}", end.count, file::hex(&end.link)),
    }))
}

fn broken_chain(why: &str) -> Refusal {
    let told = format_args!("the audit chain is broken: {why}").to_string();
    Refusal::new(Cause::StoreCorrupt, told)
}

/// Whether the chain has the row that an end was taken from: one whose whole file was put back to
/// an older state has not.
fn compare(core: &Core, end: &ChainEnd, kept: &ChainEnd) -> Result<(), Refusal> {
    if end.count < kept.count {
        return Err(broken_chain(&format!(
            "it has {} rows and had {}: the store was put back to an older state",
            end.count, kept.count
        )));
    }
    let found = core.store.read(|view| find_link(view, kept.count))?;
    if kept.count > 0 && found != Some(kept.link) {
        return Err(broken_chain(&format!(
            "row {} is not the one that this end was taken from",
            kept.count
        )));
    }
    Ok(())
}

/// Reads COUNT:LINK.
fn read_head(text: &str) -> Result<ChainEnd, Refusal> {
    let form = || Refusal::invalid("head", "expected COUNT:LINK, as the journal has it");
    let (count, digits) = text.split_once(':').ok_or_else(form)?;
    let count = count.parse().map_err(|_| form())?;
    let mut link = [0; 32];
    if digits.len() != 64 || !digits.is_ascii() {
        return Err(form());
    }
    for (at, byte) in link.iter_mut().enumerate() {
        let pair = digits.get(2 * at..2 * at + 2).ok_or_else(form)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| form())?;
    }
    Ok(ChainEnd { count, link })
}

/// A stretch of the rows as text; the first answer says which row is the last.
pub fn export(core: &Core, first: u64, last: u64, form: Form) -> Result<json::Value, Refusal> {
    let last = match first {
        0 => core.write(ACTOR, SURFACE, move |tx, call| {
            trail::begin_export(tx, call, form)
        })?,
        _ => last,
    };
    let from = first.max(1);
    let to = last.min(from.saturating_add(limits::AUDIT_EXPORT_ROWS - 1));
    let rows = core.read(ACTOR, SURFACE, |view, call| {
        trail::export(view, call, &Wanted::default(), from, to)
    })?;
    let begin = if first == 0 {
        file::begin(form)
    } else {
        Vec::new()
    };
    let text = [begin, file::text(form, &rows)].concat();
    Ok(json::json!({
        "text": String::from_utf8_lossy(&text),
        "next": (to < last).then_some(to + 1),
        "last": last,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_as_the_journal_has_it() {
        let end = ChainEnd {
            count: 42,
            link: [0xab; 32],
        };
        let text = format!("42:{}", file::hex(&end.link));
        assert_eq!(read_head(&text), Ok(end));
        for text in [
            "",
            "42",
            "42:ab",
            "x:00",
            ":",
            &format!("1:{}", "zz".repeat(32)),
        ] {
            assert_eq!(read_head(text).expect_err(text).code, "invalid", "{text}");
        }
    }
}
