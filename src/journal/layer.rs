//! The tracing layer that sends entries to the journal with their fields, and writes them to
//! stderr as text or JSON where there is no journal.

use crate::base::time::{Clock, Timestamp};
use crate::journal::entry::{Entry, Level};
use crate::journal::queue::Queue;
use std::io::Write as _;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use systemd_journal_logger::{JournalLog, connected_to_journal};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The form of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The journal if stderr is connected to it, else text.
    Auto,
    /// Text on stderr, always.
    Text,
    /// JSON lines on stderr, always.
    Json,
}

enum Output {
    Journal(JournalLog),
    Text,
    Json,
    #[cfg(test)]
    Kept(Arc<std::sync::Mutex<Vec<Entry>>>),
}

impl Output {
    fn write(&self, at: Timestamp, entry: &Entry) {
        let line = match self {
            Self::Journal(log) => return send(log, entry),
            Self::Text => entry.to_text(at),
            Self::Json => entry.to_json(at),
            #[cfg(test)]
            Self::Kept(kept) => {
                kept.lock().expect("lock").push(entry.clone());
                return;
            }
        };
        // A log line that cannot be written has nowhere else to go.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}

struct Journal {
    queue: Arc<Queue>,
    level: Arc<Least>,
    clock: Arc<dyn Clock>,
}

/// The level from which on entries count; it may change while the program runs.
struct Least(AtomicU8);

impl Least {
    const fn of(level: Level) -> Self {
        Self(AtomicU8::new(level as u8))
    }

    fn get(&self) -> Level {
        let number = self.0.load(Ordering::Relaxed);
        let mut all = [Level::Error, Level::Warning, Level::Info].into_iter();
        all.find(|level| *level as u8 == number)
            .unwrap_or(Level::Debug)
    }
}

/// The queue of the process, for [`flush`], and its level, for [`set_level`].
static QUEUE: OnceLock<Arc<Queue>> = OnceLock::new();
static LEVEL: OnceLock<Arc<Least>> = OnceLock::new();

/// Writes what waits, for ever; it may stand still as long as nobody reads.
fn write_all(queue: &Queue, output: &Output, clock: &dyn Clock) {
    loop {
        write_some(queue, output, clock);
    }
}

fn write_some(queue: &Queue, output: &Output, clock: &dyn Clock) {
    let batch = queue.take();
    for (at, entry) in &batch.entries {
        output.write(*at, entry);
    }
    if batch.dropped > 0 {
        output.write(clock.stamp().at, &Entry::dropped(batch.dropped));
    }
    queue.done();
}

/// Sends one entry; a journal that does not answer is no reason to stop.
fn send(log: &JournalLog, entry: &Entry) {
    let mut builder = log::Record::builder();
    let values: &dyn log::kv::Source = &entry.fields;
    let _ = log.journal_send(
        &builder
            .level(entry.level.record_level())
            .target(&entry.target)
            .key_values(&values)
            .args(format_args!("{}", entry.message))
            .build(),
    );
}

/// Entries of ours count from the level asked for, those of other crates from warning.
fn counts(level: Level, metadata: &tracing::Metadata<'_>) -> bool {
    let own = metadata.target().starts_with("hadir");
    let least = if own {
        level
    } else {
        level.min(Level::Warning)
    };
    Level::of(*metadata.level()) <= least
}

impl<S: tracing::Subscriber> Layer<S> for Journal {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        counts(self.level.get(), metadata)
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        self.queue.push(self.clock.stamp().at, Entry::of(event));
    }
}

/// Starts logging for the whole process. Later calls change nothing.
///
/// `level`: entries below it are dropped. `clock`: where the time of a line comes from (the
/// journal stamps its entries itself).
pub fn start(form: Form, level: Level, clock: Arc<dyn Clock>) {
    let output = match form {
        Form::Auto if connected_to_journal() => {
            JournalLog::new().map_or(Output::Text, Output::Journal)
        }
        Form::Auto | Form::Text => Output::Text,
        Form::Json => Output::Json,
    };
    let queue = Arc::new(Queue::default());
    let least = Arc::new(Least::of(level));
    let journal = Journal {
        queue: Arc::clone(&queue),
        level: Arc::clone(&least),
        clock: Arc::clone(&clock),
    };
    let subscriber = tracing_subscriber::registry().with(journal);
    // An error means that logging was started before; the first start holds.
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        return;
    }
    let _ = QUEUE.set(Arc::clone(&queue));
    let _ = LEVEL.set(least);
    let writer = std::thread::Builder::new().name("hadir-journal".to_owned());
    let started = writer.spawn(move || write_all(&queue, &output, clock.as_ref()));
    if let Err(error) = started {
        let _ = writeln!(std::io::stderr(), "hadir: there is no log: {error}");
    }
}

