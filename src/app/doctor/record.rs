//! What the box keeps: the store's file, the key that opens it, the audit chain, certificates.

use crate::app::config::{Config, Listener, Tls};
use crate::app::doctor::outward::{self, Outward};
use crate::app::doctor::{Daemon, Finding};
use crate::app::output::cell;
use crate::app::tls;
use crate::base::json::Value;
use crate::base::time::{Clock as _, Timestamp};
use crate::crypto::certificate::Standing;
use crate::crypto::keyring::{KeyError, Keyring, Purpose};
use crate::domain::backup::{self, Last};
use crate::domain::custody;
use crate::host::clock::SystemClock;
use crate::host::credential::{CredentialError, Place};
use crate::store::audit::{self, Verdict};
use crate::store::{self, FILE, inspect};
use crate::surface::trust;
use std::path::Path;

/// What was found.
pub struct Recorded {
    /// One for each thing.
    pub findings: Vec<Finding>,
    /// The last recorded time; 1970 if nothing is recorded.
    pub latest: Timestamp,
}

/// What the store says once the file is sound.
struct Inside {
    keyring: Result<Keyring, custody::Error>,
    chain: Option<Verdict>,
    backup: Option<Last>,
    outward: Outward,
}

/// Looks at all of it.
pub fn examine(config: &Config, running: &Daemon) -> Recorded {
    let dir = &config.store_dir;
    let seen = inspect::inspect(dir, |view| {
        let keyring = custody::look(view, &config.master);
        let chain = match &keyring {
            Ok(keyring) => Some(audit::verify(view, keyring.purpose(Purpose::AuditChain))?),
            Err(_) => None,
        };
        Ok(Inside {
            keyring,
            chain,
            backup: backup::find_last(view)?,
            outward: outward::look(view)?,
        })
    });
    let mut findings = vec![file(&dir.join(FILE), &seen)];
    let (latest, inside) = match seen {
        Ok(Some((outside, inside))) => (outside.latest, inside),
        Ok(None) | Err(_) => (Timestamp::default(), None),
    };
    if let Daemon::Running { keys, audit, .. } = running {
        findings.push(key_told(keys));
        findings.push(chain_told(audit));
    } else {
        let open = inside.as_ref().map(|i| i.keyring.as_ref().map(|_| ()));
        findings.push(key(config, open));
        let chain = inside.as_ref().and_then(|i| i.chain.as_ref());
        findings.extend(chain.map(chain_found));
    }
    let keyring = inside.as_ref().and_then(|i| i.keyring.as_ref().ok());
    let now = SystemClock::new().stamp().at;
    findings.extend(match running {
        Daemon::Running { status, .. } => Some(backup_told(status)),
        Daemon::None | Daemon::Silent(_) => inside.as_ref().map(|i| backup_found(i, now)),
    });
    let told = inside
        .as_ref()
        .map(|i| outward::findings(config, &i.outward));
    findings.extend(told.into_iter().flatten());
    let shown = (config.listeners.iter()).filter_map(|l| certificate(l, dir, keyring, now));
    findings.extend(shown);
    Recorded { findings, latest }
}

/// The last proven backup: a note for whatever is to be said of it.
fn backup_line(made_at: &str, file: &str, warnings: &[String]) -> Finding {
    const SUBJECT: &str = "backup";
    let last = match made_at {
        "" => String::new(),
        at => format!("the last was proven at {at}: {file}"),
    };
    match warnings.is_empty() {
        true => Finding::good(SUBJECT, last),
        false => {
            let all: Vec<&str> = (warnings.iter().map(String::as_str))
                .chain([last.as_str()])
                .filter(|part| !part.is_empty())
                .collect();
            Finding::note(SUBJECT, all.join("; "))
        }
    }
}

fn backup_told(status: &Value) -> Finding {
    let told = status.get("backup").cloned().unwrap_or_default();
    let warnings = told.get("warnings").and_then(Value::as_array);
    let warnings: Vec<String> = (warnings.into_iter().flatten())
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect();
    backup_line(&cell(&told, "made_at"), &cell(&told, "file"), &warnings)
}

fn backup_found(inside: &Inside, now: Timestamp) -> Finding {
    let last = inside.backup.as_ref();
    let warnings: Vec<String> = (backup::worries(last, now).iter())
        .map(ToString::to_string)
        .collect();
    let made_at = last.map(|last| last.made_at().to_string());
    let file = last.map(|last| last.file.as_str());
    backup_line(
        &made_at.unwrap_or_default(),
        file.unwrap_or_default(),
        &warnings,
    )
}

type Seen = Result<Option<(inspect::Outside, Option<Inside>)>, store::Error>;

fn file(path: &Path, seen: &Seen) -> Finding {
    const SUBJECT: &str = "database";
    const MEND: &str = "stop hadir, keep this folder aside, put a copy from before in its place";
    let shown = path.display();
    match seen {
        Ok(None) => Finding::note(
            SUBJECT,
            format!("{shown} is not there yet; the first start makes it"),
        ),
        Ok(Some((outside, _))) => match outside.findings.first() {
            None => Finding::good(SUBJECT, format!("{shown} is sound")),
            Some(first) => Finding::bad(SUBJECT, format!("{shown} is damaged ({first}): {MEND}")),
        },
        Err(error @ (store::Error::Corrupt(_) | store::Error::Internal(_))) => {
            Finding::bad(SUBJECT, format!("{shown} is damaged ({error}): {MEND}"))
        }
        Err(error) => Finding::bad(SUBJECT, format!("{shown} cannot be read: {error}")),
    }
}

