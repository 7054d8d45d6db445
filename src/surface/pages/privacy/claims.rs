//! What was asked for: one's own, and what waits for those who manage people, with its clock.

use crate::base::id::ClaimId;
use crate::base::time::Timestamp;
use crate::domain::identity::person;
use crate::domain::privacy::claim::{self, Claim, ClaimKind, ClaimState};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::clock;
use crate::surface::pages::field::{Choice, Field, choices};
use crate::surface::pages::privacy::{KINDS, remark};
use crate::surface::pages::words::{Words, privacy as words};
use maud::{Markup, html};

/// Those that the page shows, most.
const ROWS: u32 = 100;

/// The word for what is asked for.
fn kind(kind: ClaimKind) -> Words {
    let found = KINDS.iter().find(|(of, _)| *of == kind);
    found.map_or(words::KIND_ACCESS, |(_, words)| *words)
}

/// How long there is still time, or for how long it is too late.
fn left(language: Language, now: Timestamp, due: Timestamp) -> Markup {
    let ms = due.since(now).as_millis();
    let hours = (ms.abs() / 3_600_000).to_string();
    html! {
        @if ms < 0 {
            span.badge.bad { (words::OVERDUE.fill(language, &[&hours])) }
        } @else if ms < 24 * 3_600_000 {
            span.badge.warn { (words::LEFT.fill(language, &[&hours])) }
        } @else {
            span.badge { (words::LEFT.fill(language, &[&hours])) }
        }
    }
}

/// What the person who has signed in has asked for, and the form for asking.
pub(super) fn own(native: &Native, caller: &Caller) -> Result<Markup, Problem> {
    let language = caller.language;
    let Some(id) = caller.actor.and_then(|actor| actor.person()) else {
        return Ok(html! {
            section.card { p { (words::SIGN_IN.of(language)) } a.button href="/sign-in?to=/privacy" { (words::SIGN_IN_DO.of(language)) } }
        });
    };
    let all = native.read(caller, |view, call| claim::list(view, call, id))?;
    let kinds: Vec<Choice<'_>> = KINDS
        .iter()
        .map(|(kind, words)| Choice {
            value: kind.code(),
            label: words.of(language).to_owned(),
            more: None,
        })
        .collect();
    Ok(html! {
        section.card aria-labelledby="own" {
            h2 id="own" { (words::OWN.of(language)) }
            ul.list { @for one in &all { (line(native, language, one)) } }
            form method="post" action="/privacy/claims" {
                (choices("kind", words::ASK_WHAT.of(language), &kinds, ""))
                (Field::new("note", words::NOTE).optional().show(language))
                p.muted { (words::ASK_MORE.of(language)) }
                button.primary { (words::ASK.of(language)) }
            }
        }
    })
}

fn line(native: &Native, language: Language, one: &Claim) -> Markup {
    let zone = &native.core.site().zone;
    let at = |at| clock::moment(language, zone, at);
    html! {
        li {
            div.grow {
                strong { (kind(one.kind).of(language)) }
                small { (at(one.made_at)) @if let Some(note) = &one.note { " · " (note) } }
                @if let Some(answer) = &one.answer { small { (words::ANSWERED.of(language)) " " (answer) } }
            }
            @match one.state {
                ClaimState::Open => (left(language, native.core.clock.stamp().at, one.due_at)),
                ClaimState::Done => span.badge.good { (words::STATE_DONE.of(language)) },
                ClaimState::Refused => span.badge.warn { (words::STATE_REFUSED.of(language)) },
            }
        }
    }
}

/// What waits, for those who manage people.
pub(super) fn waiting(native: &Native, caller: &Caller) -> Result<Markup, Problem> {
    let language = caller.language;
    let all = native.read(caller, |view, call| -> Result<_, Problem> {
        let mut all = Vec::new();
        for one in claim::list_open(view, call, ROWS)? {
            let name = person::shown_name(view, call.site, call.actor, one.person)?;
            all.push((one, name.unwrap_or_default()));
        }
        Ok(all)
    })?;
    Ok(html! {
        section.card aria-labelledby="waiting" {
            h2 id="waiting" { (words::WAITING.of(language)) }
            p.muted { (words::WAITING_MORE.of(language)) }
            @if all.is_empty() { p { (words::WAITING_NONE.of(language)) } }
            ul.list { @for (one, name) in &all { (row(native, language, one, name)) } }
        }
    })
}

fn row(native: &Native, language: Language, one: &Claim, name: &str) -> Markup {
    let due = clock::moment(language, &native.core.site().zone, one.due_at);
    let answer = format!("answer-{}", one.id);
    html! {
        li {
            div.grow {
                strong { a href={ "/people/" (one.person) } { (name) } " · " (kind(one.kind).of(language)) }
                small { (words::DUE.fill(language, &[&due])) @if let Some(note) = &one.note { " · " (note) } }
                form method="post" action={ "/privacy/claims/" (one.id) "/close" } {
                    div.field {
                        label for=(answer) { (words::ANSWER.of(language)) }
                        input id=(answer) name="answer" maxlength="500" autocomplete="off";
                    }
                    div.actions {
                        button name="outcome" value="done" { (words::CLOSE_DONE.of(language)) }
                        button.danger name="outcome" value="refused" { (words::CLOSE_REFUSED.of(language)) }
                    }
                }
            }
            (left(language, native.core.clock.stamp().at, one.due_at))
        }
    }
}

/// `POST /privacy/claims/{claim}/close`: `outcome` (`done`, `refused`), `answer`.
///
/// # Errors
/// 403 without the right, 404 if it does not wait; those of the box.
pub fn close(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: ClaimId = request.id_param("claim")?;
    let form = request.form()?;
    let refused = form.text("outcome") == "refused";
    let answer = remark(&form, "answer")?;
    let closed = native
        .core
        .write(caller.known()?, SURFACE, move |tx, call| {
            claim::close(tx, call, id, refused, answer.as_ref())
        });
    match closed {
        Ok(()) => Ok(Reply::see_other("/privacy?done=closed")),
        Err(claim::Error::NoReason) => Ok(Reply::see_other("/privacy?done=reason")),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn shown(language: Language, hours: i64) -> String {
        let now = Timestamp::from_millis(1_795_218_720_000);
        let due = Timestamp::from_millis(now.as_millis() + hours * HOUR);
        left(language, now, due).into_string()
    }

    #[test]
    fn the_clock_says_how_long_there_is_and_how_urgent_it_is() {
        for (hours, class, id, en) in [
            (72, "badge\"", "Sisa 72 jam", "72 hours left"),
            (24, "badge\"", "Sisa 24 jam", "24 hours left"),
            (23, "badge warn\"", "Sisa 23 jam", "23 hours left"),
            (0, "badge warn\"", "Sisa 0 jam", "0 hours left"),
            (-5, "badge bad\"", "Terlambat 5 jam", "5 hours late"),
        ] {
            for (language, text) in [(Language::Id, id), (Language::En, en)] {
                let shown = shown(language, hours);
                assert!(shown.contains(class), "{hours}: {shown}");
                assert!(shown.contains(text), "{hours}: {shown}");
            }
        }
    }

    #[test]
    fn everything_that_can_be_asked_for_has_its_words() {
        for one in ClaimKind::ALL {
            assert!(KINDS.iter().any(|(of, _)| of == one), "{one}");
        }
        assert_eq!(kind(ClaimKind::Erase), words::KIND_ERASE);
    }
}
