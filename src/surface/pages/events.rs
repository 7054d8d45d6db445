//! `/events`: minimal: list, make, open, close; the tickets of one, with their QR codes.

use crate::base::id::{EventId, TicketId};
use crate::base::text::IdNumber;
use crate::domain::identity::person;
use crate::domain::rule::Language;
use crate::domain::ticketing::event::{self, EntryRule, Event, EventState, NewEvent};
use crate::domain::ticketing::ticket::{self, NewTicket, Ticket, TicketState};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::{Field, done, refused, select};
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, events as words, general};
use crate::surface::pages::{name, read, send};
use crate::surface::qr;
use maud::{Markup, html};

/// Events of the list, and tickets of one, most.
const ROWS: u32 = 100;

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    let person = Access::Person;
    vec![
        read("/events", person, list),
        send("/events", person, create),
        read("/events/{event}", person, show),
        send("/events/{event}/open", person, open),
        send("/events/{event}/close", person, close),
        send("/events/{event}/tickets", person, issue),
        read("/events/{event}/tickets/{ticket}", person, show_ticket),
        send("/events/{event}/tickets/{ticket}/revoke", person, revoke),
    ]
}

/// What is said after something was done (`?done=`).
const DONE: [(&str, Words); 5] = [
    ("created", words::CREATED),
    ("opened", words::OPENED),
    ("closed", words::CLOSED_DONE),
    ("issued", words::ISSUED),
    ("revoked", words::REVOKED_DONE),
];

fn said(head: &Head, language: Language) -> Markup {
    let name = head.query("done");
    let found = DONE.iter().find(|(n, _)| Some(*n) == name);
    html! { @if let Some((_, words)) = found { (done(words.of(language))) } }
}

/// What was typed, and what is wrong with it.
#[derive(Debug)]
struct Typed {
    name: String,
    capacity: String,
    rule: EntryRule,
    face: bool,
    open: bool,
    name_error: Option<String>,
    capacity_error: Option<String>,
}

impl Typed {
    const fn empty() -> Self {
        Self {
            name: String::new(),
            capacity: String::new(),
            rule: EntryRule::OncePerEvent,
            face: true,
            open: true,
            name_error: None,
            capacity_error: None,
        }
    }

    fn from_form(form: &Form) -> Self {
        Self {
            name: form.text("name").to_owned(),
            capacity: form.text("capacity").to_owned(),
            rule: EntryRule::read(form.text("rule")).unwrap_or(EntryRule::OncePerEvent),
            face: form.is_ticked("face"),
            open: form.is_ticked("open"),
            ..Self::empty()
        }
    }

    /// Reads the values; None: something is wrong, and said beside the fields.
    fn read(&mut self, language: Language) -> Option<NewEvent> {
        let capacity = match self.capacity.as_str() {
            "" => Some(None),
            text => text.parse::<u32>().ok().filter(|n| *n > 0).map(Some),
        };
        match (name::read(&self.name, language), capacity) {
            (Ok(name), Some(capacity)) => Some(NewEvent {
                capacity,
                open: self.open,
                entry_rule: self.rule,
                face_allowed: self.face,
                ..NewEvent::open(name)
            }),
            (name, capacity) => {
                self.name_error = name.err();
                let wrong = || words::CAPACITY_WRONG.of(language).to_owned();
                self.capacity_error = capacity.is_none().then(wrong);
                None
            }
        }
    }

    const fn is_refused(&self) -> bool {
        self.name_error.is_some() || self.capacity_error.is_some()
    }
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page(native, caller, &request, &Typed::empty())
}

fn page(native: &Native, caller: &Caller, head: &Head, typed: &Typed) -> Result<Reply, Problem> {
    let events = native.read(caller, |v, c| event::list(v, c, None, ROWS))?;
    let (language, wrong) = (caller.language, typed.is_refused());
    let may = caller.known()?.manage_events().is_ok();
    let body = html! {
        h1 { (words::TITLE.of(language)) }
        p.lead { (words::LEAD.of(language)) }
        (said(head, language))
        @if wrong { (refused(general::CHECK_FIELDS.of(language))) }
        div.split {
            (all(language, &events))
            @if may { (form(language, typed)) }
        }
    };
    let frame = Frame::of(native, caller, head);
    let page = Page::new(words::TITLE.of(language), body);
    Ok(layout::with_status(
        if wrong { 422 } else { 200 },
        &frame,
        page,
    ))
}

fn all(language: Language, events: &[Event]) -> Markup {
    html! {
        @if events.is_empty() {
            div.card.empty {
                (icon::draw(Icon::Calendar))
                h2 { (words::EMPTY_TITLE.of(language)) }
                p { (words::EMPTY.of(language)) }
            }
        } @else {
            section.card {
                ul.list {
                    @for event in events.iter().rev() {
                        li {
                            div.grow {
                                a href={ "/events/" (event.id) } { (event.name) }
                                small { (words::ADMITTED.of(language)) ": " (event.admitted) }
                            }
                            (badge(language, event.state))
                        }
                    }
                }
            }
        }
    }
}

