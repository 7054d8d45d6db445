//! `/api/docs`: the document as a page, without scripts and without another host.

use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::Access;
use crate::surface::api::entry::{Answer, Body, Entry};
use crate::surface::document::{curl, entries, groups, operation};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::{self, Page};
use maud::{Markup, html};

/// Answers `/api/docs`.
///
/// # Errors
/// None.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let page = Page::new("API", body(&entries())).style("docs.css");
    Ok(layout::reply(native, caller, &request, page))
}

fn body(entries: &[Entry]) -> Markup {
    html! {
        div.stack lang="en" {
            h1 { "API" }
            p { "Everything below " code { "/api/v1" } ". For programs: "
                a href="/api/v1/openapi.json" { "openapi.json" } " (OpenAPI 3.1)." }
            nav aria-label="Groups" {
                ul { @for group in groups(entries) {
                    li { a href={ "#" (anchor(group)) } { (group) } }
                } }
            }
            @for group in groups(entries) {
                section id=(anchor(group)) {
                    h2 { (group) }
                    @for entry in entries.iter().filter(|e| e.group == group) {
                        (one(entry))
                    }
                }
            }
        }
    }
}

fn anchor(group: &str) -> String {
    group.to_ascii_lowercase().replace(' ', "-")
}

fn one(entry: &Entry) -> Markup {
    let route = &entry.route;
    html! {
        details.card {
            summary { code { (route.method.word()) " " (route.path) } " " (entry.summary) }
            p { (who(entry)) }
            @if !entry.query.is_empty() {
                dl { @for param in entry.query {
                    dt { code { (param.name) } @if param.required { " (required)" } }
                    dd { (param.about) }
                } }
            }
            @match entry.body {
                Body::Nothing => {},
                Body::Json(_, example) => { p { "Body:" } pre { code { (example) } } },
                Body::Bytes(kind) => { p { "Body: " code { (kind) } } },
            }
            p { "Answers " (answer(entry)) "." }
            pre { code { (curl::example(entry)) } }
            p { "Refusals:" }
            ul { @for (status, codes) in operation::refusals(entry) {
                li { (status) " " @for code in codes { code { (code) } " " } }
            } }
        }
    }
}

fn who(entry: &Entry) -> String {
    let who = match entry.route.access {
        Access::Open => "Anybody, also before the box is set up",
        Access::Public => "Anybody",
        Access::Person => "A signed-in person",
        Access::Device => "A paired device",
        Access::Known => "A signed-in person or a paired device",
    };
    if entry.right.is_empty() {
        format!("{who}.")
    } else {
        format!("{who} with the right {}.", entry.right)
    }
}

fn answer(entry: &Entry) -> String {
    match entry.answer {
        Answer::Nothing => "204, without a body".to_owned(),
        Answer::Json(status, _) => format!("{status} with JSON"),
        Answer::Bytes(kind) => format!("200 with {kind}"),
    }
}
