//! `/keys`: the keys of programs, what each is for, its end and its last use; made, rotated and
//! revoked. A key's text is shown once.

use crate::base::id::ApiKeyId;
use crate::base::limits::API_KEY_DAYS_MAX;
use crate::base::secret::Secret;
use crate::base::text::Name;
use crate::domain::actor::Scope;
use crate::domain::api_key::{self, ApiKey, NewKey};
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::clock;
use crate::surface::pages::field::{Field, done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{general, keys as words};
use crate::surface::pages::{person, read, send};
use maud::{Markup, html};

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/keys", Access::Person, show),
        send("/keys", Access::Person, make),
        send("/keys/{key}/rotate", Access::Person, rotate),
        send("/keys/{key}/revoke", Access::Person, revoke),
    ]
}

/// What was typed, and what is wrong with it.
#[derive(Debug)]
struct Typed {
    name: String,
    days: String,
    scopes: Vec<Scope>,
    name_error: Option<String>,
    days_error: Option<String>,
    scopes_error: Option<String>,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            name: String::new(),
            days: "90".to_owned(),
            scopes: Vec::new(),
            name_error: None,
            days_error: None,
            scopes_error: None,
        }
    }
}

impl Typed {
    fn from_form(form: &Form) -> Self {
        let chosen = |scope: &Scope| form.text(scope.code()) == "yes";
        Self {
            name: form.text("name").to_owned(),
            days: form.text("days").to_owned(),
            scopes: Scope::ALL.iter().copied().filter(chosen).collect(),
            ..Self::default()
        }
    }

    /// Reads the values; None: something is wrong, and said beside the fields.
    fn read(&mut self, language: Language) -> Option<NewKey> {
        let name = self.name.parse::<Name>().ok();
        let days = self.days.trim().parse::<u16>().ok();
        let days = days.filter(|days| (1..=API_KEY_DAYS_MAX).contains(days));
        let most = API_KEY_DAYS_MAX.to_string();
        let told = |wrong: bool, text: String| wrong.then_some(text);
        self.name_error = told(name.is_none(), words::NAME_WRONG.of(language).to_owned());
        self.days_error = told(days.is_none(), words::DAYS_WRONG.fill(language, &[&most]));
        let none = self.scopes.is_empty();
        self.scopes_error = told(none, words::FOR_NONE.of(language).to_owned());
        let (name, days) = (name?, days?);
        (!none).then(|| NewKey {
            name,
            scopes: self.scopes.clone(),
            days,
        })
    }

    const fn is_wrong(&self) -> bool {
        self.name_error.is_some() || self.days_error.is_some() || self.scopes_error.is_some()
    }
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page(native, caller, &request, &Typed::default())
}

fn page(native: &Native, caller: &Caller, head: &Head, typed: &Typed) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let keys = native.read(caller, api_key::list)?;
    let language = caller.language;
    let body = html! {
        h1 { (words::TITLE.of(language)) }
        p.lead { (words::LEAD.of(language)) }
        @if typed.is_wrong() { (refused(general::CHECK_FIELDS.of(language))) }
        @if head.query("done") == Some("revoked") { (done(words::DONE_REVOKED.of(language))) }
        div.split {
            div {
                @if keys.is_empty() { p.muted { (words::EMPTY.of(language)) } }
                @for key in &keys { (card(native, language, key)) }
            }
            (form(language, typed))
        }
    };
    let frame = Frame::of(native, caller, head);
    let status = if typed.is_wrong() { 422 } else { 200 };
    let page = Page::new(words::TITLE.of(language), body);
    Ok(layout::with_status(status, &frame, page))
}