/// Whether stderr ends in the journal: lines there can say how urgent they are (`<3>` before an error,
/// sd-daemon(3)), which makes `journalctl -p err` show them.
#[must_use]
pub fn is_behind_stderr() -> bool {
    connected_to_journal()
}

/// Whether logging was started: what is told then goes there, and not to stderr a second time.
#[must_use]
pub fn is_started() -> bool {
    QUEUE.get().is_some()
}

/// Entries below this level are dropped from now on.
pub fn set_level(level: Level) {
    if let Some(least) = LEVEL.get() {
        least.0.store(level as u8, Ordering::Relaxed);
        // Whether a place in the program is heard at all was found out once, at its first entry.
        tracing::callsite::rebuild_interest_cache();
    }
}

/// Waits until what was logged has been written, at most `limit`: before the process ends.
pub fn flush(limit: Duration) {
    if let Some(queue) = QUEUE.get() {
        // What nobody reads within the limit is lost.
        let _ = queue.wait_until_written(limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{ClockState, Stamp};
    use crate::journal::fields;
    use std::sync::Mutex;

    struct Fixed;
    impl Clock for Fixed {
        fn stamp(&self) -> Stamp {
            Stamp {
                at: Timestamp::from_millis(0),
                clock: ClockState::Synced,
            }
        }
    }

    fn gather(level: Level, act: impl FnOnce()) -> Vec<Entry> {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let queue = Arc::new(Queue::default());
        let journal = Journal {
            queue: Arc::clone(&queue),
            level: Arc::new(Least::of(level)),
            clock: Arc::new(Fixed),
        };
        let subscriber = tracing_subscriber::registry().with(journal);
        tracing::subscriber::with_default(subscriber, act);
        if !queue.wait_until_written(Duration::ZERO) {
            write_some(&queue, &Output::Kept(kept.clone()), &Fixed);
        }
        kept.lock().expect("lock").clone()
    }

    #[test]
    fn fields_of_ours_stay_fields_and_others_join_the_text() {
        let entries = gather(Level::Info, || {
            tracing::info!(
                { fields::EVENT } = "started",
                { fields::ROWS } = 3_u64,
                port = 8080,
                "The daemon serves."
            );
        });
        let entry = &entries[0];
        assert_eq!(entry.message, "The daemon serves. port=8080");
        assert_eq!(
            entry.fields,
            [
                (fields::EVENT, "started".to_owned()),
                (fields::ROWS, "3".to_owned())
            ]
        );
        assert_eq!(entry.level, Level::Info);
    }

    #[test]
    fn what_did_not_fit_is_told_with_its_number() {
        let most = crate::base::limits::JOURNAL_ENTRIES_MAX;
        let entries = gather(Level::Info, || {
            for _ in 0..most + 3 {
                tracing::info!("one of many");
            }
        });
        assert_eq!(entries.len(), most + 1);
        let last = entries.last().expect("the last");
        assert_eq!(last.level, Level::Warning);
        let told = [(fields::EVENT, "entries_dropped"), (fields::ROWS, "3")];
        assert_eq!(last.fields, told.map(|(n, v)| (n, v.to_owned())));
    }

    #[test]
    fn what_is_below_the_level_is_dropped() {
        let entries = gather(Level::Warning, || {
            tracing::info!("dropped");
            tracing::warn!("kept");
            tracing::info!(target: "hyper", "dropped");
            tracing::error!(target: "hyper", "kept");
        });
        assert_eq!(entries.len(), 2);
        assert!(entries.iter().all(|e| e.message == "kept"));
        let chatty = gather(Level::Debug, || tracing::info!(target: "hyper", "dropped"));
        assert!(chatty.is_empty());
    }

    #[test]
    fn every_level_is_what_it_was_set_to() {
        for level in [Level::Error, Level::Warning, Level::Info, Level::Debug] {
            assert_eq!(Least::of(level).get(), level);
        }
    }

    /// The journal's own library reads exactly these pairs; it escapes what is no field name.
    #[test]
    fn the_record_for_the_journal_has_every_field() {
        use log::kv::{Key, Source, Value, VisitSource};
        struct Seen(Vec<(String, String)>);
        impl<'a> VisitSource<'a> for Seen {
            fn visit_pair(&mut self, k: Key<'a>, v: Value<'a>) -> Result<(), log::kv::Error> {
                self.0.push((k.to_string(), v.to_string()));
                Ok(())
            }
        }
        let fields = vec![
            (fields::EVENT, "a\nb".to_owned()),
            (fields::CAUSE, "busy".to_owned()),
        ];
        let mut seen = Seen(Vec::new());
        fields.visit(&mut seen).expect("visit");
        assert_eq!(seen.0[0], ("HADIR_EVENT".to_owned(), "a\nb".to_owned()));
        assert_eq!(seen.0[1].1, "busy");
    }
}
