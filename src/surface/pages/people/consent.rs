//! Consents on the page of a person: what is in force, recording one (by the person, or by the
//! guardian of a minor), withdrawing it.

use crate::base::id::PersonId;
use crate::base::text::{Name, Slug};
use crate::base::time::{Timestamp, Zone};
use crate::domain::consent::{
    self, Consent, ConsentGiver, ConsentMeans, ConsentPurpose, Error, Giver, Told,
};
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::choice::local;
use crate::surface::pages::clock;
use crate::surface::pages::field::{Choice, Field, choices, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general, people as words};
use maud::{Markup, html};

/// The version of the text that is shown and agreed to; it changes with the text.
pub const TEXT_VERSION: &str = "2026-1";

/// Whether this consent is in force for a purpose.
#[must_use]
pub fn is_in_force(told: &Told, purpose: ConsentPurpose) -> bool {
    told.consent.purpose == purpose && told.consent.withdrawn_at.is_none()
}

/// The part of a person's page.
#[must_use]
pub fn section(native: &Native, language: Language, person: PersonId, all: &[Told]) -> Markup {
    let site = native.core.site();
    let current = all.iter().find(|t| is_in_force(t, ConsentPurpose::Face));
    html! {
        section.card {
            h2 { (words::CONSENT.of(language)) }
            @if let Some(told) = current {
                p { (sentence(language, &site.zone, told)) }
                p.hint { (words::CONSENT_WITHDRAW_MORE.of(language)) }
                form method="post" action={ "/people/" (person) "/consent/withdraw" } {
                    button.danger { (words::CONSENT_WITHDRAW.of(language)) }
                }
            } @else {
                p { (words::CONSENT_NONE.of(language)) }
                details {
                    summary { (words::CONSENT_GIVE.of(language)) }
                    (fields(language, person, "", None))
                }
            }
            @for (told, at) in all.iter().filter_map(|t| Some((t, t.consent.withdrawn_at?))) {
                p.muted.small {
                    (sentence(language, &site.zone, told)) " "
                    (words::CONSENT_WITHDRAWN.fill(language, &[&date(language, &site.zone, at)]))
                }
            }
        }
    }
}

fn date(language: Language, zone: &Zone, at: Timestamp) -> String {
    clock::date(language, zone, at)
}

/// Who agreed, when, how, to which text.
fn sentence(language: Language, zone: &Zone, told: &Told) -> String {
    let given = date(language, zone, told.consent.given_at);
    let means = means(told.consent.means).of(language);
    let text = told.consent.text_version.as_str();
    match &told.guardian {
        Some((name, relation)) => {
            words::CONSENT_BY_GUARDIAN.fill(language, &[&given, means, text, name, relation])
        }
        None => words::CONSENT_BY_PERSON.fill(language, &[&given, means, text]),
    }
}

const fn means(means: ConsentMeans) -> Words {
    match means {
        ConsentMeans::Paper => words::MEANS_PAPER,
        ConsentMeans::Screen => words::MEANS_SCREEN,
        ConsentMeans::Spoken => words::MEANS_SPOKEN,
    }
}

/// The form: the text, who agrees, how. Nothing is ticked beforehand. `to` is where it goes on,
/// empty for the person's page.
#[must_use]
pub fn fields(language: Language, person: PersonId, to: &str, told: Option<Words>) -> Markup {
    let means = choices(
        "means",
        words::CONSENT_HOW.of(language),
        &all_means(language),
        "",
    );
    let more = html! { (means) input type="hidden" name="to" value=(to); };
    form(language, &format!("/people/{person}/consent"), told, &more)
}

/// The same on the person's own phone, where it is given on the screen.
#[must_use]
pub fn own_fields(language: Language, action: &str, told: Option<Words>) -> Markup {
    form(language, action, told, &html! {})
}

fn form(language: Language, action: &str, told: Option<Words>, more: &Markup) -> Markup {
    let guardian = Field::new("guardian", words::GUARDIAN_NAME).optional();
    let relation = Field::new("relation", words::GUARDIAN_RELATION).optional();
    html! {
        @if let Some(told) = told { (refused(told.of(language))) }
        blockquote.card { (words::CONSENT_TEXT.of(language)) }
        form method="post" action=(action) {
            (choices("giver", words::CONSENT_WHO.of(language), &givers(language), ""))
            (guardian.chars_max(120).show(language))
            (relation.chars_max(120).show(language))
            (more)
            label.choice for="agreed" {
                input type="checkbox" id="agreed" name="agreed" value="yes" required;
                span { (words::CONSENT_TICK.of(language)) }
            }
            div.actions { button.primary { (words::CONSENT_GIVE.of(language)) } }
        }
    }
}

fn givers(language: Language) -> [Choice<'static>; 2] {
    [
        Choice {
            value: ConsentGiver::Person.code(),
            label: words::CONSENT_SELF.of(language).to_owned(),
            more: None,
        },
        Choice {
            value: ConsentGiver::Guardian.code(),
            label: words::CONSENT_GUARDIAN.of(language).to_owned(),
            more: Some(words::CONSENT_GUARDIAN_MORE.of(language).to_owned()),
        },
    ]
}

