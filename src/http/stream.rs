//! Bodies that are written over time: event streams and moving pictures. A client that does
//! not keep up is cut off and comes again; nothing is queued for it without a bound.

use bytes::Bytes;
use tokio::sync::mpsc;

/// The end that a surface writes into.
#[derive(Debug, Clone)]
pub struct Writer(mpsc::Sender<Bytes>);

/// The end that becomes an answer's body.
#[derive(Debug)]
pub struct Stream(pub(in crate::http) mpsc::Receiver<Bytes>);

/// A pair of ends with room for `parts` parts that were not sent yet.
#[must_use]
pub fn stream(parts: usize) -> (Writer, Stream) {
    let (writer, reader) = mpsc::channel(parts.max(1));
    (Writer(writer), Stream(reader))
}

impl Stream {
    /// Whether nobody writes into it any more: for tests of who ends it.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.is_closed()
    }

    /// All that was written and not taken yet, as text: for tests of who writes.
    #[must_use]
    pub fn drain(mut self) -> String {
        let mut text = String::new();
        while let Ok(part) = self.0.try_recv() {
            text.push_str(&String::from_utf8_lossy(&part));
        }
        text
    }
}

impl Writer {
    /// Writes a part at once. False: the client is gone or does not keep up; drop the writer
    /// then, which ends the answer.
    #[must_use]
    pub fn send(&self, part: impl Into<Vec<u8>>) -> bool {
        self.0.try_send(Bytes::from(part.into())).is_ok()
    }

    /// Writes a part as soon as there is room for it: for answers with an end. False: the client
    /// is gone, or takes nothing and was cut off.
    pub async fn send_on(&self, part: impl Into<Vec<u8>>) -> bool {
        self.0.send(Bytes::from(part.into())).await.is_ok()
    }

    /// Whether the client is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }
}

/// An event in the form of the HTML standard's event streams: `data` on one line.
#[must_use]
pub fn event(name: &str, data: &str) -> Vec<u8> {
    format!("event: {name}\ndata: {data}\n\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_does_not_keep_up_is_noticed() {
        let (writer, reader) = stream(2);
        assert!(writer.send("a") && writer.send("b"));
        assert!(!writer.send("c"));
        drop(reader);
        assert!(writer.is_closed());
    }
}
