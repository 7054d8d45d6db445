//! The configuration: a TOML file, overrides from the environment, defaults for the rest.
//!
//! Every mistake is found and named with its file and line, not only the first; an unknown
//! key is a mistake. Secrets never stand in it: they are named as `credential:NAME` or
//! `file:PATH`. Without a file, development defaults hold: loopback only, everything in
//! `./hadir-data`.

mod backup;
mod camera;
mod document;
mod limit;
mod listener;
mod mail;
mod network;
mod redacted;
mod section;
mod site;
mod surface;

pub use camera::{CameraOccasion, CameraSetting, CameraSource, NAME as CAMERA_NAME};
pub use document::{Place, Problem};
pub use limit::LimitSetting;
pub use listener::{Listener, Tls};
pub use redacted::redacted;
pub use site::{LogSetting, Site};
pub use surface::{Accounts, IdentitySetting};

use crate::base::limits;
use crate::domain::rule::Rules;
use crate::domain::surface::Surface;
use crate::host::credential;
use crate::surface::post::MailSetting;
use crate::surface::shelf::BackupSetting;
use document::Table;
use section::{Problems, Section};
use std::path::{Path, PathBuf};

/// Where the configuration of a box is.
pub const DEFAULT_FILE: &str = "/etc/hadir/hadir.toml";

/// Where everything is kept in development.
const DEVELOPMENT_DIR: &str = "hadir-data";

/// Where a box keeps its store.
const STORE_DIR: &str = "/var/lib/hadir";

/// Where a box has its control socket.
const CONTROL_SOCKET: &str = "/run/hadir/control.sock";

/// Where the package puts the models.
const MODELS_DIR: &str = "/usr/share/hadir/models";

/// The sections of the file, for the message about one that is not there.
const SECTIONS: &str = "site, store, keys, models, control, listener, tls, network, kiosk, face, liveness, attendance, mail, backup, camera, limits, identity, surface, log";

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it was read from; None in development.
    pub file: Option<PathBuf>,
    /// The site.
    pub site: Site,
    /// The folder of the store.
    pub store_dir: PathBuf,
    /// Where the master key is.
    pub master: credential::Place,
    /// Where the token is by which the box's own screen pairs itself; None: nowhere.
    pub kiosk_token: Option<credential::Place>,
    /// Where models are looked for, in this order.
    pub models: Vec<PathBuf>,
    /// The control socket.
    pub control: PathBuf,
    /// What is listened on.
    pub listeners: Vec<Listener>,
    /// Names and addresses of the box for its own certificate, besides those that it knows.
    pub names: Vec<String>,
    /// The box's name on its network, without `.local`; None: it is not announced.
    pub local_name: Option<String>,
    /// Limits of rates and connections.
    pub limits: LimitSetting,
    /// Accounts and tokens, for every surface that does not say otherwise.
    pub accounts: Accounts,
    /// The surface `identity`; None: it is not served.
    pub identity: Option<IdentitySetting>,
    /// The rules of the domain.
    pub rules: Rules,
    /// The box's own cameras, at least one entry; the first is that of its screen.
    pub cameras: Vec<CameraSetting>,
    /// The server that mails go through; None: no mails.
    pub mail: Option<MailSetting>,
    /// Backups.
    pub backup: BackupSetting,
    /// Logging.
    pub log: LogSetting,
}

impl Config {
    /// Where models are looked for if the command line names a folder: there first.
    #[must_use]
    pub fn model_dirs(&self, first: Option<&Path>) -> Vec<PathBuf> {
        first
            .map(Path::to_owned)
            .into_iter()
            .chain(self.models.iter().cloned())
            .collect()
    }

    /// Without a file: a master key may be made at first start.
    #[must_use]
    pub const fn is_development(&self) -> bool {
        self.file.is_none()
    }
}

