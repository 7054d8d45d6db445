//! Publishing a new version of the notice.

use crate::domain::privacy::notice::{self, Error, Notice};
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::native::{Caller, Native, SURFACE};
use crate::surface::pages::field::refused;
use crate::surface::pages::layout::Frame;
use crate::surface::pages::privacy::page;
use crate::surface::pages::words::privacy as words;
use maud::{Markup, html};

/// The form, with the texts that are in force or were typed.
pub(super) fn form(
    language: Language,
    notice: Option<&Notice>,
    typed: Option<(&str, &str)>,
) -> Markup {
    let now = |of: Language| notice.map_or(words::NOTICE.of(of), |n| n.text(of));
    let (id, en) = typed.unwrap_or((now(Language::Id), now(Language::En)));
    html! {
        details.card open[typed.is_some()] {
            summary { (words::PUBLISH_TITLE.of(language)) }
            p.muted { (words::PUBLISH_MORE.of(language)) }
            form method="post" action="/privacy/notice" {
                div.field {
                    label for="text_id" { (words::TEXT_ID.of(language)) }
                    textarea id="text_id" name="text_id" rows="10" lang="id" required { (id) }
                }
                div.field {
                    label for="text_en" { (words::TEXT_EN.of(language)) }
                    textarea id="text_en" name="text_en" rows="10" lang="en" required { (en) }
                }
                button.primary { (words::PUBLISH.of(language)) }
            }
        }
    }
}

/// `POST /privacy/notice`: `text_id`, `text_en`.
///
/// # Errors
/// 403 without the right; those of the box; texts that cannot be are the form again.
pub fn send(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let form = request.form()?;
    let (id, en) = (
        form.text("text_id").to_owned(),
        form.text("text_en").to_owned(),
    );
    let texts = (id.clone(), en.clone());
    let published = native
        .core
        .write(caller.known()?, SURFACE, move |tx, call| {
            notice::publish(tx, call, &texts.0, &texts.1)
        });
    let told = match published {
        Ok(_) => return Ok(Reply::see_other("/privacy?done=published")),
        Err(Error::Empty(_)) => words::TEXT_EMPTY,
        Err(Error::Long(_)) => words::TEXT_LONG,
        Err(Error::Same) => words::TEXT_SAME,
        Err(error @ Error::Fault(_)) => return Err(error.into()),
    };
    let frame = Frame::of(native, caller, &request);
    let told = refused(told.of(caller.language));
    page(native, caller, &frame, 422, &told, Some((&id, &en)))
}