/// The key as the store takes it; None: there is no store to try it on.
fn key(config: &Config, opens: Option<Result<(), &custody::Error>>) -> Finding {
    const SUBJECT: &str = "key";
    let place = &config.master;
    if matches!(place.path(), Err(CredentialError::NoDirectory)) {
        let text = format!("{place} is handed to the service alone; ask while it runs");
        return Finding::note(SUBJECT, text);
    }
    let read = place.read();
    match (opens, read) {
        (Some(Ok(())), _) => Finding::good(SUBJECT, format!("{place} opens the store")),
        (Some(Err(error)), _) => {
            Finding::bad(SUBJECT, format!("{place}: {error}; {}", advice(error)))
        }
        (None, Ok(_)) => Finding::good(SUBJECT, place.to_string()),
        (None, Err(error)) if config.is_development() => {
            Finding::note(SUBJECT, format!("{error}; the first start makes it"))
        }
        (None, Err(error)) => Finding::bad(SUBJECT, format!("{place}: {error}; {}", made(place))),
    }
}

const fn made(place: &Place) -> &'static str {
    match place {
        Place::File(_) => "make it with `hadir key init`",
        Place::Credential(_) => "hand it over with LoadCredential= in the service",
    }
}

/// What to do about a key that does not open the store. A new one never does.
const fn advice(error: &custody::Error) -> &'static str {
    const BACK: &str =
        "put this store's own key back, from the recovery kit; a new key does not open it";
    match error {
        custody::Error::Key(KeyError::Exposed(..)) => {
            "then think of who may have copied it, and change it with `hadir key rotate`"
        }
        custody::Error::Key(KeyError::NoRoot | KeyError::Sealed(_)) => {
            "put a copy of the store's folder from before in its place"
        }
        custody::Error::Key(
            KeyError::Missing(_) | KeyError::Damaged(_) | KeyError::Wrong(..) | KeyError::Io(_),
        )
        | custody::Error::Store(_)
        | custody::Error::Exists(_) => BACK,
    }
}

fn key_told(told: &Result<Value, String>) -> Finding {
    const SUBJECT: &str = "key";
    match told {
        Ok(keys) if keys.get("fits").and_then(Value::as_bool) == Some(true) => {
            Finding::good(SUBJECT, format!("{} opens the store", cell(keys, "place")))
        }
        Ok(keys) => Finding::bad(
            SUBJECT,
            format!(
                "{}: {}; put this store's own key back before the next start, from the recovery kit",
                cell(keys, "place"),
                cell(keys, "error")
            ),
        ),
        Err(why) => Finding::bad(SUBJECT, why.clone()),
    }
}

/// What to do about a chain that is broken.
const KEEP: &str = "somebody has changed the store by another way than hadir: keep a copy of the folder, and see who had access";

fn chain_told(told: &Result<Value, String>) -> Finding {
    match told {
        Ok(chain) => Finding::good("audit", format!("{} rows, whole", cell(chain, "rows"))),
        Err(why) => Finding::bad("audit", format!("{why}: {KEEP}")),
    }
}

fn chain_found(verdict: &Verdict) -> Finding {
    match verdict {
        Verdict::Whole(end) => Finding::good("audit", format!("{} rows, whole", end.count)),
        broken @ (Verdict::Gap(_)
        | Verdict::Changed(_)
        | Verdict::Cut { .. }
        | Verdict::HeadChanged) => Finding::bad(
            "audit",
            format!("the audit chain is broken: {broken}: {KEEP}"),
        ),
    }
}

/// The certificate of a listener; None where it has none.
fn certificate(
    listener: &Listener,
    dir: &Path,
    keyring: Option<&Keyring>,
    now: Timestamp,
) -> Option<Finding> {
    const SUBJECT: &str = "certificate";
    let key = listener.key.replace(".address", ".tls");
    let (name, standing) = match &listener.tls {
        Tls::Off => return None,
        Tls::Box => match trust::look(dir, keyring?) {
            Ok(ends) => ("box".to_owned(), Standing::of(ends?, now)),
            Err(error) => return Some(Finding::bad(SUBJECT, format!("{key}: {error}"))),
        },
        Tls::Files { cert, key: place } => match tls::ends(cert, place) {
            Ok(ends) => (cert.display().to_string(), Standing::of(ends?, now)),
            Err(error) => {
                let text = format!("{error}: bring both files anew, or change {key}");
                return Some(Finding::bad(SUBJECT, text));
            }
        },
    };
    Some(match (standing, &listener.tls) {
        (Standing::Good(ends), _) => {
            Finding::good(SUBJECT, format!("{name} ({key}) ends on {ends}"))
        }
        // The box makes its own anew by itself while it runs.
        (Standing::Soon(ends) | Standing::Ended(ends), Tls::Box) => Finding::note(
            SUBJECT,
            format!("{name} ({key}) ends on {ends}; the daemon makes it anew when it runs"),
        ),
        (Standing::Soon(ends), _) => Finding::note(
            SUBJECT,
            format!("{name} ({key}) ends on {ends}: bring a new one in time"),
        ),
        (Standing::Ended(ends), _) => Finding::bad(
            SUBJECT,
            format!(
                "{name} ({key}) has ended on {ends}: bring a new one, it is taken within a minute"
            ),
        ),
    })
}
