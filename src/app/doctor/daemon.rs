//! What a running daemon says of itself.

use crate::app::doctor::{Finding, Grade};
use crate::app::output::cell;
use crate::base::json::Value;

/// Whether a daemon runs, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub enum Daemon {
    /// None listens on the control socket.
    None,
    /// Something is there and does not answer as a daemon does: what happened.
    Silent(String),
    /// It answers.
    Running {
        /// Its answer to `hadir status`.
        status: Value,
        /// Its answer to `hadir key status`, or its refusal.
        keys: Result<Value, String>,
        /// Its answer to `hadir audit verify`, or its refusal.
        audit: Result<Value, String>,
    },
}

impl Daemon {
    /// How it is as a whole.
    pub(super) fn finding(&self) -> Finding {
        let status = match self {
            Self::None => {
                return Finding::note("daemon", "none runs; start it with `hadir serve`");
            }
            Self::Silent(why) => {
                let text = format!(
                    "{why}: run this as root or the service's user; if it is that already, restart the service"
                );
                return Finding::bad("daemon", text);
            }
            Self::Running { status, .. } => status,
        };
        let word = cell(status, "status");
        let detail = ["store_detail", "faces_detail"].map(|key| cell(status, key));
        let detail: Vec<_> = detail.into_iter().filter(|d| !d.is_empty()).collect();
        let grade = match word.as_str() {
            "good" => Grade::Good,
            "degraded" => Grade::Note,
            _ => Grade::Bad,
        };
        let told = if detail.is_empty() {
            String::new()
        } else {
            format!(": {}", detail.join("; "))
        };
        Finding::new("daemon", grade, format!("it runs and is {word}{told}"))
    }

    /// Name and state of each of its cameras, with the reason for one that is lost.
    pub(super) fn cameras(&self) -> Vec<(String, String, String)> {
        let Self::Running { status, .. } = self else {
            return Vec::new();
        };
        let list = status.get("cameras").and_then(Value::as_array);
        let one = |c: &Value| (cell(c, "name"), cell(c, "state"), cell(c, "detail"));
        list.map(|all| all.iter().map(one).collect())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    fn running(status: Value) -> Daemon {
        Daemon::Running {
            status,
            keys: Ok(json!({})),
            audit: Ok(json!({})),
        }
    }

    #[test]
    fn a_daemon_that_fails_is_bad_and_one_that_is_degraded_a_note() {
        let table = [
            (running(json!({"status": "good"})), Grade::Good, "is good"),
            (
                running(json!({"status": "degraded", "faces_detail": "the model x is missing"})),
                Grade::Note,
                "is degraded: the model x is missing",
            ),
            (
                running(json!({"status": "failing", "store_detail": "page 3"})),
                Grade::Bad,
                "is failing: page 3",
            ),
            (Daemon::None, Grade::Note, "hadir serve"),
            (Daemon::Silent("/x: refused".to_owned()), Grade::Bad, "/x"),
        ];
        for (daemon, grade, says) in table {
            let found = daemon.finding();
            assert_eq!(found.grade, grade, "{found:?}");
            assert!(found.text.contains(says), "{found:?}");
        }
    }
}
