//! `/desk`: the page itself. Without an occasion it asks which one; with one it is drawn once
//! and then kept open: scripts fill it, nothing reloads it.

use crate::base::json::{Value, json};
use crate::base::limits;
use crate::base::time::ClockState;
use crate::domain::checkin::Occasion;
use crate::domain::fault::Fault;
use crate::domain::rule::Language;
use crate::domain::ticketing;
use crate::domain::ticketing::event::{self, Event, EventState};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::surface::api::occasion;
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::words::{Words, clock, desk};
use maud::{Markup, html};

/// What the page is about.
struct Scene<'a> {
    language: Language,
    occasion: &'a str,
    name: &'a str,
    zone: &'a str,
    /// Whether the clock is not right, and may be set here.
    unsynced: bool,
    /// Whether tickets may be made here.
    walk_in: bool,
    /// Whether somebody may be let in without the box.
    report: bool,
    /// Whether somebody may be let in against the rules.
    supervise: bool,
}

/// `GET /desk`.
///
/// # Errors
/// 401, 403 for those who may not attend, 404 for an occasion that is none.
pub fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let actor = caller.known()?;
    let _may = actor.attend().map_err(Fault::from)?;
    let language = caller.language;
    let Some(text) = request.query("occasion") else {
        let events = list(native, caller)?;
        let title = desk::CHOOSE.of(language);
        let page = Page::new(title, choice(language, &events));
        return Ok(layout::reply(native, caller, &request, page));
    };
    let site = native.core.site();
    let found = occasion::read("occasion", text, &site, native.core.clock.stamp())?;
    let unsynced = native.core.clock.stamp().clock == ClockState::Unsynced;
    let scene = Scene {
        language,
        unsynced: unsynced && actor.set_clock().is_ok(),
        occasion: &found.to_string(),
        name: &name_of(native, caller, found)?,
        zone: site.zone.name(),
        walk_in: matches!(found, Occasion::Event(_)) && actor.manage_tickets().is_ok(),
        report: actor.report_offline().is_ok(),
        supervise: actor.supervise().is_ok(),
    };
    let page = Page::new(desk::TITLE.of(language), body(&scene))
        .bare()
        .style("desk.css")
        .script("desk.js")
        .words(texts(language));
    Ok(layout::reply(native, caller, &request, page))
}

fn list(native: &Native, caller: &Caller) -> Result<Vec<Event>, Problem> {
    native.read(caller, |view, call| {
        event::list(view, call, None, limits::LIST_ROWS_MAX)
    })
}

fn name_of(native: &Native, caller: &Caller, found: Occasion) -> Result<String, Problem> {
    match found {
        Occasion::Daily(day) => Ok(format!("{} · {day}", desk::TODAY.of(caller.language))),
        Occasion::Event(id) => {
            let event: Result<Event, Problem> = native
                .read(caller, |view, call| -> Result<_, ticketing::error::Error> {
                    event::find(view, call, id)
                });
            Ok(event?.name)
        }
    }
}

/// All texts of the desk by their names, for its script.
fn texts(language: Language) -> Value {
    let pair = |(name, words): &(&str, Words)| ((*name).to_owned(), json!(words.of(language)));
    Value::Object(desk::ALL.iter().map(pair).collect())
}

fn choice(language: Language, events: &[Event]) -> Markup {
    let open = |e: &&Event| e.state == EventState::Open;
    html! {
        h1 { (desk::CHOOSE.of(language)) }
        p.lead { (desk::CHOOSE_LEAD.of(language)) }
        ul.links {
            li { a href="/desk?occasion=today" { (desk::TODAY.of(language)) } }
            @for event in events.iter().filter(open) {
                li { a href={ "/desk?occasion=event:" (event.id) } { (event.name) } }
            }
        }
        @if !events.iter().any(|e| open(&e)) {
            p.empty { (desk::NO_EVENTS.of(language)) }
        }
    }
}

