//! `GET /kiosk`: the screen at the door. Everything on it stands here; the script only shows,
//! hides and fills in. A browser that is not paired gets the form for it.

use crate::base::json::{Value, json};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::surface::kiosk::state;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general, kiosk as words};
use crate::surface::qr;
use crate::surface::started::for_phones;
use maud::{Markup, PreEscaped, html};

/// Answers with the screen, or with the form for pairing.
///
/// # Errors
/// Those of the store.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    if caller.device.is_none() {
        return Ok(pairing(native, caller, &request, None));
    }
    let state = state::of(native, caller, &request)?;
    let language = spoken(&state, caller.language);
    let aim = request.query("aim").is_some();
    let desk = &native.core.site().rules.desk;
    let logo = layout::logo(native);
    let body = screen(language, aim, logo.as_deref());
    let page = Page::new(words::TITLE.of(language), body)
        .bare()
        .class(if aim { "screen aim" } else { "screen" })
        .style("kiosk.css")
        .script("kiosk.js")
        .words(json!({
            "texts": {"id": texts(Language::Id), "en": texts(Language::En)},
            "desk": {"id": desk.id, "en": desk.en},
            "state": state,
            "aim": aim,
        }));
    let frame = Frame {
        language,
        ..Frame::of(native, caller, &request)
    };
    Ok(layout::with_status(200, &frame, page))
}

/// The language a screen begins in: its own setting, not that of whoever used the browser last.
fn spoken(state: &Value, otherwise: Language) -> Language {
    let code = state.get("language").and_then(Value::as_str);
    code.and_then(Language::read).unwrap_or(otherwise)
}

fn texts(language: Language) -> Value {
    let one = |(name, words): &(&str, Words)| ((*name).to_owned(), json!(words.of(language)));
    words::ALL.iter().map(one).collect()
}

/// Why a screen was not paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::surface::kiosk) enum Wrong {
    /// The code does not work.
    Code,
    /// Too many tries came from here.
    TooOften {
        /// Milliseconds to wait.
        wait_ms: i64,
    },
    /// It is not the token of the box's own screen.
    Own,
    /// The box's own screen was revoked.
    Revoked,
}

/// The form for pairing; again with what was wrong. On the box itself a hidden form waits for the
/// token of its own screen, which `own.js` takes out of the address.
pub(in crate::surface::kiosk) fn pairing(
    native: &Native,
    caller: &Caller,
    head: &Head,
    wrong: Option<Wrong>,
) -> Reply {
    let language = caller.language;
    let error = wrong.map(|wrong| match wrong {
        Wrong::Code => words::PAIR_WRONG.of(language).to_owned(),
        Wrong::TooOften { wait_ms } => {
            let minutes = (wait_ms.max(0) + 59_999) / 60_000;
            words::PAIR_TOO_OFTEN.fill(language, &[&minutes.to_string()])
        }
        Wrong::Own => words::PAIR_OWN_WRONG.of(language).to_owned(),
        Wrong::Revoked => words::PAIR_OWN_REVOKED.of(language).to_owned(),
    });
    let invalid = error.is_some();
    let own = head.peer.loopback && native.started.own_screen.is_some();
    let body = html! {
        form.card.narrow method="post" action="/kiosk/pair" {
            h1 { (words::PAIR_TITLE.of(language)) }
            p.muted { (words::PAIR_LEAD.of(language)) }
            div.field {
                label for="code" { (words::PAIR_CODE.of(language)) }
                input #code name="code" required autofocus autocomplete="off" autocapitalize="characters"
                    spellcheck="false" maxlength="16" aria-describedby="code-hint code-error"
                    aria-invalid=[invalid.then_some("true")];
                p.hint id="code-hint" { (words::PAIR_HINT.of(language)) }
                p.error id="code-error" role="alert" { @if let Some(error) = &error { (error) } }
            }
            button.primary.block type="submit" { (words::PAIR_SEND.of(language)) }
        }
        @if head.peer.loopback { (way(native, language)) }
        @if own {
            form #own method="post" action="/kiosk/own" hidden { input type="hidden" name="token"; }
        }
        (layout::languages(language, "/kiosk"))
    };
    let status = if invalid { 422 } else { 200 };
    let page = Page::new(words::PAIR_TITLE.of(language), body).bare();
    let page = if own { page.script("own.js") } else { page };
    layout::with_status(status, &Frame::of(native, caller, head), page)
}

