//! `[camera]`, or `[[camera]]` for several: where the box's own cameras are and what they check
//! people in for.

use crate::app::config::document::{Node, Place, Table, Value};
use crate::app::config::section::{Problems, Section};
use crate::base::id::EventId;
use crate::base::limits;
use crate::base::text::Name;
use crate::domain::checkin::reason::Direction;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What a camera is called that has no name.
pub const NAME: &str = "door";

/// Where a camera is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraSource {
    /// There is none.
    Off,
    /// A device of the kernel.
    V4l2(PathBuf),
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
            Some(("v4l2", path)) if path.starts_with("/dev/") => {
                Ok(Self::V4l2(PathBuf::from(path)))
            }
            Some(("files", dir)) if !dir.is_empty() => Ok(Self::Files(PathBuf::from(dir))),
            Some(("mjpeg", url)) if url.starts_with("http://") => Ok(Self::Mjpeg(url.to_owned())),
            _ => Err(format!(
                "\"{text}\" is no camera; allowed: \"off\", \"v4l2:/dev/video0\", \"files:DIR\", \"mjpeg:http://HOST/PATH\""
            )),
        }
    }
}

impl fmt::Display for CameraSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::V4l2(path) => write!(f, "v4l2:{}", path.display()),
            Self::Files(dir) => write!(f, "files:{}", dir.display()),
            Self::Mjpeg(url) => write!(f, "mjpeg:{url}"),
        }
    }
}

/// The occasion that a camera of the box checks people in for.
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

/// A camera.
#[derive(Debug, Clone)]
pub struct CameraSetting {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub source: CameraSource,
    /// What it checks people in for.
    pub occasion: CameraOccasion,
    /// Which way people pass it.
    pub direction: Direction,
    /// Time between two pictures of a folder.
    pub pause: Duration,
}

/// Reads `[camera]`, or each `[[camera]]`. At least one; the first is that of the box's own screen.
pub fn cameras(root: &mut Table, problems: &mut Problems) -> Vec<CameraSetting> {
    let list = |node: &Node| matches!(node.value, Value::List(_));
    if !root.get("camera").is_some_and(list) {
        let section = Section::take(root, "camera", problems);
        return vec![camera(section, problems)];
    }
    let sections = Section::take_list(root, "camera", problems).unwrap_or_default();
    let several = sections.len() > 1;
    let mut all: Vec<CameraSetting> = Vec::new();
    for section in sections {
        let place = section.place("name").or_else(|| section.place("source"));
        let named = section.place("name").is_some();
        let key = section.full("name");
        let setting = camera(section, problems);
        let fault = match () {
            () if several && !named => Some("is missing: each of several cameras has a name"),
            () if all.iter().any(|c| c.name == setting.name) => Some("is another camera's name"),
            () if all.len() >= limits::CAMERAS_MAX => Some("is one camera too many: 4 at most"),
            () => None,
        };
        if let Some(fault) = fault {
            let place = place.unwrap_or(Place::Line(1));
            problems.add(&place, format!("{key} {fault}"));
        }
        all.push(setting);
    }
    all
}

fn camera(mut section: Section, problems: &mut Problems) -> CameraSetting {
    let name = section.parsed::<Name>("name", problems);
    let source = section.parsed("source", problems);
    let occasion = section.parsed("occasion", problems);
    let ways = [("entry", Direction::Entry), ("exit", Direction::Exit)];
    let direction = section.choice("direction", problems, &ways);
    let pause = section.number("pause_ms", problems, 0.0, 60_000.0);
    section.finish(problems);
    CameraSetting {
        name: name.map_or_else(|| NAME.to_owned(), |n| n.as_str().to_owned()),
        source: source.unwrap_or(CameraSource::Off),
        occasion: occasion.unwrap_or(CameraOccasion::Daily),
        direction: direction.unwrap_or(Direction::Entry),
        pause: Duration::from_secs_f64(pause.unwrap_or(200.0) / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::parse;

    fn read(text: &str) -> (Vec<CameraSetting>, Vec<String>) {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        let all = cameras(&mut root, &mut problems);
        let told = problems.into_list();
        (all, told.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn cameras_are_named_by_kind_and_place() {
        let url = "http://10.0.0.2:81/stream".to_owned();
        for (text, want) in [
            ("off", CameraSource::Off),
            ("v4l2:/dev/video0", CameraSource::V4l2("/dev/video0".into())),
            ("files:a b", CameraSource::Files("a b".into())),
            ("mjpeg:http://10.0.0.2:81/stream", CameraSource::Mjpeg(url)),
        ] {
            assert_eq!(text.parse::<CameraSource>().as_ref(), Ok(&want));
            assert_eq!(want.to_string(), text);
        }
        for text in [
            "",
            "on",
            "files:",
            "mjpeg:ftp://x",
            "v4l2:",
            "v4l2:video0",
            "usb",
        ] {
            assert!(text.parse::<CameraSource>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_camera_needs_no_name_and_several_do() {
        let (none, told) = read("");
        assert_eq!((none.len(), &none[0].source), (1, &CameraSource::Off));
        assert_eq!(told, [""; 0]);
        let (one, told) = read("[camera]\nsource = \"v4l2:/dev/video0\"\n");
        assert_eq!(
            (one[0].name.as_str(), one[0].direction),
            (NAME, Direction::Entry)
        );
        assert_eq!(told, [""; 0]);
        let (two, told) = read(
            "[[camera]]\nname = \"masuk\"\nsource = \"v4l2:/dev/video0\"\n\
             [[camera]]\nname = \"keluar\"\nsource = \"v4l2:/dev/video2\"\ndirection = \"exit\"\n",
        );
        let names: Vec<&str> = two.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(
            (names, two[1].direction),
            (vec!["masuk", "keluar"], Direction::Exit)
        );
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn names_are_told_apart() {
        let twice =
            "[[camera]]\nname = \"a\"\n[[camera]]\nname = \"a\"\n[[camera]]\nsource = \"off\"\n";
        assert_eq!(
            read(twice).1,
            [
                "f:4: camera.1.name is another camera's name",
                "f:6: camera.2.name is missing: each of several cameras has a name",
            ]
        );
        let five: String = ["a", "b", "c", "d", "e"]
            .map(|n| format!("[[camera]]\nname = \"{n}\"\n"))
            .concat();
        let told = read(&five).1;
        assert_eq!(
            told,
            ["f:10: camera.4.name is one camera too many: 4 at most"]
        );
    }
}
