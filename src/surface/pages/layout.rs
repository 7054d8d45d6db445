//! The frame around every page: head, bar, navigation, language choice; and the parts that many
//! pages are made of. No page writes `<html>` itself.

use crate::base::json::Value;
use crate::domain::actor::Actor;
use crate::domain::rule::Language;
use crate::http::reply::Reply;
use crate::http::request::Head;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::asset;
use crate::surface::pages::icon::{self, Icon};
use crate::surface::pages::words::{Words, general};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A page: a title, what stands in it, and what it loads.
pub struct Page {
    title: String,
    body: Markup,
    bare: bool,
    class: &'static str,
    styles: Vec<&'static str>,
    scripts: Vec<&'static str>,
    words: Option<Value>,
}

impl Page {
    /// A page within the frame. The body begins with the only `<h1>`.
    pub fn new(title: impl Into<String>, body: Markup) -> Self {
        Self {
            title: title.into(),
            body,
            bare: false,
            class: "",
            styles: Vec::new(),
            scripts: Vec::new(),
            words: None,
        }
    }

    /// The same without bar and navigation: kiosk, desk.
    #[must_use]
    pub const fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// The same with a class on `<body>`.
    #[must_use]
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The same with a style sheet of `assets/` after `base.css`.
    #[must_use]
    pub fn style(mut self, name: &'static str) -> Self {
        self.styles.push(name);
        self
    }

    /// The same with an ES module of `assets/`; it may import `./page.js`.
    #[must_use]
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }

    /// The same with texts and values for its script, as JSON in `<script id="words">`.
    #[must_use]
    pub fn words(mut self, words: Value) -> Self {
        self.words = Some(words);
        self
    }
}

/// Who sees a page, where.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The name of the site.
    pub site: String,
    /// The address of the site's logo, if it has one.
    pub logo: Option<String>,
    /// The language.
    pub language: Language,
    /// The path of the page, to come back to after a choice of language.
    pub path: String,
    /// Who has signed in.
    pub actor: Option<Actor>,
}

impl Frame {
    /// The frame for a request.
    #[must_use]
    pub fn of(native: &Native, caller: &Caller, head: &Head) -> Self {
        Self {
            site: native.core.site().rules.name.clone(),
            logo: logo(native),
            language: caller.language,
            path: head.path.clone(),
            actor: caller.actor,
        }
    }
}

/// Where the site's logo is; None: the site has none. The address changes with the picture.
#[must_use]
pub fn logo(native: &Native) -> Option<String> {
    let tag = native.core.site().rules.logo.clone();
    tag.map(|tag| format!("/logo?v={tag}"))
}

/// A page as an answer.
#[must_use]
pub fn reply(native: &Native, caller: &Caller, head: &Head, page: Page) -> Reply {
    with_status(200, &Frame::of(native, caller, head), page)
}

/// A page as an answer with another status: a form that is shown again (422).
#[must_use]
pub fn with_status(status: u16, frame: &Frame, page: Page) -> Reply {
    let reply = Reply::html(status, document(frame, page).into_string());
    reply.with_header("vary", "Cookie, Accept-Language")
}

fn document(frame: &Frame, page: Page) -> Markup {
    let language = frame.language;
    let framed = !page.bare && frame.actor.is_some();
    let class = match (framed, page.class) {
        (true, class) => format!("framed {class}"),
        (false, class) => class.to_owned(),
    };
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff";
                meta name="theme-color" media="(prefers-color-scheme: dark)" content="#18201d";
                title { (page.title) " · " (frame.site) }
                link rel="icon" type="image/svg+xml" href=(asset::address("icon.svg"));
                link rel="stylesheet" href=(asset::address("base.css"));
                @for name in &page.styles { link rel="stylesheet" href=(asset::address(name)); }
                @if let Some(words) = &page.words {
                    script type="application/json" id="words" { (json_text(words)) }
                }
                // Without tags: modules import each other by their plain addresses, and one of
                // two addresses would run twice.
                script type="module" src="/assets/page.js" {}
                @for name in &page.scripts { script type="module" src={ "/assets/" (name) } {} }
            }
            body class=(class.trim()) {
                a.skip href="#content" { (general::SKIP.of(language)) }
                @if !page.bare { (bar(frame)) }
                @if framed { (pages(frame)) }
                main id="content" tabindex="-1" { (page.body) }
            }
        }
    }
}

