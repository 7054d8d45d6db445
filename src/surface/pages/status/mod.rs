//! `/status`: how each part of the box is, its clock beside the browser's, and a text for
//! support without names, addresses or secrets.

mod about;

use crate::base::json;
use crate::base::time::ClockState;
use crate::domain::mail;
use crate::host::camera::run::CameraState;
use crate::host::disk;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::store;
use crate::surface::health::{Health, Overall};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{
    Words, backup as backups, clock as set_clock, general, mail as mail_words, status as words,
};
use crate::surface::pages::{backup, clock, person};
use crate::vision::worker::{EngineState, Off};
use maud::{Markup, html};

/// `GET /status`.
///
/// # Errors
/// 403 for whoever does not run the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    let health = Health::of(&native.core);
    let language = frame.language;
    let title = general::STATUS.of(language);
    let body = html! {
        h1 { (title) }
        p.lead { (words::LEAD.of(language)) }
        (overall(&frame, health.overall()))
        div.split {
            div {
                (parts(native, &frame, &health))
                (support(&frame, &health))
            }
            div {
                (clocks(native, &frame))
                (about::here(native, &frame, request.peer))
                (about::ways(native, &frame))
                (about::settled(native, &frame))
            }
        }
    };
    Ok(layout::with_status(200, &frame, Page::new(title, body)))
}

fn overall(frame: &Frame, overall: Overall) -> Markup {
    let (class, told) = match overall {
        Overall::Good => ("good", words::GOOD),
        Overall::Degraded => ("warn", words::DEGRADED),
        Overall::Failing => ("bad", words::FAILING),
    };
    html! {
        div.notice.(class) role="status" { div { strong { (told.of(frame.language)) } } }
    }
}

