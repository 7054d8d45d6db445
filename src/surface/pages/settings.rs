//! `/settings`: name and kind, language and zone, how the kiosk speaks, liveness, the PIN of
//! the kiosk's menu. What is changed takes effect with the next request.

use crate::base::secret::Secret;
use crate::base::time::Zone;
use crate::crypto::random::Seeded;
use crate::domain::actor::Actor;
use crate::domain::checkin::threshold;
use crate::domain::rule::{Address, Language, LivenessPolicy, SiteKind};
use crate::domain::setting::{self, Change};
use crate::domain::site::Site;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::{self, Choice, Field};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::setup::step::kinds;
use crate::surface::pages::words::{Words, general, settings as words, setup};
use crate::surface::pages::{clock, name, person};
use maud::{Markup, html};

/// Digits of a kiosk's PIN: least and most.
const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=12;

/// A part of the page that could not be kept: its field, what was typed, what is wrong.
type Fault = (&'static str, String, String);

/// `GET /settings`; `done` in the query: something was just kept.
///
/// # Errors
/// 403 for whoever does not run the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    let done = request.query("done").is_some();
    let page = page(native, actor, &frame, done, None)?;
    Ok(layout::with_status(200, &frame, page))
}

/// `POST /settings/{part}`: `site`, `speech`, `faces`, `pin`.
///
/// # Errors
/// 403 for whoever does not run the box, 404 for a part that is none; what cannot be is the
/// page again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = person::who_runs_the_box(caller)?;
    let frame = Frame::of(native, caller, &request);
    let form = request.form()?;
    let read = match request.param("part") {
        "site" => read_site(&frame, &form),
        "speech" => read_speech(&frame, &form),
        "faces" => Ok(read_faces(&form)),
        "pin" => read_pin(native, &frame, &form)?,
        _ => return Err(Problem::missing()),
    };
    match read {
        Ok(change) => {
            native.core.write(actor, SURFACE, move |tx, call| {
                setting::update(tx, call, &change)
            })?;
            native.core.refresh_site()?;
            Ok(Reply::see_other("/settings?done=yes"))
        }
        Err(fault) => {
            let page = page(native, actor, &frame, false, Some(&fault))?;
            Ok(layout::with_status(422, &frame, page))
        }
    }
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

/// What the parts of the page are made from.
struct View<'a> {
    frame: &'a Frame,
    site: &'a Site,
    fault: Option<&'a Fault>,
}

