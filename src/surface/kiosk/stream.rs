//! `GET /api/v1/kiosk/events` and `…/preview`: what happens at a screen, and the pictures of the
//! box's own camera. Only a browser on the box itself gets these: its camera is the box's.

use crate::base::id::DeviceId;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::{Head, Request};
use crate::surface::held;
use crate::surface::kiosk::screen;
use crate::surface::live::{self, Topic};
use crate::surface::native::{Caller, Native};

/// The box's camera, if the caller stands before it.
pub(in crate::surface::kiosk) fn own_camera(native: &Native, head: &Head) -> Option<DeviceId> {
    let camera = native.core.live.box_camera()?;
    head.peer.loopback.then_some(camera)
}

/// Answers with the stream of events: `hello`, `pulse`, `decision`, `helped`; for the box's own
/// screen also `seen`.
///
/// # Errors
/// 401 if no screen calls, 503 when too many listen.
pub fn events(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let (screen, _) = screen(caller)?;
    let mut topics = vec![Topic::Screen(screen.id)];
    topics.extend(own_camera(native, &request).map(Topic::Screen));
    let stream = held::listen(native, caller, &request, &topics)?;
    Ok(Reply::stream("text/event-stream", stream))
}

/// Answers with the pictures of the box's camera.
///
/// # Errors
/// 401 if no screen calls, 404 where there is no camera, 503 when too many watch.
pub fn preview(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    screen(caller)?;
    let camera = own_camera(native, &request).ok_or_else(Problem::missing)?;
    let stream = held::preview(native, caller, &request, camera)?;
    Ok(Reply::stream(live::PREVIEW_TYPE, stream))
}
