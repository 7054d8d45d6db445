//! What happens, told at once to the pages that are open: decisions to the desk and to the
//! screen of the device, calls for help, pictures of the box's camera. A hub in memory.
//!
//! It is fed after commits only and promises nothing: a page that was cut off asks for the
//! state again when it is back. Nothing is queued for a client that does not keep up.

use crate::base::id::{DeviceId, PersonId, SessionId};
use crate::base::json::Value;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::http::stream::{self, Stream, Writer};
use crate::journal::fields;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a page wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Everything staff see: decisions of all doors, undos, calls for help.
    Desk,
    /// What concerns one screen.
    Screen(DeviceId),
    /// The pictures of one camera of the box.
    Preview(DeviceId),
}

/// A call for help from a screen, until staff have answered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The number of the call, from 1, in the order of calls.
    pub number: u64,
    /// The screen.
    pub device: DeviceId,
    /// When it was called.
    pub at: Timestamp,
}

/// What a screen said of itself last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// When.
    pub at: Timestamp,
    /// Which state it shows, by its word.
    pub screen: String,
    /// Milliseconds since the last picture of its camera; None: it has none.
    pub frame_age_ms: Option<u64>,
    /// Memory that its page uses, in bytes; None: the browser does not tell.
    pub memory_bytes: Option<u64>,
}

/// Whom a stream is for, as far as somebody is known; it ends when one of them loses the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owner {
    /// The device that listens.
    pub device: Option<DeviceId>,
    /// The session that listens.
    pub session: Option<SessionId>,
    /// Whose session that is.
    pub person: Option<PersonId>,
}

/// Whose streams end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of a device.
    Device(DeviceId),
    /// Those of one session.
    Session(SessionId),
    /// Those of all sessions of a person.
    Person(PersonId),
}

impl Owner {
    fn is(&self, whose: Whose) -> bool {
        match whose {
            Whose::Device(id) => self.device == Some(id),
            Whose::Session(id) => self.session == Some(id),
            Whose::Person(id) => self.person == Some(id),
        }
    }
}

struct Listener {
    topics: Vec<Topic>,
    owner: Owner,
    writer: Writer,
}

#[derive(Default)]
struct State {
    listeners: Vec<Listener>,
    help: Vec<Help>,
    calls: u64,
    signs: HashMap<DeviceId, Sign>,
    box_camera: Option<DeviceId>,
}

/// The hub.
#[derive(Default)]
pub struct Live(Mutex<State>);

/// As many listen as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// What happens to a client that does not keep up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slow {
    /// It is cut off and comes again: it must not miss an event unnoticed.
    CutOff,
    /// It misses this part: of pictures the newest counts.
    Misses,
}

impl Live {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream of the events of these topics. Its first event is `hello`, so that the page
    /// knows that it is connected.
    ///
    /// # Errors
    /// [`Full`].
    pub fn listen(&self, topics: &[Topic]) -> Result<Stream, Full> {
        self.listen_as(Owner::default(), topics)
    }

    /// The same for somebody who may lose the right to it.
    ///
    /// # Errors
    /// [`Full`].
    pub fn listen_as(&self, owner: Owner, topics: &[Topic]) -> Result<Stream, Full> {
        let (writer, stream) = stream::stream(limits::STREAM_PARTS_MAX);
        let _ = writer.send(stream::event("hello", "{}")); // there is room for the first
        self.add(owner, topics, writer)?;
        Ok(stream)
    }

    /// A stream of the pictures of a camera, as parts of `multipart/x-mixed-replace`.
    ///
    /// # Errors
    /// [`Full`].
    pub fn preview(&self, camera: DeviceId) -> Result<Stream, Full> {
        self.preview_as(Owner::default(), camera)
    }

    /// The same for somebody who may lose the right to it.
    ///
    /// # Errors
    /// [`Full`].
    pub fn preview_as(&self, owner: Owner, camera: DeviceId) -> Result<Stream, Full> {
        let (writer, stream) = stream::stream(2);
        self.add(owner, &[Topic::Preview(camera)], writer)?;
        Ok(stream)
    }

    /// Ends streams at once: their clients read the end, and must ask again to listen on.
    pub fn end(&self, whose: Whose) {
        self.state().listeners.retain(|l| !l.owner.is(whose));
    }

    /// The sessions that have streams.
    #[must_use]
    pub fn sessions(&self) -> HashSet<SessionId> {
        let state = self.state();
        let all = state.listeners.iter().filter_map(|l| l.owner.session);
        all.collect()
    }

    fn add(&self, owner: Owner, topics: &[Topic], writer: Writer) -> Result<(), Full> {
        let mut state = self.state();
        state.listeners.retain(|l| !l.writer.is_closed());
        if state.listeners.len() >= limits::STREAMS_MAX {
            return Err(Full);
        }
        let topics = topics.to_vec();
        state.listeners.push(Listener {
            topics,
            owner,
            writer,
        });
        Ok(())
    }