fn form(language: Language, typed: &Typed) -> Markup {
    let name = Field::new("name", words::NAME)
        .value(&typed.name)
        .hint(words::NAME_HINT.of(language))
        .error(typed.name_error.clone());
    let days = Field::new("days", words::DAYS)
        .value(&typed.days)
        .inputmode("numeric")
        .error(typed.days_error.clone());
    html! {
        section.card {
            h2 { (words::ADD.of(language)) }
            form method="post" action="/keys" {
                (name.show(language))
                (days.show(language))
                fieldset {
                    legend { (words::FOR.of(language)) }
                    @if let Some(told) = &typed.scopes_error { p.error { (told) } }
                    @for scope in Scope::ALL {
                        label.choice for=(scope.code()) {
                            input type="checkbox" id=(scope.code()) name=(scope.code()) value="yes" checked[typed.scopes.contains(scope)];
                            span { (words::scope(*scope).of(language)) }
                        }
                    }
                }
                div.actions { button.primary { (words::MAKE.of(language)) } }
            }
        }
    }
}

fn card(native: &Native, language: Language, key: &ApiKey) -> Markup {
    let (site, now) = (native.core.site(), native.core.clock.stamp().at);
    let at = |at| clock::moment(language, &site.zone, at);
    let id = format!("key-{}", key.id);
    let act = |act: &str| format!("/keys/{}/{act}", key.id);
    let scopes = key.scopes.iter().map(|s| words::scope(*s).of(language));
    let scopes: Vec<&str> = scopes.collect();
    html! {
        section.card aria-labelledby=(id) {
            h2 id=(id) {
                (key.name)
                @if key.expires_at <= now { " " span.badge.warn { (words::ENDED.of(language)) } }
            }
            p { (scopes.join(", ")) }
            p.muted {
                (words::UNTIL.fill(language, &[&at(key.expires_at)])) "; "
                @match key.seen_at {
                    Some(seen) => (words::SEEN.fill(language, &[&at(seen)])),
                    None => (words::NEVER.of(language)),
                }
                @if let Some(until) = key.old_until {
                    "; " (words::OVERLAP.fill(language, &[&at(until)]))
                }
            }
            div.actions {
                form method="post" action=(act("rotate")) { button { (words::ROTATE.of(language)) } }
                form method="post" action=(act("revoke")) { button.danger { (words::REVOKE.of(language)) } }
            }
        }
    }
}

/// `POST /keys`: makes a key and shows its text, this once.
fn make(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let mut typed = Typed::from_form(&request.form()?);
    let Some(new) = typed.read(caller.language) else {
        return page(native, caller, &request, &typed);
    };
    match native.write(caller, move |tx, call| api_key::make(tx, call, &new)) {
        Ok((_, text)) => Ok(shown(native, caller, &request, &text, false)),
        Err(problem) if problem.code == "too_many_keys" => {
            typed.name_error = Some(words::TOO_MANY.of(caller.language).to_owned());
            page(native, caller, &request, &typed)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /keys/{key}/rotate`: another text, shown this once.
fn rotate(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let id: ApiKeyId = request.id_param("key")?;
    let text = native.write(caller, move |tx, call| api_key::rotate(tx, call, id))?;
    Ok(shown(native, caller, &request, &text, true))
}

fn shown(
    native: &Native,
    caller: &Caller,
    head: &Head,
    text: &Secret<String>,
    rotated: bool,
) -> Reply {
    let language = caller.language;
    let title = words::MADE_TITLE.of(language);
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            p { (words::MADE_LEAD.of(language)) }
            @if rotated { p { (words::MADE_ROTATED.of(language)) } }
            pre id="secret" tabindex="0" { (text.expose()) }
            div.actions { a.button href="/keys" { (words::BACK.of(language)) } }
        }
    };
    let frame = Frame::of(native, caller, head);
    layout::with_status(200, &frame, Page::new(title, body)).with_secret()
}

/// `POST /keys/{key}/revoke`.
fn revoke(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let id: ApiKeyId = request.id_param("key")?;
    native.write(caller, move |tx, call| api_key::revoke(tx, call, id))?;
    Ok(Reply::see_other("/keys?done=revoked"))
}
