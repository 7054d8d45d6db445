//! Sample data for a new box: three made-up people and an event with their tickets, so that
//! the pages show something. Their names say what they are.

use crate::base::text::{IdNumber, Name};
use crate::base::time::Span;
use crate::domain::actor::{Actor, Role};
use crate::domain::identity::person::{self, Profile};
use crate::domain::ticketing::event::{self, NewEvent};
use crate::domain::ticketing::ticket::{self, NewTicket};
use crate::http::problem::Problem;
use crate::surface::native::{Native, SURFACE};

/// Name, number and class of each person.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("Ayu Lestari (contoh)", "CONTOH-1", "Kelas contoh"),
    ("Bima Pratama (contoh)", "CONTOH-2", "Kelas contoh"),
    ("Citra (contoh)", "CONTOH-3", "Kelas contoh"),
];

/// The name of the event.
const EVENT: &str = "Acara contoh";

/// How long the event lasts.
const LASTS: Span = Span::from_seconds(12 * 3600);

fn name(text: &str) -> Result<Name, Problem> {
    text.parse().map_err(|_| Problem::invalid("a name"))
}

fn profile((full, number, class): (&str, &str, &str)) -> Result<Profile, Problem> {
    let number: Option<IdNumber> = number.parse().ok();
    Ok(Profile {
        name: name(full)?,
        number,
        email: None,
        class: Some(name(class)?),
        role: Role::User,
    })
}

/// Adds the samples, in one transaction.
///
/// # Errors
/// 409 if they were added before, 403 without the rights; those of the box.
pub fn add(native: &Native, actor: Actor) -> Result<(), Problem> {
    let profiles: Result<Vec<Profile>, Problem> = PEOPLE.into_iter().map(profile).collect();
    let (profiles, event) = (profiles?, name(EVENT)?);
    native.core.write(actor, SURFACE, move |tx, call| {
        let mut new = NewEvent::open(event.clone());
        new.starts_at = Some(call.now.at);
        new.ends_at = Some(call.now.at.plus(LASTS));
        let event = event::create(tx, call, &new)?;
        for profile in &profiles {
            let holder = person::add(tx, call, profile)?;
            ticket::issue(tx, call, &NewTicket::plain(event, Some(holder)))?;
        }
        Ok::<(), Problem>(())
    })
}
