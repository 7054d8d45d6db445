//! `/devices`: which devices there are, how they stand, pairing a new one by its code, revoking.

use crate::base::id::{DeviceId, EventId};
use crate::base::secret::Secret;
use crate::base::text::Name;
use crate::base::time::Timestamp;
use crate::domain::actor::DeviceAccess;
use crate::domain::checkin::reason::Direction;
use crate::domain::device::{self, DeviceKind, Listed, NewDevice, Options};
use crate::domain::rule::Language;
use crate::domain::ticketing::event::{self, Event, EventState};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::clock;
use crate::surface::pages::field::{Choice, Field, choices, done, refused, select};
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, devices as words, general};
use crate::surface::pages::{name, place, read, send};
use crate::surface::qr;
use maud::{Markup, html};

/// Devices that the page shows, most.
const ROWS: u32 = 200;

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/devices", Access::Person, list),
        send("/devices", Access::Person, offer),
        send("/devices/{device}/again", Access::Person, again),
        send("/devices/{device}/revoke", Access::Person, revoke),
    ]
}

/// What was typed, and what is wrong with it.
#[derive(Debug)]
struct Typed {
    name: String,
    kind: DeviceKind,
    event: String,
    direction: Direction,
    inches: String,
    distance: String,
    name_error: Option<String>,
    size_error: Option<String>,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: DeviceKind::Kiosk,
            event: String::new(),
            direction: Direction::Entry,
            inches: String::new(),
            distance: String::new(),
            name_error: None,
            size_error: None,
        }
    }
}

impl Typed {
    fn from_form(form: &Form) -> Self {
        Self {
            name: form.text("name").to_owned(),
            kind: DeviceKind::read(form.text("kind")).unwrap_or(DeviceKind::Kiosk),
            event: form.text("event").to_owned(),
            direction: Direction::read(form.text("direction")).unwrap_or(Direction::Entry),
            inches: form.text("inches").to_owned(),
            distance: form.text("distance").to_owned(),
            name_error: None,
            size_error: None,
        }
    }

    /// Reads the values; None: something is wrong, and said beside the fields.
    fn read(&mut self, language: Language) -> Option<(NewDevice, Options)> {
        let name: Result<Name, String> = name::read(&self.name, language);
        let sizes = (tenths(&self.inches), centimetres(&self.distance));
        let (Ok(name), (Some(diagonal), Some(distance))) = (name.clone(), sizes) else {
            self.name_error = name.err();
            let wrong = sizes.0.is_none() || sizes.1.is_none();
            self.size_error = wrong.then(|| words::SIZE_WRONG.of(language).to_owned());
            return None;
        };
        let access = match self.kind {
            DeviceKind::Kiosk | DeviceKind::Camera => DeviceAccess::Scan,
            DeviceKind::Desk => DeviceAccess::Desk,
        };
        let new = NewDevice {
            name,
            kind: self.kind,
            access,
            gate: None,
        };
        let options = Options {
            occasion: self.event.parse::<EventId>().ok(),
            direction: self.direction,
            diagonal_tenths_inch: diagonal,
            distance_cm: distance,
            language: None,
        };
        Some((new, options))
    }
}

/// Inches with at most one decimal, as tenths; the outer None: no such number.
fn tenths(text: &str) -> Option<Option<u16>> {
    if text.is_empty() {
        return Some(None);
    }
    let inches: f32 = text.replace(',', ".").parse().ok()?;
    let fits = (3.0..=120.0).contains(&inches);
    // Between 30 and 1200, so that nothing is cut off.
    fits.then(|| Some((inches * 10.0).round() as u16))
}

fn centimetres(text: &str) -> Option<Option<u16>> {
    if text.is_empty() {
        return Some(None);
    }
    let distance: u16 = text.parse().ok()?;
    (20..=1000).contains(&distance).then_some(Some(distance))
}

fn list(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page(native, caller, &request, &Typed::default())
}

