//! How much room there is.

use std::io;
use std::path::Path;

/// Room on the file system of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes that we may still write.
    pub free_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
    /// Nothing can be written: it is mounted read-only.
    pub read_only: bool,
}

/// Looks at the file system on which `dir` lies.
///
/// # Errors
/// If `dir` does not exist or the system does not say.
pub fn room(dir: &Path) -> io::Result<Room> {
    let stat = rustix::fs::statvfs(dir)?;
    Ok(Room {
        free_bytes: stat.f_bavail.saturating_mul(stat.f_frsize),
        total_bytes: stat.f_blocks.saturating_mul(stat.f_frsize),
        read_only: stat.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_room_and_a_missing_one_is_an_error() {
        let here = room(&std::env::temp_dir()).expect("room");
        assert!(here.total_bytes >= here.free_bytes);
        assert!(!here.read_only);
        assert!(room(Path::new("/nonexistent/hadir")).is_err());
    }
}
