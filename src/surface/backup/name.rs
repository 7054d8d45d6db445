//! The names of backups: the box and the time, so that they sort by time, and so that those of
//! several boxes may lie in one folder.

use crate::base::id::BoxId;
use crate::base::time::Timestamp;
use std::ffi::OsStr;

/// What a backup's name ends with.
pub const END: &str = ".backup";
/// What the name of one that is being made ends with.
pub const PARTIAL: &str = ".partial";

/// The name of a backup of this box made at this time.
pub fn of(of_box: BoxId, made_at: Timestamp) -> String {
    let time = made_at.to_string();
    let time: String = time.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("hadir-{of_box}-{time}{END}")
}

/// The name under which a file is made.
pub fn partial(name: &OsStr) -> String {
    format!(".{}{PARTIAL}", name.to_string_lossy())
}

/// Whether the box gave a backup this name.
pub fn is_of(of_box: BoxId, name: &str) -> bool {
    let rest = name.strip_prefix(&format!("hadir-{of_box}-"));
    let time = rest.and_then(|rest| rest.strip_suffix(END));
    time.is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether this is what is left of a backup of this box that was not finished.
pub fn is_left_over(of_box: BoxId, name: &str) -> bool {
    name.strip_prefix('.')
        .and_then(|name| name.strip_suffix(PARTIAL))
        .is_some_and(|name| is_of(of_box, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::Id as _;

    #[test]
    fn names_sort_by_time_and_are_known_again() {
        let [mine, other] = [1, 2].map(|n| BoxId::from_bytes([n; 16]));
        let times = [0, 1_795_226_400_000, 1_795_226_400_001].map(Timestamp::from_millis);
        let names = times.map(|t| of(mine, t));
        assert!(names.is_sorted(), "{names:?}");
        assert!(
            names[1].ends_with("-20261121T020000000Z.backup"),
            "{}",
            names[1]
        );
        for name in &names {
            assert!(is_of(mine, name) && !is_of(other, name), "{name}");
            let left = partial(OsStr::new(name));
            assert!(is_left_over(mine, &left) && !is_left_over(other, &left));
            assert!(!is_of(mine, &left) && !is_left_over(mine, name));
        }
        for name in [
            "",
            "hadir.db",
            ".partial",
            &format!("hadir-{mine}.erased"),
            &format!("hadir-{mine}-.backup"),
        ] {
            assert!(!is_of(mine, name), "{name}");
        }
    }
}
