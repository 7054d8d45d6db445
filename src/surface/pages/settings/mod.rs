//! `/settings`: name and kind, language and zone, how the kiosk speaks, liveness, the PIN of
//! the kiosk's menu, where backups go. What is changed takes effect with the next request.

mod mail;
mod parts;

use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::time::Zone;
use crate::crypto::random::Seeded;
use crate::domain::rule::{Address, Language, LivenessPolicy, SecondFactor, SiteKind};
use crate::domain::setting::{self, Change};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::backup::{self, Asked};
use crate::surface::pages::layout::{self, Frame};
use crate::surface::pages::people::consent::TEXT_VERSION;
use crate::surface::pages::words::{general, settings as words, setup};
use crate::surface::pages::{name, person};

/// Digits of a kiosk's PIN: least and most.
const PIN_DIGITS: std::ops::RangeInclusive<usize> = limits::PIN_DIGITS_MIN..=limits::PIN_DIGITS_MAX;

/// A part of the page that could not be kept: its field, what was typed, what is wrong.
type Fault = (&'static str, String, String);

/// What was sent and could not be kept.
#[derive(Debug, Default)]
pub(super) struct Again {
    fault: Option<Fault>,
    backup: Option<Box<Asked>>,
}

impl Again {
    const fn is_something(&self) -> bool {
        self.fault.is_some() || self.backup.is_some()
    }
}

impl From<Fault> for Again {
    fn from(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            backup: None,
        }
    }
}

impl From<Asked> for Again {
    fn from(asked: Asked) -> Self {
        Self {
            fault: None,
            backup: Some(Box::new(asked)),
        }
    }
}

/// `GET /settings`; `done` in the query: something was just kept.
///
/// # Errors
/// 403 for whoever does not run the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    let done = request
        .query("done")
        .map(|word| match mail::Done::read(word) {
            Some(done) => done.told(),
            None => (general::SAVED, true),
        });
    let page = parts::page(native, actor, &frame, done, &Again::default())?;
    Ok(layout::with_status(200, &frame, page))
}

/// `POST /settings/{part}`: `site`, `speech`, `faces`, `access`, `pin`, `backup`, `consent`,
/// `mail-test`, `mail-retry`.
///
/// # Errors
/// 403 for whoever does not run the box, 404 for a part that is none; what cannot be is the
/// page again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    let form = request.form()?;
    let mailed = match request.param("part") {
        "mail-test" => Some(mail::test(native, actor)?),
        "mail-retry" => Some(mail::retry(native, actor, &form)?),
        _ => None,
    };
    if let Some(done) = mailed {
        return Ok(Reply::see_other(&format!(
            "/settings?done={}#mail",
            done.word()
        )));
    }
    let read = match request.param("part") {
        "site" => read_site(&frame, &form).map_err(Again::from),
        "speech" => read_speech(&frame, &form).map_err(Again::from),
        "faces" => Ok(read_faces(&form)),
        "access" => Ok(Change {
            second_factor: SecondFactor::read(form.text("second_factor")),
            ..Change::default()
        }),
        "pin" => read_pin(native, &frame, &form)?.map_err(Again::from),
        "backup" => read_backup(native, &frame, &form),
        "consent" => Ok(Change {
            consent_text: TEXT_VERSION.parse().ok(),
            ..Change::default()
        }),
        _ => return Err(Problem::missing()),
    };
    match read {
        Ok(change) => {
            let changed = native.core.write(actor, SURFACE, move |tx, call| {
                setting::update(tx, call, &change)
            });
            if changed == Err(setting::Error::NoFactor) {
                // The way to what is missing, which comes back by /me.
                return Ok(Reply::see_other("/me/second-factor"));
            }
            changed?;
            native.core.refresh_site()?;
            Ok(Reply::see_other("/settings?done=yes"))
        }
        Err(again) => {
            let page = parts::page(native, actor, &frame, None, &again)?;
            Ok(layout::with_status(422, &frame, page))
        }
    }
}

fn read_backup(native: &Native, frame: &Frame, form: &Form) -> Result<Change, Again> {
    let place = backup::read(native, form, frame.language)?;
    Ok(Change {
        backup: Some(place),
        ..Change::default()
    })
}

fn read_site(frame: &Frame, form: &Form) -> Result<Change, Fault> {
    let told = |told| ("name", form.text("name").to_owned(), told);
    let name = name::read(form.text("name"), frame.language).map_err(told)?;
    let zone = Zone::parse(form.text("zone")).map_err(|_| {
        let told = setup::ZONE_UNKNOWN.of(frame.language).to_owned();
        ("zone", form.text("zone").to_owned(), told)
    })?;
    Ok(Change {
        name: Some(name),
        zone: Some(zone),
        kind: SiteKind::read(form.text("kind")),
        language: Language::read(form.text("language")),
        ..Change::default()
    })
}

fn read_speech(frame: &Frame, form: &Form) -> Result<Change, Fault> {
    let desk = |field: &'static str| {
        let told = |told| (field, form.text(field).to_owned(), told);
        name::read(form.text(field), frame.language).map_err(told)
    };
    Ok(Change {
        desk_id: Some(desk("desk_id")?),
        desk_en: Some(desk("desk_en")?),
        address: Address::read(form.text("address")),
        ..Change::default()
    })
}

fn read_faces(form: &Form) -> Change {
    Change {
        unattended: LivenessPolicy::read(form.text("unattended")),
        attended: LivenessPolicy::read(form.text("attended")),
        ..Change::default()
    }
}

fn read_pin(native: &Native, frame: &Frame, form: &Form) -> Result<Result<Change, Fault>, Problem> {
    let pin = form.text("pin");
    if !PIN_DIGITS.contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
        let told = words::PIN_BAD.of(frame.language).to_owned();
        return Ok(Err(("pin", String::new(), told)));
    }
    let mut chance = Seeded::new(&native.core.draw_seed());
    let hash = (native.passwords).hash(&Secret::new(pin.to_owned()), &mut chance);
    let hash = hash.map_err(|error| Problem::field("pin", error.to_string()))?;
    Ok(Ok(Change {
        kiosk_pin: Some(Some(Secret::new(hash))),
        ..Change::default()
    }))
}