impl View<'_> {
    fn say(&self, words: Words) -> &'static str {
        words.of(self.frame.language)
    }

    /// A field of one line, with what was typed if that could not be.
    fn line(&self, id: &'static str, label: Words, value: &str, hint: Option<Words>) -> Markup {
        let fault = self.fault.filter(|(field, ..)| *field == id);
        let value = fault.map_or(value, |(_, typed, _)| typed);
        let mut field = Field::new(id, label)
            .value(value)
            .error(fault.map(|(.., told)| told.clone()));
        if id == "zone" {
            field = field.list("zones");
        }
        if let Some(hint) = hint {
            field = field.hint(self.say(hint));
        }
        field.show(self.frame.language)
    }

    fn part(&self, part: &str, title: Words, lead: Option<Words>, fields: &Markup) -> Markup {
        html! {
            section.card aria-labelledby={ (part) "-title" } {
                h2 id={ (part) "-title" } { (self.say(title)) }
                @if let Some(lead) = lead { p.muted { (self.say(lead)) } }
                form method="post" action={ "/settings/" (part) } {
                    (fields)
                    button.primary { (self.say(general::SAVE)) }
                }
            }
        }
    }

    fn site(&self) -> Markup {
        let rules = &self.site.rules;
        let languages = [
            ("id", "Bahasa Indonesia".to_owned()),
            ("en", "English".to_owned()),
        ];
        let chosen = rules.language.code();
        let fields = html! {
            (self.line("name", setup::NAME, &rules.name, None))
            (field::choices("kind", self.say(setup::KIND), &kinds(self.frame.language), rules.kind.code()))
            (field::select("language", self.say(setup::LANGUAGE), &languages, chosen))
            (self.line("zone", setup::ZONE, self.site.zone.name(), Some(setup::ZONE_HINT)))
            (clock::zones())
        };
        self.part("site", words::SITE, None, &fields)
    }

    fn speech(&self) -> Markup {
        let rules = &self.site.rules;
        let all = [
            (Address::Anda, words::ADDRESS_ANDA),
            (Address::Kamu, words::ADDRESS_KAMU),
        ];
        let choices = all.map(|(address, label)| Choice {
            value: address.code(),
            label: self.say(label).to_owned(),
            more: None,
        });
        let fields = html! {
            (field::choices("address", self.say(words::ADDRESS), &choices, rules.address.code()))
            (self.line("desk_id", words::DESK_ID, &rules.desk.id, Some(words::DESK_HINT)))
            (self.line("desk_en", words::DESK_EN, &rules.desk.en, None))
        };
        self.part("speech", words::SPEECH, None, &fields)
    }

    fn faces(&self) -> Markup {
        let all = [
            (
                LivenessPolicy::Required,
                words::REQUIRED,
                words::REQUIRED_MORE,
            ),
            (
                LivenessPolicy::Advisory,
                words::ADVISORY,
                words::ADVISORY_MORE,
            ),
            (LivenessPolicy::Off, words::OFF, words::OFF_MORE),
        ];
        let choices = all.map(|(policy, label, more)| Choice {
            value: policy.code(),
            label: self.say(label).to_owned(),
            more: Some(self.say(more).to_owned()),
        });
        let rule = &self.site.rules.liveness;
        let (kiosk, desk) = (rule.unattended.code(), rule.attended.code());
        let fields = html! {
            (field::choices("unattended", self.say(words::UNATTENDED), &choices, kiosk))
            (field::choices("attended", self.say(words::ATTENDED), &choices, desk))
        };
        self.part("faces", words::FACES, Some(words::FACES_LEAD), &fields)
    }

    fn pin(&self, is_set: bool) -> Markup {
        let told = if is_set {
            words::PIN_SET
        } else {
            words::PIN_NONE
        };
        let error = self.fault.filter(|(field, ..)| *field == "pin");
        let field = Field::password("pin", words::PIN_NEW, "off")
            .inputmode("numeric")
            .chars_max(*PIN_DIGITS.end())
            .error(error.map(|(.., told)| told.clone()));
        let fields = html! { p { (self.say(told)) } (field.show(self.frame.language)) };
        self.part("pin", words::PIN, Some(words::PIN_LEAD), &fields)
    }

    fn thresholds(&self) -> Markup {
        let language = self.frame.language;
        let decimal = |cosine: f32| {
            let text = format!("{cosine:.2}");
            match language {
                Language::Id => text.replace('.', ","),
                Language::En => text,
            }
        };
        html! {
            section.card aria-labelledby="thresholds" {
                h2 id="thresholds" { (self.say(words::THRESHOLDS)) }
                p.muted { (self.say(words::THRESHOLDS_LEAD)) }
                table {
                    thead { tr {
                        th.number scope="col" { (self.say(words::PEOPLE_UP_TO)) }
                        th.number scope="col" { (self.say(words::THRESHOLD)) }
                    } }
                    tbody {
                        @for (cosine, people) in threshold::steps(&self.site.rules.face) {
                            tr {
                                td.number { (clock::number(people as u64, language)) }
                                td.number { (decimal(self.site.rules.face.threshold.unwrap_or(cosine))) }
                            }
                        }
                    }
                }
                p.small.muted { (self.say(words::MORE_PEOPLE)) }
            }
        }
    }
}

fn page(
    native: &Native,
    actor: Actor,
    frame: &Frame,
    done: bool,
    fault: Option<&Fault>,
) -> Result<Page, Problem> {
    let site = native.core.site();
    let pin = (native.core).read(actor, SURFACE, |view, call| {
        setting::find_kiosk_pin(view, call.site)
    })?;
    let view = View {
        frame,
        site: &site,
        fault,
    };
    let title = view.say(general::SETTINGS);
    let body = html! {
        h1 { (title) }
        p.lead { (view.say(words::LEAD)) }
        @if done { (field::done(view.say(general::SAVED))) }
        @if fault.is_some() { (field::refused(view.say(general::CHECK_FIELDS))) }
        div.split {
            div { (view.site()) (view.speech()) }
            div { (view.faces()) (view.thresholds()) (view.pin(pin.is_some())) (kit(&view)) }
        }
    };
    Ok(Page::new(title, body))
}

fn kit(view: &View<'_>) -> Markup {
    html! {
        section.card aria-labelledby="kit" {
            h2 id="kit" { (view.say(words::KIT)) }
            p.muted { (view.say(words::KIT_LEAD)) }
            a.button href="/kit" { (view.say(words::KIT_OPEN)) }
        }
    }
}