fn body(scene: &Scene<'_>) -> Markup {
    let answer = |may: bool| if may { "yes" } else { "no" };
    html! {
        (gone(scene.language))
        div.desk id="desk" data-occasion=(scene.occasion) data-zone=(scene.zone)
            data-report=(answer(scene.report)) data-override=(answer(scene.supervise)) {
            (top(scene))
            div.desk-card id="card" role="status" aria-live="assertive" tabindex="-1" hidden {}
            (scanning(scene.language))
            (unsent(scene.language))
            (searching(scene))
            (counting(scene.language))
            (handing_over(scene.language))
            (undoing(scene.language))
            @if scene.supervise { (overriding(scene.language)) }
        }
    }
}

/// What is left of the page once its access has ended.
fn gone(language: Language) -> Markup {
    let say = |words: &Words| words.of(language);
    html! {
        section class="desk card" id="gone" role="alert" tabindex="-1" hidden {
            h1 id="gone-title" {}
            p id="gone-text" {}
            p.big-code id="gone-unsent" {}
            div.actions {
                a class="button primary" id="gone-sign-in" href="/sign-in?to=/desk" { (say(&desk::GONE_SIGN_IN)) }
                button.danger type="button" id="gone-delete" hidden { (say(&desk::GONE_DELETE)) }
            }
        }
    }
}

/// What the box has not answered: gone from the page when it has.
fn unsent(language: Language) -> Markup {
    html! {
        section class="card notice warn" id="unsent-section" aria-labelledby="unsent-title" hidden {
            h2 id="unsent-title" { (desk::CARD_UNSENT.of(language)) }
            ul.desk-list id="unsent-list" {}
        }
    }
}

fn top(scene: &Scene<'_>) -> Markup {
    let say = |words: &Words| words.of(scene.language);
    html! {
        header.desk-top {
            h1 { (say(&desk::TITLE)) ": " (scene.name) }
            a.button href="/desk" { (say(&desk::OTHER_OCCASION)) }
        }
        // Over the card, whatever it shows, and wherever the page was scrolled to.
        div.desk-status {
            span.badge id="line" role="status" { (say(&desk::CONNECTED)) }
            span.badge id="unsent" role="status" { (say(&desk::UNSENT_NONE)) }
            span.badge id="wedge" { (say(&desk::SCANNER_READY)) }
        }
        @if scene.unsynced {
            p class="notice warn" {
                span { (say(&clock::WRONG)) " " a href="/clock" { (say(&clock::OPEN)) } }
            }
        }
        noscript { p class="notice bad" { (say(&desk::NO_SCRIPTS)) } }
        p class="notice warn" id="unheard" role="status" hidden { (say(&desk::UNHEARD_TEXT)) }
        p class="notice bad" id="unkept" role="alert" hidden { (say(&desk::UNKEPT)) }
        div.notice id="handover-from" hidden {
            strong { (say(&desk::HANDOVER_FROM)) } p id="handover-from-text" {}
        }
    }
}

fn scanning(language: Language) -> Markup {
    let say = |words: &Words| words.of(language);
    html! {
        fieldset.way {
            legend.hidden-text { (say(&desk::DIRECTION)) }
            label { input type="radio" name="direction" value="entry" checked; (say(&desk::ENTRY)) }
            label { input type="radio" name="direction" value="exit"; (say(&desk::EXIT)) }
        }
        section.card aria-labelledby="scan-title" {
            h2 id="scan-title" { (say(&desk::SCAN)) }
            div.viewfinder id="viewfinder" hidden {
                video id="video" playsinline muted aria-label=(say(&desk::SCAN)) {}
            }
            div.actions {
                button.primary type="button" id="camera" { (say(&desk::CAMERA_ON)) }
                button type="button" id="camera-next" { (say(&desk::CAMERA_NEXT)) }
                button type="button" id="torch" aria-pressed="false" hidden { (say(&desk::TORCH)) }
                label class="button file" {
                    (say(&desk::PHOTO))
                    input type="file" id="photo" accept="image/*" capture="environment";
                }
            }
            p class="notice warn" id="camera-insecure" hidden {
                (say(&desk::CAMERA_INSECURE)) " " a href="/trust" { "/trust" }
            }
            p class="notice warn" id="camera-failed" role="alert" hidden { (say(&desk::CAMERA_FAILED)) }
            p class="notice warn" id="no-code" role="alert" hidden { (say(&desk::NO_CODE)) }
        }
    }
}

