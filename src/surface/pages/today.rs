//! What goes on today: the attendance of the day, the events that are open, the last scans.

use crate::base::time::Timestamp;
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::listing::{self, Counts};
use crate::domain::checkin::reason::{Direction, Verdict};
use crate::domain::checkin::request::Occasion;
use crate::domain::identity::person;
use crate::domain::rule::{Language, SiteKind};
use crate::domain::site::Call;
use crate::domain::ticketing::event::Event;
use crate::http::problem::Problem;
use crate::store::View;
use crate::store::events::EventState;
use crate::surface::native::Native;
use crate::surface::pages::clock;
use crate::surface::pages::words::{Words, desk, home as words};
use maud::{Markup, html};

/// Events that are shown with their numbers, most.
const EVENTS: usize = 8;
/// Scans that are shown.
const SCANS: usize = 8;

/// A scan as the page shows it.
struct Scan {
    at: Timestamp,
    name: Option<String>,
    occasion: Option<String>,
    told: (Words, &'static str),
}

/// What the page shows of today.
pub struct Today {
    daily: Counts,
    shows_daily: bool,
    events: Vec<(Event, Counts)>,
    scans: Vec<Scan>,
}

impl Today {
    /// Somebody was admitted today or to an open event.
    #[must_use]
    pub fn has_admissions(&self) -> bool {
        self.daily.admitted > 0 || self.events.iter().any(|(_, counts)| counts.admitted > 0)
    }
}

/// Counts the day and the open ones of these events, and lists their last scans.
///
/// # Errors
/// Those of reading; 403 for whoever may not see who attends.
pub fn look(view: &View<'_>, call: &Call<'_>, events: &[Event]) -> Result<Today, Problem> {
    let day = Occasion::Daily(call.site.zone.day(call.now.at));
    let daily = listing::counts(view, call, day)?;
    let mut scans = latest(view, call, day, None)?;
    let mut open = Vec::new();
    let is_open = |event: &&Event| event.state == EventState::Open;
    for event in events.iter().filter(is_open).take(EVENTS) {
        let occasion = Occasion::Event(event.id);
        open.push((event.clone(), listing::counts(view, call, occasion)?));
        scans.extend(latest(view, call, occasion, Some(&event.name))?);
    }
    scans.sort_by_key(|scan| std::cmp::Reverse(scan.at));
    scans.truncate(SCANS);
    let is_school = call.site.rules.kind == SiteKind::School;
    Ok(Today {
        shows_daily: is_school || daily.admitted + daily.refused > 0,
        daily,
        events: open,
        scans,
    })
}

fn latest(
    view: &View<'_>,
    call: &Call<'_>,
    occasion: Occasion,
    name: Option<&str>,
) -> Result<Vec<Scan>, Problem> {
    let rows = u32::try_from(SCANS).unwrap_or(u32::MAX);
    let listed = listing::visits(view, call, occasion, None, rows)?;
    let scan = |listed: &listing::Listed| -> Result<Scan, Problem> {
        let decision = &listed.decision;
        let who = decision.person;
        let named = who.map(|id| person::shown_name(view, call.site, call.actor, id));
        Ok(Scan {
            at: decision.at,
            name: named.transpose()?.flatten(),
            occasion: name.map(str::to_owned),
            told: told(decision, listed.undone),
        })
    };
    listed.iter().map(scan).collect()
}

/// What came of a scan, in a word, and its grade.
const fn told(decision: &Decision, undone: bool) -> (Words, &'static str) {
    match (undone, decision.verdict, decision.direction) {
        (true, _, _) => (desk::CARD_UNDONE, ""),
        (_, Verdict::Admitted, Direction::Entry) => (desk::CARD_ADMITTED, "good"),
        (_, Verdict::Admitted, Direction::Exit) => (desk::CARD_EXIT, "good"),
        (_, Verdict::Already, _) => (desk::CARD_ALREADY, "warn"),
        (_, Verdict::Refused, _) => (desk::CARD_REFUSED, "bad"),
        (_, Verdict::Ambiguous | Verdict::Attention, _) => (desk::CARD_ATTENTION, "warn"),
    }
}

/// The part of the page with the numbers.
#[must_use]
pub fn numbers(native: &Native, language: Language, today: &Today) -> Markup {
    let sum = |of: fn(&Counts) -> u32| {
        let counts = today.events.iter().map(|(_, counts)| counts);
        counts.map(|c| u64::from(of(c))).sum::<u64>()
    };
    html! {
        section.card aria-labelledby="today" {
            h2 id="today" { (words::TODAY.of(language)) }
            @if today.shows_daily { (daily(native, language, &today.daily)) }
            dl.numbers {
                (number(words::INSIDE, sum(|c| c.inside), language))
                (number(words::ADMITTED, sum(|c| c.admitted), language))
                (number(desk::EXPECTED, sum(|c| c.expected.unwrap_or(0)), language))
            }
            h3 { (words::OPEN_EVENTS.of(language)) }
            @if today.events.is_empty() {
                p.muted { (words::NO_EVENT.of(language)) }
            } @else {
                ul.list { @for (event, counts) in &today.events { (line(language, event, counts)) } }
            }
        }
    }
}

fn number(name: Words, value: u64, language: Language) -> Markup {
    html! { div { dt { (name.of(language)) } dd { (clock::number(value, language)) } } }
}

/// The attendance of the day, of everybody on the box.
fn daily(native: &Native, language: Language, counts: &Counts) -> Markup {
    let core = &native.core;
    let people = core.directory.get(&core.store, &core.site());
    let people = people.map_or(0, |names| names.len() as u64);
    let admitted = u64::from(counts.admitted);
    html! {
        h3 { (desk::TODAY.of(language)) }
        dl.numbers {
            (number(words::PRESENT, admitted, language))
            (number(words::NOT_YET_HERE, people.saturating_sub(admitted), language))
            (number(desk::REFUSED, u64::from(counts.refused), language))
        }
    }
}

fn line(language: Language, event: &Event, counts: &Counts) -> Markup {
    let number = |n: u32| clock::number(u64::from(n), language);
    let values = [
        number(counts.admitted),
        number(counts.inside),
        number(counts.expected.unwrap_or(0)),
    ];
    let told = words::EVENT_LINE.fill(language, &values.each_ref().map(String::as_str));
    html! {
        li {
            div.grow { strong { (event.name) } small { (told) } }
            @if let Some(most) = event.capacity {
                progress max=(most) value=(counts.inside) aria-label=(words::CAPACITY.of(language)) {}
            }
        }
    }
}

/// The part of the page with the last scans.
#[must_use]
pub fn scans(native: &Native, language: Language, today: &Today) -> Markup {
    let zone = &native.core.site().zone;
    html! {
        section.card aria-labelledby="scans" {
            h2 id="scans" { (words::SCANS.of(language)) }
            @if today.scans.is_empty() {
                p.muted { (desk::RECENT_NONE.of(language)) }
            } @else {
                ul.list {
                    @for scan in &today.scans {
                        li {
                            div.grow {
                                strong { (scan.name.as_deref().unwrap_or(desk::UNKNOWN_NAME.of(language))) }
                                small {
                                    (clock::time(language, zone, scan.at))
                                    @if let Some(occasion) = &scan.occasion { " · " (occasion) }
                                }
                            }
                            span class={ "badge " (scan.told.1) } { (scan.told.0.of(language)) }
                        }
                    }
                }
            }
        }
    }
}
