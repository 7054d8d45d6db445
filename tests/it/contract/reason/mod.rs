//! One golden file per reason code: what was asked, what was decided, and what the visitor reads
//! in both languages. `HADIR_BLESS=1` writes the files anew and then fails, so that nothing is
//! ever blessed without somebody looking.

mod golden;
pub mod scene;

use crate::domain::door::Door;
use hadir::base::time::ClockState;
use hadir::domain::checkin::reason::Reason;

/// Every reason has a scene, and every scene gets the reason.
#[test]
fn each_reason_is_decided_and_worded_as_recorded() {
    let mut wrong = Vec::new();
    for reason in Reason::ALL {
        let scene = scene::play(*reason);
        let given = scene.decision.reason.or(scene.decision.advisory());
        assert_eq!(
            given,
            Some(*reason),
            "the scene of {reason} got another reason"
        );
        wrong.extend(golden::compare(reason.code(), &scene));
    }
    assert!(wrong.is_empty(), "not as recorded:\n{}", wrong.join("\n"));
}

#[test]
fn admissions_are_worded_as_recorded() {
    let mut wrong = Vec::new();
    for (name, scene) in scene::admissions() {
        assert_eq!(scene.decision.reason, None, "{name}");
        wrong.extend(golden::compare(name, &scene));
    }
    assert!(wrong.is_empty(), "not as recorded:\n{}", wrong.join("\n"));
}

/// A file without a reason would never be compared with anything.
#[test]
fn no_golden_file_is_left_over() {
    let known: Vec<String> = Reason::ALL.iter().map(|r| r.code().to_owned()).collect();
    let extra: Vec<String> = golden::names()
        .into_iter()
        .filter(|n| !known.contains(n) && !scene::ADMISSIONS.contains(&n.as_str()))
        .collect();
    assert!(extra.is_empty(), "{extra:?}");
}

#[test]
fn the_clock_alone_refuses_nobody() {
    let door = Door::new();
    door.set_clock(ClockState::Unsynced);
    for reason in [Reason::NotYetValid, Reason::Expired] {
        let request = scene::request_for(&door, reason);
        let decision = door.decide(&request);
        assert_eq!(decision.reason, None, "{reason}");
        assert_eq!(decision.advisory(), Some(Reason::ClockUnsynced));
    }
}