/// Where the box is found, for whoever stands before its own screen and has no other.
fn way(native: &Native, language: Language) -> Markup {
    let addresses = native.addresses();
    html! {
        @if let Some(address) = for_phones(&addresses) {
            section.card.narrow.centred {
                p { (words::ADDRESS_LEAD.of(language)) }
                @for address in addresses.iter().take(2) { p { strong { (address) } } }
                div.qr { (qr::svg(address, words::ADDRESS_QR.of(language))) }
            }
        }
    }
}

/// A button with the name of its text, so that the script can change its language.
fn button(language: Language, id: &str, name: &'static str, words: Words, class: &str) -> Markup {
    html! {
        button id=(id) class=(class) type="button" data-text=(name) { (words.of(language)) }
    }
}

fn screen(language: Language, aim: bool, logo: Option<&str>) -> Markup {
    html! {
        h1.hidden-text data-text="TITLE" { (words::TITLE.of(language)) }
        header.top {
            @if let Some(logo) = logo { img.logo src=(logo) alt=""; }
            p #occasion { (words::ATTENDANCE.of(language)) }
            p.clock { time #clock {} }
        }
        (stage(language))
        (pad(language))
        footer.bottom {
            div.controls {
                (button(language, "open-number", "NUMBER_OPEN", words::NUMBER_OPEN, "touch primary"))
                (button(language, "cannot", "CANNOT", words::CANNOT, "touch"))
                (button(language, "call", "CALL_STAFF", words::CALL_STAFF, "touch"))
                div.spoken role="group" data-label="LANGUAGES" aria-label=(words::LANGUAGES.of(language)) {
                    button.touch type="button" data-language="id" lang="id" { "Indonesia" }
                    button.touch type="button" data-language="en" lang="en" { "English" }
                }
            }
            p.privacy data-text="PRIVACY" { (words::PRIVACY.of(language)) }
        }
        button #corner type="button" data-label="MENU" aria-label=(words::MENU.of(language)) {}
        (menu(language))
        @if aim { (ruler(language)) }
        (SIGNS)
    }
}

/// What is happening: a sign, one sentence, a second line; beside it the mirror.
fn stage(language: Language) -> Markup {
    html! {
        section.stage #stage data-screen="idle" data-tone="plain" {
            div.say role="status" aria-live="polite" aria-atomic="true" {
                svg.sign #sign aria-hidden="true" viewBox="0 0 64 64" { use #sign-use href="#sign-face" {} }
                p.main #main { (words::STAND_HERE.of(language)) }
                p.second #second { (words::OR_CODE.of(language)) }
            }
            div.mirror #mirror hidden {
                video #camera muted playsinline aria-hidden="true" {}
                img #preview alt="" hidden;
                canvas #boxes aria-hidden="true" {}
            }
            div.share #share role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-labelledby="main" hidden { div #share-bar {} }
        }
    }
}

/// The number pad: drawn here, because a screen may have no keyboard.
fn pad(language: Language) -> Markup {
    html! {
        form.pad #pad hidden {
            output #digits for="pad" aria-live="polite" {}
            p.warn #number-warn role="alert" hidden {}
            div.keys {
                (keys(["1", "2", "3"]))
                button.touch.side #number-delete type="button" data-label="NUMBER_DELETE"
                    aria-label=(words::NUMBER_DELETE.of(language)) { "⌫" }
                (keys(["4", "5", "6"]))
                (button(language, "number-stay", "NUMBER_STAY", words::NUMBER_STAY, "touch side"))
                (keys(["7", "8", "9"]))
                (button(language, "number-close", "NUMBER_CLOSE", words::NUMBER_CLOSE, "touch side"))
                button.touch.zero type="button" data-key="0" { "0" }
                button.touch.side.primary #number-send type="submit" data-text="NUMBER_SEND" { (words::NUMBER_SEND.of(language)) }
            }
        }
    }
}

