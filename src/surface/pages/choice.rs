//! `GET /language/{language}?to=/path` keeps a choice of language and goes back; `GET /more`
//! lists all pages, for narrow screens.

use crate::domain::identity::language as choice;
use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::language::COOKIE;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::{self, Frame, Page};
use crate::surface::pages::words::general;
use maud::html;

/// A year, in seconds.
const KEPT_S: u32 = 365 * 24 * 3600;

/// Keeps the choice: in this browser, and for whoever has signed in also for the next one.
///
/// # Errors
/// 404 for a language that we have not.
pub fn language(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let chosen = Language::read(request.param("language")).ok_or_else(Problem::missing)?;
    let secure = if request.peer.secure { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={chosen}; Path=/; Max-Age={KEPT_S}; SameSite=Lax{secure}");
    if caller
        .session
        .as_ref()
        .is_some_and(|s| s.language != Some(chosen))
    {
        // A box that cannot write changes the language of this browser all the same.
        let _ = native.write(caller, move |tx, call| choice::choose(tx, call, chosen));
    }
    let to = local(request.query("to"));
    Ok(Reply::see_other(to).with_header("set-cookie", cookie))
}

/// A path of this listener, or `/`. What could lead to another host is refused.
#[must_use]
pub fn local(to: Option<&str>) -> &str {
    let fits = |to: &&str| {
        let second = to.as_bytes().get(1);
        to.starts_with('/')
            && !matches!(second, Some(b'/' | b'\\'))
            && to.len() <= 200
            && to.bytes().all(|b| b.is_ascii_graphic())
    };
    to.filter(fits).unwrap_or("/")
}

/// Lists all pages.
///
/// # Errors
/// None.
pub fn more(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let frame = Frame::of(native, caller, &request);
    let title = general::MORE.of(caller.language);
    let body = html! {
        h1 { (title) }
        div.card { (layout::links(&frame)) }
        form method="post" action="/sign-out" {
            button.block { (general::SIGN_OUT.of(caller.language)) }
        }
    };
    Ok(layout::reply(
        native,
        caller,
        &request,
        Page::new(title, body),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_host() {
        let table = [
            (Some("/people?q=1"), "/people?q=1"),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some("people"), "/"),
            (Some("/a\r\nSet-Cookie: x"), "/"),
            (Some(""), "/"),
            (None, "/"),
        ];
        for (to, want) in table {
            assert_eq!(local(to), want, "{to:?}");
        }
    }
}
