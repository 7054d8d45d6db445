//! `/clock`: how the box's clock is, and how staff set it while it is not right. The phone's time
//! is offered; the difference is shown in words and confirmed before anything is set.

use crate::base::time::{ClockState, Span, Timestamp};
use crate::domain::clock::{self as rule, Set};
use crate::domain::device;
use crate::domain::fault::Fault;
use crate::domain::identity::person as people;
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Rate, Route};
use crate::surface::clock as keeping;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::{Field, done};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, clock as words};
use crate::surface::pages::{clock, read, send};
use maud::{Markup, html};

/// Less than this is no difference, if it is ahead; a typed time has no seconds, so that it may
/// be behind by nearly a minute.
const SAME_AHEAD: Span = Span::from_millis(1_000);
const SAME_BEHIND: Span = Span::from_millis(-60_000);

/// The routes.
pub(super) fn routes() -> Vec<Route<Native>> {
    let form = |path, to| Route {
        rate: Rate::Auth,
        ..send(path, Access::Known, to)
    };
    vec![
        read("/clock", Access::Known, show),
        form("/clock", keep),
        form("/clock/compare", compare),
    ]
}

/// A page whose heading is the clock.
fn page(frame: &Frame, status: u16, inner: &Markup) -> Reply {
    let title = words::TITLE.of(frame.language);
    let body = html! { div.medium-column { h1 { (title) } (inner) } };
    layout::with_status(status, frame, Page::new(title, body))
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let _may = caller.known()?.set_clock().map_err(Fault::from)?;
    let frame = Frame::of(native, caller, &request);
    let kept = request.query("done").is_some();
    let inner = overview(native, &frame, kept, None)?;
    Ok(page(&frame, 200, &inner))
}

fn overview(
    native: &Native,
    frame: &Frame,
    kept: bool,
    error: Option<Words>,
) -> Result<Markup, Problem> {
    let (language, site) = (frame.language, native.core.site());
    let now = native.core.clock.stamp();
    let set = native.core.store.read(rule::find_set)?;
    let told = set.map(|set| told(native, language, &set));
    Ok(html! {
        @if kept { (done(words::DONE.of(language))) }
        section.card { (clock::face(language, &site.zone, now.at)) }
        @match now.clock {
            ClockState::Synced => div.notice.good role="status" { div { (words::RIGHT.of(language)) } },
            ClockState::Unsynced => {
                div.notice.warn role="status" {
                    div {
                        strong { (words::WRONG.of(language)) }
                        p { (words::WRONG_MORE.of(language)) }
                        @if let Some(told) = told { p { (told) } }
                    }
                }
                (forms(language, site.zone.name(), error))
            }
        }
    })
}

/// Who has set what.
fn told(native: &Native, language: Language, set: &Set) -> String {
    let by = name_of(native, &set.by);
    let by = by.unwrap_or_else(|| words::SOMEBODY.of(language).to_owned());
    let to = clock::moment(language, &native.core.site().zone, set.to);
    words::SET_BY.fill(language, &[&by, &length(language, set.ahead), &to])
}

/// The name behind a kind and an id; None: gone, or not to be read.
fn name_of(native: &Native, by: &str) -> Option<String> {
    let (kind, id) = by.split_once(':')?;
    let core = &native.core;
    match kind {
        "person" => {
            let id = id.parse().ok()?;
            let site = core.site();
            let actor = crate::domain::actor::Actor::Operator;
            let name = core
                .store
                .read(|view| people::shown_name(view, &site, &actor, id));
            name.ok().flatten()
        }
        "device" => {
            let id = id.parse().ok()?;
            let device = core.store.read(|view| device::get_in_use(view, id));
            device.ok().map(|device| device.name)
        }
        _ => None,
    }
}

fn forms(language: Language, zone: &str, error: Option<Words>) -> Markup {
    let label = words::TIME.fill(language, &[zone]);
    html! {
        form.card method="post" action="/clock/compare" data-phone-time hidden {
            input type="hidden" name="now_ms" value="";
            p.hint { (words::PHONE_HINT.of(language)) }
            button.primary.block { (words::PHONE.of(language)) }
        }
        form.card method="post" action="/clock/compare" {
            h2 { (words::TYPE.of(language)) }
            p.hint { (label) }
            (Field::new("date", words::TYPE).error(error.map(|e| e.of(language).to_owned())).hint("2026-11-21 06:52").show(language))
            button.block { (words::COMPARE.of(language)) }
        }
        p.muted.small { (words::SIGN_IN.of(language)) }
    }
}

/// The time that was sent: the phone's own, or typed in the site's zone.
fn read_time(native: &Native, form: &Form) -> Option<Timestamp> {
    if let Ok(ms) = form.text("now_ms").parse() {
        return Some(Timestamp::from_millis(ms));
    }
    let text = form.text("date").trim().replace('T', " ");
    let (day, time) = text.split_once(' ')?;
    let (day, time) = (day.parse().ok()?, time.trim().parse().ok()?);
    Some(native.core.site().zone.instant(day, time))
}