/// JSON as it may stand within `<script>`: nothing in it can end the element.
fn json_text(value: &Value) -> PreEscaped<String> {
    PreEscaped(value.to_string().replace('<', "\\u003c"))
}

fn bar(frame: &Frame) -> Markup {
    html! {
        header.bar {
            a.brand href="/" {
                @match &frame.logo {
                    Some(logo) => img src=(logo) alt="";
                    None => (icon::mark())
                }
                span { (frame.site) }
            }
            div.end { (languages(frame.language, &frame.path)) }
        }
    }
}

/// The choice of language; `path` is where the reader comes back to.
#[must_use]
pub fn languages(chosen: Language, path: &str) -> Markup {
    let known = [
        (Language::Id, "ID", "Bahasa Indonesia"),
        (Language::En, "EN", "English"),
    ];
    html! {
        nav.languages aria-label=(general::LANGUAGE.of(chosen)) {
            @for (language, short, name) in known {
                a href={ "/language/" (language) "?to=" (escape(path)) } lang=(language) hreflang=(language)
                    rel="nofollow" aria-label={ (short) ": " (name) } aria-current=[(language == chosen).then_some("true")] { (short) }
            }
        }
    }
}

/// A text as a value in a query.
#[must_use]
pub fn escape(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes()
        .map(|b| match b {
            b if plain(b) => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// Who sees an entry of the navigation.
type Allowed = fn(&Actor) -> bool;

/// One entry: path, name, sign, whether it is at the thumb on phones, who sees it.
type Entry = (&'static str, Words, Icon, bool, Allowed);

const ENTRIES: [Entry; 13] = [
    ("/", general::HOME, Icon::Home, true, |_| true),
    ("/desk", general::DESK, Icon::Scan, true, |a| {
        a.attend().is_ok()
    }),
    ("/people", general::PEOPLE, Icon::People, true, |a| {
        a.read_people().is_ok()
    }),
    ("/enrol", general::ENROL, Icon::Face, false, |a| {
        a.manage_faces().is_ok()
    }),
    ("/events", general::EVENTS, Icon::Calendar, true, |a| {
        a.manage_events().is_ok()
    }),
    ("/devices", general::DEVICES, Icon::Device, false, |a| {
        a.manage_devices().is_ok()
    }),
    ("/settings", general::SETTINGS, Icon::Gear, false, |a| {
        a.manage_people().is_ok()
    }),
    ("/status", general::STATUS, Icon::Pulse, false, |a| {
        a.manage_people().is_ok()
    }),
    ("/audit", general::AUDIT, Icon::List, false, |a| {
        a.read_audit().is_ok()
    }),
    ("/trust", general::TRUST, Icon::Shield, false, |a| {
        a.read_people().is_ok()
    }),
    ("/privacy", general::PRIVACY, Icon::Face, false, |a| {
        a.manage_people().is_ok()
    }),
    ("/me", general::ME, Icon::Person, false, |_| true),
    ("/more", general::MORE, Icon::More, true, |_| true),
];

/// The entries that this actor sees.
fn entries(actor: &Actor) -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().filter(|(.., allowed)| allowed(actor))
}

fn is_current(path: &str, entry: &str) -> bool {
    path == entry || (entry != "/" && path.strip_prefix(entry).is_some_and(|r| r.starts_with('/')))
}

fn pages(frame: &Frame) -> Markup {
    let Some(actor) = &frame.actor else {
        return html! {};
    };
    let current = |path: &str| is_current(&frame.path, path).then_some("page");
    html! {
        nav.pages aria-label=(general::PAGES.of(frame.language)) {
            ul {
                @for (path, name, sign, thumb, _) in entries(actor) {
                    li.wide[!thumb].narrow[*path == "/more"] {
                        a href=(path) aria-current=[current(path)] {
                            (icon::draw(*sign)) span { (name.of(frame.language)) }
                        }
                    }
                }
            }
        }
    }
}

/// All pages as a list of links, for `/more`.
#[must_use]
pub fn links(frame: &Frame) -> Markup {
    let Some(actor) = &frame.actor else {
        return html! {};
    };
    html! {
        ul.links {
            @for (path, name, sign, ..) in entries(actor).filter(|e| e.0 != "/more") {
                li { a href=(path) { (icon::draw(*sign)) (name.of(frame.language)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id as _, PersonId};
    use crate::base::json::json;
    use crate::domain::actor::Role;

    fn frame(role: Option<Role>) -> Frame {
        let actor = |role| Actor::Person {
            id: PersonId::from_bytes([1; 16]),
            role,
            supervise: false,
        };
        Frame {
            site: "SMA <1>".to_owned(),
            logo: None,
            language: Language::Id,
            path: "/people/7".to_owned(),
            actor: role.map(actor),
        }
    }

    fn text(role: Option<Role>, page: Page) -> String {
        document(&frame(role), page).into_string()
    }

    #[test]
    fn a_page_names_its_language_its_title_and_where_it_is() {
        let text = text(
            Some(Role::Admin),
            Page::new("Orang", html! { h1 { "Orang" } }),
        );
        for part in [
            "<html lang=\"id\">",
            "<title>Orang · SMA &lt;1&gt;</title>",
            "href=\"#content\"",
            "<main id=\"content\" tabindex=\"-1\"><h1>Orang</h1></main>",
            "<a href=\"/people\" aria-current=\"page\">",
            "href=\"/language/en?to=/people/7\"",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(text.matches("aria-current=\"page\"").count(), 1);
    }

    #[test]
    fn nobody_sees_links_that_would_refuse() {
        let seen = |role| {
            let text = text(role, Page::new("x", html! {}));
            ENTRIES
                .iter()
                .filter(|e| text.contains(&format!("<a href=\"{}\"", e.0)))
                .map(|e| e.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(seen(None), [""; 0]);
        assert_eq!(seen(Some(Role::User)), ["/", "/me", "/more"]);
        let teacher = ["/", "/desk", "/people", "/enrol", "/trust", "/me", "/more"];
        assert_eq!(seen(Some(Role::Teacher)), teacher);
        assert_eq!(seen(Some(Role::Admin)), ENTRIES.map(|e| e.0));
    }

    #[test]
    fn nothing_stands_inline_and_data_cannot_leave_its_element() {
        let page = Page::new("x", html! {})
            .script("page.js")
            .words(json!({"a": "</script><b>"}));
        let text = text(None, page);
        assert!(
            text.contains("\\u003c/script>") && !text.contains("<b>"),
            "{text}"
        );
        for script in text.split("<script").skip(1) {
            let data = script.starts_with(" type=\"application/json\"");
            assert!(data || script.contains(" src=\"/assets/"), "{script}");
        }
        assert!(
            !text.contains(" style=") && !text.contains("<style"),
            "{text}"
        );
    }

    #[test]
    fn a_bare_page_has_no_frame() {
        let text = text(Some(Role::Admin), Page::new("x", html! {}).bare());
        assert!(
            !text.contains("<nav") && !text.contains("<header"),
            "{text}"
        );
    }

    #[test]
    fn a_path_comes_back_whole() {
        assert_eq!(escape("/a b?c=ä&d"), "/a%20b%3Fc%3D%C3%A4%26d");
    }
}
