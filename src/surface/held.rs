//! Streams of callers who have a right to them: as long as that right holds, and not longer.

use crate::base::cause::Cause;
use crate::base::id::DeviceId;
use crate::http::problem::Problem;
use crate::http::request::Head;
use crate::http::stream::Stream;
use crate::surface::live::{Full, Owner, Topic};
use crate::surface::native::{Caller, Native};
use crate::surface::session;

fn full(_: Full) -> Problem {
    Problem::new(Cause::Busy, "Too many pages listen already.")
}

fn owner(caller: &Caller) -> Owner {
    Owner {
        device: caller.device.as_ref().map(|d| d.id),
        session: caller.session.as_ref().map(|s| s.id),
        person: caller.session.as_ref().map(|s| s.person),
    }
}

/// A stream of the events of these topics, which ends when the caller's device is revoked or
/// the session ends.
///
/// # Errors
/// 503 when too many listen, 401 for a caller who has just lost the right.
pub fn listen(
    native: &Native,
    caller: &Caller,
    head: &Head,
    topics: &[Topic],
) -> Result<Stream, Problem> {
    let stream = (native.core.live)
        .listen_as(owner(caller), topics)
        .map_err(full)?;
    still(native, caller, head)?;
    Ok(stream)
}

/// A stream of the pictures of a camera; it ends in the same way.
///
/// # Errors
/// As [`listen`].
pub fn preview(
    native: &Native,
    caller: &Caller,
    head: &Head,
    camera: DeviceId,
) -> Result<Stream, Problem> {
    let stream = (native.core.live)
        .preview_as(owner(caller), camera)
        .map_err(full)?;
    still(native, caller, head)?;
    Ok(stream)
}

/// Looks again whether the caller is who it was: what was revoked after the request came in and
/// before its stream was listed has ended no stream.
fn still(native: &Native, caller: &Caller, head: &Head) -> Result<(), Problem> {
    let mut now = Caller::nobody(caller.language);
    session::identify(native, head, &mut now)?;
    let (was, is) = (owner(caller), owner(&now));
    let device = was.device.is_none() || was.device == is.device;
    let person = was.session.is_none() || was.session == is.session;
    if device && person {
        Ok(())
    } else {
        Err(now.stranger())
    }
}