    /// Tells all who listen to a topic.
    pub fn tell(&self, topic: Topic, name: &str, data: &Value) {
        let part = stream::event(name, &data.to_string());
        self.send(|l| l.topics.contains(&topic), &part, Slow::CutOff);
    }

    /// Shows a picture (JPEG) to all who watch a camera.
    pub fn show(&self, camera: DeviceId, picture: &[u8]) {
        let topic = Topic::Preview(camera);
        if self.listeners(topic) == 0 {
            return;
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
            picture.len()
        );
        let part = [head.as_bytes(), picture, b"\r\n"].concat();
        self.send(|l| l.topics.contains(&topic), &part, Slow::Misses);
    }

    /// A sign of life on every event stream, so that both ends notice when the other is gone.
    pub fn pulse(&self) {
        let events = |l: &Listener| !matches!(l.topics.as_slice(), [Topic::Preview(_)]);
        self.send(events, &stream::event("pulse", "{}"), Slow::CutOff);
    }

    fn send(&self, wants: impl Fn(&Listener) -> bool, part: &[u8], slow: Slow) {
        self.state().listeners.retain(|l| {
            let sent = !wants(l) || l.writer.send(part);
            !l.writer.is_closed() && (sent || slow == Slow::Misses)
        });
    }

    /// How many listen to a topic.
    #[must_use]
    pub fn listeners(&self, topic: Topic) -> usize {
        let state = self.state();
        let open = |l: &&Listener| l.topics.contains(&topic) && !l.writer.is_closed();
        state.listeners.iter().filter(open).count()
    }

    /// Calls staff to a screen; one call of a screen stands at a time. None: it stands already.
    pub fn call_help(&self, device: DeviceId, at: Timestamp) -> Option<Help> {
        let mut state = self.state();
        if state.help.iter().any(|h| h.device == device) {
            return None;
        }
        state.calls += 1;
        let number = state.calls;
        let help = Help { number, device, at };
        state.help.push(help.clone());
        drop(state);
        tracing::info!(
            { fields::EVENT } = "help_called",
            { fields::DEVICE } = %device,
            "Somebody calls for help at a screen."
        );
        Some(help)
    }

    /// The call was answered. True: there was one.
    pub fn answer_help(&self, device: DeviceId) -> bool {
        let mut state = self.state();
        let before = state.help.len();
        state.help.retain(|h| h.device != device);
        let answered = state.help.len() < before;
        drop(state);
        if answered {
            tracing::info!(
                { fields::EVENT } = "help_answered",
                { fields::DEVICE } = %device,
                "A call for help was answered."
            );
        }
        answered
    }

    /// Calls that nobody has answered, oldest first.
    #[must_use]
    pub fn help(&self) -> Vec<Help> {
        self.state().help.clone()
    }

    /// Notes what a screen says of itself.
    pub fn note(&self, device: DeviceId, sign: Sign) {
        let mut state = self.state();
        if state.signs.len() >= limits::SCREENS_MAX && !state.signs.contains_key(&device) {
            let oldest = state
                .signs
                .iter()
                .min_by_key(|(_, s)| s.at)
                .map(|(d, _)| *d);
            if let Some(oldest) = oldest {
                state.signs.remove(&oldest);
            }
        }
        state.signs.insert(device, sign);
    }

    /// What a screen said last; None: nothing since the start.
    #[must_use]
    pub fn sign(&self, device: DeviceId) -> Option<Sign> {
        self.state().signs.get(&device).cloned()
    }

    /// Whether a screen has given a sign of life lately.
    #[must_use]
    pub fn is_present(&self, device: DeviceId, now: Timestamp) -> bool {
        let fresh = |s: Sign| now.since(s.at).as_millis() < limits::SCREEN_SILENT_MS_MAX;
        self.sign(device).is_some_and(fresh)
    }

    /// Names the device that stands for the box's own camera.
    pub fn set_box_camera(&self, device: DeviceId) {
        self.state().box_camera = Some(device);
    }

    /// The device that stands for the box's own camera, if it has one.
    #[must_use]
    pub fn box_camera(&self) -> Option<DeviceId> {
        self.state().box_camera
    }
}

/// What separates the pictures of a preview.
const BOUNDARY: &str = "hadir-picture";

