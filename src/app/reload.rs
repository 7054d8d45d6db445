//! `hadir reload`: the configuration is read anew, what can be taken over is, and what needs a
//! restart is named. A configuration with a mistake changes nothing.

use crate::app::config::{self, Config, Listener};
use crate::app::tls::Certificates;
use crate::base::cause::Cause;
use crate::base::json::{Value, json};
use crate::journal::{self, fields};
use crate::surface::control::Refusal;
use crate::surface::native::Native;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What a reload works on.
pub struct Reload {
    /// The file that the daemon was started with, if one was named.
    file: Option<PathBuf>,
    /// What is in force: a reload is compared with it.
    current: Mutex<Config>,
    native: Arc<Native>,
    certificates: Arc<Certificates>,
}

impl Reload {
    /// Of a daemon that was started with this configuration.
    #[must_use]
    pub fn new(config: &Config, native: Arc<Native>, certificates: Arc<Certificates>) -> Self {
        Self {
            file: config.file.clone(),
            current: Mutex::new(config.clone()),
            native,
            certificates,
        }
    }

    /// Reads the configuration and takes over what can be; says what was and what was not. Blocks.
    ///
    /// # Errors
    /// The mistakes with file and line, or a certificate's file that is wrong; nothing has
    /// changed then.
    pub fn run(&self) -> Result<Value, Refusal> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let new = config::load(self.file.as_deref()).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            refused(lines.join("\n"))
        })?;
        Certificates::check(&new.listeners).map_err(refused)?;
        let found = Difference::of(&current, &new);
        let core = &self.native.core;
        core.configure(new.site.zone.clone(), new.rules.clone())
            .map_err(|e| Refusal::new(e.cause(), e))?;
        core.post.configure(new.mail.clone());
        self.native.limiter.set_rules(new.limits.rates);
        journal::set_level(new.log.level);
        self.certificates.set_names(new.names.clone());
        self.certificates.refresh(core);
        take(&mut current, new);
        tracing::info!(
            { fields::EVENT } = "reloaded",
            "The configuration was read anew. Taken over: {}. Needs a restart: {}.",
            listed(&found.taken),
            listed(&found.restart)
        );
        Ok(json!({"taken": found.taken, "restart": found.restart}))
    }
}

fn refused(message: String) -> Refusal {
    Refusal::new(Cause::Invalid, message)
}

fn listed(names: &[String]) -> String {
    match names.is_empty() {
        true => "nothing".to_owned(),
        false => names.join(", "),
    }
}

/// What is in force after a reload: the rest waits for a restart, and is named again until then.
fn take(current: &mut Config, new: Config) {
    current.site = new.site;
    current.rules = new.rules;
    current.mail = new.mail;
    current.limits.rates = new.limits.rates;
    current.log.level = new.log.level;
    current.names = new.names;
}

/// In what two configurations differ.
#[derive(Debug, Default, PartialEq, Eq)]
struct Difference {
    taken: Vec<String>,
    restart: Vec<String>,
}

impl Difference {
    /// Every part of the configuration stands here: one that is added does not compile until it
    /// does.
    fn of(old: &Config, new: &Config) -> Self {
        let Config {
            file: _,
            site,
            store_dir,
            master,
            kiosk_token,
            models,
            control,
            listeners,
            names,
            limits,
            accounts,
            identity,
            rules,
            cameras,
            local_name,
            mail,
            backup,
            log,
        } = old;
        let mut found = Self::default();
        found.taken("site", site, &new.site);
        found.taken("face", &rules.face, &new.rules.face);
        found.taken("liveness", &rules.liveness, &new.rules.liveness);
        found.taken("attendance", &rules.day, &new.rules.day);
        let kiosk = |r: &crate::domain::rule::Rules| format!("{:?} {:?}", r.address, r.desk);
        found.taken("kiosk", &kiosk(rules), &kiosk(&new.rules));
        found.taken("mail", mail, &new.mail);
        found.taken("limits", &limits.rates, &new.limits.rates);
        found.taken("log.level", &log.level, &new.log.level);
        found.taken("tls.names", names, &new.names);
        found.stays("identity", accounts, &new.accounts);
        found.stays("surface.identity", identity, &new.identity);
        found.stays("store.dir", store_dir, &new.store_dir);
        found.stays("keys.master", master, &new.master);
        found.stays("kiosk.token", kiosk_token, &new.kiosk_token);
        found.stays("models.dir", models, &new.models);
        found.stays("control.socket", control, &new.control);
        found.stays("limits.connections", &limits.places, &new.limits.places);
        found.stays("camera", cameras, &new.cameras);
        found.stays("network.local_name", local_name, &new.local_name);
        found.stays("backup", backup, &new.backup);
        found.stays("log.form", &log.form, &new.log.form);
        found.listeners(listeners, &new.listeners);
        found
    }