/// Loads the configuration: `file` if given, else [`DEFAULT_FILE`] if it is there, else the
/// development defaults; then the environment's `HADIR_SECTION__KEY` variables.
///
/// # Errors
/// All mistakes.
pub fn load(file: Option<&Path>) -> Result<Config, Vec<Problem>> {
    let default = Path::new(DEFAULT_FILE);
    let file = file.or_else(|| default.exists().then_some(default));
    let variables: Vec<_> = std::env::vars_os()
        .filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?)))
        .collect();
    let text = file.map(read).transpose()?;
    build(file, text.as_deref().unwrap_or_default(), &variables)
}

fn read(file: &Path) -> Result<String, Vec<Problem>> {
    let name = file.display().to_string();
    let wrong = |message| {
        vec![Problem {
            file: name.clone(),
            place: Place::Line(1),
            message,
        }]
    };
    let size = std::fs::metadata(file)
        .map_err(|e| wrong(e.to_string()))?
        .len();
    if size > limits::CONFIG_BYTES_MAX {
        return Err(wrong("the file is larger than 1 MiB".to_owned()));
    }
    std::fs::read_to_string(file).map_err(|e| wrong(e.to_string()))
}

/// Builds the configuration from a file's text and the environment.
///
/// # Errors
/// All mistakes, in the order of the file.
pub fn build(
    file: Option<&Path>,
    text: &str,
    variables: &[(String, String)],
) -> Result<Config, Vec<Problem>> {
    let name = file.map_or_else(|| "configuration".to_owned(), |f| f.display().to_string());
    let (mut root, list) = document::parse(&name, text);
    let mut problems = Problems::new(&name, list);
    let mut variables = variables.to_vec();
    variables.sort();
    for problem in document::override_with(&mut root, &variables) {
        problems.add(&problem.place, problem.message);
    }
    let config = sections(file, &mut root, &mut problems);
    for (key, node) in &root {
        problems.add(
            &node.place,
            format!("{key} is not a section; the sections are: {SECTIONS}"),
        );
    }
    let list = problems.into_list();
    if list.is_empty() {
        Ok(config)
    } else {
        Err(list)
    }
}

fn sections(file: Option<&Path>, root: &mut Table, problems: &mut Problems) -> Config {
    let development = file.is_none();
    let (site, language) = site::site(root, problems);
    let store_dir = folder(root, "store", problems).unwrap_or_else(|| {
        PathBuf::from(if development {
            DEVELOPMENT_DIR
        } else {
            STORE_DIR
        })
    });
    let master = master(root, problems).unwrap_or_else(|| {
        if development {
            credential::Place::File(store_dir.join("master.key"))
        } else {
            credential::Place::Credential("hadir.master-key".to_owned())
        }
    });
    let mut control = Section::take(root, "control", problems);
    let socket = control
        .parsed::<PathBuf>("socket", problems)
        .unwrap_or_else(|| {
            if development {
                store_dir.join("control.sock")
            } else {
                PathBuf::from(CONTROL_SOCKET)
            }
        });
    control.finish(problems);
    let listeners = listener::listeners(root, development, problems);
    let accounts = surface::accounts(root, problems);
    let limits = limit::limits(root, problems);
    let identity = surface::identity(root, &accounts, limits.rates, problems);
    let served = identity.named || listeners.iter().any(|l| l.surface == Surface::Identity);
    let name = site.name.clone();
    let kiosk = site::kiosk(root, problems);
    Config {
        file: file.map(Path::to_owned),
        site,
        models: models(root, problems),
        control: socket,
        listeners,
        accounts,
        identity: served.then_some(identity),
        rules: Rules {
            name,
            address: kiosk.address,
            desk: kiosk.desk,
            face: site::face(root, problems),
            liveness: site::liveness(root, problems),
            day: site::day(root, problems),
            language,
            ..Rules::default()
        },
        names: listener::names(root, problems),
        local_name: network::local_name(root, problems),
        limits,
        cameras: camera::cameras(root, problems),
        mail: mail::mail(root, problems),
        backup: backup::backup(root, problems),
        log: site::log(root, problems),
        store_dir,
        master,
        kiosk_token: kiosk.token,
    }
}

