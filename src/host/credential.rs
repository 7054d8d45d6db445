//! Secrets come from files, never from the configuration itself: `credential:NAME` is a file
//! in `$CREDENTIALS_DIRECTORY`, which systemd fills; `file:PATH` is any other file. A file
//! that others may read is refused.

use crate::base::secret::Secret;
use std::fmt;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Largest secret file, in bytes.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of this name in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// A file.
    File(PathBuf),
}

/// Why a secret could not be had. No variant carries any of its bytes.
#[derive(Debug)]
pub enum CredentialError {
    /// The setting is neither `credential:NAME` nor `file:PATH`.
    Form,
    /// A credential is wanted, but the service manager has handed none over.
    NoDirectory,
    /// There is no such file.
    Missing(PathBuf),
    /// Others may read the file; the number is its mode.
    Open(PathBuf, u32),
    /// The file is larger than 64 KiB or is no file.
    NotASecret(PathBuf),
    /// Reading failed.
    Io(PathBuf, std::io::Error),
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str(
                "a secret is named as \"credential:NAME\" or \"file:PATH\", never written out",
            ),
            Self::NoDirectory => f.write_str(
                "no credentials were handed over (LoadCredential= of the service); use \"file:PATH\" elsewhere",
            ),
            Self::Missing(path) => write!(f, "{} does not exist", path.display()),
            Self::Open(path, mode) => write!(
                f,
                "{} may be read by others (mode {mode:03o}): chmod 600 it",
                path.display()
            ),
            Self::NotASecret(path) => {
                write!(f, "{} is not a file of at most 64 KiB", path.display())
            }
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for CredentialError {}

impl FromStr for Place {
    type Err = CredentialError;
    fn from_str(text: &str) -> Result<Self, CredentialError> {
        let name_ok = |n: &str| {
            !n.is_empty()
                && n != "."
                && n != ".."
                && n.bytes().all(|b| b.is_ascii_graphic() && b != b'/')
        };
        match text.split_once(':') {
            Some(("credential", name)) if name_ok(name) => Ok(Self::Credential(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            _ => Err(CredentialError::Form),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(name) => write!(f, "credential:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl Place {
    /// The file that holds the secret.
    ///
    /// # Errors
    /// [`CredentialError::NoDirectory`] if a credential is wanted and none were handed over.
    pub fn path(&self) -> Result<PathBuf, CredentialError> {
        match self {
            Self::File(path) => Ok(path.clone()),
            Self::Credential(name) => std::env::var_os("CREDENTIALS_DIRECTORY")
                .map(|dir| Path::new(&dir).join(name))
                .ok_or(CredentialError::NoDirectory),
        }
    }

    /// Reads the secret.
    ///
    /// # Errors
    /// Each variant of [`CredentialError`] but `Form`.
    pub fn read(&self) -> Result<Secret<Vec<u8>>, CredentialError> {
        read_file(&self.path()?, matches!(self, Self::File(_)))
    }
}

/// `closed`: the group must not read it either. (systemd hands credentials over in a folder
/// that is closed already, with modes of its own.)
fn read_file(path: &Path, closed: bool) -> Result<Secret<Vec<u8>>, CredentialError> {
    let wrong = |e: std::io::Error| {
        if e.kind() == std::io::ErrorKind::NotFound {
            CredentialError::Missing(path.to_owned())
        } else {
            CredentialError::Io(path.to_owned(), e)
        }
    };
    let mut file = std::fs::File::open(path).map_err(wrong)?;
    let data = file.metadata().map_err(wrong)?;
    if !data.is_file() || data.len() > SECRET_BYTES_MAX {
        return Err(CredentialError::NotASecret(path.to_owned()));
    }
    let mask = if closed { 0o077 } else { 0o007 };
    if data.mode() & mask != 0 {
        return Err(CredentialError::Open(path.to_owned(), data.mode() & 0o777));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0) + 1);
    let limit = SECRET_BYTES_MAX + 1; // the file may have grown since
    let read = (&mut file).take(limit).read_to_end(&mut bytes);
    let secret = Secret::new(bytes);
    read.map_err(wrong)?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_secret_written_out_is_refused() {
        for text in [
            "",
            "hunter2",
            "credential:",
            "credential:../x",
            "credential:a b",
            "file:",
            "env:X",
        ] {
            assert!(
                matches!(text.parse::<Place>(), Err(CredentialError::Form)),
                "{text}"
            );
        }
        for text in ["credential:hadir.master-key", "file:/etc/hadir/master.key"] {
            assert_eq!(text.parse::<Place>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let path = std::env::temp_dir().join(format!("hadir-secret-{}", std::process::id()));
        std::fs::write(&path, "rahasia").expect("write");
        for (mode, closed, good) in [
            (0o600, true, true),
            (0o400, true, true),
            (0o640, true, false),
            (0o604, true, false),
            (0o440, false, true),
            (0o444, false, false),
        ] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("chmod");
            let read = read_file(&path, closed);
            assert_eq!(read.is_ok(), good, "{mode:o} {closed}");
            if let Ok(secret) = read {
                assert_eq!(secret.expose(), b"rahasia");
            }
        }
        std::fs::remove_file(&path).expect("remove");
        assert!(matches!(
            read_file(&path, true),
            Err(CredentialError::Missing(_))
        ));
        let dir = std::env::temp_dir();
        assert!(matches!(
            read_file(&dir, true),
            Err(CredentialError::NotASecret(_))
        ));
    }
}
