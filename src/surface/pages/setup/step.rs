//! The steps of the setup as pages: each shows what is in force and keeps what is sent.

use crate::base::time::{ClockState, Zone};
use crate::domain::rule::{Language, SiteKind};
use crate::domain::setting::Change;
use crate::domain::setup::{self, Step};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::backup::Asked;
use crate::surface::pages::field::{self, Choice, Field};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::setup::typed::{Typed, View};
use crate::surface::pages::setup::{administrator, after, gate, path_of, steps};
use crate::surface::pages::words::{Words, general, setup as words};
use crate::surface::pages::{backup, clock, logo, name, sample};
use maud::{Markup, html};

fn step_of(request: &Request) -> Result<Step, Problem> {
    Step::read(request.param("step")).ok_or_else(Problem::missing)
}

/// Lets in who may do the step of the path, and leads everybody else to where they have to go:
/// to the code, to signing in, or to the step that has to come before.
fn at_step(
    native: &Native,
    caller: &Caller,
    request: &Request,
    act: impl FnOnce(&View<'_>, Step) -> Result<Reply, Problem>,
) -> Result<Reply, Problem> {
    let step = step_of(request)?;
    let gate = match gate(native, caller, request)? {
        Ok(gate) => gate,
        Err(reply) => return Ok(reply),
    };
    let frame = Frame::of(native, caller, request);
    let view = View {
        native,
        frame: &frame,
        gate: &gate,
    };
    if is_too_early(step, &view) {
        return Ok(Reply::see_other(&path_of(Some(Step::Administrator))));
    }
    act(&view, step)
}

/// `GET /setup/{step}`.
///
/// # Errors
/// 404 for a step that is none; those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    at_step(native, caller, &request, |view, step| {
        Ok(view.reply(200, step, &Typed::default()))
    })
}

/// `POST /setup/{step}`; `skip=yes` leaves the step as it is.
///
/// # Errors
/// 404 for a step that is none; those of the box; what cannot be is the form again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let form = request.form()?;
    at_step(native, caller, &request, |view, step| {
        if step == Step::Administrator {
            return administrator::send(view, &request, &form);
        }
        if form.text("skip") != "yes"
            && let Err(typed) = keep(view, step, &form)?
        {
            return Ok(view.reply(422, step, &typed));
        }
        let token = view.gate.token.clone();
        native
            .core
            .write(view.gate.actor, SURFACE, move |tx, call| {
                setup::finish_step(tx, call, &token, step)
            })?;
        Ok(Reply::see_other(&path_of(after(step))))
    })
}

/// `POST /setup/logo`: the bytes of a picture.
///
/// # Errors
/// 403 for whoever may not do steps now; 422 for what is no small picture; those of the box.
pub fn keep_logo(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let Ok(gate) = gate(native, caller, &request)? else {
        return Err(setup::Error::NoPass.into());
    };
    let change = logo::change(Some(request.into_body()));
    native.core.write(gate.actor, SURFACE, move |tx, call| {
        setup::configure(tx, call, &gate.token, &change)
    })?;
    native.core.refresh_site()?;
    Ok(Reply::empty())
}

/// Samples are added by an administrator, so there has to be one.
fn is_too_early(step: Step, view: &View<'_>) -> bool {
    step == Step::Samples && !view.gate.progress.administrator
}

