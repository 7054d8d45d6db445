//! Somebody without a ticket at the desk: a ticket is issued and lets in, in one transaction.
//! The desk makes the code, so that a repetition after a lost answer meets its own ticket.

use crate::base::cause::Cause;
use crate::base::text::TicketCode;
use crate::domain::checkin::decision::Decision;
use crate::domain::checkin::error::Error as CheckInError;
use crate::domain::checkin::request::{Credential, Occasion, Request};
use crate::domain::checkin::scan;
use crate::domain::fault::{Fault, from_fault};
use crate::domain::site::Call;
use crate::domain::ticketing;
use crate::domain::ticketing::ticket::{self, NewTicket};
use crate::store::Tx;
use std::fmt;

/// Why nobody was let in.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// A day of attendance has no tickets.
    NoTickets,
    /// The request names another code, or none.
    OtherCode,
    /// The ticket could not be issued.
    Ticket(ticketing::error::Error),
    /// The check-in gave no decision.
    CheckIn(CheckInError),
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoTickets | Self::OtherCode => Cause::Invalid,
            Self::Ticket(error) => error.cause(),
            Self::CheckIn(error) => error.cause(),
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTickets => f.write_str("a day of attendance has no tickets"),
            Self::OtherCode => f.write_str("the check-in must be by the new ticket's code"),
            Self::Ticket(error) => error.fmt(f),
            Self::CheckIn(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Issues a ticket with `code` for the request's event and checks in with it. Repeating the
/// same request gives the same decision and no second ticket.
///
/// # Errors
/// See [`Error`]; nothing is kept then, not even the ticket.
pub fn admit(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    code: &TicketCode,
    request: &Request,
) -> Result<Decision, Error> {
    let Occasion::Event(event) = request.occasion else {
        return Err(Error::NoTickets);
    };
    if request.credential != Credential::Code(code.as_str().to_owned()) {
        return Err(Error::OtherCode);
    }
    let new = NewTicket {
        code: Some(code.clone()),
        ..NewTicket::plain(event, None)
    };
    match ticket::issue(tx, call, &new) {
        // Its own, from a request whose answer was lost; the check-in says what holds of it.
        Ok(_) | Err(ticketing::error::Error::CodeTaken) => {}
        Err(error) => return Err(Error::Ticket(error)),
    }
    scan::check_in(tx, call, request).map_err(Error::CheckIn)
}