fn page(native: &Native, caller: &Caller, head: &Head, typed: &Typed) -> Result<Reply, Problem> {
    let devices = native.read(caller, |v, c| device::list_standing(v, c, None, ROWS))?;
    let events = native.read(caller, |v, c| event::list(v, c, None, 100))?;
    let (language, wrong) = (
        caller.language,
        typed.name_error.is_some() || typed.size_error.is_some(),
    );
    let revoked = head.query("done") == Some("revoked");
    let body = html! {
        h1 { (words::TITLE.of(language)) }
        p.lead { (words::LEAD.of(language)) }
        @if wrong { (refused(general::CHECK_FIELDS.of(language))) }
        @if revoked { (done(words::REVOKED_DONE.of(language))) }
        div.split {
            (shown(native, language, &devices))
            (form(language, typed, &events))
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

fn shown(native: &Native, language: Language, devices: &[Listed]) -> Markup {
    let now = native.core.clock.stamp().at;
    let (gone, used): (Vec<&Listed>, Vec<&Listed>) = devices.iter().partition(|l| l.device.revoked);
    html! {
        @if used.is_empty() {
            div.card.empty {
                (icon::draw(Icon::Device))
                h2 { (words::EMPTY_TITLE.of(language)) }
                p { (words::EMPTY.of(language)) }
            }
        } @else {
            section.card { ul.list { @for listed in used { (row(native, language, listed, now)) } } }
        }
        @if !gone.is_empty() {
            details {
                summary { (words::REVOKED.of(language)) " (" (gone.len()) ")" }
                ul.list { @for listed in gone { li { (listed.device.name) } } }
            }
        }
    }
}

/// How a device in use stands: a word and the class of its badge.
fn standing(native: &Native, listed: &Listed, now: Timestamp) -> (Words, &'static str) {
    let live = &native.core.live;
    match (listed.paired_at, listed.offered_until) {
        (Some(_), _) if live.is_present(listed.device.id, now) => (words::PRESENT, "good"),
        (Some(_), _) => (words::GONE, "warn"),
        (None, Some(until)) if until > now => (words::OFFERED, ""),
        (None, _) => (words::UNPAIRED, ""),
    }
}

fn row(native: &Native, language: Language, listed: &Listed, now: Timestamp) -> Markup {
    let device = &listed.device;
    let (word, class) = standing(native, listed, now);
    let zone = &native.core.site().zone;
    let since = listed.paired_at.map(|at| clock::moment(language, zone, at));
    html! {
        li {
            div.grow {
                strong { (device.name) }
                small {
                    (kind(device.kind).0.of(language))
                    @if let Some(since) = since { " · " (words::SINCE.fill(language, &[&since])) }
                }
            }
            span class={ "badge " (class) } { (word.of(language)) }
            form method="post" action={ "/devices/" (device.id) "/again" } {
                button.quiet { (words::AGAIN.of(language)) }
            }
            form method="post" action={ "/devices/" (device.id) "/revoke" } {
                button.danger aria-label={ (words::REVOKE.of(language)) " " (device.name) } { (words::REVOKE.of(language)) }
            }
        }
    }
}

const fn kind(kind: DeviceKind) -> (Words, Words) {
    match kind {
        DeviceKind::Kiosk => (words::KIND_KIOSK, words::KIND_KIOSK_MORE),
        DeviceKind::Desk => (words::KIND_DESK, words::KIND_DESK_MORE),
        DeviceKind::Camera => (words::KIND_CAMERA, words::KIND_CAMERA_MORE),
    }
}

fn form(language: Language, typed: &Typed, events: &[Event]) -> Markup {
    let kinds = [DeviceKind::Kiosk, DeviceKind::Desk].map(|k| Choice {
        value: k.code(),
        label: kind(k).0.of(language).to_owned(),
        more: Some(kind(k).1.of(language).to_owned()),
    });
    let occasions = occasions(language, events);
    let occasions: Vec<_> = occasions
        .iter()
        .map(|(v, l)| (v.as_str(), l.clone()))
        .collect();
    let directions = [
        (Direction::Entry, words::ENTRY),
        (Direction::Exit, words::EXIT),
    ];
    let directions = directions.map(|(d, w)| (d.code(), w.of(language).to_owned()));
    let name = Field::new("name", words::NAME)
        .value(&typed.name)
        .chars_max(120);
    let name = name
        .hint(words::NAME_HINT.of(language))
        .error(typed.name_error.clone());
    let inches = Field::new("inches", words::DIAGONAL)
        .value(&typed.inches)
        .optional();
    let distance = Field::new("distance", words::DISTANCE)
        .value(&typed.distance)
        .optional();
    let inches = inches.inputmode("decimal").error(typed.size_error.clone());
    html! {
        section.card {
            h2 { (words::ADD.of(language)) }
            form method="post" action="/devices" {
                (name.show(language))
                (choices("kind", words::KIND.of(language), &kinds, typed.kind.code()))
                (select("event", words::OCCASION.of(language), &occasions, &typed.event))
                (select("direction", words::DIRECTION.of(language), &directions, typed.direction.code()))
                (inches.show(language))
                (distance.inputmode("numeric").hint(words::SIZE_HINT.of(language)).show(language))
                div.actions { button.primary { (words::MAKE.of(language)) } }
            }
        }
    }
}

/// The daily attendance and the events that are not closed.
fn occasions(language: Language, events: &[Event]) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), words::DAILY.of(language).to_owned())];
    let open = events.iter().filter(|e| e.state != EventState::Closed);
    all.extend(open.map(|e| (e.id.to_string(), e.name.clone())));
    all
}

