//! Sample data for a new box: three made-up people and an event with their tickets, so that
//! the pages show something, and a button that takes them away again. Their names say what they
//! are.

use crate::base::text::{IdNumber, Name};
use crate::base::time::Span;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::person::{self as people, Profile};
use crate::domain::rule::Language;
use crate::domain::sample::{self, Going, Made};
use crate::domain::ticketing::event::{self, NewEvent};
use crate::domain::ticketing::ticket::{self, NewTicket};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::done;
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::words::{general, samples as words};
use crate::surface::pages::{person, read, send};
use maud::{Markup, html};

/// Name, number and class of each person.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("Ayu Lestari (contoh)", "CONTOH-1", "Kelas contoh"),
    ("Bima Pratama (contoh)", "CONTOH-2", "Kelas contoh"),
    ("Citra (contoh)", "CONTOH-3", "Kelas contoh"),
];

/// The name of the event.
const EVENT: &str = "Acara contoh";

/// How long the event lasts.
const LASTS: Span = Span::from_seconds(12 * 3600);

fn name(text: &str) -> Result<Name, Problem> {
    text.parse().map_err(|_| Problem::invalid("a name"))
}

fn profile((full, number, class): (&str, &str, &str)) -> Result<Profile, Problem> {
    let number: Option<IdNumber> = number.parse().ok();
    Ok(Profile {
        name: name(full)?,
        number,
        email: None,
        class: Some(name(class)?),
        role: Role::User,
    })
}

/// Adds the samples, in one transaction.
///
/// # Errors
/// 409 if they were added before, 403 without the rights; those of the box.
pub fn add(native: &Native, actor: Actor) -> Result<(), Problem> {
    let profiles: Result<Vec<Profile>, Problem> = PEOPLE.into_iter().map(profile).collect();
    let (profiles, event) = (profiles?, name(EVENT)?);
    native.core.write(actor, SURFACE, move |tx, call| {
        let mut new = NewEvent::open(event.clone());
        new.starts_at = Some(call.now.at);
        new.ends_at = Some(call.now.at.plus(LASTS));
        let event = event::create(tx, call, &new)?;
        let mut people = Vec::new();
        for profile in &profiles {
            let holder = people::add(tx, call, profile)?;
            ticket::issue(tx, call, &NewTicket::plain(event, Some(holder)))?;
            people.push(holder);
        }
        sample::note(tx, call, &Made { event, people })?;
        Ok::<(), Problem>(())
    })
}

/// The routes of removing them.
pub(super) fn routes() -> Vec<Route<Native>> {
    vec![
        read("/samples", Access::Person, show),
        send("/samples/remove", Access::Person, remove),
    ]
}

/// `GET /samples`: what would go, with all that is attached to it.
fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let language = caller.language;
    let found = native.read(caller, |view, call| match sample::look(view, call) {
        Ok(going) => Ok(Some(going)),
        Err(sample::Error::NoSamples) => Ok(None),
        Err(other) => Err(other),
    })?;
    let title = words::TITLE.of(language);
    let body = html! {
        div.medium-column {
            h1 { (title) }
            @match &found {
                Some(going) => (going_away(language, going)),
                None => {
                    (done(words::NONE.of(language)))
                    a.button.primary href="/" { (general::HOME.of(language)) }
                }
            }
        }
    };
    Ok(layout::reply(
        native,
        caller,
        &request,
        Page::new(title, body),
    ))
}

fn going_away(language: Language, going: &Going) -> Markup {
    let attached = attached(language, going);
    html! {
        p.lead { (words::LEAD.of(language)) }
        ul.card {
            @if let Some(event) = &going.event { li { (words::EVENT.of(language)) ": " (event) } }
            @for sample in &going.people { li { (sample.name) } }
        }
        @if going.is_bare() {
            p { (words::NOTHING.of(language)) }
        } @else {
            div.notice.warn {
                div {
                    p { strong { (words::ATTACHED.of(language)) } }
                    ul { @for line in &attached { li { (line) } } }
                }
            }
        }
        form.actions method="post" action="/samples/remove" {
            button.danger { (words::REMOVE.of(language)) }
            a.button.quiet href="/" { (general::CANCEL.of(language)) }
        }
    }
}

/// A line for each thing that is real.
fn attached(language: Language, going: &Going) -> Vec<String> {
    let mut lines = Vec::new();
    for one in &going.people {
        if one.renamed {
            lines.push(words::RENAMED.fill(language, &[&one.name]));
        }
        let f = &one.facts;
        if !f.is_empty() {
            let all = [f.consents, f.faces, f.tickets, f.admissions, f.logins];
            let numbers = all.map(|n| n.to_string());
            let [a, b, c, d, e] = numbers.each_ref().map(String::as_str);
            lines.push(words::FACTS.fill(language, &[&one.name, a, b, c, d, e]));
        }
    }
    let event = [
        (words::TICKETS, going.attached.tickets),
        (words::CHECK_INS, going.attached.admissions),
        (words::DEVICES, going.attached.devices),
    ];
    let some = event.into_iter().filter(|(_, number)| *number > 0);
    lines.extend(some.map(|(words, number)| words.fill(language, &[&number.to_string()])));
    lines
}

/// `POST /samples/remove`.
fn remove(native: &Native, caller: &Caller, _: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    native.write(caller, sample::remove)?;
    native.core.empty_log(SURFACE);
    Ok(Reply::see_other("/?done=samples"))
}
