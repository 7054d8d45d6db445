//! Where the box stands: the store's folder, the disk, the clock, the ports.

use crate::app::doctor::Finding;
use crate::base::limits;
use crate::base::time::{Clock as _, ClockState, Stamp, Timestamp};
use crate::host::clock::{RELEASED, SystemClock};
use crate::host::disk::{self, Room};
use crate::host::sockets::BindError;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The store's folder.
pub fn folder(dir: &Path) -> Finding {
    let shown = dir.display();
    match std::fs::metadata(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Finding::note(
            "store",
            format!("{shown} does not exist yet; the first start makes it"),
        ),
        Err(error) => Finding::bad("store", format!("{shown}: {error}: set [store] dir")),
        Ok(data) if !data.is_dir() => {
            Finding::bad("store", format!("{shown} is no folder: set [store] dir"))
        }
        Ok(data) => {
            // Whoever may do everything may also do this; the owner of a process is that of its
            // folder in /proc.
            let own = std::fs::metadata("/proc/self").map_or(data.uid(), |d| d.uid());
            match folder_fault(data.mode() & 0o777, data.uid(), own) {
                None => Finding::good("store", shown.to_string()),
                Some(fault) => Finding::bad("store", format!("{shown} {fault}")),
            }
        }
    }
}

/// What is wrong with a folder of this mode and owner for a user, with what to do.
fn folder_fault(mode: u32, owner: u32, user: u32) -> Option<String> {
    if mode & 0o077 != 0 {
        Some(format!(
            "may be read by others (mode {mode:03o}): chmod 700 it"
        ))
    } else if mode & 0o700 != 0o700 {
        Some(format!("cannot be written (mode {mode:03o}): chmod 700 it"))
    } else if user != 0 && owner != user {
        Some(format!(
            "belongs to user {owner}: run this as that user, or chown it"
        ))
    } else {
        None
    }
}

/// The nearest folder above that exists, for a store that is not made yet.
fn existing(dir: &Path) -> &Path {
    let mut dir = dir;
    while !dir.exists() {
        dir = match dir.parent() {
            Some(above) if !above.as_os_str().is_empty() => above,
            Some(_) | None => return Path::new("."),
        };
    }
    dir
}

/// The disk.
pub fn room(dir: &Path) -> Finding {
    let dir = existing(dir);
    room_found(dir, disk::room(dir))
}

fn room_found(dir: &Path, room: io::Result<Room>) -> Finding {
    const MIB: u64 = 1024 * 1024;
    let shown = dir.display();
    match room {
        Err(error) => Finding::bad("disk", format!("{shown}: {error}: check the card")),
        Ok(room) if room.read_only => Finding::bad(
            "disk",
            format!("{shown} is mounted read-only: check the card and the kernel's log"),
        ),
        Ok(room) if room.free_bytes < limits::DISK_FREE_BYTES_MIN => Finding::bad(
            "disk",
            format!(
                "{shown} has {} MiB free, at least {} are needed: make room",
                room.free_bytes / MIB,
                limits::DISK_FREE_BYTES_MIN / MIB
            ),
        ),
        Ok(room) => Finding::good("disk", format!("{} MiB free", room.free_bytes / MIB)),
    }
}

/// The clock; `latest`: the last recorded time.
pub fn clock(latest: Timestamp) -> Finding {
    clock_found(SystemClock::new().stamp(), latest)
}

fn clock_found(stamp: Stamp, latest: Timestamp) -> Finding {
    const BEHIND_MS_MAX: i64 = 60_000;
    const MEND: &str = "connect the box to a time server, or set it with `timedatectl set-time`, or say the time on /clock from a paired phone; until then lateness is provisional";
    let at = stamp.at;
    if at < RELEASED {
        let text = format!("{at} lies before this version was released ({RELEASED}): {MEND}");
        return Finding::bad("clock", text);
    }
    if latest.since(at).as_millis() > BEHIND_MS_MAX {
        let text = format!("{at} lies before the last recorded time ({latest}): {MEND}");
        return Finding::bad("clock", text);
    }
    match stamp.clock {
        ClockState::Synced => Finding::good("clock", at.to_string()),
        ClockState::Unsynced => Finding::note(
            "clock",
            format!("{at}, and nobody has confirmed it: {MEND}"),
        ),
    }
}

/// The port of a listener, named by its key.
pub fn port(key: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::good("port", format!("{address} is free")),
        Err(error) => {
            let key = key.to_owned();
            let error = BindError {
                address,
                key,
                error,
            };
            Finding::bad("port", error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::Grade;

    #[test]
    fn a_folder_is_its_owner_s_alone_and_writable() {
        let table = [
            (0o700, 7, 7, None),
            (0o700, 7, 0, None),
            (0o750, 7, 7, Some("others (mode 750)")),
            (0o701, 7, 0, Some("others (mode 701)")),
            (0o500, 7, 7, Some("written (mode 500)")),
            (0o600, 7, 0, Some("written (mode 600)")),
            (0o700, 7, 8, Some("user 7")),
        ];
        for (mode, owner, user, want) in table {
            let got = folder_fault(mode, owner, user);
            let fits = match (&got, want) {
                (None, None) => true,
                (Some(got), Some(want)) => got.contains(want),
                (_, _) => false,
            };
            assert!(fits, "{mode:o} {owner} {user}: {got:?}");
        }
    }

    #[test]
    fn a_disk_without_room_is_bad_and_named() {
        let of = |free_bytes, read_only| {
            let room = Room {
                free_bytes,
                total_bytes: u64::MAX,
                read_only,
            };
            room_found(Path::new("/srv"), Ok(room))
        };
        let low = of(limits::DISK_FREE_BYTES_MIN - 1, false);
        assert_eq!(
            (low.grade, low.text.as_str()),
            (
                Grade::Bad,
                "/srv has 255 MiB free, at least 256 are needed: make room"
            )
        );
        assert_eq!(of(limits::DISK_FREE_BYTES_MIN, false).grade, Grade::Good);
        let locked = of(u64::MAX, true);
        assert!(locked.grade == Grade::Bad && locked.text.contains("/srv is mounted read-only"));
        let gone = room_found(Path::new("/srv"), Err(io::Error::other("gone")));
        assert!(
            gone.grade == Grade::Bad && gone.text.contains("gone"),
            "{gone:?}"
        );
    }

    #[test]
    fn a_clock_before_the_release_or_the_last_row_is_bad() {
        let good = RELEASED.as_millis() + 1_000_000;
        let table = [
            (good, ClockState::Synced, 0, Grade::Good),
            (good, ClockState::Unsynced, 0, Grade::Note),
            (0, ClockState::Unsynced, 0, Grade::Bad),
            (
                RELEASED.as_millis() - 1,
                ClockState::Unsynced,
                0,
                Grade::Bad,
            ),
            (good, ClockState::Synced, good + 60_000, Grade::Good),
            (good, ClockState::Synced, good + 60_001, Grade::Bad),
        ];
        for (at, clock, latest, want) in table {
            let at = Timestamp::from_millis(at);
            let found = clock_found(Stamp { at, clock }, Timestamp::from_millis(latest));
            assert_eq!(found.grade, want, "{found:?}");
        }
    }
}