fn badge(language: Language, state: EventState) -> Markup {
    let (word, class) = match state {
        EventState::Draft => (words::DRAFT, "badge"),
        EventState::Open => (words::OPEN, "badge good"),
        EventState::Closed => (words::CLOSED, "badge warn"),
    };
    html! { span class=(class) { (word.of(language)) } }
}

const fn rule(rule: EntryRule) -> Words {
    match rule {
        EntryRule::OncePerEvent => words::RULE_EVENT,
        EntryRule::OncePerDay => words::RULE_DAY,
        EntryRule::AfterExit => words::RULE_EXIT,
        EntryRule::Any => words::RULE_ANY,
    }
}

fn form(language: Language, typed: &Typed) -> Markup {
    let rules: Vec<_> = EntryRule::ALL
        .iter()
        .map(|r| (r.code(), rule(*r).of(language).to_owned()))
        .collect();
    let name = Field::new("name", words::NAME)
        .value(&typed.name)
        .chars_max(120);
    let capacity = Field::new("capacity", words::CAPACITY)
        .value(&typed.capacity)
        .optional();
    let capacity = capacity
        .inputmode("numeric")
        .error(typed.capacity_error.clone());
    let ticks = [
        ("face", words::FACE, typed.face),
        ("open", words::OPEN_NOW, typed.open),
    ];
    html! {
        section.card {
            h2 { (words::ADD.of(language)) }
            form method="post" action="/events" {
                (name.error(typed.name_error.clone()).show(language))
                (capacity.hint(words::CAPACITY_HINT.of(language)).show(language))
                (select("rule", words::RULE.of(language), &rules, typed.rule.code()))
                @for (name, label, ticked) in ticks {
                    label.choice for=(name) {
                        input type="checkbox" id=(name) name=(name) value="yes" checked[ticked];
                        span { (label.of(language)) }
                    }
                }
                div.actions { button.primary { (words::CREATE.of(language)) } }
            }
        }
    }
}

fn create(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let mut typed = Typed::from_form(&request.form()?);
    let Some(new) = typed.read(caller.language) else {
        return page(native, caller, &request, &typed);
    };
    let id = native.write(caller, move |tx, call| event::create(tx, call, &new))?;
    Ok(Reply::see_other(&format!("/events/{id}?done=created")))
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id = request.id_param("event")?;
    event_page(native, caller, &request, id, None)
}

fn event_page(
    native: &Native,
    caller: &Caller,
    head: &Head,
    id: EventId,
    told: Option<Words>,
) -> Result<Reply, Problem> {
    let language = caller.language;
    let event = native.read(caller, |v, c| event::find(v, c, id))?;
    let may = caller.known()?.manage_tickets().is_ok();
    let tickets = match may {
        true => native.read(caller, |v, c| ticket::list(v, c, id, 0, ROWS))?,
        false => Vec::new(),
    };
    let body = html! {
        div.head { h1 { (event.name) } (badge(language, event.state)) }
        (said(head, language))
        @if let Some(told) = told { (refused(told.of(language))) }
        (numbers(language, &event))
        @if may { (buttons(language, &event)) (all_tickets(language, &event, &tickets)) }
    };
    let frame = Frame::of(native, caller, head);
    let status = if told.is_some() { 422 } else { 200 };
    Ok(layout::with_status(
        status,
        &frame,
        Page::new(event.name, body),
    ))
}

fn numbers(language: Language, event: &Event) -> Markup {
    html! {
        dl.numbers {
            div { dt { (words::INSIDE.of(language)) } dd { (event.inside) } }
            div { dt { (words::ADMITTED.of(language)) } dd { (event.admitted) } }
            @if let Some(capacity) = event.capacity {
                div { dt { (words::CAPACITY.of(language)) } dd { (capacity) } }
            }
        }
        p.muted { (words::RULE.of(language)) ": " (rule(event.entry_rule).of(language)) }
    }
}

fn buttons(language: Language, event: &Event) -> Markup {
    let (to, word) = match event.state {
        EventState::Open => ("close", words::CLOSE_IT),
        EventState::Draft | EventState::Closed => ("open", words::OPEN_IT),
    };
    html! {
        div.actions {
            form method="post" action={ "/events/" (event.id) "/" (to) } {
                button.primary[to == "open"] { (word.of(language)) }
            }
            a.button href={ "/desk?occasion=event:" (event.id) } { (words::DESK.of(language)) }
        }
    }
}

