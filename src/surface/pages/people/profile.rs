//! Adding a person and changing what is said of one: the same four fields, shown again with
//! what is wrong beside them.

use crate::base::text::{Email, IdNumber, Name};
use crate::domain::actor::Role;
use crate::domain::identity::change::Change;
use crate::domain::identity::person::{self, Error, Person, Profile};
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::{Field, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::name;
use crate::surface::pages::words::{Words, general, people as words};
use maud::{Markup, html};

/// What was typed, as it was typed, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Typed {
    name: String,
    number: String,
    email: String,
    class: String,
    name_error: Option<String>,
    number_error: Option<String>,
    email_error: Option<String>,
    class_error: Option<String>,
}

/// The four values, read.
#[derive(Debug, Clone)]
struct Values {
    name: Name,
    number: Option<IdNumber>,
    email: Option<Email>,
    class: Option<Name>,
}

impl Typed {
    /// What the box knows.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            name: person.name.clone(),
            number: text(&person.number),
            email: text(&person.email),
            class: text(&person.class),
            ..Self::default()
        }
    }

    /// What a form says.
    #[must_use]
    pub fn from_form(form: &Form) -> Self {
        Self {
            name: form.text("name").to_owned(),
            number: form.text("number").to_owned(),
            email: form.text("email").to_owned(),
            class: form.text("class").to_owned(),
            ..Self::default()
        }
    }

    /// Reads the values; None: something is wrong, and said beside the fields.
    fn read(&mut self, language: Language) -> Option<Values> {
        let name = name::read(&self.name, language);
        let class = some(&self.class)
            .map(|c| name::read(c, language))
            .transpose();
        let number = some(&self.number).map(str::parse::<IdNumber>).transpose();
        let email = some(&self.email).map(str::parse::<Email>).transpose();
        match (name, number, email, class) {
            (Ok(name), Ok(number), Ok(email), Ok(class)) => Some(Values {
                name,
                number,
                email,
                class,
            }),
            (name, number, email, class) => {
                self.name_error = name.err();
                self.class_error = class.err();
                let form = |wrong: bool, words: Words| wrong.then(|| words.of(language).to_owned());
                self.number_error = form(number.is_err(), words::NUMBER_FORM);
                self.email_error = form(email.is_err(), words::EMAIL_FORM);
                None
            }
        }
    }

    /// The change that makes a person what was typed; None: something is wrong, and said beside
    /// the fields.
    pub fn change(&mut self, language: Language) -> Option<Change> {
        let values = self.read(language)?;
        Some(Change {
            name: Some(values.name),
            number: Some(values.number),
            email: Some(values.email),
            class: Some(values.class),
        })
    }

    /// Puts a refusal of the box beside its field.
    ///
    /// # Errors
    /// What is of no field.
    pub fn refuse(&mut self, error: Error, language: Language) -> Result<(), Problem> {
        match error {
            Error::NumberTaken => {
                self.number_error = Some(words::NUMBER_TAKEN.of(language).to_owned())
            }
            Error::EmailTaken => {
                self.email_error = Some(words::EMAIL_TAKEN.of(language).to_owned())
            }
            other @ (Error::NoPerson | Error::LastAdministrator | Error::Fault(_)) => {
                return Err(other.into());
            }
        }
        Ok(())
    }

    /// The fields.
    #[must_use]
    pub fn fields(&self, language: Language) -> Markup {
        let name = Field::new("name", words::NAME)
            .value(&self.name)
            .chars_max(120);
        let number = Field::new("number", words::NUMBER)
            .value(&self.number)
            .optional();
        let email = Field::new("email", words::EMAIL)
            .value(&self.email)
            .optional();
        let class = Field::new("class", words::CLASS)
            .value(&self.class)
            .optional();
        let number = number.hint(words::NUMBER_HINT.of(language)).chars_max(32);
        html! {
            (name.error(self.name_error.clone()).show(language))
            (number.error(self.number_error.clone()).show(language))
            (class.error(self.class_error.clone()).chars_max(120).show(language))
            (email.error(self.email_error.clone()).inputmode("email").show(language))
        }
    }

    /// Whether something is wrong.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        self.name_error.is_some()
            || self.number_error.is_some()
            || self.email_error.is_some()
            || self.class_error.is_some()
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

fn page_new(language: Language, typed: &Typed) -> Page {
    let body = html! {
        div.medium-column {
            h1 { (words::ADD.of(language)) }
            @if typed.is_refused() { (refused(general::CHECK_FIELDS.of(language))) }
            form.card method="post" action="/people/new" {
                (typed.fields(language))
                div.actions {
                    button.primary { (words::SAVE_NEW.of(language)) }
                    a.button.quiet href="/people" { (general::CANCEL.of(language)) }
                }
            }
        }
    };
    Page::new(words::ADD.of(language), body)
}

/// `GET /people/new`.
///
/// # Errors
/// None.
pub fn show_new(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let page = page_new(caller.language, &Typed::default());
    Ok(layout::reply(native, caller, &request, page))
}

/// `POST /people/new`.
///
/// # Errors
/// Those of the box; what is wrong with a field is the form again.
pub fn add(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let language = caller.language;
    let mut typed = Typed::from_form(&request.form()?);
    if let Some(values) = typed.read(language) {
        let profile = Profile {
            name: values.name,
            number: values.number,
            email: values.email,
            class: values.class,
            role: Role::User,
        };
        let added = native
            .core
            .write(caller.known()?, SURFACE, move |tx, call| {
                person::add(tx, call, &profile)
            });
        match added {
            Ok(id) => return Ok(Reply::see_other(&format!("/people/{id}?done=added"))),
            Err(error) => typed.refuse(error, language)?,
        }
    }
    let frame = Frame::of(native, caller, &request);
    Ok(layout::with_status(422, &frame, page_new(language, &typed)))
}
