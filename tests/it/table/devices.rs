//! Devices.

use super::fixture::{TestStore, at, conflict, id};
use hadir::base::id::DeviceId;
use hadir::store::Error;
use hadir::store::devices::{self, DeviceKind, DeviceRow};

fn device(number: u64) -> DeviceRow {
    DeviceRow {
        id: id(number),
        name: format!("Gerbang {number}"),
        kind: DeviceKind::Kiosk,
        access: "scan".to_owned(),
        gate: None,
        created_at: at(1000),
        revoked_at: None,
    }
}

fn add(store: &TestStore, row: DeviceRow) -> Result<(), Error> {
    store.write(move |tx| devices::insert_device(tx, &row))
}

#[test]
fn every_kind_of_device_comes_back_as_it_was_paired() {
    let store = TestStore::new();
    let mut rows = Vec::new();
    for kind in DeviceKind::ALL {
        for access in ["scan", "desk", "supervise"] {
            let number = rows.len() as u64 + 1;
            rows.push(DeviceRow {
                kind: *kind,
                access: access.to_owned(),
                gate: (number % 2 == 1).then(|| "utara".to_owned()),
                revoked_at: number.is_multiple_of(3).then_some(at(7)),
                ..device(number)
            });
        }
    }
    for row in rows.clone() {
        add(&store, row).expect("device");
    }
    let store = store.reopen();
    for row in &rows {
        let found = store.get(|v| devices::find_device(v, row.id));
        assert_eq!(found.as_ref(), Some(row));
    }
    assert_eq!(store.get(|v| devices::list_devices(v, None, 100)), rows);
    assert_eq!(store.get(|v| devices::find_device(v, id(99))), None);
}

#[test]
fn pages_of_devices_follow_each_other() {
    let store = TestStore::new();
    for number in [3, 1, 5, 2, 4] {
        add(&store, device(number)).expect("device");
    }
    let page = |after: Option<u64>, limit| -> Vec<DeviceId> {
        let rows = store.get(|v| devices::list_devices(v, after.map(id), limit));
        rows.iter().map(|d| d.id).collect()
    };
    assert_eq!(page(None, 2), [id(1), id(2)]);
    assert_eq!(page(Some(2), 2), [id(3), id(4)]);
    assert_eq!(page(Some(4), 2), [id(5)]);
    assert!(page(Some(5), 2).is_empty());
    assert!(page(None, 0).is_empty());
}

#[test]
fn a_device_is_revoked_once_and_for_ever() {
    let store = TestStore::new();
    add(&store, device(1)).expect("device");
    add(&store, device(2)).expect("device");
    let revoke = |number, ms| store.put(move |tx| devices::update_revoked(tx, id(number), at(ms)));
    assert!(revoke(1, 5));
    assert!(!revoke(1, 6), "it was revoked before");
    assert!(!revoke(9, 6), "there is no such device");
    let when = |number| {
        let found = store.get(|v| devices::find_device(v, id(number)));
        found.expect("the device").revoked_at
    };
    assert_eq!((when(1), when(2)), (Some(at(5)), None));
}

#[test]
fn what_is_no_device_is_refused() {
    let store = TestStore::new();
    add(&store, device(1)).expect("device");
    assert_eq!(conflict(add(&store, device(1))), "device.id");
    let access = DeviceRow {
        access: "everything".to_owned(),
        ..device(2)
    };
    assert!(conflict(add(&store, access)).contains("access"));
    assert_eq!(store.rows("device"), 1);
}
