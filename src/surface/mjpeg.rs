//! An MJPEG stream over HTTP as a camera: the connection of `http::client` and the parser of
//! `host::camera::mjpeg` behind the trait that all cameras share.

use crate::base::limits;
use crate::host::camera::mjpeg::{Parser, boundary};
use crate::host::camera::picture::Content;
use crate::host::camera::{CameraError, Source};
use crate::http::client::{ClientError, Stream};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::runtime::Handle;

/// Pictures that arrived together and wait for the camera's thread, most; older ones go.
const WAITING_MAX: usize = 4;

struct Connection {
    stream: Stream,
    parser: Parser,
}

/// The camera. Its thread must be none of the runtime's own.
pub struct Mjpeg {
    url: String,
    runtime: Handle,
    connection: Option<Connection>,
    waiting: VecDeque<Vec<u8>>,
}

impl Mjpeg {
    /// A camera that reads from `url`; the network's work is done by `runtime`.
    #[must_use]
    pub const fn new(url: String, runtime: Handle) -> Self {
        Self {
            url,
            runtime,
            connection: None,
            waiting: VecDeque::new(),
        }
    }

    fn take_in(&mut self, pictures: Vec<Vec<u8>>) {
        self.waiting.extend(pictures);
        while self.waiting.len() > WAITING_MAX {
            self.waiting.pop_front();
        }
    }
}

fn lost(error: &ClientError) -> CameraError {
    CameraError::Lost(error.to_string())
}

impl Source for Mjpeg {
    fn open(&mut self) -> Result<(), CameraError> {
        self.connection = None;
        self.waiting.clear();
        let limit = Duration::from_millis(limits::CAMERA_SILENT_MS_MAX);
        let stream = self
            .runtime
            .block_on(Stream::open(&self.url, limit))
            .map_err(|e| lost(&e))?;
        let boundary =
            boundary(stream.content_type()).map_err(|e| CameraError::Lost(e.to_string()))?;
        self.connection = Some(Connection {
            stream,
            parser: Parser::new(&boundary),
        });
        Ok(())
    }

    fn next(&mut self, limit: Duration) -> Result<Content, CameraError> {
        loop {
            if let Some(picture) = self.waiting.pop_front() {
                return Ok(picture.into());
            }
            let Some(Connection { stream, parser }) = &mut self.connection else {
                return Err(CameraError::Lost("the stream is not open".to_owned()));
            };
            let bytes = match self.runtime.block_on(stream.read(limit)) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Err(CameraError::Lost("the stream has ended".to_owned())),
                Err(ClientError::Slow) => return Err(CameraError::Silent),
                Err(error) => return Err(lost(&error)),
            };
            let pictures = parser
                .push(&bytes)
                .map_err(|e| CameraError::Lost(e.to_string()))?;
            self.take_in(pictures);
        }
    }
}
