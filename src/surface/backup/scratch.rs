//! A folder for trying things, removed with everything in it when it is dropped. One that a killed
//! process has left is removed by the next.

use super::Error;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// What the folders' names begin with.
const BEGIN: &str = "scratch-";
/// The file in it that its process holds locked.
const HELD: &str = "held";

/// The folder.
pub struct Scratch {
    dir: PathBuf,
    held: File,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = self.held.unlock();
        // What cannot be removed now, the next one removes.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Removes what killed processes have left.
fn sweep(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries {
        if !entry.file_name().to_string_lossy().starts_with(BEGIN) {
            continue;
        }
        let dir = entry.path();
        let held = File::open(dir.join(HELD));
        if held.is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&dir);
        }
    }
}

impl Scratch {
    /// A folder in `parent`, for the owner alone.
    pub fn new(parent: &Path) -> Result<Self, Error> {
        sweep(parent);
        let make = |number: u32| {
            let dir = parent.join(format!("{BEGIN}{}-{number}", std::process::id()));
            DirBuilder::new().mode(0o700).create(&dir).map(|()| dir)
        };
        let taken = |made: &io::Result<_>| matches!(made, Err(e) if e.kind() == io::ErrorKind::AlreadyExists);
        let made = (0..100).map(make).find(|made| !taken(made));
        let made = made.unwrap_or_else(|| Err(io::ErrorKind::AlreadyExists.into()));
        let dir = made.map_err(Error::io(parent))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let held = options.open(dir.join(HELD)).map_err(Error::io(&dir))?;
        held.lock().map_err(Error::io(&dir))?;
        Ok(Self { dir, held })
    }

    /// A new folder in it.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Error> {
        let dir = self.dir.join(name);
        let made = DirBuilder::new().mode(0o700).create(&dir);
        made.map_err(Error::io(&dir))?;
        Ok(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_goes_and_what_is_in_use_stays() {
        let parent = std::env::temp_dir().join(format!("hadir-scratch-{}", std::process::id()));
        fs::create_dir_all(&parent).expect("a folder");
        let left = parent.join(format!("{BEGIN}0-0"));
        fs::create_dir(&left).expect("left");
        fs::write(left.join(HELD), "").expect("left");
        fs::write(left.join("x"), "").expect("left");
        fs::create_dir(parent.join("others")).expect("not ours");
        let one = Scratch::new(&parent).expect("a folder");
        assert!(!left.exists());
        one.folder("a").expect("inside");
        let other = Scratch::new(&parent).expect("another");
        assert!(one.dir.join("a").exists() && one.dir != other.dir);
        drop((one, other));
        let names: Vec<_> = fs::read_dir(&parent).expect("there").collect();
        assert_eq!(names.len(), 1, "{names:?}");
        fs::remove_dir_all(&parent).expect("clean");
    }
}
