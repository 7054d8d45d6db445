//! Folders and drives for copies of the data: whether a folder can be written, on which drive it
//! lies, and which drives are mounted.

use crate::host::disk;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// What is mounted where, as this process sees it (proc(5), mountinfo).
const MOUNTS: &str = "/proc/self/mountinfo";

/// Name of the file by which writing is tried; it is removed at once.
const TRIAL: &str = ".hadir-trial";

/// Why a folder does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There is nothing of this name, or it may not be looked at.
    Missing,
    /// It is no folder.
    NoFolder,
    /// It is the data's own folder or lies in it.
    WithinData,
    /// The service may not write there, or the drive is full or read-only.
    ReadOnly,
}

/// A folder that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// It lies on the drive of the data: both would be lost together.
    pub same_drive: bool,
    /// Bytes that may still be written there, if the system says.
    pub free_bytes: Option<u64>,
}

/// A mounted drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Where it is mounted.
    pub path: PathBuf,
    /// It is the drive of the data.
    pub same_drive: bool,
    /// Bytes that may still be written there, if the system says.
    pub free_bytes: Option<u64>,
}

/// Looks at a folder; `data` is that of the store. Tries to write, with a file of its own.
///
/// # Errors
/// Why the folder does not do.
pub fn look(folder: &Path, data: &Path) -> Result<Fit, Unfit> {
    let real = fs::canonicalize(folder).map_err(|_| Unfit::Missing)?;
    if !real.is_dir() {
        return Err(Unfit::NoFolder);
    }
    if fs::canonicalize(data).is_ok_and(|data| real.starts_with(data)) {
        return Err(Unfit::WithinData);
    }
    try_write(&real).map_err(|_| Unfit::ReadOnly)?;
    Ok(Fit {
        same_drive: same_drive(&real, data),
        free_bytes: free(&real),
    })
}

/// A trial that was left behind by a cut of the power is no obstacle.
fn try_write(folder: &Path) -> io::Result<()> {
    let trial = folder.join(TRIAL);
    match fs::remove_file(&trial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(&trial)?;
    fs::remove_file(&trial)
}

fn free(path: &Path) -> Option<u64> {
    disk::room(path).ok().map(|room| room.free_bytes)
}

/// Whether two folders lie on one drive, be it on two partitions of it. What cannot be looked at
/// counts as the same: better one warning too many.
#[must_use]
pub fn same_drive(one: &Path, other: &Path) -> bool {
    let number = |path: &Path| fs::metadata(path).map(|m| m.dev()).ok();
    match (number(one), number(other)) {
        (Some(one), Some(other)) => {
            one == other || whole(one).is_some_and(|drive| Some(drive) == whole(other))
        }
        _ => true,
    }
}

/// The whole drive of a partition, as the kernel names it (sysfs); None: no drive stands behind.
fn whole(device: u64) -> Option<PathBuf> {
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    let node = fs::canonicalize(format!("/sys/dev/block/{major}:{minor}")).ok()?;
    match node.join("partition").exists() {
        true => node.parent().map(Path::to_owned),
        false => Some(node),
    }
}

/// The drives that are mounted besides the system's own, in the order of their paths.
#[must_use]
pub fn mounted(data: &Path) -> Vec<Drive> {
    let mounts = fs::read_to_string(MOUNTS).unwrap_or_default();
    let drive = |path: PathBuf| Drive {
        same_drive: same_drive(&path, data),
        free_bytes: free(&path),
        path,
    };
    mount_points(&mounts).into_iter().map(drive).collect()
}

/// Where something that keeps files for long is mounted whole, outside of the system's folders.
fn mount_points(mounts: &str) -> Vec<PathBuf> {
    const OUTSIDE: [&str; 4] = ["/media/", "/mnt", "/run/media/", "/srv"];
    let point = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let mut fields = before.split(' ').skip(3);
        let (root, path) = (fields.next()?, fields.next()?);
        let mut fields = after.split(' ').skip(1);
        let source = fields.next()?;
        let kept = source.starts_with("/dev/") || source.contains(":/") || source.starts_with("//");
        let outside = OUTSIDE.iter().any(|begin| path.starts_with(begin));
        (root == "/" && kept && outside).then(|| PathBuf::from(unescape(path)))
    };
    let mut found: Vec<PathBuf> = mounts.lines().filter_map(point).collect();
    found.sort();
    found.dedup();
    found
}

/// Blanks and the like stand as `\040` there.
fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(3).unwrap_or(("", part));
        match u8::from_str_radix(code, 8) {
            Ok(byte) if byte.is_ascii() => plain.push(char::from(byte)),
            _ => plain.push_str(code),
        }
        plain.push_str(rest);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("hadir-drive-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("data")).expect("a folder");
        dir
    }

    #[test]
    fn a_folder_that_does_is_told_and_left_as_it_was() {
        let dir = scratch("fit");
        let (data, copies) = (dir.join("data"), dir.join("copies"));
        fs::create_dir(&copies).expect("a folder");
        fs::write(copies.join(TRIAL), "left behind").expect("a file");
        let fit = look(&copies, &data).expect("it does");
        assert!(fit.same_drive, "both are on one drive here");
        assert!(fit.free_bytes.is_some());
        assert_eq!(fs::read_dir(&copies).expect("a folder").count(), 0);
        fs::remove_dir_all(&dir).expect("removed");
    }

    #[test]
    fn each_folder_that_does_not_has_its_reason() {
        let dir = scratch("unfit");
        let data = dir.join("data");
        fs::create_dir(data.join("inside")).expect("a folder");
        fs::write(dir.join("file"), "x").expect("a file");
        std::os::unix::fs::symlink(&data, dir.join("link")).expect("a link");
        let table = [
            (dir.join("nothing"), Unfit::Missing),
            (dir.join("file"), Unfit::NoFolder),
            (data.clone(), Unfit::WithinData),
            (data.join("inside"), Unfit::WithinData),
            (dir.join("link"), Unfit::WithinData),
            (PathBuf::from("/proc/self"), Unfit::ReadOnly),
        ];
        for (folder, want) in table {
            assert_eq!(look(&folder, &data), Err(want), "{}", folder.display());
        }
        fs::remove_dir_all(&dir).expect("removed");
    }

    #[test]
    fn what_cannot_be_looked_at_counts_as_the_same_drive() {
        assert!(same_drive(Path::new("/nonexistent"), Path::new("/")));
        assert!(!same_drive(Path::new("/proc"), Path::new("/")));
    }

    #[test]
    fn drives_are_told_from_the_systems_own_folders() {
        let mounts = "\
25 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
30 25 179:1 / /boot/firmware rw - vfat /dev/mmcblk0p1 rw
31 25 0:24 / /run rw - tmpfs tmpfs rw
40 25 8:1 / /media/pi/KARTU\\0401 rw shared:2 - exfat /dev/sda1 rw
41 25 8:1 / /media/pi/KARTU\\0401 rw shared:2 - exfat /dev/sda1 rw
42 25 0:50 / /mnt/nas rw - nfs4 nas.local:/copies rw
43 25 8:17 /sub /mnt/part rw - ext4 /dev/sdb1 rw
44 25 0:51 / /mnt/memory rw - tmpfs tmpfs rw
broken";
        let want = ["/media/pi/KARTU 1", "/mnt/nas"].map(PathBuf::from);
        assert_eq!(mount_points(mounts), want);
        assert_eq!(unescape("a\\134b\\9"), "a\\b9");
        let _ = mounted(Path::new("/"));
    }
}
