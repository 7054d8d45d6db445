//! A directory of a test's own, removed when the test has succeeded.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A new, empty directory; kept for inspection when the test fails.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the directory.
    pub fn new() -> Self {
        Self::below(std::env::temp_dir())
    }

    fn below(at: PathBuf) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("hadir-test-{}-{number}", std::process::id());
        let dir = at.join(name);
        std::fs::create_dir_all(&dir).expect("scratch directory");
        Self(dir)
    }

    /// Makes the directory in memory, if the system has such a place: for files that are
    /// looked at once.
    pub fn in_memory() -> Self {
        let memory = PathBuf::from("/dev/shm");
        let at = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        Self::below(at)
    }

    /// A path inside.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The directory itself.
    pub fn dir(&self) -> &Path {
        &self.0
    }

    /// Writes a file inside, with the directories above it, and returns its path.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        std::fs::write(&path, contents).expect("a file");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for inspection: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