fn folder(root: &mut Table, name: &'static str, problems: &mut Problems) -> Option<PathBuf> {
    let mut section = Section::take(root, name, problems);
    let dir = section.parsed_with("dir", problems, |text| {
        if text.is_empty() {
            Err("a folder is wanted")
        } else {
            Ok(PathBuf::from(text))
        }
    });
    section.finish(problems);
    dir
}

fn master(root: &mut Table, problems: &mut Problems) -> Option<credential::Place> {
    let mut section = Section::take(root, "keys", problems);
    let master = section.parsed("master", problems);
    section.finish(problems);
    master
}

/// The configured folder, then `./models`, then the package's.
fn models(root: &mut Table, problems: &mut Problems) -> Vec<PathBuf> {
    let configured = folder(root, "models", problems);
    configured
        .into_iter()
        .chain([PathBuf::from("models"), PathBuf::from(MODELS_DIR)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let variables: Vec<_> = variables
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        match build(Some(Path::new("hadir.toml")), text, &variables) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_mistake_with_a_line_break_in_its_name_is_told_on_one_line() {
        let got = mistakes("'a\\nb' = 1\n\"c\\nd\" = 1\n", &[]);
        assert_eq!(got.len(), 2, "{got:?}");
        assert!(got.iter().all(|m| !m.contains('\n')), "{got:?}");
    }

    #[test]
    fn development_needs_no_file_and_stays_on_loopback() {
        let config = build(None, "", &[]).expect("defaults");
        assert!(config.is_development());
        assert_eq!(config.master.to_string(), "file:hadir-data/master.key");
        assert!(
            config
                .listeners
                .iter()
                .all(|l| l.address.ip().is_loopback())
        );
    }

    #[test]
    fn a_box_takes_its_key_from_the_service_manager() {
        let config = build(Some(Path::new("x.toml")), "", &[]).expect("defaults");
        assert_eq!(config.master.to_string(), "credential:hadir.master-key");
        assert_eq!(config.control, Path::new(CONTROL_SOCKET));
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let text = "\
[site]
timezone = \"Mars/Olympus\"
langage = \"id\"
[keys]
master = \"hunter2\"
[messaging]
require_friendship = true
[[listener]]
address = \"localhost\"
[camera]
source = \"usb\"
";
        let got = mistakes(text, &[("HADIR_FACE__STRANGERS_PER_DAY", "many")]);
        let begin = [
            "hadir.toml:2: site.timezone: expected a time zone",
            "hadir.toml:3: site.langage is not a key; the keys are: name, timezone, language",
            "hadir.toml:5: keys.master: a secret is named as",
            "hadir.toml:6: messaging is not a section; the sections are: site,",
            "hadir.toml:9: listener.0.address: ",
            "hadir.toml:11: camera.source: ",
            "HADIR_FACE__STRANGERS_PER_DAY: face.strangers_per_day is a number from ",
        ];
        assert_eq!(got.len(), begin.len(), "{got:#?}");
        for (got, begin) in got.iter().zip(begin) {
            assert!(got.starts_with(begin), "{got}");
        }
        assert!(
            !got.join("\n").contains("hunter2"),
            "a secret must not be repeated"
        );
    }

    #[test]
    fn variables_override_the_file() {
        let variables = [("HADIR_STORE__DIR".to_owned(), "/elsewhere".to_owned())];
        let text = "[store]\ndir = \"/here\"\n";
        let config = build(Some(Path::new("x")), text, &variables).expect("good");
        assert_eq!(config.store_dir, Path::new("/elsewhere"));
        assert_eq!(mistakes("", &[("HADIR_STORE__FOLDER", "x")]).len(), 1);
    }
}
