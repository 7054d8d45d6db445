//! Small files of the box's own that must never be half there: written beside their place, synced
//! and moved into it in one step, readable by the owner alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The whole file; None if there is none.
///
/// # Errors
/// If it cannot be read, or has more than `bytes_max`.
pub fn read(path: &Path, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        let why = format!("the file has more than {bytes_max} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(Some(bytes))
}

/// Writes the file, durably on return: it is the old one or the new one, at any instant.
///
/// # Errors
/// If it cannot be written; the old one is then still there.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = waiting(path);
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

/// The name under which a file waits before it takes its place.
fn waiting(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("hadir-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("folder");
        folder
    }

    #[test]
    fn a_file_comes_back_and_is_the_owners_alone() {
        let folder = folder("file");
        let path = folder.join("kept");
        assert_eq!(read(&path, 10).expect("none"), None);
        for bytes in [&b"first"[..], b"second"] {
            write(&path, bytes).expect("write");
            assert_eq!(read(&path, 6).expect("read").as_deref(), Some(bytes));
        }
        let mode = path.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(read(&path, 5).is_err(), "longer than it may be");
        std::fs::remove_dir_all(&folder).expect("clean");
    }

    #[test]
    fn what_an_interrupted_write_left_is_no_obstacle() {
        let folder = folder("file-torn");
        let path = folder.join("kept");
        write(&path, b"old").expect("write");
        std::fs::write(folder.join("kept.new"), b"ha").expect("torn");
        assert_eq!(read(&path, 9).expect("read").as_deref(), Some(&b"old"[..]));
        write(&path, b"new").expect("write");
        assert_eq!(read(&path, 9).expect("read").as_deref(), Some(&b"new"[..]));
        assert!(write(&folder.join("none").join("kept"), b"x").is_err());
        std::fs::remove_dir_all(&folder).expect("clean");
    }
}
