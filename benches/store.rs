//! Durable check-ins through the domain against the group-commit limit of bare SQLite, and
//! what a check-in writes to the disk.
//!
//! `cargo bench --bench store` prints the figures of docs/performance.md. Both sides begin with
//! copies of one store (an event, people, a ticket each) on one file system; the bare side then
//! inserts exactly the rows that the domain has written, 64 check-ins a transaction, with the
//! same page size, cache and checkpoints and `synchronous = FULL`. It looks nothing up and
//! decides nothing. The ratio that counts is the median of the runs' own ratios: both sides of
//! a run meet the disk in the same mood.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a bench stops at the unexpected and measures elapsed time"
)]

use hadir::base::id::{BoxId, EventId, Id, Nonce, RequestId};
use hadir::base::limits;
use hadir::base::text::TicketCode;
use hadir::base::time::{ClockState, Stamp, Timestamp, Zone};
use hadir::crypto::keyring::{Keyring, MasterKey};
use hadir::crypto::random::{Seed, Seeded, new_id};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::checkin::listing;
use hadir::domain::checkin::reason::{Direction, Mode, Verdict};
use hadir::domain::checkin::tally::Tally;
use hadir::domain::checkin::{Credential, Error, Occasion, Request, scan};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::rule::{Attended, Rules};
use hadir::domain::site::{Call, Site};
use hadir::domain::ticketing::event::{self, NewEvent};
use hadir::domain::ticketing::ticket::{self, NewTicket};
use hadir::store::{Options, Pending, Store, Tx};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Check-ins of one run.
const CHECK_INS: usize = 6_400;
/// Runs of each side, taken in turn; the median counts.
const RUNS: usize = 9;
/// Check-ins of one transaction on the bare side. The writer takes up to twice as many when more
/// wait, which makes up for a part of what the domain looks up and the bare side does not.
const GROUP: usize = 64;
/// Check-ins that wait for their answers at once, as a busy hall's kiosks would.
const WAITING: usize = 256;
/// The tables that a check-in adds rows to.
const TABLES: [&str; 3] = ["visit", "presence", "audit"];

const BEGIN_MS: i64 = 1_795_218_720_000;

struct Ground {
    site: Site,
    event: EventId,
    codes: Vec<TicketCode>,
}

fn site(box_id: BoxId) -> Site {
    let mut source = Seeded::new(&Seed::from_number(1));
    let master = MasterKey::generate(&mut source);
    let (keyring, _) = Keyring::create(&master, &mut source).expect("keys");
    Site {
        keyring: keyring.into(),
        zone: Zone::parse("Asia/Jakarta").expect("zone"),
        box_id,
        rules: Rules::default(),
    }
}

fn open(dir: &Path) -> Store {
    Store::open(&Options::new(dir.to_owned(), BoxId::from_bytes([1; 16]))).expect("store")
}

fn job<T: Send + 'static, E: From<hadir::store::Error> + Send + 'static>(
    store: &Store,
    site: &Site,
    number: usize,
    work: impl Fn(&Tx<'_>, &mut Call<'_>) -> Result<T, E> + Send + 'static,
) -> Pending<T, E> {
    let (site, seed) = (site.clone(), Seed::from_number(number as u64 + 10));
    store.submit(move |tx| {
        let mut entropy = Seeded::new(&seed);
        let at = Timestamp::from_millis(BEGIN_MS + number as i64);
        let mut call = Call {
            site: &site,
            now: Stamp {
                at,
                clock: ClockState::Synced,
            },
            actor: &Actor::Operator,
            surface: "bench",
            request: new_id::<RequestId>(at, &mut entropy),
            deeds: Vec::new(),
            entropy: &mut entropy,
        };
        work(tx, &mut call)
    })
}

/// Prepares the store that both sides begin with.
fn prepare(dir: &Path) -> Ground {
    let store = open(dir);
    let site = site(store.box_id());
    let new = NewEvent::open("Wisuda".parse().expect("name"));
    let event = job(&store, &site, 0, move |tx, call| {
        event::create(tx, call, &new)
    });
    let event = event.wait().expect("event");
    let mut waiting = VecDeque::new();
    let mut codes = Vec::new();
    for i in 0..CHECK_INS {
        waiting.push_back(job(&store, &site, i, move |tx, call| {
            let profile = Profile {
                name: format!("Orang {i}").parse().expect("name"),
                number: None,
                email: None,
                class: None,
                role: Role::User,
            };
            let person = person::add(tx, call, &profile).expect("person");
            ticket::issue(tx, call, &NewTicket::plain(event, Some(person)))
        }));
        if waiting.len() > WAITING {
            codes.extend(waiting.pop_front().map(|p| p.wait().expect("ticket").code));
        }
    }
    codes.extend(waiting.into_iter().map(|p| p.wait().expect("ticket").code));
    store.close();
    Ground { site, event, codes }
}

