//! The parts of the page of settings, each a form of its own.

use crate::domain::actor::Actor;
use crate::domain::checkin::threshold;
use crate::domain::rule::{Address, Language, LivenessPolicy, SecondFactor};
use crate::domain::sample;
use crate::domain::setting;
use crate::domain::site::Site;
use crate::http::problem::Problem;
use crate::surface::native::{Native, SURFACE};
use crate::surface::pages::backup::{self, Asked};
use crate::surface::pages::field::{self, Choice, Field};
use crate::surface::pages::layout::{Frame, Page};
use crate::surface::pages::people::consent::TEXT_VERSION;
use crate::surface::pages::settings::{Again, PIN_DIGITS, mail};
use crate::surface::pages::setup::step::kinds;
use crate::surface::pages::words::{
    Words, backup as backups, factor, general, keys, people, samples, settings as words, setup,
    webhooks,
};
use crate::surface::pages::{clock, logo};
use maud::{Markup, html};

/// What the parts of the page are made from.
struct View<'a> {
    native: &'a Native,
    frame: &'a Frame,
    site: &'a Site,
    again: &'a Again,
}

impl View<'_> {
    fn say(&self, words: Words) -> &'static str {
        words.of(self.frame.language)
    }

    /// A field of one line, with what was typed if that could not be.
    fn line(&self, id: &'static str, label: Words, value: &str, hint: Option<Words>) -> Markup {
        let fault = self.again.fault.as_ref().filter(|(field, ..)| *field == id);
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

    fn access(&self) -> Markup {
        let all = [
            (SecondFactor::Optional, factor::OPTIONAL_ONE),
            (SecondFactor::Required, factor::REQUIRED_ONE),
        ];
        let choices = all.map(|(rule, label)| Choice {
            value: rule.code(),
            label: self.say(label).to_owned(),
            more: None,
        });
        let now = self.site.rules.second_factor.code();
        let title = factor::REQUIRED;
        let fields = field::choices("second_factor", self.say(title), &choices, now);
        self.part("access", title, Some(factor::REQUIRED_LEAD), &fields)
    }

    fn pin(&self, is_set: bool) -> Markup {
        let told = if is_set {
            words::PIN_SET
        } else {
            words::PIN_NONE
        };
        let error = self
            .again
            .fault
            .as_ref()
            .filter(|(field, ..)| *field == "pin");
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

/// What the store has for the page.
struct Kept {
    pin: bool,
    backup: Asked,
    consent_text: bool,
    samples: bool,
}

fn find(native: &Native, actor: Actor, again: &Again) -> Result<Kept, Problem> {
    let backup = match &again.backup {
        Some(asked) => Asked::clone(asked),
        None => Asked::now(native, actor)?,
    };
    native.core.read(actor, SURFACE, |view, call| {
        let text = setting::find_consent_text(view)?;
        Ok(Kept {
            pin: setting::find_kiosk_pin(view, call.site)?.is_some(),
            backup,
            consent_text: text.is_some_and(|version| version.as_str() == TEXT_VERSION),
            samples: sample::find(view)?.is_some(),
        })
    })
}

/// The page; `done` is said above it; `again` has what was typed and could not be.
///
/// # Errors
/// Those of reading the store.
pub(super) fn page(
    native: &Native,
    actor: Actor,
    frame: &Frame,
    done: Option<(Words, bool)>,
    again: &Again,
) -> Result<Page, Problem> {
    let site = native.core.site();
    let kept = find(native, actor, again)?;
    let mails = mail::section(native, actor, frame)?;
    let view = View {
        native,
        frame,
        site: &site,
        again,
    };
    let title = view.say(general::SETTINGS);
    let body = html! {
        h1 { (title) }
        p.lead { (view.say(words::LEAD)) }
        @match done {
            Some((told, true)) => (field::done(view.say(told))),
            Some((told, false)) => (field::refused(view.say(told))),
            None => {},
        }
        @if again.is_something() { (field::refused(view.say(general::CHECK_FIELDS))) }
        div.split {
            div { (view.site()) (view.logo()) (view.speech()) (view.backup(&kept.backup)) }
            div {
                (view.faces()) (view.thresholds()) (view.consent(kept.consent_text))
                (view.access()) (view.pin(kept.pin)) (view.kit()) (mails) (view.programs())
                @if kept.samples { (view.samples()) }
            }
        }
    };
    Ok(Page::new(title, body).script("logo.js"))
}

impl View<'_> {
    fn logo(&self) -> Markup {
        html! {
            section.card aria-labelledby="logo-title" {
                h2 id="logo-title" { (self.say(words::LOGO)) }
                p.muted { (self.say(words::LOGO_LEAD)) }
                (logo::field(self.native, self.frame.language, "/settings/logo"))
                @if self.frame.logo.is_some() {
                    form method="post" action="/settings/logo/remove" {
                        button { (self.say(words::LOGO_REMOVE)) }
                    }
                }
            }
        }
    }

    fn backup(&self, asked: &Asked) -> Markup {
        let language = self.frame.language;
        // What was just refused is said beside its field.
        let trouble = match asked.told {
            None => backup::trouble(self.native, asked),
            Some(_) => None,
        };
        let fields = html! {
            (backup::today(self.native, language))
            @if let Some(trouble) = trouble {
                div.notice.warn { div { (self.say(trouble)) } }
            }
            (backup::fields(self.native, language, asked))
        };
        self.part("backup", backups::SETTINGS, None, &fields)
    }

    fn consent(&self, read: bool) -> Markup {
        html! {
            section.card aria-labelledby="consent-title" {
                h2 id="consent-title" { (self.say(words::CONSENT)) }
                p.muted { (self.say(words::CONSENT_LEAD)) }
                blockquote { (self.say(people::CONSENT_TEXT)) }
                @if read {
                    p { span.badge.good { (words::CONSENT_READ.fill(self.frame.language, &[TEXT_VERSION])) } }
                } @else {
                    form method="post" action="/settings/consent" {
                        button { (self.say(words::CONSENT_AGREE)) }
                    }
                }
            }
        }
    }

    fn kit(&self) -> Markup {
        html! {
            section.card aria-labelledby="kit" {
                h2 id="kit" { (self.say(words::KIT)) }
                p.muted { (self.say(words::KIT_LEAD)) }
                a.button href="/kit" { (self.say(words::KIT_OPEN)) }
            }
        }
    }

    /// Where keys are made for programs, and where programs are told what happens.
    fn programs(&self) -> Markup {
        let both = [
            ("keys", keys::TITLE, keys::LEAD),
            ("webhooks", webhooks::TITLE, webhooks::LEAD),
        ];
        html! {
            @for (name, title, lead) in both {
                section.card aria-labelledby=(name) {
                    h2 id=(name) { (self.say(title)) }
                    p.muted { (self.say(lead)) }
                    a.button href={ "/" (name) } { (self.say(words::KIT_OPEN)) }
                }
            }
        }
    }

    fn samples(&self) -> Markup {
        html! {
            section.card aria-labelledby="samples" {
                h2 id="samples" { (self.say(setup::SAMPLES_TITLE)) }
                p.muted { (self.say(samples::STILL)) }
                a.button href="/samples" { (self.say(samples::LOOK)) }
            }
        }
    }
}
