//! What a cause means in HTTP. The only place where one becomes the other.

use crate::base::cause::Cause;

/// Seconds after which a client may try again when the box is busy for a moment.
const RETRY_SOON_S: u32 = 1;
/// Seconds after which a client may try again when somebody must act first.
const RETRY_LATER_S: u32 = 30;

/// The status of an answer and when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The status code, 400 to 599.
    pub status: u16,
    /// Seconds for `Retry-After`, if it makes sense to try again.
    pub retry_after_s: Option<u32>,
}

/// The outcome of a cause.
#[must_use]
pub const fn outcome(cause: Cause) -> Outcome {
    let (status, retry_after_s) = match cause {
        Cause::Invalid => (400, None),
        Cause::Unprocessable => (422, None),
        Cause::TooLarge => (413, None),
        Cause::Slow => (408, None),
        Cause::Unauthenticated => (401, None),
        Cause::Forbidden => (403, None),
        Cause::Missing => (404, None),
        Cause::Conflict | Cause::NonceReused => (409, None),
        Cause::RateLimited => (429, Some(RETRY_SOON_S)),
        Cause::Busy | Cause::Stopping | Cause::FaceEngine => (503, Some(RETRY_SOON_S)),
        Cause::SetupRequired
        | Cause::StoreFull
        | Cause::StoreCorrupt
        | Cause::StoreIo
        | Cause::KeyUnavailable => (503, Some(RETRY_LATER_S)),
        Cause::Internal => (500, None),
    };
    Outcome {
        status,
        retry_after_s,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by hand against the design, so that a change of the table is seen.
    #[test]
    fn the_table() {
        let table = [
            (Cause::Invalid, 400, false),
            (Cause::Unprocessable, 422, false),
            (Cause::TooLarge, 413, false),
            (Cause::Slow, 408, false),
            (Cause::Unauthenticated, 401, false),
            (Cause::Forbidden, 403, false),
            (Cause::Missing, 404, false),
            (Cause::Conflict, 409, false),
            (Cause::NonceReused, 409, false),
            (Cause::RateLimited, 429, true),
            (Cause::Busy, 503, true),
            (Cause::StoreFull, 503, true),
            (Cause::StoreCorrupt, 503, true),
            (Cause::StoreIo, 503, true),
            (Cause::KeyUnavailable, 503, true),
            (Cause::FaceEngine, 503, true),
            (Cause::SetupRequired, 503, true),
            (Cause::Stopping, 503, true),
            (Cause::Internal, 500, false),
        ];
        for (cause, status, again) in table {
            let got = outcome(cause);
            assert_eq!(
                (got.status, got.retry_after_s.is_some()),
                (status, again),
                "{cause:?}"
            );
        }
    }
}