impl View<'_> {
    /// The page of a step.
    pub(in crate::surface::pages) fn reply(&self, status: u16, step: Step, typed: &Typed) -> Reply {
        let (title, lead, fields) = match step {
            Step::Language => self.language(typed),
            Step::Site => self.site(typed),
            Step::Administrator => administrator::fields(self, typed),
            Step::Backup => self.backup(typed),
            Step::Samples => self.samples(),
        };
        let may_skip = step != Step::Administrator;
        let body = html! {
            div.medium-column.rise {
                (steps(self.frame, self.gate, step))
                h1 { (self.say(title)) }
                p.lead { (self.say(lead)) }
                @if !typed.errors.is_empty() {
                    (field::refused(self.say(general::CHECK_FIELDS)))
                }
                form.card method="post" action=(path_of(Some(step))) {
                    (fields)
                    div.actions {
                        button.primary.large { (self.say(general::NEXT)) }
                        @if may_skip {
                            button.quiet name="skip" value="yes" formnovalidate { (self.say(general::SKIP_STEP)) }
                        }
                    }
                }
            }
        };
        let page = Page::new(self.say(title), body);
        let page = match step {
            Step::Site => page.script("logo.js"),
            Step::Language | Step::Administrator | Step::Backup | Step::Samples => page,
        };
        layout::with_status(status, self.frame, page)
    }

    fn language(&self, typed: &Typed) -> (Words, Words, Markup) {
        let site = self.native.core.site();
        let language = self.frame.language;
        let known = [
            (Language::Id, "Bahasa Indonesia"),
            (Language::En, "English"),
        ];
        let choices = known.map(|(language, label)| Choice {
            value: language.code(),
            label: label.to_owned(),
            more: None,
        });
        let chosen = typed.value("language", site.rules.language.code());
        let zone = Field::new("zone", words::ZONE)
            .value(typed.value("zone", site.zone.name()))
            .list("zones")
            .hint(self.say(words::ZONE_HINT))
            .error(typed.error("zone"));
        let stamp = self.native.core.clock.stamp();
        let told = match stamp.clock {
            ClockState::Synced => ("badge good", words::CLOCK_SYNCED),
            ClockState::Unsynced => ("badge warn", words::CLOCK_UNSYNCED),
        };
        let fields = html! {
            (field::choices("language", self.say(words::LANGUAGE), &choices, chosen))
            (zone.show(language))
            (clock::zones())
            h2 { (self.say(words::CLOCK)) }
            (clock::face(language, &site.zone, stamp.at))
            p.muted { (self.say(told.1)) " " (self.say(words::CLOCK_ASK)) }
        };
        (words::LANGUAGE_TITLE, words::LANGUAGE_LEAD, fields)
    }

    fn site(&self, typed: &Typed) -> (Words, Words, Markup) {
        let site = self.native.core.site();
        let name = Field::new("name", words::NAME)
            .value(typed.value("name", &site.rules.name))
            .autocomplete("organization")
            .hint(self.say(words::NAME_HINT))
            .error(typed.error("name"));
        let chosen = typed.value("kind", site.rules.kind.code());
        let fields = html! {
            (name.show(self.frame.language))
            (field::choices("kind", self.say(words::KIND), &kinds(self.frame.language), chosen))
            (logo::field(self.native, self.frame.language, "/setup/logo"))
        };
        (words::SITE_TITLE, words::SITE_LEAD, fields)
    }

    fn backup(&self, typed: &Typed) -> (Words, Words, Markup) {
        let language = self.frame.language;
        let asked = match &typed.backup {
            Some(asked) => Asked::clone(asked),
            None => backup::Asked::now(self.native, self.gate.actor).unwrap_or_default(),
        };
        let fields = html! {
            (backup::today(self.native, language))
            (backup::fields(self.native, language, &asked))
            p { (self.say(words::BACKUP_KIT)) }
        };
        (words::BACKUP_TITLE, words::BACKUP_LEAD, fields)
    }

    fn samples(&self) -> (Words, Words, Markup) {
        let all = [
            ("no", words::SAMPLES_NO, None),
            ("yes", words::SAMPLES_YES, Some(words::SAMPLES_YES_MORE)),
        ];
        let choices = all.map(|(value, label, more)| Choice {
            value,
            label: self.say(label).to_owned(),
            more: more.map(|more| self.say(more).to_owned()),
        });
        let legend = self.say(words::SAMPLES_TITLE);
        let fields = field::choices("samples", legend, &choices, "no");
        (words::SAMPLES_TITLE, words::SAMPLES_LEAD, fields)
    }
}

/// The kinds of site, to choose one.
#[must_use]
pub(in crate::surface::pages) fn kinds(language: Language) -> Vec<Choice<'static>> {
    let label = |kind: &SiteKind| match kind {
        SiteKind::Event => (words::KIND_EVENT, words::KIND_EVENT_MORE),
        SiteKind::School => (words::KIND_SCHOOL, words::KIND_SCHOOL_MORE),
    };
    let choice = |kind: &'static SiteKind| Choice {
        value: kind.code(),
        label: label(kind).0.of(language).to_owned(),
        more: Some(label(kind).1.of(language).to_owned()),
    };
    SiteKind::ALL.iter().map(choice).collect()
}

/// Keeps what a step asks for; the inner error is the form to be shown again.
fn keep(view: &View<'_>, step: Step, form: &Form) -> Result<Result<(), Typed>, Problem> {
    let change = match step {
        Step::Language => match read_language(view, form) {
            Ok(change) => change,
            Err(typed) => return Ok(Err(typed)),
        },
        Step::Site => match read_site(view, form) {
            Ok(change) => change,
            Err(typed) => return Ok(Err(typed)),
        },
        Step::Samples if form.text("samples") == "yes" => {
            sample::add(view.native, view.gate.actor)?;
            return Ok(Ok(()));
        }
        Step::Backup => match backup::read(view.native, form, view.frame.language) {
            Ok(place) => Change {
                backup: Some(place),
                ..Change::default()
            },
            Err(asked) => return Ok(Err(Typed::of_backup(asked))),
        },
        Step::Samples | Step::Administrator => return Ok(Ok(())),
    };
    let token = view.gate.token.clone();
    view.native
        .core
        .write(view.gate.actor, SURFACE, move |tx, call| {
            setup::configure(tx, call, &token, &change)
        })?;
    view.native.core.refresh_site()?;
    Ok(Ok(()))
}

fn read_language(view: &View<'_>, form: &Form) -> Result<Change, Typed> {
    let typed = Typed::of(form, &["language", "zone"]);
    match Zone::parse(form.text("zone").trim()) {
        Err(_) => {
            let told = words::ZONE_UNKNOWN.of(view.frame.language).to_owned();
            Err(typed.with("zone", told))
        }
        Ok(zone) => Ok(Change {
            language: Language::read(form.text("language")),
            zone: Some(zone),
            ..Change::default()
        }),
    }
}

fn read_site(view: &View<'_>, form: &Form) -> Result<Change, Typed> {
    let typed = Typed::of(form, &["name", "kind"]);
    match name::read(form.text("name"), view.frame.language) {
        Err(told) => Err(typed.with("name", told)),
        Ok(name) => Ok(Change {
            name: Some(name),
            kind: SiteKind::read(form.text("kind")),
            ..Change::default()
        }),
    }
}
