//! Puts another file into the store's place, with its lock held: what `hadir restore` ends with.
//! The old files are kept aside. A mark stands in the folder meanwhile, so that a cut of the power
//! in the middle leaves a store that says so and not an empty one.

use crate::store::error::Error;
use crate::store::{FILE, LOCK_FILE, prepare_dir, sync_dir, take_lock};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Stands in the folder while files are exchanged.
const MARK: &str = "hadir.restore";

/// The files that belong to the database: itself, its log, the log's index.
fn parts() -> [String; 3] {
    ["", "-wal", "-shm"].map(|end| format!("{FILE}{end}"))
}

/// No exchange is under way.
///
/// # Errors
/// [`Error::Unfinished`] if one is.
pub(in crate::store) fn finished(dir: &Path) -> Result<(), Error> {
    match dir.join(MARK).exists() {
        true => Err(Error::Unfinished(dir.display().to_string())),
        false => Ok(()),
    }
}

/// A store's folder that nobody else can open meanwhile.
#[derive(Debug)]
pub struct Held {
    dir: PathBuf,
    lock: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Takes the lock of the store in `dir`, which is made if need be.
///
/// # Errors
/// [`Error::InUse`] if another process has it, [`Error::Io`].
pub fn hold(dir: &Path) -> Result<Held, Error> {
    prepare_dir(dir)?;
    Ok(Held {
        dir: dir.to_owned(),
        lock: take_lock(&dir.join(LOCK_FILE))?,
    })
}

fn move_if_there(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Held {
    /// Moves the database and the files named `beside` out of the folder into `aside`, which is
    /// made, and those of `new` into their place; durable on return. `new` and `aside` lie on the
    /// same file system.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Full`]. If the mark stands by then, the store does not open until
    /// another exchange has succeeded.
    pub fn exchange(&self, new: &Path, aside: &Path, beside: &[&str]) -> Result<(), Error> {
        let mut names: Vec<String> = parts().to_vec();
        names.extend(beside.iter().map(|name| (*name).to_owned()));
        for name in &names {
            match File::open(new.join(name)) {
                Ok(file) => file.sync_all()?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        DirBuilder::new().mode(0o700).create(aside)?;
        let mark = self.dir.join(MARK);
        File::create(&mark)?.sync_all()?;
        sync_dir(&self.dir)?;
        for name in &names {
            move_if_there(&self.dir.join(name), &aside.join(name))?;
        }
        sync_dir(aside)?;
        for name in &names {
            move_if_there(&new.join(name), &self.dir.join(name))?;
        }
        sync_dir(&self.dir)?;
        fs::remove_file(&mark)?;
        sync_dir(&self.dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let dir =
            std::env::temp_dir().join(format!("hadir-exchange-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        for part in ["store", "store/new"] {
            fs::create_dir_all(dir.join(part)).expect("a folder");
        }
        dir
    }

    fn texts(dir: &Path) -> Vec<(String, String)> {
        let mut all: Vec<_> = fs::read_dir(dir)
            .expect("a folder")
            .map(|e| e.expect("an entry").path())
            .filter(|p| p.is_file())
            .map(|p| {
                let name = p.file_name().and_then(|n| n.to_str()).expect("a name");
                (name.to_owned(), fs::read_to_string(&p).expect("a text"))
            })
            .collect();
        all.sort();
        all
    }

    #[test]
    fn the_old_files_lie_aside_and_the_new_ones_in_their_place() {
        let root = folder("whole");
        let (dir, new) = (root.join("store"), root.join("store/new"));
        for (name, text) in [
            ("hadir.db", "old"),
            ("hadir.db-wal", "log"),
            ("tls", "old"),
            ("other", "stays"),
        ] {
            fs::write(dir.join(name), text).expect("written");
        }
        fs::write(new.join("hadir.db"), "new").expect("written");
        let held = hold(&dir).expect("free");
        assert!(matches!(hold(&dir), Err(Error::InUse(_))));
        let aside = dir.join("aside");
        held.exchange(&new, &aside, &["tls", "nothing"])
            .expect("exchanged");
        drop(held);
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            texts(&aside),
            [
                pair("hadir.db", "old"),
                pair("hadir.db-wal", "log"),
                pair("tls", "old")
            ]
        );
        assert_eq!(
            texts(&dir),
            [
                pair("hadir.db", "new"),
                pair("hadir.lock", ""),
                pair("other", "stays")
            ]
        );
        assert_eq!(finished(&dir), Ok(()));
        hold(&dir).expect("free again");
        fs::remove_dir_all(&root).expect("clean");
    }

    #[test]
    fn one_that_cannot_begin_changes_nothing_and_one_cut_off_is_told() {
        let root = folder("cut");
        let (dir, new) = (root.join("store"), root.join("store/new"));
        fs::write(dir.join("hadir.db"), "old").expect("written");
        fs::create_dir(dir.join("aside")).expect("taken");
        let held = hold(&dir).expect("free");
        assert!(held.exchange(&new, &dir.join("aside"), &[]).is_err());
        assert_eq!(finished(&dir), Ok(()));
        assert_eq!(texts(&dir)[0].1, "old");
        fs::write(dir.join(MARK), "").expect("a power cut later");
        let told = finished(&dir).expect_err("told");
        assert!(told.to_string().contains("hadir restore"), "{told}");
        fs::remove_dir_all(&root).expect("clean");
    }
}