    fn taken(&mut self, name: &str, old: &impl Debug, new: &impl Debug) {
        if differ(old, new) {
            self.taken.push(name.to_owned());
        }
    }

    fn stays(&mut self, name: &str, old: &impl Debug, new: &impl Debug) {
        if differ(old, new) {
            self.restart.push(name.to_owned());
        }
    }

    fn listeners(&mut self, old: &[Listener], new: &[Listener]) {
        for number in 0..old.len().max(new.len()) {
            let told = |what: &str| format!("listener.{number}.{what}");
            match (old.get(number), new.get(number)) {
                (Some(old), Some(new)) => {
                    self.stays(&told("address"), &old.address, &new.address);
                    self.stays(&told("surface"), &old.surface, &new.surface);
                    self.stays(&told("tls"), &old.tls, &new.tls);
                    let proxies = (&old.trusted_proxies, &new.trusted_proxies);
                    self.stays(&told("trusted_proxies"), proxies.0, proxies.1);
                }
                (None, Some(_)) => self.restart.push(format!("listener.{number} (new)")),
                (Some(_), None) => self.restart.push(format!("listener.{number} (gone)")),
                (None, None) => {}
            }
        }
    }
}

fn differ(old: &impl Debug, new: &impl Debug) -> bool {
    format!("{old:?}") != format!("{new:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn config(text: &str) -> Config {
        config::build(Some(Path::new("hadir.toml")), text, &[]).expect("good")
    }

    #[test]
    fn every_difference_is_named_once_on_its_side() {
        let first = "[[listener]]\naddress = \"127.0.0.1:8080\"\n[[listener]]\naddress = \"127.0.0.1:8081\"\n";
        let table = [
            ("", "", ""),
            ("[site]\nname = \"SMA 1\"\n", "site", ""),
            ("[site]\ntimezone = \"Asia/Makassar\"\n", "site", ""),
            ("[liveness]\nattended = \"off\"\n", "liveness", ""),
            ("[attendance]\nlate_after = \"07:30\"\n", "attendance", ""),
            ("[face]\nstrangers_per_day = 7\n", "face", ""),
            ("[limits]\nlogin = \"3/1m\"\n", "limits", ""),
            (
                "[mail]\nserver = \"smtp.sch.id\"\nsender = \"h@sch.id\"\n",
                "mail",
                "",
            ),
            ("[limits]\nconnections = 100\n", "", "limits.connections"),
            ("[log]\nlevel = \"debug\"\n", "log.level", ""),
            ("[log]\nform = \"json\"\n", "", "log.form"),
            ("[tls]\nnames = [\"hadir.sch.id\"]\n", "tls.names", ""),
            ("[store]\ndir = \"/elsewhere\"\n", "", "store.dir"),
            ("[keys]\nmaster = \"file:/elsewhere\"\n", "", "keys.master"),
            ("[models]\ndir = \"/elsewhere\"\n", "", "models.dir"),
            ("[control]\nsocket = \"/elsewhere\"\n", "", "control.socket"),
            ("[camera]\nsource = \"files:/pictures\"\n", "", "camera"),
            ("[network]\nlocal_name = \"tu\"\n", "", "network.local_name"),
        ];
        for (more, taken, restart) in table {
            let found = Difference::of(&config(first), &config(&format!("{more}{first}")));
            let words = |text: &str| -> Vec<String> {
                text.split_whitespace().map(str::to_owned).collect()
            };
            assert_eq!(
                (found.taken, found.restart),
                (words(taken), words(restart)),
                "{more}"
            );
        }
    }

    #[test]
    fn a_listener_is_named_by_its_number_and_key() {
        let two = config(
            "[[listener]]\naddress = \"127.0.0.1:1\"\n[[listener]]\naddress = \"127.0.0.1:2\"\n",
        );
        let other = config(
            "[[listener]]\naddress = \"127.0.0.1:1\"\n[[listener]]\naddress = \"127.0.0.1:3\"\ntls = \"box\"\n",
        );
        let one = config("[[listener]]\naddress = \"127.0.0.1:1\"\n");
        let restart = |old, new| Difference::of(old, new).restart;
        assert_eq!(
            restart(&two, &other),
            ["listener.1.address", "listener.1.tls"]
        );
        assert_eq!(restart(&two, &one), ["listener.1 (gone)"]);
        assert_eq!(restart(&one, &two), ["listener.1 (new)"]);
    }
}
