//! Refusals as pages: what is wrong, what to do, in the reader's language, with the request's
//! number; or the way to where it goes on (signing in, setting up).

use crate::base::cause::Cause;
use crate::base::id::RequestId;
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::surface::language;
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::{Words, general};
use maud::{Markup, html};

/// The beginnings of paths that programs read, not people.
const FOR_PROGRAMS: [&str; 5] = ["/api", "/assets/", "/health", "/ready", "/metrics"];

/// Whether a refusal there is read by a person.
#[must_use]
pub fn is_for_people(path: &str) -> bool {
    path == "/api/docs" || !FOR_PROGRAMS.iter().any(|start| path.starts_with(start))
}

/// The answer to a refused request of a page. `default` is the site's language, `site` its
/// name.
#[must_use]
pub fn answer(head: &Head, problem: &Problem, default: Language, site: &str) -> Reply {
    let to_read = head.method.is_safe();
    if problem.cause == Cause::SetupRequired {
        return Reply::see_other("/setup");
    }
    if problem.cause == Cause::Unauthenticated && to_read {
        return Reply::see_other(&format!("/sign-in?to={}", layout::escape(&head.path)));
    }
    if problem.code == "second_factor_required" {
        return Reply::see_other("/me/second-factor");
    }
    let frame = Frame {
        site: site.to_owned(),
        logo: None,
        language: language::of(head, default),
        path: if to_read {
            head.path.clone()
        } else {
            "/".to_owned()
        },
        actor: None,
    };
    let title = title(problem).of(frame.language);
    let page = Page::new(title, body(&frame, title, problem, head.id));
    layout::with_status(400, &frame, page).of_problem(problem)
}

fn body(frame: &Frame, title: &str, problem: &Problem, request: RequestId) -> Markup {
    let language = frame.language;
    html! {
        div.card.narrow.stack {
            h1 { (title) }
            p { (sentence(problem).of(language)) }
            p.muted.small { (general::REQUEST.fill(language, &[&request.to_string()])) }
            div.actions {
                a.button.primary href="/" { (general::HOME.of(language)) }
            }
        }
    }
}

fn title(problem: &Problem) -> Words {
    if problem.cause == Cause::Missing {
        general::MISSING_TITLE
    } else if problem.cause == Cause::Forbidden {
        general::FORBIDDEN_TITLE
    } else {
        general::PROBLEM
    }
}

/// What a refusal says to a reader. It depends on the code and the cause alone: messages of
/// the interface are for programmers.
#[must_use]
pub fn sentence(problem: &Problem) -> Words {
    if problem.code == "wrong_origin" {
        return general::ORIGIN;
    }
    if problem.code == "last_administrator" {
        return general::LAST_ADMINISTRATOR;
    }
    match problem.cause {
        Cause::Missing => general::MISSING,
        Cause::Forbidden => general::FORBIDDEN,
        Cause::Unauthenticated => general::UNAUTHENTICATED,
        Cause::Invalid | Cause::Unprocessable => general::INVALID,
        Cause::TooLarge => general::TOO_LARGE,
        Cause::Conflict | Cause::NonceReused => general::CONFLICT,
        Cause::RateLimited => general::RATE_LIMITED,
        Cause::Busy | Cause::Slow => general::BUSY,
        Cause::StoreFull | Cause::StoreCorrupt | Cause::StoreIo | Cause::KeyUnavailable => {
            general::STORE
        }
        Cause::FaceEngine => general::FACES,
        Cause::SetupRequired => general::SETUP_REQUIRED,
        Cause::Stopping => general::STARTING,
        Cause::Internal => general::INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_apart_from_people() {
        for (path, people) in [
            ("/", true),
            ("/people/7", true),
            ("/api/docs", true),
            ("/nothing", true),
            ("/api/v1/people", false),
            ("/assets/base.css", false),
            ("/health", false),
        ] {
            assert_eq!(is_for_people(path), people, "{path}");
        }
    }
}