fn all_tickets(language: Language, event: &Event, tickets: &[Ticket]) -> Markup {
    let number = Field::new("number", words::ISSUE_NUMBER)
        .optional()
        .chars_max(32);
    html! {
        section.card {
            h2 { (words::TICKETS.of(language)) }
            form.toolbar method="post" action={ "/events/" (event.id) "/tickets" } {
                (number.hint(words::ISSUE_HINT.of(language)).show(language))
                button { (words::ISSUE.of(language)) }
            }
            @if tickets.is_empty() { p.muted { (words::TICKETS_EMPTY.of(language)) } }
            ul.list {
                @for ticket in tickets {
                    li {
                        div.grow {
                            a href={ "/events/" (event.id) "/tickets/" (ticket.id) } { (words::SHOW.of(language)) }
                            @if ticket.holder.is_none() { small { (words::HOLDER_NONE.of(language)) } }
                        }
                        (ticket_badge(language, ticket.state))
                    }
                }
            }
        }
    }
}

fn ticket_badge(language: Language, state: TicketState) -> Markup {
    let (word, class) = match state {
        TicketState::Valid => (words::TICKET_VALID, "badge good"),
        TicketState::Blocked => (words::TICKET_BLOCKED, "badge warn"),
        TicketState::Revoked => (words::TICKET_REVOKED, "badge bad"),
    };
    html! { span class=(class) { (word.of(language)) } }
}

fn open(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: EventId = request.id_param("event")?;
    native.write(caller, move |tx, call| event::open(tx, call, id))?;
    Ok(Reply::see_other(&format!("/events/{id}?done=opened")))
}

fn close(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: EventId = request.id_param("event")?;
    native.write(caller, move |tx, call| event::close(tx, call, id))?;
    Ok(Reply::see_other(&format!("/events/{id}?done=closed")))
}

/// `POST /events/{event}/tickets`: for the holder of a number, or for whoever carries it.
fn issue(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (id, form) = (request.id_param::<EventId>("event")?, request.form()?);
    let holder = match form.text("number") {
        "" => None,
        text => {
            let number = text.parse::<IdNumber>().ok();
            let found =
                number.map(|n| native.read(caller, |v, c| person::find_by_number(v, c.site, &n)));
            let Some(person) = found.transpose()?.flatten() else {
                return event_page(native, caller, &request, id, Some(words::ISSUE_NOBODY));
            };
            Some(person)
        }
    };
    let new = NewTicket::plain(id, holder);
    let issued = native.write(caller, move |tx, call| ticket::issue(tx, call, &new))?;
    let to = format!("/events/{id}/tickets/{}?done=issued", issued.id);
    Ok(Reply::see_other(&to))
}

/// `GET /events/{event}/tickets/{ticket}`: the ticket to be printed or shown.
fn show_ticket(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (event, id) = (
        request.id_param::<EventId>("event")?,
        request.id_param::<TicketId>("ticket")?,
    );
    let event = native.read(caller, |v, c| event::find(v, c, event))?;
    let code = native.read(caller, |v, c| ticket::code(v, c, id))?;
    let language = caller.language;
    let body = html! {
        div.narrow-column.centred {
            h1 { (event.name) }
            (said(&request, language))
            div.qr { (qr::svg(&code, words::CODE_QR.of(language))) }
            p.muted { (words::CODE.of(language)) }
            p.big-code id="code" { (code) }
            div.actions {
                a.button href={ "/events/" (event.id) } { (general::BACK.of(language)) }
                button type="button" data-print hidden { (general::PRINT.of(language)) }
                form method="post" action={ "/events/" (event.id) "/tickets/" (id) "/revoke" } {
                    button.danger { (words::REVOKE.of(language)) }
                }
            }
        }
    };
    let page = Page::new(event.name.clone(), body);
    Ok(layout::reply(native, caller, &request, page).with_secret())
}

fn revoke(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (event, id) = (
        request.id_param::<EventId>("event")?,
        request.id_param::<TicketId>("ticket")?,
    );
    native.write(caller, move |tx, call| ticket::revoke(tx, call, id))?;
    Ok(Reply::see_other(&format!("/events/{event}?done=revoked")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_as_it_was_typed() {
        let typed = |text: &str| Typed::from_form(&Form::read(text).expect("a form"));
        let new = typed("name=Wisuda&capacity=40&rule=once_per_day&face=yes").read(Language::Id);
        let new = new.expect("an event");
        assert_eq!((new.name.as_str(), new.capacity), ("Wisuda", Some(40)));
        assert_eq!(
            (new.entry_rule, new.face_allowed, new.open),
            (EntryRule::OncePerDay, true, false)
        );
        for text in ["name=&capacity=1", "name=a&capacity=0", "name=a&capacity=x"] {
            let mut typed = typed(text);
            assert!(
                typed.read(Language::Id).is_none() && typed.is_refused(),
                "{text}"
            );
        }
        assert_eq!(
            typed("name=a")
                .read(Language::En)
                .expect("an event")
                .capacity,
            None
        );
    }
}
