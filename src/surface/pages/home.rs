//! `/`: what to do next on a new box, what needs attention, and today.

use crate::base::time::{ClockState, Timestamp};
use crate::domain::actor::Actor;
use crate::domain::backup::{Worry, worries};
use crate::domain::identity::enrol;
use crate::domain::ticketing::event;
use crate::domain::{device, identity, sample, setting, setup};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::health::Health;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::people::consent::TEXT_VERSION;
use crate::surface::pages::today::{self, Today};
use crate::surface::pages::todo::{self, Facts, Trouble, Weight};
use crate::surface::pages::words::{general, home as words, samples, setup as setup_words};
use crate::surface::pages::{field, person};
use maud::{Markup, html};

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

/// How many rows are looked at to know whether there are any of a kind.
const LOOKED_AT: u32 = 100;

/// `GET /`.
///
/// # Errors
/// Those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let frame = Frame::of(native, caller, &request);
    let name = person::own_name(native, caller)?.unwrap_or_default();
    let body = if actor.scan().is_ok() {
        let done = request.query("done") == Some("samples");
        staff(native, &frame, &actor, &name, done)?
    } else {
        visitor(&frame, &name)
    };
    Ok(layout::with_status(
        200,
        &frame,
        Page::new(general::HOME.of(frame.language), body),
    ))
}

fn hello(frame: &Frame, name: &str) -> Markup {
    html! { h1 { (words::HELLO.fill(frame.language, &[name])) } }
}

fn visitor(frame: &Frame, name: &str) -> Markup {
    html! {
        (hello(frame, name))
        div.card.medium {
            p { (words::VISITOR.of(frame.language)) }
            a.button.primary href="/me" { (words::TO_ME.of(frame.language)) }
        }
    }
}

/// What the home page of staff is made of.
struct Seen {
    today: Today,
    facts: Facts,
    todo: todo::Seen,
    samples: bool,
}

fn look(native: &Native, actor: Actor) -> Result<Seen, Problem> {
    let stamp = native.core.clock.stamp();
    native.core.read(actor, SURFACE, |view, call| {
        let events = event::list(view, call, None, LOOKED_AT)?;
        let today = today::look(view, call, &events)?;
        let mut seen = Seen {
            facts: Facts {
                clock: stamp.clock == ClockState::Synced,
                event: !events.is_empty(),
                check_in: today.has_admissions() || events.iter().any(|e| e.admitted > 0),
                ..Facts::default()
            },
            today,
            todo: todo::Seen::default(),
            samples: false,
        };
        if actor.manage_people().is_ok() {
            let people = identity::person::list(view, call, None, 2)?;
            seen.facts.people = people.len() > 1;
            seen.facts.face = enrol::is_anybody_enrolled(view)?;
        }
        if actor.manage_settings().is_ok() {
            seen.facts.setup = setup::progress(view)?.next().is_none();
            let text = setting::find_consent_text(view)?;
            seen.facts.consent_text = text.is_some_and(|v| v.as_str() == TEXT_VERSION);
            seen.samples = sample::find(view)?.is_some();
            seen.todo.certificate_days = certificate_days(native, stamp.at);
        }
        if actor.manage_devices().is_ok() {
            let mut devices = device::list(view, call, None, LOOKED_AT)?;
            devices.retain(|d| !d.revoked);
            seen.facts.device = !devices.is_empty();
            let live = &native.core.live;
            devices.retain(|d| live.sign(d.id).is_some() && !live.is_present(d.id, stamp.at));
            seen.todo.silent = devices.into_iter().map(|d| d.name).collect();
        }
        Ok::<_, Problem>(seen)
    })
}

/// How old the last backup is, if that is a worry.
const fn days(worry: &Worry) -> Option<i64> {
    match worry {
        Worry::Old(days) => Some(*days),
        Worry::Never | Worry::SameDrive => None,
    }
}

/// Whole days until the box's own certificate ends.
fn certificate_days(native: &Native, now: Timestamp) -> Option<i64> {
    let (_, ends) = native.trust.as_ref()?.shown();
    Some(ends?.since(now).as_millis().div_euclid(DAY_MS))
}

fn staff(
    native: &Native,
    frame: &Frame,
    actor: &Actor,
    name: &str,
    done: bool,
) -> Result<Markup, Problem> {
    let mut seen = look(native, *actor)?;
    let last = native.core.shelf.last(&native.core.store);
    seen.facts.backup = last.is_some();
    let now = native.core.clock.stamp().at;
    seen.todo.backup_days = worries(last.as_ref(), now).iter().find_map(days);
    let health = Health::of(&native.core);
    let list = actor
        .manage_people()
        .is_ok()
        .then(|| checklist(frame, &seen.facts));
    Ok(html! {
        div.head {
            (hello(frame, name))
            a.button.primary.large href="/desk" { (icon::draw(Icon::Scan)) (words::TO_DESK.of(frame.language)) }
        }
        @if done { (field::done(samples::REMOVED.of(frame.language))) }
        (troubles(frame, actor, &todo::troubles(&health, &seen.todo, frame.language)))
        div.split {
            div {
                (today::numbers(native, frame.language, &seen.today))
                (today::scans(native, frame.language, &seen.today))
            }
            div {
                @if let Some(list) = list { (list) }
                @if seen.samples { (still_samples(frame)) }
            }
        }
    })
}

fn still_samples(frame: &Frame) -> Markup {
    html! {
        section.card aria-labelledby="samples" {
            h2 id="samples" { (setup_words::SAMPLES_TITLE.of(frame.language)) }
            p.muted { (samples::STILL.of(frame.language)) }
            a.button href="/samples" { (samples::LOOK.of(frame.language)) }
        }
    }
}

fn troubles(frame: &Frame, actor: &Actor, all: &[Trouble]) -> Markup {
    let language = frame.language;
    html! {
        @if !all.is_empty() {
            section aria-labelledby="todo" {
                h2 id="todo" { (words::ATTENTION.of(language)) " (" (all.len()) ")" }
                @for trouble in all {
                    div.notice.bad[trouble.weight == Weight::Bad].warn[trouble.weight == Weight::Warn] {
                        div { (trouble.text) }
                        @if actor.manage_settings().is_ok() {
                            a.button href=(trouble.path) { (words::LOOK.of(language)) }
                        }
                    }
                }
            }
        }
    }
}

fn checklist(frame: &Frame, facts: &Facts) -> Markup {
    let language = frame.language;
    let items = todo::checklist(facts);
    let done = items.iter().filter(|item| item.done).count();
    let sums = [done.to_string(), items.len().to_string()];
    let sums = sums.each_ref().map(String::as_str);
    html! {
        section.card aria-labelledby="start" {
            h2 id="start" { (words::START.of(language)) }
            @if done == items.len() {
                p { (words::ALL_DONE.of(language)) }
            } @else {
                p.muted.small { (words::START_LEAD.fill(language, &sums)) }
                progress max=(items.len()) value=(done) aria-label=(words::START.of(language)) {}
            }
            ul.list {
                @for item in &items {
                    li.done[item.done] {
                        span.check-sign aria-hidden="true" { "✓" }
                        div.grow {
                            strong { (item.title.of(language)) }
                            span.hidden-text {
                                ": " @if item.done { (words::DONE.of(language)) } @else { (words::NOT_DONE.of(language)) }
                            }
                            @if !item.done { small { (item.why.of(language)) } }
                        }
                        @if !item.done { a.button href=(item.path) { (item.button.of(language)) } }
                    }
                }
            }
        }
    }
}
