//! Any sequence of adding consents, enrolling, withdrawing, removing, disabling and erasing:
//! whoever stands before the camera is admitted exactly if the model says that the person is
//! there, active, consenting and enrolled; the gallery holds exactly those; and nobody is ever
//! taken for somebody else.

use crate::domain::door::{Door, axis};
use hadir::base::id::PersonId;
use hadir::base::time::Span;
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::checkin::{Occasion, Request};
use hadir::domain::consent::{
    self, Consent, ConsentMeans, ConsentPurpose, Error as ConsentError, Giver,
};
use hadir::domain::identity::{enrol, gallery, person};
use proptest::prelude::*;

const PEOPLE: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Step {
    Consent(usize),
    Withdraw(usize),
    /// The person, and the face that is shown to the camera of the enrolment.
    Enrol(usize, usize),
    Remove(usize),
    Disable(usize),
    Enable(usize),
    Erase(usize),
    /// A request is judged now and sent later, when much may have changed.
    Judge(usize),
    Send,
    NextDay,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    prop_oneof![
        4 => who.clone().prop_map(Step::Consent),
        2 => who.clone().prop_map(Step::Withdraw),
        5 => (who.clone(), who.clone()).prop_map(|(p, f)| Step::Enrol(p, f)),
        1 => who.clone().prop_map(Step::Remove),
        1 => who.clone().prop_map(Step::Disable),
        2 => who.clone().prop_map(Step::Enable),
        1 => who.clone().prop_map(Step::Erase),
        4 => who.prop_map(Step::Judge),
        4 => Just(Step::Send),
        1 => Just(Step::NextDay),
    ]
}

/// What the model knows of a person.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    consent: bool,
    /// The face that is enrolled.
    face: Option<usize>,
    disabled: bool,
    erased: bool,
}

impl Known {
    fn may_be_recognised(&self) -> bool {
        self.consent && self.face.is_some() && !self.disabled && !self.erased
    }
}

struct World {
    door: Door,
    people: [PersonId; PEOPLE],
    known: [Known; PEOPLE],
    /// A request, and the face it shows.
    waiting: Option<(Request, Option<usize>)>,
    version: u64,
}

impl World {
    fn new() -> Self {
        let door = Door::new();
        let people = ["Budi", "Siti", "Made"].map(|n| door.person(n, None));
        let version = door.look(|v, _| gallery::version(v)).expect("a version");
        Self {
            door,
            people,
            known: [Known::default(); PEOPLE],
            waiting: None,
            version,
        }
    }

    /// Who is recognised by this face, as the model sees it: nobody, if two have it (one was
    /// disabled when the other was enrolled).
    fn owner(&self, face: usize) -> Option<usize> {
        let has =
            |p: &usize| self.known[*p].face == Some(face) && self.known[*p].may_be_recognised();
        let mut owners = (0..PEOPLE).filter(has);
        owners.next().filter(|_| owners.next().is_none())
    }

    fn consent(&mut self, p: usize) {
        let wish = Consent {
            person: self.people[p],
            purpose: ConsentPurpose::Face,
            giver: Giver::Person,
            means: ConsentMeans::Screen,
            text_version: "2026-1".parse().expect("a version"),
        };
        let done = self
            .door
            .act(move |tx, call| consent::record(tx, call, &wish));
        let known = &mut self.known[p];
        match (known.erased, known.consent) {
            (true, _) => assert_eq!(done, Err(ConsentError::NoPerson)),
            (false, true) => assert_eq!(done, Err(ConsentError::InForce)),
            (false, false) => assert!(done.is_ok()),
        }
        known.consent |= done.is_ok();
    }

    fn withdraw(&mut self, p: usize) {
        let id = self.people[p];
        let done = self
            .door
            .act(move |tx, c| consent::withdraw(tx, c, id, ConsentPurpose::Face));
        assert_eq!(done.is_ok(), self.known[p].consent);
        self.known[p].consent = false;
        if done.is_ok() {
            self.known[p].face = None;
        }
    }