fn compare(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let _may = caller.known()?.set_clock().map_err(Fault::from)?;
    let frame = Frame::of(native, caller, &request);
    let form = request.form()?;
    let Some(look) = native.core.clock.look() else {
        return Ok(Reply::see_other("/clock"));
    };
    let Some(time) = read_time(native, &form) else {
        let inner = overview(native, &frame, false, Some(words::TIME_BAD))?;
        return Ok(page(&frame, 422, &inner));
    };
    let (language, ahead) = (frame.language, time.since(look.stamp.at));
    let inner = match rule::check(&look, time) {
        Err(rule::Error::Synced) => return Ok(Reply::see_other("/clock")),
        _ if ahead < SAME_AHEAD && ahead > SAME_BEHIND => {
            refused(language, "good", words::SAME.of(language))
        }
        Ok(()) => sure(native, language, look.stamp.at, time),
        Err(rule::Error::Behind(_)) => {
            let back = Span::from_millis(-ahead.as_millis());
            let told = words::BEHIND.fill(language, &[&length(language, back)]);
            refused(language, "bad", &told)
        }
        Err(_) => refused(language, "bad", words::RANGE.of(language)),
    };
    Ok(page(&frame, 200, &inner))
}

fn refused(language: Language, class: &str, told: &str) -> Markup {
    html! {
        div.notice.(class) role="alert" { div { (told) } }
        a.button.block href="/clock" { (words::TITLE.of(language)) }
    }
}

fn sure(native: &Native, language: Language, now: Timestamp, time: Timestamp) -> Markup {
    let zone = &native.core.site().zone;
    let ahead = time.since(now);
    html! {
        section.card {
            dl.pairs {
                dt { (words::BOX_SAYS.of(language)) } dd { (clock::moment(language, zone, now)) }
                dt { (words::YOU_SAY.of(language)) } dd { (clock::moment(language, zone, time)) }
            }
            p { strong { (words::FORWARD.fill(language, &[&length(language, ahead)])) } }
        }
        form method="post" action="/clock" {
            input type="hidden" name="ahead_ms" value=(ahead.as_millis());
            button.primary.block { (words::SURE.of(language)) }
        }
        a.button.block href="/clock" { (words::BACK.of(language)) }
    }
}

/// Sets the clock forward by the difference that was confirmed: the time that passed over
/// confirming it is not lost.
fn keep(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let _may = actor.set_clock().map_err(Fault::from)?;
    let frame = Frame::of(native, caller, &request);
    let Ok(ahead) = request.form()?.text("ahead_ms").parse() else {
        return Ok(Reply::see_other("/clock"));
    };
    let time = (native.core.clock.stamp().at).plus(Span::from_millis(ahead));
    let language = frame.language;
    match keeping::set(&native.core, actor, SURFACE, time) {
        Ok(()) => Ok(Reply::see_other("/clock?done=yes")),
        Err(rule::Error::Synced) => Ok(Reply::see_other("/clock")),
        Err(rule::Error::Behind(_) | rule::Error::Range) => {
            let inner = refused(language, "bad", words::RANGE.of(language));
            Ok(page(&frame, 422, &inner))
        }
        Err(error) => Err(error.into()),
    }
}

/// A length of time in its two largest units: `15 hours 5 minutes`.
fn length(language: Language, span: Span) -> String {
    const UNITS: [(i64, Words, Words); 5] = [
        (365 * 86_400, words::YEAR, words::YEARS),
        (86_400, words::DAY, words::DAYS),
        (3_600, words::HOUR, words::HOURS),
        (60, words::MINUTE, words::MINUTES),
        (1, words::SECOND, words::SECONDS),
    ];
    let mut left = (span.as_millis().max(0) + 500) / 1_000;
    let mut parts = Vec::new();
    for (seconds, one, many) in UNITS {
        let count = left / seconds;
        left %= seconds;
        match count {
            0 if parts.is_empty() => continue,
            0 => break,
            1 => parts.push(one.of(language).to_owned()),
            _ => parts.push(many.fill(language, &[&count.to_string()])),
        }
        if parts.len() == 2 {
            break;
        }
    }
    if parts.is_empty() {
        return words::SECONDS.fill(language, &["0"]);
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_in_its_two_largest_units() {
        let table = [
            (0, "0 detik", "0 seconds"),
            (1_400, "1 detik", "1 second"),
            (61_000, "1 menit 1 detik", "1 minute 1 second"),
            (3_600_000, "1 jam", "1 hour"),
            (54_300_000, "15 jam 5 menit", "15 hours 5 minutes"),
            (86_400_000 + 5_000, "1 hari", "1 day"),
            (
                56 * 365 * 86_400_000 + 86_400_000,
                "56 tahun 1 hari",
                "56 years 1 day",
            ),
        ];
        for (ms, id, en) in table {
            let span = Span::from_millis(ms);
            assert_eq!(length(Language::Id, span), id);
            assert_eq!(length(Language::En, span), en);
        }
    }
}
