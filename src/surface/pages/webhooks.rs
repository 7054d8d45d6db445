//! `/webhooks`: who is told what happens, trying it, switching it, and what became of each
//! delivery.

use crate::base::id::{NoticeId, WebhookId};
use crate::domain::outbox::Notice;
use crate::domain::rule::Language;
use crate::domain::webhook::{self, Delivery, HookUrl, NewWebhook, Webhook};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::clock;
use crate::surface::pages::field::{Field, done, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general, webhooks as words};
use crate::surface::pages::{person, read, send};
use maud::{Markup, html};

/// Deliveries of each webhook that the page shows, most.
const SHOWN: usize = 10;

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/webhooks", Access::Person, show),
        send("/webhooks", Access::Person, create),
        send("/webhooks/{webhook}/{act}", Access::Person, act),
    ]
}

/// What was typed, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    url: String,
    events: Vec<Notice>,
    url_error: Option<Words>,
    events_error: Option<Words>,
}

impl Typed {
    fn from_form(form: &Form) -> Self {
        let chosen = |notice: &Notice| form.text(notice.code()) == "yes";
        Self {
            url: form.text("url").to_owned(),
            events: Notice::ALL.iter().copied().filter(chosen).collect(),
            ..Self::default()
        }
    }

    /// Reads the values; None: something is wrong, and said beside the fields.
    fn read(&mut self) -> Option<NewWebhook> {
        let url = self.url.parse::<HookUrl>();
        self.url_error = url.is_err().then_some(words::URL_WRONG);
        self.events_error = self.events.is_empty().then_some(words::EVENTS_NONE);
        let url = url.ok().filter(|_| !self.events.is_empty())?;
        Some(NewWebhook {
            url,
            events: self.events.clone(),
        })
    }

    const fn is_wrong(&self) -> bool {
        self.url_error.is_some() || self.events_error.is_some()
    }
}

/// What was done, by the word in the address.
const DONE: [(&str, Words); 5] = [
    ("test", words::DONE_TEST),
    ("on", words::DONE_ON),
    ("off", words::DONE_OFF),
    ("remove", words::DONE_REMOVED),
    ("again", words::DONE_AGAIN),
];

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page(native, caller, &request, &Typed::default())
}

