//! One door for each screen, a new one when its settings change.

use crate::support::desk::Desk;
use hadir::base::limits;
use hadir::domain::actor::{Actor, DeviceAccess};
use hadir::domain::checkin::reason::Direction;
use hadir::domain::device::{self, Options};
use hadir::domain::rule::Attended;
use hadir::surface::door::Aim;
use hadir::surface::gate::{Gates, post_of};
use std::sync::Arc;

#[test]
fn a_screen_keeps_its_door_until_its_settings_change() {
    let desk = Desk::new();
    let id = desk.device();
    let found = desk.core.read(Actor::Operator, "test", |view, _| {
        device::get_in_use(view, id)
    });
    let found = found.expect("a device");
    let mut options = Options::default();
    let gates = Gates::default();
    assert!(gates.is_empty());
    let post = post_of(&found, &options);
    assert_eq!(post.attended, Attended::Unattended);
    assert!(matches!(post.occasion, Aim::Today));
    let actor = Actor::Device {
        id,
        access: DeviceAccess::Scan,
    };
    assert_eq!((post.actor, post.device), (actor, Some(id)));
    let first = gates.of(&desk.core, post, id);
    assert!(Arc::ptr_eq(&first, &gates.of(&desk.core, post, id)));
    options.direction = Direction::Exit;
    let changed = gates.of(&desk.core, post_of(&found, &options), id);
    assert!(!Arc::ptr_eq(&first, &changed));
    assert_eq!(gates.len(), 1, "the old one is gone");
}

#[test]
fn the_door_used_longest_ago_gives_way() {
    let desk = Desk::new();
    let gates = Gates::default();
    let found = {
        let id = desk.device();
        let read = desk.core.read(Actor::Operator, "test", |view, _| {
            device::get_in_use(view, id)
        });
        read.expect("a device")
    };
    let first = desk.core.new_id();
    let post = post_of(&found, &Options::default());
    let gate = gates.of(&desk.core, post, first);
    for _ in 0..limits::SCREENS_MAX {
        let _ = gates.of(&desk.core, post, desk.core.new_id());
    }
    assert_eq!(gates.len(), limits::SCREENS_MAX);
    assert!(!Arc::ptr_eq(&gate, &gates.of(&desk.core, post, first)));
}
