//! A store of a test's own, and the rows that other rows point to.

use crate::support::scratch::Scratch;
use hadir::base::id::{BoxId, ConsentId, EventId, Id, PersonId};
use hadir::base::time::Timestamp;
use hadir::store::consents::{self, ConsentGiver, ConsentMeans, ConsentPurpose, ConsentRow};
use hadir::store::events::{self, CapacityOf, EntryRule, EventRow, EventState};
use hadir::store::people::{self, Digest, NewPerson};
use hadir::store::tickets::{TicketRow, TicketState};
use hadir::store::{Error, FILE, Options, Store, Tx, View};

/// A store in a directory of its own.
pub struct TestStore {
    scratch: Scratch,
    store: Store,
}

impl TestStore {
    /// A fresh store on a disk.
    pub fn new() -> Self {
        Self::open(Scratch::new())
    }

    /// A fresh store in memory, if there is such a place: for many short rounds.
    pub fn in_memory() -> Self {
        Self::open(Scratch::in_memory())
    }

    fn open(scratch: Scratch) -> Self {
        let options = Options::new(scratch.path("store"), BoxId::from_bytes([9; 16]));
        let store = Store::open(&options).expect("store");
        Self { scratch, store }
    }

    /// The same file, closed and opened again.
    pub fn reopen(self) -> Self {
        let Self { scratch, store } = self;
        store.close();
        drop(store);
        Self::open(scratch)
    }

    /// Runs a job.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.store.write(job)
    }

    /// Runs a job that succeeds.
    pub fn put<T: Send + 'static>(
        &self,
        job: impl Fn(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.store.write(job).expect("the job succeeds")
    }

    /// Runs a query that succeeds.
    pub fn get<T>(&self, query: impl FnOnce(&View<'_>) -> Result<T, Error>) -> T {
        self.store.read(query).expect("the query succeeds")
    }

    /// What a query says, also if it fails.
    pub fn read<T>(&self, query: impl FnOnce(&View<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.store.read(query)
    }

    /// A connection beside the store, to look at what is in the file or to tamper with it.
    pub fn connection(&self) -> rusqlite::Connection {
        let path = self.store.dir().join(FILE);
        rusqlite::Connection::open(path).expect("the file")
    }

    /// Rows of a table, as the file has them.
    pub fn rows(&self, table: &str) -> u64 {
        let sql = format!("SELECT count(*) FROM {table}");
        let count = self
            .connection()
            .query_row(&sql, [], |r| r.get::<_, i64>(0));
        count.expect("a count").unsigned_abs()
    }
}

/// The id of a number; ids sort as their numbers do.
pub fn id<T: Id>(number: u64) -> T {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    T::from_bytes(bytes)
}

/// An instant.
pub const fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms)
}

/// A digest that stands for a number.
pub const fn digest(number: u8) -> Digest {
    [number; 16]
}

/// The constraint that refused a row.
pub fn conflict<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    let error = answer.expect_err("the row is refused");
    let Error::Conflict(what) = error else {
        panic!("not a conflict: {error:?}");
    };
    what
}

/// Adds a person whose values are all made from the number.
pub fn add_person(
    tx: &Tx<'_>,
    number: u64,
    number_digest: Option<Digest>,
    email_digest: Option<Digest>,
) -> Result<(), Error> {
    let text = |kind: &str| format!("{kind} {number}").into_bytes();
    let (key, name, class) = (text("key"), text("name"), text("class"));
    let (sealed_number, email) = (text("number"), text("email"));
    let person = NewPerson {
        id: id::<PersonId>(number),
        wrapped_key: &key,
        name: &name,
        number: number_digest.is_some().then_some(sealed_number.as_slice()),
        email: email_digest.is_some().then_some(email.as_slice()),
        class: Some(&class),
        number_digest,
        email_digest,
        created_at: at(1000),
    };
    people::insert_person(tx, &person)
}

/// Adds people with these numbers and nothing but a name.
pub fn add_people(store: &TestStore, numbers: std::ops::RangeInclusive<u64>) {
    store.put(move |tx| {
        for number in numbers.clone() {
            add_person(tx, number, None, None)?;
        }
        Ok(())
    });
}

/// An open event without limits.
pub fn event(number: u64) -> EventRow {
    EventRow {
        id: id::<EventId>(number),
        name: format!("Event {number}"),
        state: EventState::Open,
        capacity: None,
        capacity_of: CapacityOf::Inside,
        entry_rule: EntryRule::OncePerEvent,
        face_allowed: true,
        starts_at: None,
        ends_at: None,
        inside: 0,
        admitted: 0,
        created_at: at(2000),
    }
}

/// Adds open events with these numbers.
pub fn add_events(store: &TestStore, numbers: std::ops::RangeInclusive<u64>) {
    store.put(move |tx| {
        for number in numbers.clone() {
            events::insert_event(tx, &event(number))?;
        }
        Ok(())
    });
}

/// A valid ticket of an event.
pub fn ticket(number: u64, of_event: u64, holder: Option<u64>) -> TicketRow {
    TicketRow {
        id: id(number),
        event: id(of_event),
        holder: holder.map(id),
        state: TicketState::Valid,
        settled: true,
        answered: true,
        valid_from: None,
        valid_until: None,
        gates: None,
        created_at: at(3000),
    }
}

/// A consent of a person to being recognised, in force.
pub fn consent(number: u64, person: u64) -> ConsentRow {
    ConsentRow {
        id: id::<ConsentId>(number),
        person: id(person),
        purpose: ConsentPurpose::Face,
        given_by: ConsentGiver::Person,
        guardian: None,
        means: ConsentMeans::Screen,
        text_version: "2026-1".to_owned(),
        given_at: at(4000),
        withdrawn_at: None,
    }
}

/// Adds a consent.
pub fn add_consent(store: &TestStore, row: ConsentRow) -> Result<(), Error> {
    store.write(move |tx| consents::insert_consent(tx, &row))
}
