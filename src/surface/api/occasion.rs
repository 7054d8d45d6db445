//! Occasions in the words of the interface: `today`, `day:2026-11-21`, `event:ID`.

use crate::base::time::{LocalDay, Stamp};
use crate::domain::checkin::Occasion;
use crate::domain::site::Site;
use crate::http::problem::Problem;

/// Reads an occasion; `today` is the day of `now` in the site's zone.
///
/// # Errors
/// 422, naming the field.
pub fn read(field: &str, text: &str, site: &Site, now: Stamp) -> Result<Occasion, Problem> {
    if text == "today" {
        return Ok(Occasion::Daily(site.zone.day(now.at)));
    }
    let found = match text.split_once(':') {
        Some(("day", day)) => day.parse::<LocalDay>().ok().map(Occasion::Daily),
        Some(("event", id)) => id.parse().ok().map(Occasion::Event),
        Some(_) | None => None,
    };
    found.ok_or_else(|| {
        let message = "An occasion is `today`, `day:2026-11-21` or `event:` with an event's id.";
        Problem::field(field, message)
    })
}
