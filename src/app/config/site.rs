//! `[site]`, `[kiosk]`, `[face]`, `[liveness]`, `[attendance]`, `[log]`.

use crate::app::config::document::Table;
use crate::app::config::section::{Problems, Section};
use crate::base::text::Name;
use crate::base::time::Zone;
use crate::domain::rule::{
    Address, DayRule, Desk, FacePolicy, Language, LivenessPolicy, LivenessRule,
};
use crate::host::credential::Place;
use crate::journal::{Form, Level};

/// The site.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Zone,
}

/// Reads `[site]`; the language belongs to the rules.
pub fn site(root: &mut Table, problems: &mut Problems) -> (Site, Language) {
    let mut section = Section::take(root, "site", problems);
    let name = section.parsed::<Name>("name", problems);
    let zone = section.parsed_with("timezone", problems, Zone::parse);
    let language = section.choice(
        "language",
        problems,
        &[("id", Language::Id), ("en", Language::En)],
    );
    section.finish(problems);
    let site = Site {
        name: name.map_or_else(|| "hadir".to_owned(), |n| n.as_str().to_owned()),
        zone: zone
            .or_else(|| Zone::parse("Asia/Jakarta").ok())
            .unwrap_or_else(Zone::utc),
    };
    (site, language.unwrap_or(Language::Id))
}

/// Reads `[face]`.
#[allow(
    clippy::cast_possible_truncation,
    reason = "rates need no more than 24 bits"
)]
pub fn face(root: &mut Table, problems: &mut Problems) -> FacePolicy {
    let mut section = Section::take(root, "face", problems);
    let mut policy = FacePolicy::default();
    if let Some(rate) = section.number("false_accepts_per_day", problems, 0.001, 10.0) {
        policy.false_accepts_per_day = rate as f32;
    }
    if let Some(rate) = section.number("strangers_per_day", problems, 1.0, 1_000_000.0) {
        policy.strangers_per_day = rate as f32;
    }
    // Pictures are never kept by this version; the key exists so that nobody has to guess.
    let place = section.place("keep_images");
    if section.flag("keep_images", problems) == Some(true)
        && let Some(place) = place
    {
        let key = section.full("keep_images");
        problems.add(
            &place,
            format!("{key}: this version keeps no images; allowed: false"),
        );
    }
    section.finish(problems);
    policy
}

/// What `[kiosk]` says.
#[derive(Debug, Clone)]
pub struct Kiosk {
    /// How visitors are addressed.
    pub address: Address,
    /// Where they are sent.
    pub desk: Desk,
    /// Where the token is by which the box's own screen pairs itself.
    pub token: Option<Place>,
}

/// Reads `[kiosk]`.
pub fn kiosk(root: &mut Table, problems: &mut Problems) -> Kiosk {
    let mut section = Section::take(root, "kiosk", problems);
    let words = [("anda", Address::Anda), ("kamu", Address::Kamu)];
    let address = section.choice("address", problems, &words);
    let mut desk = Desk::default();
    if let Some(name) = section.parsed::<Name>("desk_id", problems) {
        name.as_str().clone_into(&mut desk.id);
    }
    if let Some(name) = section.parsed::<Name>("desk_en", problems) {
        name.as_str().clone_into(&mut desk.en);
    }
    let token = section.parsed("token", problems);
    section.finish(problems);
    Kiosk {
        address: address.unwrap_or(Address::Anda),
        desk,
        token,
    }
}

const POLICIES: [(&str, LivenessPolicy); 3] = [
    ("required", LivenessPolicy::Required),
    ("advisory", LivenessPolicy::Advisory),
    ("off", LivenessPolicy::Off),
];

/// Reads `[liveness]`.
pub fn liveness(root: &mut Table, problems: &mut Problems) -> LivenessRule {
    let mut section = Section::take(root, "liveness", problems);
    let default = LivenessRule::default();
    let rule = LivenessRule {
        unattended: section
            .choice("unattended", problems, &POLICIES)
            .unwrap_or(default.unattended),
        attended: section
            .choice("attended", problems, &POLICIES)
            .unwrap_or(default.attended),
        compat: section
            .choice("compat", problems, &POLICIES)
            .unwrap_or(default.compat),
    };
    section.finish(problems);
    rule
}

/// Reads `[attendance]`.
pub fn day(root: &mut Table, problems: &mut Problems) -> DayRule {
    let mut section = Section::take(root, "attendance", problems);
    let place = section
        .place("late_after")
        .or_else(|| section.place("start"));
    let default = DayRule::default();
    let rule = DayRule {
        start: section.parsed("start", problems).unwrap_or(default.start),
        late_after: section
            .parsed("late_after", problems)
            .unwrap_or(default.late_after),
    };
    if rule.late_after < rule.start
        && let Some(place) = place
    {
        let key = section.full("late_after");
        problems.add(&place, format!("{key} lies before attendance.start"));
    }
    section.finish(problems);
    rule
}

/// `[log]`.
#[derive(Debug, Clone, Copy)]
pub struct LogSetting {
    /// Entries below it are dropped.
    pub level: Level,
    /// Their form.
    pub form: Form,
}

/// Reads `[log]`.
pub fn log(root: &mut Table, problems: &mut Problems) -> LogSetting {
    let mut section = Section::take(root, "log", problems);
    let levels = [
        ("error", Level::Error),
        ("warning", Level::Warning),
        ("info", Level::Info),
        ("debug", Level::Debug),
    ];
    let forms = [
        ("auto", Form::Auto),
        ("text", Form::Text),
        ("json", Form::Json),
    ];
    let setting = LogSetting {
        level: section
            .choice("level", problems, &levels)
            .unwrap_or(Level::Info),
        form: section
            .choice("form", problems, &forms)
            .unwrap_or(Form::Auto),
    };
    section.finish(problems);
    setting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::parse;

    fn mistakes(text: &str, read: impl FnOnce(&mut Table, &mut Problems)) -> Vec<String> {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        read(&mut root, &mut problems);
        problems
            .into_list()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn late_must_not_lie_before_the_start() {
        let got = mistakes("[attendance]\nstart = \"08:00\"\n", |r, p| {
            day(r, p);
        });
        assert_eq!(
            got,
            ["f:2: attendance.late_after lies before attendance.start"]
        );
    }

    #[test]
    fn images_are_not_kept() {
        let got = mistakes("[face]\nkeep_images = true\n", |r, p| {
            face(r, p);
        });
        assert_eq!(
            got,
            ["f:2: face.keep_images: this version keeps no images; allowed: false"]
        );
        assert!(
            mistakes("[face]\nkeep_images = false\n", |r, p| {
                face(r, p);
            })
            .is_empty()
        );
    }

    #[test]
    fn policies_of_liveness_are_words() {
        let got = mistakes("[liveness]\nunattended = \"maybe\"\n", |r, p| {
            liveness(r, p);
        });
        assert_eq!(
            got,
            [
                "f:2: liveness.unattended: \"maybe\" is not allowed; allowed: \"required\", \"advisory\", \"off\""
            ]
        );
    }
}