fn all_means(language: Language) -> Vec<Choice<'static>> {
    let choice = |m: &ConsentMeans| Choice {
        value: m.code(),
        label: capital(means(*m).of(language)),
        more: None,
    };
    ConsentMeans::ALL.iter().map(choice).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Reads the form; with `means`, how it is given is not asked.
///
/// # Errors
/// What is missing, to be said above the form.
pub fn read(form: &Form, person: PersonId, means: Option<ConsentMeans>) -> Result<Consent, Words> {
    if !form.is_ticked("agreed") {
        return Err(words::CONSENT_TICK_MISSING);
    }
    let giver = match ConsentGiver::read(form.text("giver")) {
        Some(ConsentGiver::Person) => Giver::Person,
        Some(ConsentGiver::Guardian) => {
            let name = |field| form.text(field).parse::<Name>().ok();
            match (name("guardian"), name("relation")) {
                (Some(name), Some(relation)) => Giver::Guardian { name, relation },
                (_, _) => return Err(words::GUARDIAN_MISSING),
            }
        }
        None => return Err(words::CONSENT_WHO),
    };
    let means = means.or_else(|| ConsentMeans::read(form.text("means")));
    let means = means.ok_or(words::CONSENT_HOW)?;
    let text_version: Slug = TEXT_VERSION.parse().map_err(|_| general::INTERNAL)?;
    Ok(Consent {
        person,
        purpose: ConsentPurpose::Face,
        giver,
        means,
        text_version,
    })
}

/// `POST /people/{person}/consent`.
///
/// # Errors
/// Those of the box; what is missing is the form again.
pub fn give(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (person, form) = (request.id_param::<PersonId>("person")?, request.form()?);
    let own = format!("/people/{person}?done=consent");
    let to = Some(form.text("to")).filter(|t| !t.is_empty());
    let consent = match read(&form, person, None) {
        Ok(consent) => consent,
        Err(told) => {
            let language = caller.language;
            let title = words::CONSENT.of(language);
            let fields = fields(language, person, to.unwrap_or_default(), Some(told));
            let body = html! { div.medium-column { h1 { (title) } (fields) } };
            let frame = Frame::of(native, caller, &request);
            return Ok(layout::with_status(422, &frame, Page::new(title, body)));
        }
    };
    let done = native
        .core
        .write(caller.known()?, SURFACE, move |tx, call| {
            consent::record(tx, call, &consent).map(|_| ())
        });
    match done {
        // Pressed twice: it is in force, which is what was wanted.
        Ok(()) | Err(Error::InForce) => Ok(Reply::see_other(
            to.map_or(own.as_str(), |t| local(Some(t))),
        )),
        Err(other @ (Error::NoPerson | Error::NotInForce | Error::Fault(_))) => Err(other.into()),
    }
}

/// `POST /people/{person}/consent/withdraw`.
///
/// # Errors
/// 404 without one in force, and those of the box.
pub fn withdraw(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let person: PersonId = request.id_param("person")?;
    native.write(caller, move |tx, call| {
        consent::withdraw(tx, call, person, ConsentPurpose::Face)
    })?;
    Ok(Reply::see_other(&format!(
        "/people/{person}?done=withdrawn"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;

    fn read_form(text: &str) -> Result<Consent, Words> {
        read(
            &Form::read(text).expect("a form"),
            PersonId::from_bytes([1; 16]),
            None,
        )
    }

    #[test]
    fn a_consent_is_whole_or_says_what_is_missing() {
        let table = [
            ("giver=person&means=paper", words::CONSENT_TICK_MISSING),
            ("agreed=yes&means=paper", words::CONSENT_WHO),
            ("agreed=yes&giver=person", words::CONSENT_HOW),
            (
                "agreed=yes&giver=guardian&means=paper",
                words::GUARDIAN_MISSING,
            ),
            (
                "agreed=yes&giver=guardian&means=paper&guardian=Siti",
                words::GUARDIAN_MISSING,
            ),
        ];
        for (text, want) in table {
            assert_eq!(read_form(text).expect_err(text), want, "{text}");
        }
        let consent = read_form("agreed=yes&giver=guardian&means=paper&guardian=Siti&relation=ibu");
        let Ok(Consent {
            giver: Giver::Guardian { name, relation },
            means,
            text_version,
            ..
        }) = consent
        else {
            panic!("{consent:?}")
        };
        assert_eq!((name.as_str(), relation.as_str()), ("Siti", "ibu"));
        assert_eq!(
            (means, text_version.as_str()),
            (ConsentMeans::Paper, TEXT_VERSION)
        );
    }

    #[test]
    fn nothing_is_ticked_beforehand() {
        let text = fields(Language::Id, PersonId::from_bytes([1; 16]), "", None).into_string();
        assert!(!text.contains(" checked"), "{text}");
        assert!(
            text.contains("kode QR dan nomor induk tetap bisa dipakai"),
            "{text}"
        );
    }
}
