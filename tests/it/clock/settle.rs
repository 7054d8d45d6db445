//! What was decided under a wrong clock is corrected once, with its times, lateness and day.

use crate::support::desk::Desk;
use hadir::base::id::{Nonce, PersonId};
use hadir::base::time::{ClockState, LocalDay, Timestamp};
use hadir::domain::actor::Actor;
use hadir::domain::checkin::reason::{Direction, Mode, Standing, Verdict};
use hadir::domain::checkin::{Credential, Decision, Occasion, Request, scan};
use hadir::domain::rule::Attended;
use hadir::store::{audit, stretches, visits};
use hadir::surface::clock::Keeper;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A day of attendance, which begins at 07:00; late is whoever comes after 07:15.
struct Morning {
    desk: Desk,
    keeper: Keeper,
}

impl Morning {
    /// At 06:50, with a clock that stands this many milliseconds behind.
    fn behind(ms: i64) -> Self {
        let desk = Desk::new();
        // From 09:00 on the day before to 06:50.
        desk.clock.advance(21 * HOUR + 50 * MINUTE);
        desk.clock.lose(ms);
        let morning = Self {
            desk,
            keeper: Keeper::default(),
        };
        morning.keeper.begin(&morning.desk.core);
        morning
    }

    fn today(&self) -> LocalDay {
        let core = &self.desk.core;
        core.site().zone.day(core.clock.stamp().at)
    }

    fn pass(&self, person: PersonId, direction: Direction) -> Decision {
        let core = &self.desk.core;
        let request = Request {
            occasion: Occasion::Daily(self.today()),
            credential: Credential::Person(person),
            device: None,
            nonce: core.new_id::<Nonce>(),
            direction,
            mode: Mode::Online,
            attended: Attended::Attended,
            happened: None,
        };
        core.write(Actor::Operator, "test", move |tx, call| {
            scan::check_in(tx, call, &request)
        })
        .expect("a decision")
    }

    fn enter(&self, person: PersonId) -> Decision {
        self.pass(person, Direction::Entry)
    }

    fn now(&self, nonce: Nonce) -> Decision {
        let stored = (self.desk.core.store)
            .read(|view| visits::find_visit(view, nonce))
            .expect("read")
            .expect("the decision");
        Decision::from_row(stored.seq, &stored.row).expect("whole")
    }

    /// The clock is told the time, and what waits is corrected.
    fn find(&self) {
        self.desk.clock.find();
        self.keeper.tick(&self.desk.core);
    }

    fn presence(&self, day: LocalDay, person: PersonId) -> Option<visits::Presence> {
        use hadir::base::id::Id as _;
        let key = Occasion::Daily(day).key();
        (self.desk.core.store)
            .read(|view| visits::find_presence(view, &key, person.to_bytes()))
            .expect("read")
    }

    fn deeds(&self) -> Vec<String> {
        let read = |view: &hadir::store::View<'_>| audit::list_objects(view, "clock.settle");
        self.desk.core.store.read(read).expect("read")
    }
}

fn told(decision: &Decision) -> (Standing, u32, bool) {
    let arrival = decision.arrival.expect("an arrival");
    (arrival.standing, arrival.late_minutes, arrival.provisional)
}

#[test]
fn lateness_is_provisional_until_the_clock_is_right_and_then_computed_again() {
    // The box thinks that it is 06:20.
    let morning = Morning::behind(30 * MINUTE);
    let [early, late] = ["Sinta", "Budi"].map(|name| morning.desk.person(name));
    let early = morning.enter(early);
    morning.desk.clock.advance(40 * MINUTE);
    let late_at = morning.desk.clock.truth();
    let late_now = morning.enter(late);
    assert_eq!(told(&early), (Standing::Present, 0, true));
    assert_eq!(
        told(&late_now),
        (Standing::Present, 0, true),
        "07:00 by the box"
    );
    morning.desk.clock.advance(5 * MINUTE);
    morning.find();
    let (early, late_then) = (morning.now(early.nonce), morning.now(late_now.nonce));
    assert_eq!(told(&early), (Standing::Present, 0, false));
    assert_eq!(told(&late_then), (Standing::Late, 30, false));
    assert_eq!((late_then.at, late_then.arrived), (late_at, late_at));
    assert_eq!(
        (late_then.clock, late_then.advisory()),
        (ClockState::Synced, None)
    );
    let there = morning.presence(morning.today(), late).expect("there");
    assert_eq!((there.entries, there.first_at), (1, Some(late_at)));
    assert_eq!(morning.deeds(), ["clock:box"]);
    // Nothing is left to do, and nothing is done again.
    Keeper::default().tick(&morning.desk.core);
    assert_eq!(morning.now(late_now.nonce), late_then);
    assert_eq!(morning.deeds().len(), 1);
    let kept = morning.desk.core.store.read(stretches::list_stretches);
    assert_eq!(kept.expect("read"), []);
}