/// How a part is: its grade and a text.
type State = (&'static str, Words);

const fn store_state(health: &store::Health) -> State {
    match health {
        store::Health::Good => ("good", words::STORE_GOOD),
        store::Health::Full => ("bad", words::STORE_FULL),
        store::Health::ReadOnly(_) => ("bad", words::STORE_READ_ONLY),
        store::Health::Failed(_) => ("bad", words::STORE_FAILED),
    }
}

const fn faces_state(faces: &EngineState) -> State {
    match faces {
        EngineState::On => ("good", words::FACES_ON),
        EngineState::Off(Off::Model(_)) => ("bad", words::FACES_NO_MODEL),
        EngineState::Off(Off::Panics) => ("bad", words::FACES_PANICS),
    }
}

const fn camera_state(camera: &CameraState) -> State {
    match camera {
        CameraState::On => ("good", words::CAMERA_ON),
        CameraState::Opening => ("warn", words::CAMERA_OPENING),
        CameraState::Lost(_) => ("bad", words::CAMERA_LOST),
        CameraState::Ended => ("warn", words::CAMERA_ENDED),
    }
}

const fn clock_state(clock: ClockState) -> State {
    match clock {
        ClockState::Synced => ("good", words::CLOCK_SYNCED),
        ClockState::Unsynced => ("warn", words::CLOCK_UNSYNCED),
    }
}

fn badge(frame: &Frame, grade: &str) -> Markup {
    let word = match grade {
        "good" => words::OK,
        "warn" => words::LOOK,
        _ => words::BAD,
    };
    html! { span.badge.(grade) { (word.of(frame.language)) } }
}

fn parts(native: &Native, frame: &Frame, health: &Health) -> Markup {
    let language = frame.language;
    let dir = native.core.store.dir();
    let (backup_grade, backup_told) = backup::standing(native, language);
    let row = |name: &str, grade: &str, told: &str| {
        html! {
            li { div.grow { strong { (name) } small { (told) } } (badge(frame, grade)) }
        }
    };
    let of = |name: Words, (grade, told): State| row(name.of(language), grade, told.of(language));
    let grade = if health.disk_low() { "warn" } else { "good" };
    let room = disk::room(dir).ok();
    let free = room.map(|room| {
        let sizes = [room.free_bytes, room.total_bytes].map(|b| clock::gigabytes(b, language));
        words::DISK_OF.fill(language, &[&sizes[0], &sizes[1]])
    });
    html! {
        section.card aria-labelledby="parts" {
            h2 id="parts" { (words::PARTS.of(language)) }
            ul.list {
                (of(words::STORE, store_state(&health.store)))
                (of(words::FACES, faces_state(&health.faces)))
                @for (name, state) in &health.cameras {
                    @let (grade, told) = camera_state(state);
                    (row(&words::CAMERA.fill(language, &[name]), grade, told.of(language)))
                }
                (of(words::CLOCK, clock_state(health.clock)))
                (row(words::DISK.of(language), grade, &free.unwrap_or_default()))
                (row(backups::SETTINGS.of(language), backup_grade, &backup_told))
                @let (mail_grade, mail_told) = mails(native, frame);
                (row(mail_words::MAIL.of(language), mail_grade, &mail_told))
            }
        }
    }
}

/// How the mails stand; a box without a mail server misses nothing.
fn mails(native: &Native, frame: &Frame) -> (&'static str, String) {
    let language = frame.language;
    let counts = native.core.store.read(mail::counts).unwrap_or_default();
    let number = |n: u64| clock::number(n, language);
    if counts.failed > 0 {
        return (
            "warn",
            mail_words::FAILED.fill(language, &[&number(counts.failed)]),
        );
    }
    let configured = native.core.post.setting().is_some();
    if counts.waiting > 0 {
        let grade = if configured { "good" } else { "warn" };
        return (
            grade,
            mail_words::WAITING.fill(language, &[&number(counts.waiting)]),
        );
    }
    let told = match configured {
        true => mail_words::GOOD,
        false => mail_words::OFF_SHORT,
    };
    ("good", told.of(language).to_owned())
}

fn clocks(native: &Native, frame: &Frame) -> Markup {
    let (site, now) = (native.core.site(), native.core.clock.stamp());
    html! {
        section.card aria-labelledby="clocks" {
            h2 id="clocks" { (words::TIME_HERE.of(frame.language)) }
            (clock::face(frame.language, &site.zone, now.at))
            @if now.clock == ClockState::Unsynced {
                a.button href="/clock" { (set_clock::OPEN.of(frame.language)) }
            }
        }
    }
}

/// The health as programs see it and the kind of machine: nothing that names anybody.
fn report(health: &Health) -> String {
    let mut value = health.to_json();
    // A camera may be called after a place or a person.
    if let Some(cameras) = value.get_mut("cameras").and_then(json::Value::as_array_mut) {
        for (number, camera) in cameras.iter_mut().enumerate() {
            if let Some(name) = camera.get_mut("name") {
                *name = json::json!(format!("camera {}", number + 1));
            }
        }
    }
    let lines = [
        format!("hadir {}", env!("CARGO_PKG_VERSION")),
        format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        format!("released {}", about::RELEASED),
        value.to_string(),
    ];
    lines.join("\n")
}

fn support(frame: &Frame, health: &Health) -> Markup {
    let language = frame.language;
    html! {
        section.card aria-labelledby="support" {
            h2 id="support" { (words::SUPPORT.of(language)) }
            p { (words::SUPPORT_LEAD.of(language)) }
            pre id="report" tabindex="0" { (report(health)) }
            button type="button" data-copy="report" hidden {
                (words::COPY.of(language))
                span data-copied hidden role="status" { " · " (words::COPIED.of(language)) }
            }
            p.muted { (words::DOCTOR.of(language)) }
            pre { "hadir doctor" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health() -> Health {
        Health {
            ready: true,
            store: store::Health::Failed("/rahasia: no".into()),
            faces: EngineState::Off(Off::Panics),
            cameras: vec![("pintu Bu Sari".into(), CameraState::Lost("10.0.0.1".into()))],
            clock: ClockState::Unsynced,
            disk_free_bytes: Some(0),
        }
    }

    #[test]
    fn the_text_for_support_names_nobody_and_no_place() {
        let text = report(&health());
        for secret in ["rahasia", "Sari", "pintu", "10.0.0.1"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(
            text.contains("camera 1") && text.contains("off_panics"),
            "{text}"
        );
    }

    #[test]
    fn each_part_has_its_grade() {
        let grades = [
            store_state(&store::Health::Good),
            store_state(&store::Health::Full),
            store_state(&store::Health::ReadOnly(String::new())),
            faces_state(&EngineState::On),
            faces_state(&EngineState::Off(Off::Panics)),
            camera_state(&CameraState::On),
            camera_state(&CameraState::Opening),
            camera_state(&CameraState::Lost(String::new())),
            clock_state(ClockState::Synced),
            clock_state(ClockState::Unsynced),
        ]
        .map(|(grade, _)| grade);
        let want = [
            "good", "bad", "bad", "good", "bad", "good", "warn", "bad", "good", "warn",
        ];
        assert_eq!(grades, want);
    }
}