fn page(native: &Native, caller: &Caller, head: &Head, typed: &Typed) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let hooks = native.read(caller, webhook::list)?;
    let mut all = Vec::with_capacity(hooks.len());
    for hook in hooks {
        let log = native.read(caller, |view, call| {
            webhook::deliveries(view, call, hook.id)
        })?;
        all.push((hook, log));
    }
    let language = caller.language;
    let told = DONE
        .iter()
        .find(|(word, _)| head.query("done") == Some(word));
    let body = html! {
        h1 { (words::TITLE.of(language)) }
        p.lead { (words::LEAD.of(language)) }
        @if typed.is_wrong() { (refused(general::CHECK_FIELDS.of(language))) }
        @if let Some((_, told)) = told { (done(told.of(language))) }
        div.split {
            div {
                @if all.is_empty() { p.muted { (words::EMPTY.of(language)) } }
                @for (hook, log) in &all { (card(native, language, hook, log)) }
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
    let error = typed.url_error.map(|told| told.of(language).to_owned());
    let url = Field::new("url", words::URL)
        .value(&typed.url)
        .hint(words::URL_HINT.of(language))
        .error(error);
    html! {
        section.card {
            h2 { (words::ADD.of(language)) }
            form method="post" action="/webhooks" {
                (url.show(language))
                fieldset {
                    legend { (words::EVENTS.of(language)) }
                    @if let Some(told) = typed.events_error { p.error { (told.of(language)) } }
                    @for notice in Notice::ALL {
                        label.choice for=(notice.code()) {
                            input type="checkbox" id=(notice.code()) name=(notice.code()) value="yes" checked[typed.events.contains(notice)];
                            span { (notice.code()) }
                        }
                    }
                }
                div.actions { button.primary { (words::MAKE.of(language)) } }
            }
        }
    }
}

fn card(native: &Native, language: Language, hook: &Webhook, log: &[Delivery]) -> Markup {
    let id = format!("hook-{}", hook.id);
    let (word, class) = match hook.on {
        true => (words::ON, "badge good"),
        false => (words::OFF, "badge warn"),
    };
    let (switch, label) = match hook.on {
        true => ("off", words::SWITCH_OFF),
        false => ("on", words::SWITCH_ON),
    };
    let events: Vec<&str> = hook.events.iter().map(|event| event.code()).collect();
    let act = |act: &str| format!("/webhooks/{}/{act}", hook.id);
    html! {
        section.card aria-labelledby=(id) {
            h2 id=(id) { (hook.url.shown()) " " span class=(class) { (word.of(language)) } }
            p.muted { (events.join(", ")) }
            @if hook.failures > 0 {
                p { (words::FAILING.fill(language, &[&hook.failures.to_string()])) }
            }
            div.actions {
                form method="post" action=(act("test")) { button { (words::TEST.of(language)) } }
                form method="post" action=(act(switch)) { button { (label.of(language)) } }
                form method="post" action=(act("remove")) { button.danger { (words::REMOVE.of(language)) } }
            }
            details {
                summary { (words::LOG.of(language)) }
                (deliveries(native, language, hook, log))
            }
        }
    }
}

fn deliveries(native: &Native, language: Language, hook: &Webhook, log: &[Delivery]) -> Markup {
    let zone = native.core.site().zone.clone();
    if log.is_empty() {
        return html! { p.muted { (words::LOG_NONE.of(language)) } };
    }
    html! {
        ul.list {
            @for delivery in log.iter().take(SHOWN) {
                li {
                    div.grow {
                        strong { (delivery.event) }
                        small { (clock::moment(language, &zone, delivery.made_at)) }
                        @if let Some(error) = &delivery.error {
                            small { (words::TRIES.fill(language, &[&delivery.attempts.to_string()])) ": " (error) }
                        }
                    }
                    (state(language, &delivery.state))
                    @if delivery.state != "done" {
                        form method="post" action={ "/webhooks/" (hook.id) "/again" } {
                            input type="hidden" name="delivery" value=(delivery.id);
                            button.quiet { (words::AGAIN.of(language)) }
                        }
                    }
                }
            }
        }
    }
}

fn state(language: Language, state: &str) -> Markup {
    let (word, class) = match state {
        "done" => (words::DONE, "badge good"),
        "waiting" => (words::WAITING, "badge"),
        _ => (words::FAILED, "badge bad"),
    };
    html! { span class=(class) { (word.of(language)) } }
}

/// `POST /webhooks`: makes it and shows its secret, this once.
fn create(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let mut typed = Typed::from_form(&request.form()?);
    let Some(new) = typed.read() else {
        return page(native, caller, &request, &typed);
    };
    let made = native.write(caller, move |tx, call| webhook::create(tx, call, &new));
    let (_, secret) = match made {
        Ok(made) => made,
        Err(problem) if problem.code == "too_many_webhooks" => {
            typed.url_error = Some(words::TOO_MANY);
            return page(native, caller, &request, &typed);
        }
        Err(problem) => return Err(problem),
    };
    let language = caller.language;
    let title = words::SECRET_TITLE.of(language);
    let body = html! {
        div.narrow-column {
            h1 { (title) }
            p { (words::SECRET_LEAD.of(language)) }
            pre id="secret" tabindex="0" { (secret.expose()) }
            div.actions { a.button href="/webhooks" { (words::BACK.of(language)) } }
        }
    };
    let frame = Frame::of(native, caller, &request);
    Ok(layout::with_status(200, &frame, Page::new(title, body)).with_secret())
}

/// `POST /webhooks/{webhook}/{act}`: `test`, `on`, `off`, `remove`, `again`.
fn act(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    person::who_runs_the_box(caller)?;
    let id: WebhookId = request.id_param("webhook")?;
    let act = request.param("act").to_owned();
    match act.as_str() {
        "test" => native.write(caller, move |tx, call| {
            webhook::test(tx, call, id).map(|_| ())
        })?,
        "on" => native.write(caller, move |tx, call| webhook::switch(tx, call, id, true))?,
        "off" => native.write(caller, move |tx, call| webhook::switch(tx, call, id, false))?,
        "remove" => native.write(caller, move |tx, call| webhook::remove(tx, call, id))?,
        "again" => {
            let form = request.form()?;
            let delivery: NoticeId = form
                .text("delivery")
                .parse()
                .map_err(|_| Problem::missing())?;
            native.write(caller, move |tx, call| {
                webhook::retry(tx, call, id, delivery)
            })?;
        }
        _ => return Err(Problem::missing()),
    }
    Ok(Reply::see_other(&format!("/webhooks?done={act}")))
}