#[test]
fn whoever_came_on_another_day_is_moved_to_it() {
    // The box woke at the time at which it was switched off: 16:00 on the day before.
    let morning = Morning::behind(14 * HOUR + 50 * MINUTE);
    let (sinta, budi) = (morning.desk.person("Sinta"), morning.desk.person("Budi"));
    let yesterday = morning.today();
    let came = morning.enter(sinta);
    let left = morning.pass(sinta, Direction::Exit);
    let stays = morning.enter(budi);
    assert_eq!(told(&came), (Standing::Late, 9 * 60, true));
    // Budi was recorded on the true day as well before anything could be corrected.
    morning.desk.clock.find();
    let again = morning.enter(budi);
    assert_eq!(again.verdict, Verdict::Admitted);
    morning.find();
    let today = morning.today();
    assert_ne!(today, yesterday);
    assert_eq!(morning.now(came.nonce).occasion, Occasion::Daily(today));
    assert_eq!(morning.now(left.nonce).occasion, Occasion::Daily(today));
    assert_eq!(
        told(&morning.now(came.nonce)),
        (Standing::Present, 0, false)
    );
    let [there, gone] = [today, yesterday].map(|day| morning.presence(day, sinta));
    assert_eq!(there.map(|p| (p.entries, p.inside)), Some((1, false)));
    assert_eq!(gone.map(|p| p.entries), Some(0));
    assert_eq!(morning.now(stays.nonce), stays, "one attendance a day");
    assert_eq!(told(&stays), (Standing::Late, 9 * 60, true));
}

#[test]
fn what_happened_in_another_start_of_the_box_stays_provisional() {
    let morning = Morning::behind(30 * MINUTE);
    let sinta = morning.desk.person("Sinta");
    let before = morning.enter(sinta);
    // The box is off for an hour, and wakes where it was.
    morning.desk.clock.advance(HOUR);
    morning.desk.clock.lose_in([2; 16], HOUR + 30 * MINUTE - 1);
    morning.keeper.tick(&morning.desk.core);
    let kept = morning.desk.core.store.read(stretches::list_stretches);
    assert_eq!(kept.expect("read").len(), 1, "the other one is of no use");
    morning.find();
    assert_eq!(morning.now(before.nonce), before);
    assert_eq!(morning.deeds(), [] as [&str; 0]);
}

#[test]
fn a_time_that_was_set_in_between_is_taken_into_account() {
    let morning = Morning::behind(30 * MINUTE);
    let (sinta, budi) = (morning.desk.person("Sinta"), morning.desk.person("Budi"));
    let before = morning.enter(sinta);
    morning.desk.clock.advance(26 * MINUTE);
    // Staff's phone is half a minute fast: 07:16:30.
    let fast = Timestamp::from_millis(morning.desk.clock.truth().as_millis() + MINUTE / 2);
    let core = &morning.desk.core;
    hadir::surface::clock::set(core, Actor::Operator, "test", fast).expect("set");
    let after = morning.enter(budi);
    assert_eq!(told(&after), (Standing::Late, 16, true));
    assert_eq!(after.at, fast);
    morning.desk.clock.advance(MINUTE);
    morning.find();
    let truth = Timestamp::from_millis(fast.as_millis() - MINUTE / 2);
    assert_eq!(morning.now(after.nonce).at, truth);
    assert_eq!(told(&morning.now(after.nonce)), (Standing::Late, 16, false));
    let early = Timestamp::from_millis(truth.as_millis() - 26 * MINUTE);
    assert_eq!(morning.now(before.nonce).at, early);
    assert_eq!(
        told(&morning.now(before.nonce)),
        (Standing::Present, 0, false)
    );
}

#[test]
fn more_than_one_step_corrects_all() {
    let morning = Morning::behind(30 * MINUTE);
    let most = usize::try_from(hadir::base::limits::CLOCK_SETTLED_ROWS_MAX).expect("small");
    let all: Vec<Nonce> = (0..most * 2 + 3)
        .map(|i| {
            let person = morning.desk.person(&format!("Orang {i}"));
            morning.enter(person).nonce
        })
        .collect();
    morning.find();
    let left = all.iter().filter(|n| told(&morning.now(**n)).2).count();
    assert_eq!(left, 0);
    assert_eq!(morning.deeds().len(), 3, "one for each step");
}