    fn enrol(&mut self, p: usize, face: usize) {
        let done = self.door.enrol(self.people[p], &axis(face), None);
        let known = self.known[p];
        let other = (0..PEOPLE).find(|o| {
            *o != p && self.known[*o].face == Some(face) && self.known[*o].may_be_recognised()
        });
        if known.erased || known.disabled {
            assert_eq!(done, Err(enrol::Error::NoPerson));
        } else if !known.consent {
            assert_eq!(done, Err(enrol::Error::NoConsent));
        } else if let Some(other) = other {
            let theirs = self.people[other];
            assert!(matches!(done, Err(enrol::Error::SameFace { other, .. }) if other == theirs));
        } else {
            assert_eq!(done, Ok(()));
            self.known[p].face = Some(face);
        }
    }

    fn remove(&mut self, p: usize) {
        let id = self.people[p];
        let done = self.door.act(move |tx, call| enrol::remove(tx, call, id));
        assert_eq!(done.is_ok(), self.known[p].face.is_some());
        self.known[p].face = None;
    }

    fn set_enabled(&mut self, p: usize, enabled: bool) {
        let id = self.people[p];
        let done = self
            .door
            .act(move |tx, call| person::set_enabled(tx, call, id, enabled));
        assert_eq!(done.is_ok(), !self.known[p].erased);
        self.known[p].disabled = !enabled;
    }

    fn erase(&mut self, p: usize) {
        let id = self.people[p];
        let done = self.door.act(move |tx, call| person::erase(tx, call, id));
        assert_eq!(done.is_ok(), !self.known[p].erased);
        self.known[p] = Known {
            erased: true,
            ..Known::default()
        };
    }

    /// Whatever the old verdict says, the answer is that of now.
    fn send(&mut self) {
        let Some((request, judged)) = self.waiting.take() else {
            return;
        };
        let decision = self.door.decide(&request);
        let now = judged.filter(|p| self.known[*p].may_be_recognised());
        match decision.verdict {
            Verdict::Admitted | Verdict::Already => {
                let person = now.map(|p| self.people[p]);
                assert!(
                    person.is_some() && decision.person == person,
                    "{decision:?}"
                );
            }
            Verdict::Refused | Verdict::Ambiguous | Verdict::Attention => {
                let by_day = decision.reason == Some(Reason::Expired);
                assert!(now.is_none() || by_day, "{decision:?}");
            }
        }
    }

    fn take(&mut self, step: Step) {
        self.door.advance(Span::from_seconds(1));
        match step {
            Step::Consent(p) => self.consent(p),
            Step::Withdraw(p) => self.withdraw(p),
            Step::Enrol(p, face) => self.enrol(p, face),
            Step::Remove(p) => self.remove(p),
            Step::Disable(p) => self.set_enabled(p, false),
            Step::Enable(p) => self.set_enabled(p, true),
            Step::Erase(p) => self.erase(p),
            Step::Judge(face) => {
                let today = Occasion::Daily(self.door.today());
                let request = self.door.face(today, &axis(face));
                self.waiting = Some((request, self.owner(face)));
            }
            Step::Send => self.send(),
            Step::NextDay => self.door.advance(Span::from_seconds(24 * 3_600)),
        }
    }

    fn compare(&mut self, before: [Known; PEOPLE]) {
        let today = Occasion::Daily(self.door.today());
        let loaded = self.door.gallery(today);
        let want = self.known.iter().filter(|k| k.may_be_recognised()).count();
        assert_eq!(loaded.gallery.len(), want);
        let shown = |k: &Known| (k.may_be_recognised(), k.face);
        let changed = before.iter().map(shown).ne(self.known.iter().map(shown));
        assert!(loaded.version >= self.version);
        assert!(
            !changed || loaded.version > self.version,
            "a gallery in memory would not notice"
        );
        self.version = loaded.version;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn only_who_may_be_recognised_is(steps in proptest::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        for step in steps {
            let before = world.known;
            world.take(step);
            world.compare(before);
        }
        world.send();
    }
}
