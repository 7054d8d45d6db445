//! `/setup`: the code that only the owner of the box can see, then five steps, each of which
//! may be left and taken up again. What is done is in the store; the browser only keeps the
//! pass that entering the code gave.

pub mod administrator;
pub mod screen;
pub mod step;
mod typed;

use crate::base::cause::Cause;
use crate::domain::actor::Actor;
use crate::domain::setup::{self, Answer, Progress, Refusal, Step};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::{Field, refused};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, setup as words};
use maud::{Markup, html};

/// The cookie that keeps the pass.
const COOKIE: &str = "hadir_setup";

/// Where a step is.
#[must_use]
pub(in crate::surface::pages) fn path_of(step: Option<Step>) -> String {
    step.map_or_else(
        || "/setup/finished".to_owned(),
        |step| format!("/setup/{step}"),
    )
}

/// The step after this one, done or not: who goes back goes on in order.
#[must_use]
pub(in crate::surface::pages) fn after(step: Step) -> Option<Step> {
    let mut rest = Step::ALL.iter().skip_while(|s| **s != step).skip(1);
    rest.next().copied()
}

/// Who may do steps now, and how far they are.
pub(in crate::surface::pages) struct Gate {
    pub(in crate::surface::pages) progress: Progress,
    /// The pass; empty for an administrator.
    pub(in crate::surface::pages) token: String,
    /// Whom the domain is told.
    pub(in crate::surface::pages) actor: Actor,
}

/// Lets the holder of a pass in while there is no administrator, and administrators later.
/// The error is where everybody else has to go.
pub(in crate::surface::pages) fn gate(
    native: &Native,
    caller: &Caller,
    head: &Head,
) -> Result<Result<Gate, Reply>, Problem> {
    let token = head.cookie(COOKIE).unwrap_or_default().to_owned();
    let asked = token.clone();
    let (progress, known) = native.core.read(Actor::Stranger, SURFACE, |view, call| {
        let known = setup::find_pass(view, call.site, &asked, call.now.at)?;
        Ok::<_, setup::Error>((setup::progress(view)?, known))
    })?;
    if progress.administrator {
        let admin = caller.actor.filter(|a| a.manage_settings().is_ok());
        return Ok(match (admin, caller.actor) {
            (Some(actor), _) => Ok(Gate {
                progress,
                token: String::new(),
                actor,
            }),
            (None, Some(_)) => return Err(Problem::new(Cause::Forbidden, "Not permitted.")),
            (None, None) => Err(Reply::see_other("/sign-in?to=/setup")),
        });
    }
    if known {
        let actor = Actor::Stranger;
        return Ok(Ok(Gate {
            progress,
            token,
            actor,
        }));
    }
    Ok(Err(Reply::see_other("/setup")))
}

/// `GET /setup`.
///
/// # Errors
/// Those of the box.
pub fn start(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let asked = gate(native, caller, &request)?;
    let progress = native
        .core
        .read(Actor::Stranger, SURFACE, |view, _| setup::progress(view))?;
    match asked {
        Ok(gate) => Ok(Reply::see_other(&path_of(gate.progress.next()))),
        Err(reply) if progress.administrator => Ok(reply),
        Err(_) => {
            let frame = Frame::of(native, caller, &request);
            let over = request.cookie(COOKIE).is_some();
            let told = over.then(|| words::PASS_OVER.of(frame.language).to_owned());
            Ok(layout::with_status(
                200,
                &frame,
                code_page(&frame, told, request.peer.loopback),
            ))
        }
    }
}

/// `POST /setup`: `code`.
///
/// # Errors
/// Those of the box; a wrong code is the form again.
pub fn enter(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let code = request.form()?.text("code").to_owned();
    let answer = native
        .core
        .write(Actor::Stranger, SURFACE, move |tx, call| {
            setup::try_code(tx, call, &code)
        })?;
    match answer {
        Answer::Pass(pass) => {
            let secure = if request.peer.secure { "; Secure" } else { "" };
            let token = pass.expose();
            let cookie = format!(
                "{COOKIE}={token}; Path=/setup; Max-Age=7200; HttpOnly; SameSite=Strict{secure}"
            );
            Ok(Reply::see_other("/setup").with_header("set-cookie", cookie))
        }
        Answer::Refused(Refusal::Done) => Ok(Reply::see_other("/sign-in")),
        Answer::Refused(refusal) => {
            let frame = Frame::of(native, caller, &request);
            let told = told(refusal, &frame);
            let page = code_page(&frame, Some(told), request.peer.loopback);
            Ok(layout::with_status(422, &frame, page))
        }
    }
}

fn told(refusal: Refusal, frame: &Frame) -> String {
    let language = frame.language;
    match refusal {
        Refusal::Wrong { left } => words::CODE_WRONG.fill(language, &[&left.to_string()]),
        Refusal::Expired => words::CODE_EXPIRED.of(language).to_owned(),
        Refusal::UsedUp => words::CODE_USED.of(language).to_owned(),
        Refusal::Done => words::CODE_DONE.of(language).to_owned(),
    }
}

fn code_page(frame: &Frame, told: Option<String>, at_the_box: bool) -> Page {
    let language = frame.language;
    let say = |words: Words| words.of(language);
    let code = Field::new("code", words::CODE)
        .class("code-input")
        .chars_max(20)
        .hint(say(words::CODE_HINT));
    let body = html! {
        div.narrow-column.rise {
            h1 { (say(words::WELCOME)) }
            p.lead { (say(words::WELCOME_LEAD)) }
            @if let Some(told) = told { (refused(&told)) }
            form.card method="post" action="/setup" {
                (code.show(language))
                button.primary.large.block { (say(words::BEGIN)) }
            }
            @if at_the_box { (screen::offer(frame)) }
            p { (say(words::CODE_WHERE)) }
            pre { "hadir setup-code" }
            p.muted { (say(words::CODE_WHY)) }
        }
    };
    Page::new(say(words::TITLE), body).script("setup.js")
}

const fn short(step: Step) -> Words {
    match step {
        Step::Language => words::LANGUAGE_SHORT,
        Step::Site => words::SITE_SHORT,
        Step::Administrator => words::ADMIN_SHORT,
        Step::Backup => words::BACKUP_SHORT,
        Step::Samples => words::SAMPLES_SHORT,
    }
}

/// The bar of the five steps above each of them.
pub(in crate::surface::pages) fn steps(frame: &Frame, gate: &Gate, now: Step) -> Markup {
    let language = frame.language;
    let number = Step::ALL.iter().position(|s| *s == now).unwrap_or(0) + 1;
    let count = Step::ALL.len().to_string();
    html! {
        p.muted.small { (words::STEP.fill(language, &[&number.to_string(), &count])) }
        ol.steps {
            @for step in Step::ALL {
                li.done[gate.progress.done.contains(step)] aria-current=[(*step == now).then_some("step")] {
                    span { (short(*step).of(language)) }
                }
            }
        }
    }
}
