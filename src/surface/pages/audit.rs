//! `/audit`: the audit trail, filtered, in pages, and as a file.

use crate::base::id::PersonId;
use crate::base::time::{ClockState, LocalDay, TimeOfDay, Timestamp};
use crate::domain::api_key;
use crate::domain::audit::Act;
use crate::domain::device;
use crate::domain::identity::person;
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::domain::trail::{self, Form, Item, Subject, Told, Wanted};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Route};
use crate::store::View;
use crate::store::audit::ChainEnd;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::field::{refused, select};
use crate::surface::pages::layout::{self, Page, escape};
use crate::surface::pages::words::{audit as words, general};
use crate::surface::pages::{clock, read};
use crate::surface::trail as file;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Rows of one page.
const ROWS: u32 = 50;

/// The routes of the audit trail.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/audit", Access::Person, show),
        read("/audit/export", Access::Person, export),
    ]
}

/// What was asked for, as it was typed and as it is read.
struct Asked {
    act: String,
    from: String,
    until: String,
    subject: Option<(&'static str, String)>,
    wanted: Wanted,
    wrong: bool,
}

impl Asked {
    fn read(native: &Native, head: &Head) -> Self {
        let text = |name| head.query(name).unwrap_or_default().trim().to_owned();
        let (act, from, until) = (text("act"), text("from"), text("until"));
        let (first, end) = (day(native, &from, 0), day(native, &until, 1));
        let subject = ["person", "device"].into_iter().find_map(|name| {
            let id = head.query(name)?;
            Some((name, id.to_owned()))
        });
        let which = subject.as_ref().and_then(|(name, id)| match *name {
            "person" => id.parse().ok().map(Subject::Person),
            _ => id.parse().ok().map(Subject::Device),
        });
        let wanted = Wanted {
            act: Act::read(&act),
            subject: which,
            from: first.unwrap_or_default(),
            until: end.unwrap_or_default(),
        };
        Self {
            wrong: first.is_none() || end.is_none(),
            subject: subject.filter(|_| which.is_some()),
            act,
            from,
            until,
            wanted,
        }
    }

    /// The same as a query, without its question mark.
    fn query(&self) -> String {
        let mut pairs = vec![
            ("act", &self.act),
            ("from", &self.from),
            ("until", &self.until),
        ];
        pairs.extend(self.subject.iter().map(|(name, id)| (*name, id)));
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = pairs.map(|(n, v)| format!("{n}={}", escape(v))).collect();
        pairs.join("&")
    }
}

/// The begin of a day, or of one some days later; the outer None: that is no day.
fn day(native: &Native, text: &str, later: i64) -> Option<Option<Timestamp>> {
    if text.is_empty() {
        return Some(None);
    }
    let day: LocalDay = text.parse().ok()?;
    let begin = native
        .core
        .site()
        .zone
        .instant(day, TimeOfDay::from_minutes(0)?);
    let ms = begin.as_millis() + later * 24 * 3_600_000;
    Some(Some(Timestamp::from_millis(ms)))
}

/// `GET /audit`.
///
/// # Errors
/// 403 without the right, and those of the box.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let language = caller.language;
    let asked = Asked::read(native, &request);
    let before: Option<u64> = request.query("before").and_then(|n| n.parse().ok());
    let (page, end, names) = native.read(caller, |view, call| {
        let page = trail::list(view, call, &asked.wanted, before, ROWS)?;
        let names = Names::of(view, call, &page.items, asked.wanted.subject)?;
        Ok::<_, Problem>((page, trail::end(view, call)?, names))
    })?;
    let body = html! {
        h1 { (general::AUDIT.of(language)) }
        p.lead { (words::LEAD.of(language)) }
        @if asked.wrong { (refused(words::DAY_WRONG.of(language))) }
        (filter(language, &asked, &names))
        @if page.items.is_empty() {
            p.card role="status" { (words::NOTHING.of(language)) }
        } @else {
            div.card.scroll tabindex="0" role="region" aria-label=(general::AUDIT.of(language)) {
                (table(native, language, &page.items, &names))
            }
        }
        @if let Some(next) = page.next {
            p { a.button href={ "/audit?" (asked.query()) "&before=" (next) } { (words::OLDER.of(language)) } }
        }
        div.split { (take(language, &asked)) (chain(language, &end)) }
    };
    let page = Page::new(general::AUDIT.of(language), body);
    Ok(layout::reply(native, caller, &request, page))
}

/// `GET /audit/export`: the rows as a file.
///
/// # Errors
/// Those of [`file::export`].
pub fn export(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let asked = Asked::read(native, &request);
    let form = request.query("format").and_then(Form::read);
    file::export(native, caller, asked.wanted, form.unwrap_or(Form::Csv))
}

/// What people and devices of the rows are called, by the label that the rows have.
struct Names(BTreeMap<String, Option<String>>);

impl Names {
    fn of(
        view: &View<'_>,
        call: &Call<'_>,
        items: &[Item],
        subject: Option<Subject>,
    ) -> Result<Self, Problem> {
        let subject = subject.map(|subject| match subject {
            Subject::Person(id) => format!("person:{id}"),
            Subject::Device(id) => format!("device:{id}"),
        });
        let labels = items.iter().flat_map(|item| [&item.actor, &item.object]);
        let mut names = BTreeMap::new();
        for label in labels.chain(&subject) {
            if !names.contains_key(label) {
                names.insert(label.clone(), name_of(view, call, label)?);
            }
        }
        Ok(Self(names))
    }