fn check_in(store: &Store, ground: &Ground, i: usize) -> Pending<Verdict, Error> {
    let number = CHECK_INS + i;
    let mut entropy = Seeded::new(&Seed::from_number(number as u64));
    let request = Request {
        occasion: Occasion::Event(ground.event),
        credential: Credential::Code(ground.codes[i].to_string()),
        device: None,
        nonce: new_id::<Nonce>(
            Timestamp::from_millis(BEGIN_MS + number as i64),
            &mut entropy,
        ),
        direction: Direction::Entry,
        mode: Mode::Online,
        attended: Attended::Attended,
        happened: None,
    };
    job(store, &ground.site, number, move |tx, call| {
        scan::check_in(tx, call, &request).map(|decision| decision.verdict)
    })
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).expect("directory");
    std::fs::copy(from.join("hadir.db"), to.join("hadir.db")).expect("copy");
    std::fs::File::open(to.join("hadir.db"))
        .and_then(|f| f.sync_all())
        .expect("sync");
}

fn per_second(begin: Instant) -> f64 {
    CHECK_INS as f64 / begin.elapsed().as_secs_f64()
}

/// All check-ins through the domain, each acknowledged after its commit.
fn through_the_domain(dir: &Path, ground: &Ground) -> f64 {
    let store = open(dir);
    let begin = Instant::now();
    let mut waiting = VecDeque::with_capacity(WAITING);
    for i in 0..CHECK_INS {
        if waiting.len() == WAITING {
            let first: Pending<Verdict, Error> = waiting.pop_front().expect("one");
            assert_eq!(first.wait(), Ok(Verdict::Admitted));
        }
        waiting.push_back(check_in(&store, ground, i));
    }
    for last in waiting {
        assert_eq!(last.wait(), Ok(Verdict::Admitted));
    }
    let rate = per_second(begin);
    store.close();
    rate
}

// The bare side begins here.

fn rows_since(file: &Connection, table: &str, skip: i64) -> Vec<Vec<Value>> {
    let order = if table == "presence" { "first_at" } else { "1" };
    let sql = format!("SELECT * FROM {table} ORDER BY {order} LIMIT -1 OFFSET {skip}");
    let mut query = file.prepare(&sql).expect("query");
    let columns = query.column_count();
    let rows = query.query_map([], |r| (0..columns).map(|i| r.get(i)).collect());
    rows.and_then(Iterator::collect).expect("rows")
}

fn bare(begin_with: &Path, written: &Path, dir: &Path) -> f64 {
    let before = Connection::open(begin_with.join("hadir.db")).expect("file");
    let after = Connection::open(written.join("hadir.db")).expect("file");
    let rows = TABLES.map(|table| {
        let sql = format!("SELECT count(*) FROM {table}");
        rows_since(
            &after,
            table,
            before.query_one(&sql, [], |r| r.get(0)).expect("count"),
        )
    });
    assert!(rows.iter().all(|r| r.len() == CHECK_INS));
    let mut file = Connection::open(dir.join("hadir.db")).expect("file");
    let settings = format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -{};
         PRAGMA wal_autocheckpoint = {}",
        limits::WRITER_CACHE_KIB,
        limits::CHECKPOINT_PAGES
    );
    file.execute_batch(&settings).expect("pragma");
    let insert = TABLES.map(|table| {
        let at = TABLES.iter().position(|t| *t == table).expect("table");
        let marks = vec!["?"; rows[at][0].len()].join(", ");
        format!("INSERT INTO {table} VALUES ({marks})")
    });
    let begin = Instant::now();
    for group in 0..CHECK_INS / GROUP {
        let tx = file.transaction().expect("begin");
        for i in group * GROUP..(group + 1) * GROUP {
            for (sql, rows) in insert.iter().zip(&rows) {
                let mut statement = tx.prepare_cached(sql).expect("statement");
                statement.execute(params_from_iter(&rows[i])).expect("row");
            }
            let counts = "UPDATE event SET inside = inside + 1, admitted = admitted + 1";
            tx.prepare_cached(counts)
                .expect("statement")
                .execute([])
                .expect("row");
        }
        let head = "UPDATE meta SET value = randomblob(80) WHERE name = 'audit.head'";
        tx.prepare_cached(head)
            .expect("statement")
            .execute([])
            .expect("row");
        tx.commit().expect("commit");
    }
    per_second(begin)
}

// The bare side ends here.

fn written_bytes() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").expect("io");
    let line = io.lines().find_map(|l| l.strip_prefix("write_bytes: "));
    line.expect("write_bytes").parse().expect("number")
}

