//! `[site]`, `[kiosk]`, `[face]`, `[liveness]`, `[attendance]`, `[camera]`, `[log]`.

use crate::app::config::document::Table;
use crate::app::config::section::{Problems, Section};
use crate::base::id::EventId;
use crate::base::text::Name;
use crate::base::time::Zone;
use crate::domain::rule::{
    Address, DayRule, Desk, FacePolicy, Language, LivenessPolicy, LivenessRule,
};
use crate::journal::{Form, Level};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

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

/// Reads `[kiosk]`: how visitors are addressed, and where they are sent.
pub fn kiosk(root: &mut Table, problems: &mut Problems) -> (Address, Desk) {
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
    section.finish(problems);
    (address.unwrap_or(Address::Anda), desk)
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

/// Where the box's own camera is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraSource {
    /// There is none.
    Off,
    /// A folder of pictures, played again and again.
    Files(PathBuf),
    /// An MJPEG stream over HTTP.
    Mjpeg(String),
}

impl FromStr for CameraSource {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "off" => Ok(Self::Off),
            Some(("files", dir)) if !dir.is_empty() => Ok(Self::Files(PathBuf::from(dir))),
            Some(("mjpeg", url)) if url.starts_with("http://") => Ok(Self::Mjpeg(url.to_owned())),
            _ => Err(format!(
                "\"{text}\" is no camera; allowed: \"off\", \"files:DIR\", \"mjpeg:http://HOST/PATH\""
            )),
        }
    }
}

/// The occasion that the box's own camera checks people in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraOccasion {
    /// The daily attendance of the day it is.
    Daily,
    /// An event.
    Event(EventId),
}

impl FromStr for CameraOccasion {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "daily" => Ok(Self::Daily),
            Some(("event", id)) => id.parse().map(Self::Event).map_err(|e| format!("{e}")),
            _ => Err(format!(
                "\"{text}\" is not allowed; allowed: \"daily\", \"event:ID\""
            )),
        }
    }
}

/// `[camera]`.
#[derive(Debug, Clone)]
pub struct CameraSetting {
    /// Where it is.
    pub source: CameraSource,
    /// What it checks people in for.
    pub occasion: CameraOccasion,
    /// Time between two pictures of a folder.
    pub pause: Duration,
}

/// Reads `[camera]`.
pub fn camera(root: &mut Table, problems: &mut Problems) -> CameraSetting {
    let mut section = Section::take(root, "camera", problems);
    let source = section
        .parsed("source", problems)
        .unwrap_or(CameraSource::Off);
    let occasion = section
        .parsed("occasion", problems)
        .unwrap_or(CameraOccasion::Daily);
    let pause = section
        .number("pause_ms", problems, 0.0, 60_000.0)
        .unwrap_or(200.0);
    section.finish(problems);
    CameraSetting {
        source,
        occasion,
        pause: Duration::from_secs_f64(pause / 1000.0),
    }
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
    fn cameras_are_named_by_kind_and_place() {
        assert_eq!("off".parse(), Ok(CameraSource::Off));
        assert_eq!("files:a b".parse(), Ok(CameraSource::Files("a b".into())));
        let url = "http://10.0.0.2:81/stream";
        assert_eq!(
            format!("mjpeg:{url}").parse(),
            Ok(CameraSource::Mjpeg(url.into()))
        );
        for text in ["", "on", "files:", "mjpeg:ftp://x", "v4l2:/dev/video0"] {
            assert!(text.parse::<CameraSource>().is_err(), "{text}");
        }
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
