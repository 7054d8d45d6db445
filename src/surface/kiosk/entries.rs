//! What screens ask for, with its document.

use crate::base::limits;
use crate::http::request::Method;
use crate::http::route::{Access, Handler, Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::kiosk::shape::{ScreenDecision, ScreenLook, ScreenMenu, ScreenState};
use crate::surface::kiosk::{frame, menu, pin, sign, state, stream, typed};
use crate::surface::live::PREVIEW_TYPE;
use crate::surface::native::Native;

/// Most bytes of what a screen sends beside pictures.
const SMALL: usize = 4 * 1024;

const fn ask(method: Method, path: &'static str, handle: Handler<Native>) -> Entry {
    Entry::new(method, path, Access::Device, handle).lane(Lane::Ordinary, Rate::Poll)
}

const fn post(path: &'static str, handle: Handler<Native>) -> Entry {
    ask(Method::Post, path, handle)
}

const fn get(path: &'static str, handle: Handler<Native>) -> Entry {
    ask(Method::Get, path, handle)
}

const CHECK_IN: &[(u16, &str)] = &[(404, "no_event"), (409, "nonce_reused")];

/// What visitors do at a screen.
fn visitors() -> [Entry; 4] {
    [
        post("/api/v1/kiosk/frame", frame::look)
            .about(
                "Kiosk",
                "Looks at a picture of the screen's own camera and decides.",
            )
            .lane(Lane::CheckIn, Rate::Poll)
            .takes_picture()
            .at_most(limits::SCREEN_PICTURE_BYTES_MAX)
            .answers::<ScreenLook>(200)
            .refuses(&[(422, "bad_picture")]),
        post("/api/v1/kiosk/code", typed::code)
            .about("Kiosk", "Checks in by a code that the screen has read.")
            .lane(Lane::CheckIn, Rate::Poll)
            .takes::<typed::CodeBody>(
                r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","code":"TICKET-0042"}"#,
            )
            .at_most(SMALL)
            .answers::<ScreenDecision>(200)
            .refuses(CHECK_IN),
        post("/api/v1/kiosk/number", typed::number)
            .about(
                "Kiosk",
                "Checks in by a typed number, or by the last digits for a proposed face.",
            )
            .lane(Lane::CheckIn, Rate::Poll)
            .takes::<typed::NumberBody>(
                r#"{"nonce":"01JD5Z3N8GQ4X6V7W8Y9Z0A1B2","number":"2026001"}"#,
            )
            .at_most(SMALL)
            .answers::<ScreenDecision>(200)
            .refuses(CHECK_IN),
        post("/api/v1/kiosk/help", sign::help).about("Kiosk", "Calls staff to the screen."),
    ]
}

/// The routes.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let own = [
        post("/api/v1/kiosk/heartbeat", sign::beat)
            .about("Kiosk", "Says that the screen lives; answers how it is to be.")
            .takes::<sign::BeatBody>(r#"{"screen":"idle"}"#)
            .at_most(SMALL)
            .answers::<ScreenState>(200)
            .refuses(&[(404, "no_event")]),
        post("/api/v1/kiosk/escape", pin::escape)
            .about("Kiosk", "Opens the menu of staff by its PIN.")
            .takes::<pin::PinBody>(r#"{"pin":"2468"}"#)
            .at_most(SMALL)
            .refuses(&[(403, "wrong_pin"), (409, "no_pin"), (429, "pin_locked")]),
        get("/api/v1/kiosk/menu", menu::show)
            .about("Kiosk", "What staff may choose in the menu that the PIN has opened.")
            .answers::<ScreenMenu>(200)
            .refuses(&[(403, "menu_shut")]),
        post("/api/v1/kiosk/options", menu::choose)
            .about("Kiosk", "Chooses event and direction in the menu of staff.")
            .takes::<menu::ChoiceBody>(r#"{"event":null,"direction":"entry"}"#)
            .at_most(SMALL)
            .answers::<ScreenState>(200)
            .refuses(&[(403, "menu_shut"), (404, "no_event")]),
        get("/api/v1/kiosk/state", state::show)
            .about("Kiosk", "How the screen is to be.")
            .answers::<ScreenState>(200)
            .refuses(&[(404, "no_event")]),
        get("/api/v1/kiosk/events", stream::events)
            .about(
                "Kiosk",
                "A stream of events: `hello`, `pulse`, `decision`, `helped`, at the box's camera `seen`.",
            )
            .answers_bytes("text/event-stream"),
        get("/api/v1/kiosk/preview", stream::preview)
            .about("Kiosk", "The pictures of the box's own camera, for its own screen.")
            .answers_bytes(PREVIEW_TYPE)
            .refuses(&[(404, "missing")]),
    ];
    visitors().into_iter().chain(own).collect()
}
