//! A folder as a camera: its pictures in the order of their names, again and again.

use crate::base::limits;
use crate::host::camera::picture::Content;
use crate::host::camera::{CameraError, Source};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// File endings that count as pictures.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// The camera that plays a folder.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    pause: Duration,
    again: bool,
    files: Vec<PathBuf>,
    at: usize,
}

impl Folder {
    /// Plays `dir` with `pause` between two pictures; `again`: from the beginning after the
    /// last one.
    #[must_use]
    pub fn new(dir: &Path, pause: Duration, again: bool) -> Self {
        Self {
            dir: dir.to_owned(),
            pause,
            again,
            files: Vec::new(),
            at: 0,
        }
    }
}

fn is_picture(path: &Path) -> bool {
    let ending = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    ENDINGS.iter().any(|e| ending.eq_ignore_ascii_case(e))
}

fn lost(path: &Path, error: &std::io::Error) -> CameraError {
    CameraError::Lost(format!("{}: {error}", path.display()))
}

impl Source for Folder {
    fn open(&mut self) -> Result<(), CameraError> {
        let wrong = |e: std::io::Error| lost(&self.dir, &e);
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.dir).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            if is_picture(&path) && path.is_file() {
                files.push(path);
            }
        }
        if files.is_empty() {
            return Err(CameraError::Lost(format!(
                "{} holds no pictures",
                self.dir.display()
            )));
        }
        files.sort();
        self.files = files;
        self.at = 0;
        Ok(())
    }

    fn next(&mut self, limit: Duration) -> Result<Content, CameraError> {
        if self.at >= self.files.len() && self.again {
            self.open()?;
        }
        let Some(path) = self.files.get(self.at) else {
            return Err(CameraError::Ended);
        };
        std::thread::park_timeout(self.pause.min(limit));
        self.at += 1;
        let size = std::fs::metadata(path).map_err(|e| lost(path, &e))?.len();
        if size > limits::IMAGE_BYTES_MAX as u64 {
            return Err(CameraError::Lost(format!(
                "{} is too large",
                path.display()
            )));
        }
        let read = std::fs::read(path).map_err(|e| lost(path, &e))?;
        Ok(read.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[&str]) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("hadir-folder-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("dir");
        for file in files {
            std::fs::write(dir.join(file), file).expect("file");
        }
        dir
    }

    #[test]
    fn pictures_come_in_the_order_of_their_names() {
        let dir = folder("order", &["b.JPG", "a.png", "notes.txt", "c.webp"]);
        let mut camera = Folder::new(&dir, Duration::ZERO, false);
        camera.open().expect("open");
        let limit = Duration::from_secs(1);
        for want in ["a.png", "b.JPG", "c.webp"] {
            assert_eq!(camera.next(limit), Ok(want.as_bytes().to_vec().into()));
        }
        assert_eq!(camera.next(limit), Err(CameraError::Ended));
        let mut again = Folder::new(&dir, Duration::ZERO, true);
        again.open().expect("open");
        let names: Vec<_> = (0..4)
            .map(|_| again.next(limit).expect("picture"))
            .collect();
        assert_eq!(names[0], names[3]);
        std::fs::remove_dir_all(dir).expect("remove");
    }

    #[test]
    fn an_empty_or_missing_folder_is_a_lost_camera() {
        let dir = folder("empty", &["readme.md"]);
        let mut camera = Folder::new(&dir, Duration::ZERO, true);
        assert!(matches!(camera.open(), Err(CameraError::Lost(_))));
        std::fs::remove_dir_all(dir).expect("remove");
        assert!(matches!(camera.open(), Err(CameraError::Lost(_))));
    }
}
