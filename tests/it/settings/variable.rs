//! Variables of the environment: laid over the file, checked like it, never ignored in silence.

use hadir::app::config::{Config, build};
use hadir::domain::rule::Language;
use std::path::Path;
use std::time::Duration;

fn with(text: &str, variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let done = build(Some(Path::new("h.toml")), text, &variables);
    done.map_err(|list| list.iter().map(ToString::to_string).collect())
}

/// A variable that is good alone, and one value of it that is not.
const KEYS: [(&str, &str, &str); 19] = [
    ("HADIR_SITE__NAME", "SMA 1", " "),
    ("HADIR_SITE__TIMEZONE", "Asia/Makassar", "WITA"),
    ("HADIR_SITE__LANGUAGE", "en", "english"),
    ("HADIR_STORE__DIR", "/a", ""),
    ("HADIR_MODELS__DIR", "/a", ""),
    ("HADIR_KEYS__MASTER", "credential:a", "hunter2"),
    ("HADIR_LISTENER__0__ADDRESS", "127.0.0.1:1", "127.0.0.1"),
    ("HADIR_FACE__FALSE_ACCEPTS_PER_DAY", " 0.5 ", "half"),
    ("HADIR_FACE__STRANGERS_PER_DAY", "20", "1e9"),
    ("HADIR_FACE__KEEP_IMAGES", "false", "no"),
    ("HADIR_LIVENESS__UNATTENDED", "off", "OFF"),
    ("HADIR_LIVENESS__ATTENDED", "required", "1"),
    ("HADIR_LIVENESS__COMPAT", "off", ""),
    ("HADIR_ATTENDANCE__START", "06:00", "6"),
    ("HADIR_ATTENDANCE__LATE_AFTER", "08:00", "06:00"),
    ("HADIR_CAMERA__SOURCE", "files:/a", "/a"),
    ("HADIR_CAMERA__OCCASION", "daily", "weekly"),
    ("HADIR_LOG__LEVEL", "error", "quiet"),
    ("HADIR_LOG__FORM", "text", "xml"),
];

#[test]
fn every_key_can_be_set_and_is_checked() {
    for (name, good, bad) in KEYS {
        assert!(with("", &[(name, good)]).is_ok(), "{name}={good}");
        let problems = with("", &[(name, bad)]).expect_err(name);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with(&format!("{name}: ")),
            "{problems:?}"
        );
        assert!(!problems[0].contains("hunter2"));
    }
}

#[test]
fn a_variable_goes_before_the_file_whatever_kind_the_file_s_value_has() {
    let text = "[site]\nlanguage = 'id'\n[camera]\npause_ms = 'never'\n";
    let variables = [
        ("HADIR_SITE__LANGUAGE", "en"),
        ("HADIR_CAMERA__PAUSE_MS", "5"),
    ];
    let config = with(text, &variables).expect("the file's mistake is covered");
    assert_eq!(config.rules.language, Language::En);
    assert_eq!(config.cameras[0].pause, Duration::from_millis(5));
}

#[test]
fn listeners_are_counted_from_zero_and_may_be_added_at_the_end() {
    let file = "[[listener]]\naddress = '127.0.0.1:1'\n";
    let of = |variables: &[(&str, &str)]| -> Vec<String> {
        let config = with(file, variables).expect("good");
        config
            .listeners
            .iter()
            .map(|l| l.address.to_string())
            .collect()
    };
    assert_eq!(
        of(&[("HADIR_LISTENER__0__ADDRESS", "127.0.0.1:2")]),
        ["127.0.0.1:2"]
    );
    let two = [("HADIR_LISTENER__1__ADDRESS", "127.0.0.1:2")];
    assert_eq!(of(&two), ["127.0.0.1:1", "127.0.0.1:2"]);
    // Given in any order.
    let three = [
        ("HADIR_LISTENER__2__ADDRESS", "127.0.0.1:3"),
        ("HADIR_LISTENER__1__ADDRESS", "127.0.0.1:2"),
    ];
    assert_eq!(of(&three), ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]);
    let twice = with(file, &[("HADIR_LISTENER__1__ADDRESS", "127.0.0.1:1")]);
    assert!(twice.expect_err("a double")[0].contains("has 127.0.0.1:1 already"));
}

#[test]
fn a_variable_that_names_no_key_is_a_problem() {
    let table = [
        ("HADIR_SITE__NOSUCH", "is not a key"),
        ("HADIR_NOSUCH__NAME", "is not a section"),
        ("HADIR_SITE__", "is not a key"),
    ];
    for (name, part) in table {
        let problems = with("", &[(name, "x")]).expect_err(name);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with(&format!("{name}: ")),
            "{problems:?}"
        );
        assert!(problems[0].contains(part), "{problems:?}");
    }
}

/// An override that has no effect is a mistake that nobody would find.
#[test]
fn a_variable_that_reaches_nothing_is_a_problem() {
    let text = "[site]\nname = 'a'\n[[listener]]\naddress = '127.0.0.1:1'\n";
    for name in [
        "HADIR_LISTENER__7__ADDRESS",
        "HADIR_LISTENER__ADDRESS",
        "HADIR_SITE__NAME__FIRST",
        "HADIR_SITE__0__NAME",
    ] {
        let problems = with(text, &[(name, "x")]).expect_err(name);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with(&format!("{name}: ")),
            "{problems:?}"
        );
    }
}

#[test]
fn variables_of_others_are_left_alone() {
    let others = [
        ("PATH", "/bin"),
        ("HADIR", "x"),
        ("HADIR_BLESS", "1"),
        ("HADIR_SITE_NAME", "one line only"),
        ("XHADIR_SITE__NAME", " "),
        ("hadir_site__name", " "),
    ];
    let config = with("", &others).expect("nothing is wrong");
    assert_eq!(config.site.name, "hadir");
}