/// The type of a preview's answer.
pub const PREVIEW_TYPE: &str = "multipart/x-mixed-replace; boundary=hadir-picture";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;
    use crate::base::json::json;

    fn device(number: u8) -> DeviceId {
        DeviceId::from_bytes([number; 16])
    }

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn each_hears_its_topics_and_nothing_else() {
        let live = Live::default();
        let desk = live.listen(&[Topic::Desk]).expect("room");
        let screen = live.listen(&[Topic::Screen(device(1)), Topic::Screen(device(2))]);
        let screen = screen.expect("room");
        live.tell(Topic::Desk, "decision", &json!({"n": 1}));
        live.tell(Topic::Screen(device(2)), "decision", &json!({"n": 2}));
        live.tell(Topic::Screen(device(3)), "decision", &json!({"n": 3}));
        live.show(device(1), b"picture");
        live.pulse();
        let hello = "event: hello\ndata: {}\n\n";
        let pulse = "event: pulse\ndata: {}\n\n";
        let event = |n| format!("event: decision\ndata: {{\"n\":{n}}}\n\n");
        assert_eq!(desk.drain(), format!("{hello}{}{pulse}", event(1)));
        assert_eq!(screen.drain(), format!("{hello}{}{pulse}", event(2)));
    }

    #[test]
    fn who_does_not_keep_up_with_events_is_cut_off_and_with_pictures_misses_some() {
        let live = Live::default();
        let camera = device(1);
        let _slow = live.listen(&[Topic::Desk]).expect("room");
        let watcher = live.preview(camera).expect("room");
        for _ in 0..limits::STREAM_PARTS_MAX + 1 {
            live.tell(Topic::Desk, "x", &json!({}));
            live.show(camera, b"JPEG");
        }
        assert_eq!(live.listeners(Topic::Desk), 0);
        assert_eq!(live.listeners(Topic::Preview(camera)), 1);
        let part =
            "--hadir-picture\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\nJPEG\r\n";
        assert_eq!(watcher.drain(), part.repeat(2));
    }

    #[test]
    fn who_loses_a_right_loses_the_streams_at_once_and_nobody_else_does() {
        let live = Live::default();
        let session = |n: u8| SessionId::from_bytes([n; 16]);
        let owner = |d: u8, s: u8, p: u8| Owner {
            device: (d > 0).then(|| device(d)),
            session: (s > 0).then(|| session(s)),
            person: (p > 0).then(|| PersonId::from_bytes([p; 16])),
        };
        let owners = [
            owner(1, 0, 0),
            owner(1, 1, 1),
            owner(0, 2, 1),
            owner(0, 3, 2),
            owner(2, 0, 0),
        ];
        let table = [
            (Whose::Device(device(1)), [false, false, true, true, true]),
            (Whose::Session(session(2)), [true, true, false, true, true]),
            (
                Whose::Person(PersonId::from_bytes([1; 16])),
                [true, false, false, true, true],
            ),
            (Whose::Device(device(9)), [true; 5]),
        ];
        for (whose, stay) in table {
            let live = Live::default();
            let open = owners.map(|o| live.listen_as(o, &[Topic::Desk]).expect("room"));
            let watching = live.preview_as(owner(1, 0, 0), device(7)).expect("room");
            live.end(whose);
            for (stream, stay) in open.into_iter().zip(stay) {
                assert_eq!(stream.has_ended(), !stay, "{whose:?}");
            }
            assert_eq!(watching.has_ended(), whose == Whose::Device(device(1)));
        }
        assert_eq!(live.listeners(Topic::Desk), 0);
    }

    #[test]
    fn who_leaves_makes_room_for_others() {
        let live = Live::default();
        let mut all: Vec<Stream> = (0..limits::STREAMS_MAX)
            .map(|_| live.listen(&[Topic::Desk]).expect("room"))
            .collect();
        assert_eq!(live.listen(&[Topic::Desk]).err(), Some(Full));
        all.truncate(10);
        assert_eq!(live.listeners(Topic::Desk), 10);
        assert!(live.listen(&[Topic::Desk]).is_ok());
        live.pulse();
        assert_eq!(
            live.listeners(Topic::Desk),
            10,
            "the last one has left, too"
        );
    }

    #[test]
    fn a_screen_calls_once_until_it_was_answered() {
        let live = Live::default();
        let first = live.call_help(device(1), at(5)).expect("a call");
        assert_eq!((first.number, first.at), (1, at(5)));
        assert_eq!(live.call_help(device(1), at(6)), None);
        let second = live.call_help(device(2), at(7)).expect("a call");
        assert_eq!(live.help(), [first, second.clone()]);
        assert!(live.answer_help(device(1)));
        assert!(!live.answer_help(device(1)));
        assert_eq!(live.help(), [second]);
        assert_eq!(live.call_help(device(1), at(8)).map(|h| h.number), Some(3));
    }

    #[test]
    fn a_silent_screen_is_gone_after_half_a_minute() {
        let live = Live::default();
        let sign = |ms| Sign {
            at: at(ms),
            screen: "idle".to_owned(),
            frame_age_ms: None,
            memory_bytes: None,
        };
        assert!(!live.is_present(device(1), at(0)));
        live.note(device(1), sign(1_000));
        assert!(live.is_present(device(1), at(30_999)));
        assert!(!live.is_present(device(1), at(31_000)));
        for n in 0..=limits::SCREENS_MAX {
            let other = DeviceId::from_bytes([u8::try_from(n + 2).expect("small"); 16]);
            live.note(other, sign(2_000));
        }
        assert_eq!(live.sign(device(1)), None, "the oldest gave way");
        assert_eq!(live.box_camera(), None);
        live.set_box_camera(device(9));
        assert_eq!(live.box_camera(), Some(device(9)));
    }
}