/// `POST /devices`: makes the device and shows its code, this once.
fn offer(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let mut typed = Typed::from_form(&request.form()?);
    let Some((new, options)) = typed.read(caller.language) else {
        return page(native, caller, &request, &typed);
    };
    let name = new.name.to_string();
    let (_, code) = native.write(caller, move |tx, call| {
        device::offer(tx, call, &new, &options)
    })?;
    Ok(code_page(native, caller, &request, &name, &code))
}

/// `POST /devices/{device}/again`: a new code for a device that is in use.
fn again(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: DeviceId = request.id_param("device")?;
    let device = native.read(caller, |v, _| device::get_in_use(v, id))?;
    let code = native.write(caller, move |tx, call| device::offer_again(tx, call, id))?;
    Ok(code_page(native, caller, &request, &device.name, &code))
}

/// `POST /devices/{device}/revoke`.
fn revoke(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let id: DeviceId = request.id_param("device")?;
    native.write(caller, move |tx, call| device::revoke(tx, call, id))?;
    Ok(Reply::see_other("/devices?done=revoked"))
}

fn code_page(
    native: &Native,
    caller: &Caller,
    head: &Head,
    name: &str,
    code: &Secret<String>,
) -> Reply {
    let language = caller.language;
    // Every device enters its code there; a desk goes on to its own page.
    let there = place::address(head, "/kiosk");
    let title = words::CODE_TITLE.fill(language, &[name]);
    let body = html! {
        div.narrow-column.centred {
            h1 { (title) }
            p { (words::CODE_LEAD.fill(language, &[&there])) }
            p.big-code id="code" { (code.expose()) }
            // After the # nothing is sent to a server and nothing stands in its log.
            div.qr { (qr::svg(&format!("{there}#{}", code.expose()), words::CODE_QR.of(language))) }
            p.muted { (words::CODE_UNTIL.of(language)) }
            div.actions { a.button href="/devices" { (words::BACK.of(language)) } }
        }
    };
    layout::reply(native, caller, head, Page::new(title, body)).with_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, want) in [
            ("", Some(None)),
            ("15,6", Some(Some(156))),
            ("10.1", Some(Some(101))),
            ("32", Some(Some(320))),
            ("2", None),
            ("121", None),
            ("x", None),
            ("NaN", None),
            ("-5", None),
        ] {
            assert_eq!(tenths(text), want, "{text}");
        }
        for (text, want) in [
            ("", Some(None)),
            ("80", Some(Some(80))),
            ("5", None),
            ("8,5", None),
        ] {
            assert_eq!(centimetres(text), want, "{text}");
        }
    }

    #[test]
    fn a_device_may_do_what_its_kind_needs() {
        let read =
            |form: &str| Typed::from_form(&Form::read(form).expect("a form")).read(Language::Id);
        let (new, options) =
            read("name=Gerbang&kind=kiosk&direction=exit&inches=10,1").expect("a kiosk");
        assert_eq!(
            (new.access, options.direction),
            (DeviceAccess::Scan, Direction::Exit)
        );
        assert_eq!(
            (options.diagonal_tenths_inch, options.occasion),
            (Some(101), None)
        );
        let (new, _) = read("name=Meja&kind=desk").expect("a desk");
        assert_eq!(
            (new.access, new.kind),
            (DeviceAccess::Desk, DeviceKind::Desk)
        );
        assert!(read("name=&kind=desk").is_none() && read("name=a&inches=x").is_none());
    }
}
