//! `/`: what to do next on a new box, what needs attention, and today.

use crate::base::time::ClockState;
use crate::domain::actor::Actor;
use crate::domain::ticketing::event::{self, Event};
use crate::domain::{device, identity};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::store::events::EventState;
use crate::surface::health::Health;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::todo::{self, Facts, Weight};
use crate::surface::pages::words::{general, home as words};
use crate::surface::pages::{clock, person};
use maud::{Markup, html};

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
        staff(native, &frame, &actor, &name)?
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
    events: Vec<Event>,
    facts: Facts,
}

fn look(native: &Native, actor: Actor) -> Result<Seen, Problem> {
    let synced = native.core.clock.stamp().clock == ClockState::Synced;
    native.core.read(actor, SURFACE, |view, call| {
        let events = event::list(view, call, None, LOOKED_AT)?;
        let mut facts = Facts {
            clock: synced,
            event: !events.is_empty(),
            check_in: events.iter().any(|e| e.admitted > 0),
            ..Facts::default()
        };
        if actor.read_people().is_ok() {
            let people = identity::person::list(view, call, None, LOOKED_AT)?;
            facts.people = people.len() > 1;
            facts.face = people.iter().any(|p| p.face_pictures.is_some());
        }
        if actor.manage_devices().is_ok() {
            let devices = device::list(view, call, None, LOOKED_AT)?;
            facts.device = devices.iter().any(|d| !d.revoked);
        }
        Ok::<_, Problem>(Seen { events, facts })
    })
}

fn staff(native: &Native, frame: &Frame, actor: &Actor, name: &str) -> Result<Markup, Problem> {
    let seen = look(native, *actor)?;
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
        (troubles(frame, actor, &health))
        div.split {
            (today(frame, &seen.events))
            @if let Some(list) = list { (list) }
        }
    })
}

fn troubles(frame: &Frame, actor: &Actor, health: &Health) -> Markup {
    let language = frame.language;
    let all = todo::troubles(health, language);
    html! {
        @if !all.is_empty() {
            section aria-labelledby="todo" {
                h2 id="todo" { (words::ATTENTION.of(language)) " (" (all.len()) ")" }
                @for trouble in &all {
                    div.notice.bad[trouble.weight == Weight::Bad].warn[trouble.weight == Weight::Warn] {
                        div { (trouble.text) }
                        @if actor.manage_settings().is_ok() {
                            a.button href="/status" { (words::LOOK.of(language)) }
                        }
                    }
                }
            }
        }
    }
}

fn today(frame: &Frame, events: &[Event]) -> Markup {
    let language = frame.language;
    let open: Vec<&Event> = events
        .iter()
        .filter(|e| e.state == EventState::Open)
        .collect();
    let sum = |of: fn(&Event) -> u32| open.iter().map(|e| u64::from(of(e))).sum::<u64>();
    let (inside, admitted) = (sum(|e| e.inside), sum(|e| e.admitted));
    html! {
        section.card aria-labelledby="today" {
            h2 id="today" { (words::TODAY.of(language)) }
            dl.numbers {
                div { dt { (words::INSIDE.of(language)) } dd { (clock::number(inside, language)) } }
                div { dt { (words::ADMITTED.of(language)) } dd { (clock::number(admitted, language)) } }
            }
            h3 { (words::OPEN_EVENTS.of(language)) }
            @if open.is_empty() {
                p.muted { (words::NO_EVENT.of(language)) }
            } @else {
                ul.list { @for event in &open { (line(frame, event)) } }
            }
        }
    }
}

fn line(frame: &Frame, event: &Event) -> Markup {
    let number = |n: u32| clock::number(u64::from(n), frame.language);
    let values = [number(event.admitted), number(event.inside)];
    let told = words::EVENT_LINE.fill(frame.language, &values.each_ref().map(String::as_str));
    html! {
        li {
            div.grow { strong { (event.name) } small { (told) } }
            @if let Some(most) = event.capacity {
                progress max=(most) value=(event.inside) aria-label=(words::CAPACITY.of(frame.language)) {}
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
                            strong {
                                @if item.done { (item.title.of(language)) }
                                @else { a href=(item.path) { (item.title.of(language)) } }
                            }
                            span.hidden-text {
                                ": " @if item.done { (words::DONE.of(language)) } @else { (words::NOT_DONE.of(language)) }
                            }
                            @if !item.done { small { (item.why.of(language)) } }
                        }
                    }
                }
            }
        }
    }
}
