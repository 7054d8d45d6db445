//! Each key of the file: what it takes, what that does, what it refuses.

use hadir::app::config::{CameraOccasion, CameraSource, Config, build};
use hadir::base::id::{EventId, Id};
use hadir::domain::rule::{Address, Language, LivenessPolicy, Rules};
use hadir::host::credential::Place;
use hadir::journal::{Form, Level};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Reads a file's text on a box.
pub fn read(text: &str) -> Result<Config, Vec<String>> {
    let problems = build(Some(Path::new("h.toml")), text, &[]);
    problems.map_err(|list| list.iter().map(ToString::to_string).collect())
}

fn good(text: &str) -> Config {
    read(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

/// Section, key, values that are refused, and what the message has to say.
const BAD: &[(&str, &str, &[&str], &str)] = &[
    (
        "site",
        "name",
        &["''", "' '", "\"a\\u0000b\"", "\"a\\u202Eb\""],
        "site.name: must not",
    ),
    (
        "site",
        "name",
        &["1", "true", "[]", "{}", "2026-11-21"],
        "in quotation marks",
    ),
    (
        "site",
        "timezone",
        &["''", "'WIB'", "'asia'", "'../x'"],
        "such as Asia/Jakarta",
    ),
    ("site", "timezone", &["7", "07:00:00"], "in quotation marks"),
    (
        "site",
        "language",
        &["''", "'ID'", "'jv'", "'en '"],
        "allowed: \"id\", \"en\"",
    ),
    (
        "backup",
        "dir",
        &["''", "'copies'", "'/'", "'/mnt/../etc'"],
        "is no folder: write its whole path",
    ),
    (
        "backup",
        "passphrase",
        &["'kuda nil'", "''", "'env:X'"],
        "a secret is named as",
    ),
    (
        "backup",
        "keep_daily",
        &["-1", "1001", "'x'"],
        "backup.keep_daily is a number from 0 to 1000",
    ),
    ("backup", "keep_weekly", &["1.5"], "is a whole number"),
    (
        "limits",
        "general",
        &[
            "'many'", "''", "'0/60s'", "'5/0s'", "'5/60'", "'5/25h'", "'OFF'",
        ],
        "limits.general: ",
    ),
    (
        "limits",
        "login",
        &["5", "true", "[]"],
        "in quotation marks",
    ),
    (
        "limits",
        "connections",
        &["0", "15", "10001", "'100'"],
        "from 16 to 10000",
    ),
    (
        "limits",
        "connections_per_address",
        &["3", "-1", "true"],
        "from 4 to 10000",
    ),
    ("store", "dir", &["''"], "a folder is wanted"),
    ("store", "dir", &["1", "['a']"], "in quotation marks"),
    ("models", "dir", &["''"], "a folder is wanted"),
    ("control", "socket", &["1", "false"], "in quotation marks"),
    (
        "keys",
        "master",
        &["'hunter2'", "''", "'credential:'", "'file:'", "'env:KEY'"],
        "credential:NAME",
    ),
    (
        "keys",
        "master",
        &["'credential:a/b'", "'credential:..'", "'CREDENTIAL:a'"],
        "credential:NAME",
    ),
    (
        "face",
        "false_accepts_per_day",
        &["0", "0.0009", "10.1", "-1", "nan", "inf", "'1'", "true"],
        "from 0.001 to 10",
    ),
    (
        "face",
        "strangers_per_day",
        &["0", "0.9", "1000001", "-inf", "1e300", "[]"],
        "from 1 to 1000000",
    ),
    ("face", "keep_images", &["true"], "keeps no images"),
    (
        "face",
        "keep_images",
        &["'false'", "0", "1"],
        "is true or false",
    ),
    (
        "liveness",
        "unattended",
        &["true", "1"],
        "in quotation marks",
    ),
    (
        "liveness",
        "unattended",
        &["'on'", "'Required'"],
        "\"required\", \"advisory\", \"off\"",
    ),
    (
        "liveness",
        "attended",
        &["'on'"],
        "\"required\", \"advisory\", \"off\"",
    ),
    (
        "liveness",
        "compat",
        &["'on'"],
        "\"required\", \"advisory\", \"off\"",
    ),
    (
        "attendance",
        "start",
        &["'7:00'", "'24:00'", "'07:60'", "''", "'7am'"],
        "such as 07:15",
    ),
    (
        "attendance",
        "start",
        &["07:00:00", "7"],
        "in quotation marks",
    ),
    (
        "attendance",
        "start",
        &["'07:16'", "'23:59'"],
        "late_after lies before attendance.start",
    ),
    (
        "attendance",
        "late_after",
        &["'06:59'", "'00:00'"],
        "lies before attendance.start",
    ),
    (
        "camera",
        "source",
        &[
            "''",
            "'on'",
            "'files:'",
            "'mjpeg:https://a'",
            "'v4l2:video0'",
            "'v4l2:'",
            "'/dev/video0'",
        ],
        "is no camera",
    ),
    (
        "camera",
        "occasion",
        &["''", "'event'", "'event:1'", "'Daily'", "'day:2026-11-21'"],
        "camera.occasion",
    ),
    (
        "camera",
        "direction",
        &["''", "'in'", "'Entry'", "'both'"],
        "allowed: \"entry\", \"exit\"",
    ),
    ("camera", "name", &["''", "' '"], "camera.name: must not"),
    (
        "camera",
        "pause_ms",
        &["-1", "60001", "'200'", "nan"],
        "from 0 to 60000",
    ),
    (
        "log",
        "level",
        &["'warn'", "'trace'", "'INFO'", "''"],
        "\"error\", \"warning\", \"info\", \"debug\"",
    ),
    (
        "log",
        "form",
        &["'journal'", "''"],
        "\"auto\", \"text\", \"json\"",
    ),
];

#[test]
fn each_bad_value_is_one_problem_that_names_line_key_and_what_is_wanted() {
    for (section, key, values, part) in BAD {
        for value in *values {
            let text = format!("# first\n\n[{section}]\n{key} = {value}\n");
            let problems = read(&text).expect_err(&text);
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            let problem = &problems[0];
            assert!(problem.starts_with("h.toml:4: "), "{problem}");
            let named = problem.contains(&format!("{section}.{key}"))
                || problem.contains("attendance.late_after");
            assert!(named && problem.contains(part), "{text}: {problem}");
        }
    }
}

/// A secret that was written where its place should be named is not shown on a screen.
#[test]
fn what_could_be_a_secret_is_not_repeated() {
    for secret in [
        "hunter2",
        "9f86d081884c7d65",
        "password:hunter2",
        "credential:a b/hunter2",
    ] {
        let problems = read(&format!("[keys]\nmaster = '{secret}'\n")).expect_err(secret);
        let all = problems.join("\n");
        assert!(!all.contains(secret) && !all.contains("hunter2"), "{all}");
    }
}

#[test]
fn without_keys_a_box_has_its_defaults() {
    let config = good("");
    assert_eq!(config.site.name, "hadir");
    assert_eq!(config.store_dir, Path::new("/var/lib/hadir"));
    assert_eq!(
        config.master,
        Place::Credential("hadir.master-key".to_owned())
    );
    assert_eq!(config.rules, Rules::default());
    assert_eq!(config.cameras[0].source, CameraSource::Off);
    assert_eq!(config.cameras[0].occasion, CameraOccasion::Daily);
    assert_eq!(
        (config.log.level, config.log.form),
        (Level::Info, Form::Auto)
    );
    assert!(!config.is_development());
    let in_development = build(None, "", &[]).expect("defaults");
    assert!(in_development.is_development());
    assert_eq!(
        in_development.control,
        in_development.store_dir.join("control.sock")
    );
}

#[test]
fn the_site_s_keys_do_what_they_say() {
    let config =
        good("[site]\nname = '  SMA   Negeri 1 '\ntimezone = 'Asia/Jayapura'\nlanguage = 'en'\n");
    assert_eq!(config.site.name, "SMA Negeri 1");
    let midnight = hadir::base::time::Timestamp::from_millis(0);
    assert_eq!(config.site.zone.time_of_day(midnight).to_string(), "09:00");
    assert_eq!(config.rules.language, Language::En);
    assert_eq!(
        good("[site]\nlanguage = 'id'\n").rules.language,
        Language::Id
    );
}

#[test]
fn what_visitors_read_and_what_the_box_is_called() {
    let defaults = good("");
    assert_eq!(defaults.rules.address, Address::Anda);
    assert_eq!(defaults.rules.desk.id, "meja panitia");
    assert!(defaults.names.is_empty());
    let config = good(
        "[kiosk]\naddress = 'kamu'\ndesk_id = ' guru  piket '\ndesk_en = 'the duty teacher'\n\
         [tls]\nnames = ['presensi.sekolah.lan', '10.9.8.7', '::1']\n",
    );
    assert_eq!(config.rules.address, Address::Kamu);
    assert_eq!(config.rules.desk.id, "guru piket");
    assert_eq!(config.rules.desk.en, "the duty teacher");
    assert_eq!(config.names, ["presensi.sekolah.lan", "10.9.8.7", "::1"]);
    let bad = [
        ("[kiosk]\naddress = 'Anda'\n", "allowed: \"anda\", \"kamu\""),
        ("[kiosk]\ndesk_en = ''\n", "h.toml:2: kiosk.desk_en: "),
        ("[tls]\nnames = 'box'\n", "tls.names is a list of texts"),
        (
            "[tls]\nnames = ['box', 'a b']\n",
            "h.toml:2: tls.names: \"a b\" is neither a host name nor an address",
        ),
    ];
    for (text, says) in bad {
        let problems = read(text).expect_err(text);
        assert!(
            problems.len() == 1 && problems[0].contains(says),
            "{problems:?}"
        );
    }
}

#[test]
fn places_are_taken_as_they_are_written() {
    let config = good(
        "[store]\ndir = '/srv/a b'\n[models]\ndir = 'm'\n[control]\nsocket = '/run/x.sock'\n\
         [keys]\nmaster = 'file:/etc/hadir/key'\n",
    );
    assert_eq!(config.store_dir, Path::new("/srv/a b"));
    assert_eq!(config.control, Path::new("/run/x.sock"));
    assert_eq!(config.master, Place::File(PathBuf::from("/etc/hadir/key")));
    assert_eq!(config.models.first(), Some(&PathBuf::from("m")));
    assert!(
        config.models.len() > 1,
        "the other folders are still looked into"
    );
    let dirs = config.model_dirs(Some(Path::new("first")));
    assert_eq!(dirs[..2], [PathBuf::from("first"), PathBuf::from("m")]);
    assert_eq!(config.model_dirs(None), config.models);
    let credential = good("[keys]\nmaster = 'credential:hadir.other'\n").master;
    assert_eq!(credential, Place::Credential("hadir.other".to_owned()));
}

#[test]
fn numbers_are_taken_to_both_ends_of_their_range() {
    for rate in ["0.001", "0.1", "1", "10", "1e1", "1_0"] {
        let config = good(&format!("[face]\nfalse_accepts_per_day = {rate}\n"));
        let want: f32 = rate.replace('_', "").parse().expect("a number");
        assert!(
            (config.rules.face.false_accepts_per_day - want).abs() < 1e-6,
            "{rate}"
        );
    }
    for count in ["1", "0x10", "1_000_000"] {
        good(&format!("[face]\nstrangers_per_day = {count}\n"));
    }
    for (ms, want) in [("0", 0), ("1", 1), ("60000", 60_000)] {
        let config = good(&format!("[camera]\npause_ms = {ms}\n"));
        assert_eq!(config.cameras[0].pause, Duration::from_millis(want));
    }
}

#[test]
fn each_policy_of_liveness_is_set_alone() {
    let default = Rules::default().liveness;
    for policy in LivenessPolicy::ALL {
        let of = |key: &str| {
            good(&format!("[liveness]\n{key} = '{policy}'\n"))
                .rules
                .liveness
        };
        let (kiosk, desk, old) = (of("unattended"), of("attended"), of("compat"));
        assert_eq!(
            (kiosk.unattended, kiosk.attended),
            (*policy, default.attended)
        );
        assert_eq!((desk.attended, desk.compat), (*policy, default.compat));
        assert_eq!((old.compat, old.unattended), (*policy, default.unattended));
    }
}

#[test]
fn a_day_may_begin_and_be_late_in_the_same_minute() {
    let day = good("[attendance]\nstart = '06.30'\nlate_after = '06:30'\n")
        .rules
        .day;
    assert_eq!(
        (day.start.to_string(), day.late_after.to_string()),
        ("06:30".to_owned(), "06:30".to_owned())
    );
}

#[test]
fn cameras_logs_and_listeners_do_what_they_say() {
    let event = EventId::from_bytes([7; 16]);
    let config = good(&format!(
        "[camera]\nsource = 'mjpeg:http://10.0.0.2:81/x'\noccasion = 'event:{event}'\n\
         [log]\nlevel = 'debug'\nform = 'json'\n\
         [[listener]]\naddress = '[::1]:9'\n[[listener]]\naddress = '0.0.0.0:80'\nsurface = 'native'\n\
         [[listener]]\naddress = '127.0.0.1:0'\n[[listener]]\naddress = '127.0.0.1:0'\n"
    ));
    assert_eq!(
        config.cameras[0].source,
        CameraSource::Mjpeg("http://10.0.0.2:81/x".to_owned())
    );
    assert_eq!(config.cameras[0].occasion, CameraOccasion::Event(event));
    assert_eq!(
        (config.log.level, config.log.form),
        (Level::Debug, Form::Json)
    );
    let addresses: Vec<String> = config
        .listeners
        .iter()
        .map(|l| l.address.to_string())
        .collect();
    assert_eq!(
        addresses,
        ["[::1]:9", "0.0.0.0:80", "127.0.0.1:0", "127.0.0.1:0"]
    );
    for (text, level) in [
        ("error", Level::Error),
        ("warning", Level::Warning),
        ("info", Level::Info),
    ] {
        assert_eq!(good(&format!("[log]\nlevel = '{text}'\n")).log.level, level);
    }
}

#[test]
fn backups_have_a_place_a_passphrase_and_counts() {
    let config = good(
        "[backup]\ndir = '/mnt//usb/'\npassphrase = 'credential:hadir.backup'\nkeep_daily = 3\nkeep_weekly = 0\n",
    );
    let backup = config.backup;
    assert_eq!(backup.dir, Some(PathBuf::from("/mnt/usb")));
    assert_eq!(
        backup.passphrase,
        Some(Place::Credential("hadir.backup".into()))
    );
    let keep = backup.keep;
    assert_eq!((keep.daily, keep.weekly, keep.monthly), (3, 0, 6));
    let keep = good("").backup.keep;
    assert_eq!((keep.daily, keep.weekly, keep.monthly), (7, 4, 6));
}