/// Check-ins one after the other, each in a commit of its own, as at one a second: bytes
/// written for each, checkpoints included, and the median time of one in microseconds.
fn one_by_one(dir: &Path, ground: &Ground) -> (u64, u128) {
    let store = open(dir);
    let begin = written_bytes();
    let mut times: Vec<u128> = (0..SINGLE)
        .map(|i| {
            let begin = Instant::now();
            assert_eq!(check_in(&store, ground, i).wait(), Ok(Verdict::Admitted));
            begin.elapsed().as_micros()
        })
        .collect();
    store.checkpoint().expect("checkpoint");
    let bytes = (written_bytes() - begin) / SINGLE as u64;
    times.sort_unstable();
    (bytes, times[SINGLE / 2])
}

/// Check-ins that are made one by one.
const SINGLE: usize = 2_000;

/// The numbers of an event with so many visits and tickets, in milliseconds: counted anew, and
/// on from a look before with one check-in in between.
fn numbers(dir: &Path, ground: &Ground, visits: usize) -> (f64, f64) {
    let file = Connection::open(dir.join("hadir.db")).expect("file");
    for more in 1..visits / SINGLE {
        let from = more * 2 * CHECK_INS;
        let sql = format!(
            "CREATE TEMP TABLE more AS SELECT * FROM visit ORDER BY seq LIMIT {SINGLE};
             UPDATE more SET seq = seq + {from}, nonce = randomblob(16), ticket = randomblob(16);
             INSERT INTO visit SELECT * FROM more; DROP TABLE more;
             CREATE TEMP TABLE more AS SELECT * FROM ticket ORDER BY id LIMIT {SINGLE};
             UPDATE more SET id = randomblob(16), code_digest = randomblob(16);
             INSERT INTO ticket SELECT * FROM more; DROP TABLE more;"
        );
        file.execute_batch(&sql).expect("rows");
    }
    drop(file);
    let store = open(dir);
    let occasion = Occasion::Event(ground.event);
    let look = |tally: &mut Tally| {
        let (site, seed) = (ground.site.clone(), Seed::from_number(1));
        let begin = Instant::now();
        let counts = store.read(|view| {
            let at = Timestamp::from_millis(BEGIN_MS);
            let mut entropy = Seeded::new(&seed);
            let call = Call {
                site: &site,
                now: Stamp {
                    at,
                    clock: ClockState::Synced,
                },
                actor: &Actor::Operator,
                surface: "bench",
                request: new_id::<RequestId>(at, &mut entropy),
                entropy: &mut entropy,
                deeds: Vec::new(),
            };
            listing::counts_on(view, &call, occasion, tally)
        });
        counts.expect("numbers");
        begin.elapsed().as_secs_f64() * 1000.0
    };
    let anew = median((0..9).map(|_| look(&mut Tally::default())).collect());
    let mut tally = Tally::default();
    look(&mut tally);
    let on = (SINGLE..SINGLE + 9).map(|i| {
        assert_eq!(check_in(&store, ground, i).wait(), Ok(Verdict::Admitted));
        look(&mut tally)
    });
    let on = median(on.collect());
    store.close();
    (anew, on)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let base = std::env::var_os("HADIR_BENCH_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("store"),
        PathBuf::from,
    );
    let dir = |name: &str| base.join(name);
    let _ = std::fs::remove_dir_all(&base);
    let ground = prepare(&dir("ground"));
    let (mut domain, mut limit) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        copy(&dir("ground"), &dir("domain"));
        copy(&dir("ground"), &dir("bare"));
        domain.push(through_the_domain(&dir("domain"), &ground));
        limit.push(bare(&dir("ground"), &dir("domain"), &dir("bare")));
        println!(
            "run {run}: domain {:.0}/s, bare {:.0}/s",
            domain[run], limit[run]
        );
    }
    let ratios = domain.iter().zip(&limit).map(|(d, l)| d / l).collect();
    let (domain, limit, ratio) = (median(domain), median(limit), median(ratios));
    println!("SQLite {}, page of 1024 bytes", rusqlite::version());
    println!("through the domain: {domain:.0} durable check-ins a second, {WAITING} waiting");
    println!("bare group commit:  {limit:.0} a second, {GROUP} a transaction");
    println!("ratio {ratio:.2} (wanted: at least 0.70)");
    copy(&dir("ground"), &dir("single"));
    let (bytes, time_us) = one_by_one(&dir("single"), &ground);
    println!("one by one: {bytes} bytes written for each (at most 24576), {time_us} us each");
    let visits = 100_000;
    let (anew, on) = numbers(&dir("single"), &ground, visits);
    println!("numbers of an event with {visits} visits: anew {anew:.1} ms, on {on:.1} ms");
    let _ = std::fs::remove_dir_all(&base);
}