fn keys(row: [&'static str; 3]) -> Markup {
    html! {
        @for key in row { button.touch type="button" data-key=(key) { (key) } }
    }
}

/// The menu of staff, behind a PIN.
fn menu(language: Language) -> Markup {
    let items = [
        ("out", "MENU_OUT", words::MENU_OUT),
        ("in", "MENU_IN", words::MENU_IN),
        ("reload", "MENU_RELOAD", words::MENU_RELOAD),
        ("sound", "MENU_SOUND", words::MENU_SOUND),
        ("next-camera", "MENU_CAMERA", words::MENU_CAMERA),
        ("aim", "MENU_AIM", words::MENU_AIM),
    ];
    html! {
        dialog #menu aria-labelledby="menu-title" {
            h2 #menu-title data-text="MENU" { (words::MENU.of(language)) }
            form #menu-lock {
                div.field {
                    label for="pin" data-text="MENU_PIN" { (words::MENU_PIN.of(language)) }
                    input #pin type="password" inputmode="numeric" autocomplete="off" maxlength="12" required aria-describedby="pin-error";
                    p.error #pin-error role="alert" {}
                }
                (button(language, "menu-open", "MENU_OPEN", words::MENU_OPEN, "touch primary"))
            }
            div #menu-items hidden {
                p #menu-state {}
                div #menu-way hidden {
                    p { span data-text="ADDRESS_LEAD" { (words::ADDRESS_LEAD.of(language)) } " " strong #menu-address {} }
                    img #menu-code alt="" width="180" height="180";
                }
                (choice(language))
                @for (id, name, text) in items {
                    (button(language, &format!("menu-{id}"), name, text, "touch block"))
                }
            }
            (button(language, "menu-close", "MENU_CLOSE", words::MENU_CLOSE, "touch block"))
        }
    }
}

/// What the screen checks in to, and which way. The events come with the right PIN.
fn choice(language: Language) -> Markup {
    html! {
        form #menu-choice {
            div.field {
                label for="menu-event" data-text="MENU_EVENT" { (words::MENU_EVENT.of(language)) }
                select #menu-event { option value="" data-text="ATTENDANCE" { (words::ATTENDANCE.of(language)) } }
            }
            div.field {
                label for="menu-direction" data-text="MENU_DIRECTION" { (words::MENU_DIRECTION.of(language)) }
                select #menu-direction {
                    option value="entry" data-text="ENTRY" { (words::ENTRY.of(language)) }
                    option value="exit" data-text="EXIT" { (words::EXIT.of(language)) }
                }
            }
            button.touch.block type="submit" data-text="MENU_CHOOSE" { (words::MENU_CHOOSE.of(language)) }
            p #menu-told role="status" {}
        }
        p #menu-fixed data-text="MENU_FIXED" hidden { (words::MENU_FIXED.of(language)) }
    }
}

/// For fitting the camera: where in the picture a face is, live.
fn ruler(language: Language) -> Markup {
    html! {
        aside.ruler #ruler {
            p data-text="AIM_LEAD" { (words::AIM_LEAD.of(language)) }
            p.main #aim-face role="status" { (words::AIM_NOBODY.of(language)) }
            a.button.touch href="/kiosk" data-text="AIM_DONE" { (words::AIM_DONE.of(language)) }
            p.hidden-text { (general::BACK.of(language)) }
        }
    }
}

/// The drawings, by name.
const SIGNS: PreEscaped<&str> = PreEscaped(include_str!("signs.svg"));