    fn get(&self, label: &str) -> Option<&str> {
        self.0.get(label)?.as_deref()
    }
}

fn name_of(view: &View<'_>, call: &Call<'_>, label: &str) -> Result<Option<String>, Problem> {
    match label.split_once(':') {
        Some(("person", id)) => match id.parse::<PersonId>() {
            Ok(id) => Ok(person::shown_name(view, call.site, call.actor, id)?),
            Err(_) => Ok(None),
        },
        Some(("device", id)) => match id.parse() {
            Ok(id) => Ok(device::find(view, call, id)?.map(|device| device.name)),
            Err(_) => Ok(None),
        },
        Some(("api_key", id)) => match id.parse() {
            Ok(id) => Ok(api_key::find_name(view, call, id)?),
            Err(_) => Ok(None),
        },
        Some(_) | None => Ok(None),
    }
}

fn filter(language: Language, asked: &Asked, names: &Names) -> Markup {
    let mut acts: Vec<(&str, String)> = Act::CODES
        .iter()
        .map(|code| (*code, act(language, code)))
        .collect();
    acts.sort_by(|a, b| a.1.cmp(&b.1));
    acts.insert(0, ("", words::ANY.of(language).to_owned()));
    let days = [
        ("from", words::FROM, &asked.from),
        ("until", words::UNTIL, &asked.until),
    ];
    html! {
        form.toolbar method="get" action="/audit" {
            (select("act", words::ACT.of(language), &acts, &asked.act))
            @for (name, label, value) in days {
                div.field {
                    label for=(name) { (label.of(language)) }
                    input id=(name) name=(name) type="date" value=(value);
                }
            }
            @if let Some((name, id)) = &asked.subject { input type="hidden" name=(name) value=(id); }
            button { (words::FILTER.of(language)) }
        }
        @if let Some((kind, id)) = &asked.subject {
            @let name = names.get(&format!("{kind}:{id}")).unwrap_or(id);
            @let told = if *kind == "person" { words::OF_PERSON } else { words::OF_DEVICE };
            p { (told.fill(language, &[name])) " " a href="/audit" { (words::ALL_ROWS.of(language)) } }
        }
    }
}

/// A deed in the reader's language.
fn act(language: Language, code: &str) -> String {
    words::act(code).map_or_else(|| code.to_owned(), |words| words.of(language).to_owned())
}

fn table(native: &Native, language: Language, items: &[Item], names: &Names) -> Markup {
    let zone = &native.core.site().zone;
    html! {
        table {
            thead { tr {
                @for words in [words::WHEN, words::WHO, words::WHAT, words::ON, words::DETAIL] {
                    th scope="col" { (words.of(language)) }
                }
            } }
            tbody {
                @for item in items {
                    tr {
                        td {
                            (clock::moment(language, zone, item.at))
                            @if item.clock == ClockState::Unsynced {
                                " " span.badge.warn { (words::UNSYNCED.of(language)) }
                            }
                        }
                        td { (named(language, &item.actor, names)) " " small.muted { (item.surface) } }
                        td { (act(language, &item.act)) }
                        td { (named(language, &item.object, names)) }
                        td { (told(language, &item.told)) }
                    }
                }
            }
        }
    }
}

/// Somebody or something of a row: by name and with a way to all that concerns it.
fn named(language: Language, label: &str, names: &Names) -> Markup {
    let (kind, id) = label.split_once(':').unwrap_or((label, ""));
    let name = names.get(label);
    html! {
        @match (kind, name) {
            ("person" | "device", Some(name)) => a href={ "/audit?" (kind) "=" (id) } { (name) },
            ("person", None) => a href={ "/audit?person=" (id) } { (words::ERASED.of(language)) },
            ("api_key", Some(name)) => (words::KEY.fill(language, &[name])),
            ("api_key", None) => (words::KEY_GONE.of(language)),
            ("box", _) => (words::BOX.of(language)),
            ("operator", _) => (words::OPERATOR.of(language)),
            ("stranger", _) => (words::STRANGER.of(language)),
            (_, _) => code { (label) },
        }
    }
}

fn told(language: Language, told: &Told) -> Markup {
    html! {
        @match told {
            Told::Nothing => "–",
            Told::Plain(text) | Told::Opened(text) => (text),
            Told::Sealed => span.muted { (words::SEALED.of(language)) },
        }
    }
}

fn take(language: Language, asked: &Asked) -> Markup {
    let query = asked.query();
    html! {
        section.card aria-labelledby="export" {
            h2 id="export" { (words::EXPORT.of(language)) }
            p.muted { (words::EXPORT_LEAD.of(language)) }
            div.actions {
                a.button href={ "/audit/export?format=csv&" (query) } download { (words::EXPORT_CSV.of(language)) }
                a.button href={ "/audit/export?format=ndjson&" (query) } download { (words::EXPORT_NDJSON.of(language)) }
            }
        }
    }
}

fn chain(language: Language, end: &ChainEnd) -> Markup {
    let link = file::hex(&end.link);
    let head = format!("{}:{link}", end.count);
    html! {
        section.card aria-labelledby="chain" {
            h2 id="chain" { (words::CHAIN.of(language)) }
            dl.pairs {
                dt { (words::CHAIN_ROWS.of(language)) } dd { (clock::number(end.count, language)) }
                dt { (words::CHAIN_LINK.of(language)) } dd { code { (link) } }
            }
            p.muted { (words::CHAIN_HOW.fill(language, &[&head])) }
        }
    }
}