fn searching(scene: &Scene<'_>) -> Markup {
    let say = |words: &Words| words.of(scene.language);
    html! {
        section.card {
            div.field {
                label for="search" { (say(&desk::SEARCH)) }
                input type="search" id="search" autocomplete="off" autocapitalize="off"
                    spellcheck="false" aria-describedby="search-note" maxlength="64";
                p.hint id="search-note" role="status" { (say(&desk::SEARCH_HINT)) }
            }
            ul.desk-list id="hits" {}
            @if scene.walk_in {
                details {
                    summary { (say(&desk::WALK_IN)) }
                    p { (say(&desk::WALK_IN_TEXT)) }
                    p.big-code id="walk-in-code" role="status" hidden {}
                    button type="button" id="walk-in" { (say(&desk::WALK_IN)) }
                }
            }
        }
        section class="card notice warn" id="help" aria-labelledby="help-title" hidden {
            h2 id="help-title" { (say(&desk::HELP)) }
            ul.desk-list id="calls" role="alert" {}
        }
    }
}

fn counting(language: Language) -> Markup {
    let say = |words: &Words| words.of(language);
    let numbers = [
        ("expected", desk::EXPECTED),
        ("inside", desk::INSIDE),
        ("admitted", desk::ADMITTED),
        ("refused", desk::REFUSED),
    ];
    html! {
        section.card aria-labelledby="counters-title" {
            h2.hidden-text id="counters-title" { (say(&desk::COUNTERS)) }
            dl.desk-numbers {
                @for (name, words) in &numbers {
                    div { dt { (say(words)) } dd id={ "count-" (name) } { "–" } }
                }
            }
            details {
                summary { (say(&desk::TEN_MINUTES)) }
                table.desk-bars { tbody id="bars" {} }
            }
            details {
                summary { (say(&desk::GATES)) }
                table.desk-bars { tbody id="gates" {} }
            }
        }
        section.card aria-labelledby="recent-title" {
            h2 id="recent-title" { (say(&desk::RECENT)) }
            p.empty id="recent-none" { (say(&desk::RECENT_NONE)) }
            ul.desk-list id="recent" {}
        }
    }
}

fn handing_over(language: Language) -> Markup {
    let say = |words: &Words| words.of(language);
    html! {
        section.card {
            details id="handover" {
                summary { (say(&desk::HANDOVER)) }
                p { (say(&desk::HANDOVER_LEAD)) }
                p id="handover-scans" {}
                p id="handover-calls" {}
                p class="notice warn" id="handover-blocked" hidden { (say(&desk::HANDOVER_BLOCKED)) }
                p class="notice bad" id="handover-failed" role="alert" hidden { (say(&desk::HANDOVER_FAILED)) }
                div.field {
                    label for="handover-notes" { (say(&desk::HANDOVER_NOTES)) }
                    textarea id="handover-notes" rows="3" maxlength="1000" aria-describedby="notes-hint" {}
                    p.hint id="notes-hint" { (say(&desk::HANDOVER_NOTES_HINT)) }
                }
                button.primary type="button" id="handover-end" { (say(&desk::HANDOVER_END)) }
            }
        }
    }
}

