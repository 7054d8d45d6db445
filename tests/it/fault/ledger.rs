//! What the children of the fault tests write, and what must be found of it afterwards.
//! Each numbered job writes two rows (outbox and audit) that only make sense together.

use hadir::base::id::{BoxId, Id, NoticeId};
use hadir::base::time::{ClockState, Stamp, Timestamp};
use hadir::crypto::keyring::{Keyring, Purpose};
use hadir::crypto::random::{Seed, Seeded};
use hadir::domain::custody;
use hadir::host::credential::Place;
use hadir::store::audit::{self, Entry, Verdict};
use hadir::store::{Error, Options, Pending, Store, outbox, snapshot};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Instant of all that the ledger writes, and of its unlocking.
pub const NOW: Stamp = Stamp {
    at: Timestamp::from_millis(1_800_000_000_000),
    clock: ClockState::Synced,
};

/// A store with its keys, below one directory.
pub struct Ledger {
    pub store: Store,
    pub keyring: Arc<Keyring>,
}

/// The place of the master key of a ledger in `root`.
pub fn key_place(root: &Path) -> Place {
    Place::File(root.join("master.key"))
}

fn notice(number: u64) -> NoticeId {
    NoticeId::from_bytes((u128::from(number)).to_be_bytes())
}

impl Ledger {
    /// Opens or creates the ledger in `root`.
    pub fn open(root: &Path) -> Result<Self, String> {
        let options = Options::new(root.join("store"), BoxId::from_bytes([1; 16]));
        let store = Store::open(&options).map_err(|e| format!("open: {e}"))?;
        let mut source = Seeded::new(&Seed::from_number(1));
        let keyring = custody::unlock(&store, &key_place(root), true, NOW, &mut source)
            .map_err(|e| format!("unlock: {e}"))?;
        Ok(Self {
            store,
            keyring: Arc::new(keyring),
        })
    }

    /// Queues the job with this number; it fails after writing if `fails`.
    pub fn submit(&self, number: u64, bytes: usize, fails: bool) -> Pending<(), Error> {
        let keyring = Arc::clone(&self.keyring);
        self.store.submit(move |tx| {
            let row = outbox::Row {
                id: notice(number),
                kind: String::from("test"),
                payload: vec![number as u8; bytes],
                made_at: NOW.at,
                due_at: NOW.at,
                attempts: 0,
            };
            outbox::insert(tx, &row)?;
            let entry = Entry {
                at: NOW.at,
                clock: NOW.clock,
                actor: String::from("test"),
                origin: String::from("test"),
                act: String::from("job"),
                object: number.to_string(),
                detail: Vec::new(),
            };
            audit::append(tx, keyring.purpose(Purpose::AuditChain), &entry)?;
            if fails {
                return Err(Error::Missing("test"));
            }
            Ok(())
        })
    }

    /// Numbers of the jobs that are there; says what is wrong with the store otherwise.
    pub fn examine(&self) -> Result<BTreeSet<u64>, String> {
        let chain = self.keyring.purpose(Purpose::AuditChain);
        let (unsound, verdict, jobs, rows) = self
            .store
            .read(|view| -> Result<_, Error> {
                Ok((
                    snapshot::check(view)?,
                    audit::verify(view, chain)?,
                    audit::list_objects(view, "job")?,
                    outbox::list_waiting(view)?,
                ))
            })
            .map_err(|e| format!("read: {e}"))?;
        if !unsound.is_empty() {
            return Err(format!("integrity: {unsound:?}"));
        }
        if !matches!(verdict, Verdict::Whole(_)) {
            return Err(format!("audit chain: {verdict:?}"));
        }
        let jobs: BTreeSet<u64> = jobs.iter().filter_map(|o| o.parse().ok()).collect();
        let mut found = BTreeSet::new();
        for row in rows {
            let number = u128::from_be_bytes(row.id.to_bytes()) as u64;
            if row.payload.iter().any(|b| *b != number as u8) {
                return Err(format!("row {number} has another's payload"));
            }
            found.insert(number);
        }
        if jobs != found {
            return Err(format!("half a job: audit {jobs:?}, outbox {found:?}"));
        }
        Ok(found)
    }
}
