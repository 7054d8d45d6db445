//! What happens, told at once to the pages that are open: decisions to the desk and to the
//! screen of the device, calls for help, pictures of the box's camera. A hub in memory.
//!
//! It is fed after commits only and promises nothing: a page that was cut off asks for the
//! state again when it is back. Nothing is queued for a client that does not keep up.

use crate::base::id::{DeviceId, SessionId};
use crate::base::json::Value;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::http::stream::{self, Stream, Writer};
use std::collections::HashMap;
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

/// By what right somebody listens to what has names in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A paired device.
    Device(DeviceId),
    /// A person's session.
    Session(SessionId),
}

struct Listener {
    topics: Vec<Topic>,
    writer: Writer,
    owner: Option<Owner>,
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
        self.listen_as(topics, None)
    }

    /// The same for somebody who is cut off with [`Self::cut`] once the right has ended.
    ///
    /// # Errors
    /// [`Full`].
    pub fn listen_as(&self, topics: &[Topic], owner: Option<Owner>) -> Result<Stream, Full> {
        let (writer, stream) = stream::stream(limits::STREAM_PARTS_MAX);
        let _ = writer.send(stream::event("hello", "{}")); // there is room for the first
        self.add(topics, writer, owner)?;
        Ok(stream)
    }

    /// Those who listen by a right that may end, and whether they hear the names that staff do.
    #[must_use]
    pub fn owners(&self) -> Vec<(Owner, bool)> {
        let mut all = Vec::new();
        for listener in &self.state().listeners {
            let names = listener.topics.contains(&Topic::Desk);
            all.extend(listener.owner.map(|owner| (owner, names)));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Ends all streams of an owner.
    pub fn cut(&self, owner: Owner) {
        self.state().listeners.retain(|l| l.owner != Some(owner));
    }

    /// A stream of the pictures of a camera, as parts of `multipart/x-mixed-replace`.
    ///
    /// # Errors
    /// [`Full`].
    pub fn preview(&self, camera: DeviceId) -> Result<Stream, Full> {
        let (writer, stream) = stream::stream(2);
        self.add(&[Topic::Preview(camera)], writer, None)?;
        Ok(stream)
    }

    fn add(&self, topics: &[Topic], writer: Writer, owner: Option<Owner>) -> Result<(), Full> {
        let mut state = self.state();
        state.listeners.retain(|l| !l.writer.is_closed());
        if state.listeners.len() >= limits::STREAMS_MAX {
            return Err(Full);
        }
        let topics = topics.to_vec();
        state.listeners.push(Listener {
            topics,
            writer,
            owner,
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
        Some(help)
    }

    /// The call was answered. True: there was one.
    pub fn answer_help(&self, device: DeviceId) -> bool {
        let mut state = self.state();
        let before = state.help.len();
        state.help.retain(|h| h.device != device);
        state.help.len() < before
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
    fn whose_right_has_ended_is_cut_off_alone() {
        let live = Live::default();
        let (lost, other) = (Owner::Device(device(1)), Owner::Device(device(2)));
        let streams: Vec<_> = [Some(lost), Some(lost), Some(other), None]
            .map(|owner| live.listen_as(&[Topic::Desk], owner).expect("room"))
            .into();
        assert_eq!(live.owners(), [(lost, true), (other, true)]);
        live.cut(lost);
        assert_eq!(live.owners(), [(other, true)]);
        live.tell(Topic::Desk, "decision", &json!({}));
        let heard = streams.into_iter().map(|s| s.drain().contains("decision"));
        assert_eq!(heard.collect::<Vec<_>>(), [false, false, true, true]);
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