fn undoing(language: Language) -> Markup {
    let say = |words: &Words| words.of(language);
    let reasons = [
        ("wrong_person", desk::UNDO_WRONG_PERSON),
        ("double", desk::UNDO_DOUBLE),
        ("left_at_once", desk::UNDO_LEFT_AT_ONCE),
        ("test", desk::UNDO_TEST),
        ("other", desk::UNDO_OTHER),
    ];
    html! {
        dialog id="undo" aria-labelledby="undo-title" {
            h2 id="undo-title" { (say(&desk::UNDO_TITLE)) }
            p class="notice bad" id="undo-failed" role="alert" hidden {}
            div.field {
                label for="undo-remark" { (say(&desk::UNDO_REMARK)) }
                input id="undo-remark" maxlength="200";
            }
            div.actions {
                @for (code, words) in &reasons {
                    button type="button" data-reason=(code) { (say(words)) }
                }
                button.quiet type="button" id="undo-close" { (say(&desk::CLOSE)) }
            }
        }
    }
}

fn overriding(language: Language) -> Markup {
    let say = |words: &Words| words.of(language);
    html! {
        dialog aria-labelledby="override-title" id="override" {
            form method="dialog" {
                h2 id="override-title" { (say(&desk::OVERRIDE_TITLE)) }
                p { (say(&desk::OVERRIDE_TEXT)) }
                div.field {
                    label for="override-remark" { (say(&desk::OVERRIDE_REASON)) }
                    input id="override-remark" required maxlength="200";
                }
                div.actions {
                    button.primary { (say(&desk::ADMIT_AGAIN)) }
                    button.quiet type="button" id="override-close" { (say(&desk::CLOSE)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkin::reason::UndoReason;

    fn scene(language: Language, may: bool) -> String {
        let scene = Scene {
            unsynced: false,
            language,
            occasion: "event:X",
            name: "Seminar <1>",
            zone: "Asia/Jakarta",
            walk_in: may,
            report: may,
            supervise: may,
        };
        body(&scene).into_string()
    }

    const SCRIPTS: [&str; 4] = [
        include_str!("../pages/assets/desk.js"),
        include_str!("../pages/assets/desk_gone.js"),
        include_str!("../pages/assets/desk_search.js"),
        include_str!("../pages/assets/desk_show.js"),
    ];

    /// Names that the script looks up must be in the page.
    fn looked_up(script: &str) -> impl Iterator<Item = &str> {
        let parts = script.split("at(\"").skip(1);
        parts.filter_map(|rest| rest.split_once('"').map(|(id, _)| id))
    }

    #[test]
    fn the_script_finds_all_that_it_looks_for() {
        let text = scene(Language::Id, true);
        let ids = SCRIPTS.iter().flat_map(|script| looked_up(script));
        for id in ids.filter(|id| !id.contains('$')) {
            assert!(text.contains(&format!("id=\"{id}\"")), "{id}");
        }
        assert!(text.contains("Seminar &lt;1&gt;"));
    }

    #[test]
    fn what_somebody_may_not_do_is_not_offered() {
        let (all, least) = (scene(Language::Id, true), scene(Language::Id, false));
        for id in ["id=\"walk-in\"", "id=\"override\""] {
            assert!(all.contains(id) && !least.contains(id), "{id}");
        }
        for right in ["report", "override"] {
            assert!(all.contains(&format!("data-{right}=\"yes\"")), "{right}");
            assert!(least.contains(&format!("data-{right}=\"no\"")), "{right}");
        }
    }

    #[test]
    fn the_script_says_nothing_that_the_catalogue_has_not() {
        let known: Vec<&str> = desk::ALL.iter().map(|(name, _)| *name).collect();
        for script in SCRIPTS {
            for text in script.split('"').skip(1).step_by(2) {
                let name =
                    text.len() > 3 && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
                assert!(
                    !name || ["POST", "DELETE"].contains(&text) || known.contains(&text),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn each_reason_to_undo_has_its_button() {
        for language in [Language::Id, Language::En] {
            let text = scene(language, false);
            for reason in UndoReason::ALL {
                assert!(
                    text.contains(&format!("data-reason=\"{reason}\"")),
                    "{reason}"
                );
            }
        }
    }

    #[test]
    fn only_open_events_are_offered() {
        let text = choice(Language::En, &[]).into_string();
        assert!(text.contains("/desk?occasion=today") && text.contains(desk::NO_EVENTS.en));
    }
}
