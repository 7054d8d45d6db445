//! Why a backup was not made, is not good, or was not restored.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::crypto::backup::BackupError;
use crate::domain::custody;
use crate::domain::fault::Fault;
use crate::domain::identity::person;
use crate::domain::setting;
use crate::host::drive::Unfit;
use crate::store;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a backup was not made, is not good, or was not restored.
#[derive(Debug)]
pub enum Error {
    /// Another one is being made.
    Busy,
    /// The chosen folder does not do.
    Unfit(PathBuf, Unfit),
    /// There is a file of that name.
    Exists(PathBuf),
    /// The disk of this file or folder is full.
    Full(PathBuf),
    /// A file or folder cannot be read or written.
    Io(PathBuf, io::Error),
    /// The container: which file, and what is wrong.
    Backup(PathBuf, BackupError),
    /// No key that is at hand opens it: who can.
    Locked(PathBuf, Vec<String>),
    /// The passphrase is too short.
    Short,
    /// What came out is not what went in: in which respect.
    Unproven(String),
    /// The backup is of a newer schema: its number and ours.
    Newer(u32, u32),
    /// The daemon runs: what has its store open.
    InUse,
    /// The keys.
    Key(custody::Error),
    /// The store.
    Store(store::Error),
    /// A fault of the domain.
    Fault(Fault),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("another backup is being made: wait for its end"),
            Self::Unfit(folder, unfit) => {
                write!(f, "{}: {}", folder.display(), unfit_text(*unfit))
            }
            Self::Exists(path) => write!(
                f,
                "{} is there already: name another file, nothing is overwritten",
                path.display()
            ),
            Self::Full(path) => write!(
                f,
                "the disk of {} is full: make room; nothing was left there",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Backup(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Locked(path, who) => write!(
                f,
                "{} opens with {}; no key at hand is that: give it with --kit-stdin or --passphrase-stdin",
                path.display(),
                who.join(" or ")
            ),
            Self::Short => write!(
                f,
                "the passphrase has fewer than {} characters",
                limits::BACKUP_PASSPHRASE_CHARS_MIN
            ),
            Self::Unproven(what) => write!(f, "the backup is not good: {what}"),
            Self::Newer(found, known) => write!(
                f,
                "the backup has schema {found}, this program knows {known}: install a newer hadir first"
            ),
            Self::InUse => f.write_str(
                "the daemon has the store open: stop it first (systemctl stop hadir.socket hadir)",
            ),
            Self::Key(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

const fn unfit_text(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Missing => "this folder is not there: plug the drive in, or choose another folder",
        Unfit::NoFolder => "this is not a folder",
        Unfit::WithinData => {
            "this folder lies in the data folder: backups have to be somewhere else"
        }
        Unfit::ReadOnly => {
            "hadir cannot write here: the drive is full or read-only, or the service may not (ReadWritePaths=)"
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Takes an error of reading or writing `path`.
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        const FULL: [io::ErrorKind; 2] = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        |error| match FULL.contains(&error.kind()) {
            true => Self::Full(path.to_owned()),
            false => Self::Io(path.to_owned(), error),
        }
    }

    /// Takes an error of the container in `path`.
    pub(super) fn of(path: &Path) -> impl Fn(BackupError) -> Self + '_ {
        |error| {
            if let BackupError::Io(error) = error {
                Self::io(path)(error)
            } else {
                Self::Backup(path.to_owned(), error)
            }
        }
    }

    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Busy | Self::InUse => Cause::Busy,
            Self::Unfit(..) | Self::Short => Cause::Unprocessable,
            Self::Exists(_) | Self::Newer(..) => Cause::Conflict,
            Self::Full(_) => Cause::StoreFull,
            Self::Io(..) => Cause::StoreIo,
            Self::Backup(..) | Self::Unproven(_) => Cause::Unprocessable,
            Self::Locked(..) => Cause::Forbidden,
            Self::Key(error) => error.cause(),
            Self::Store(error) => error.cause(),
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl From<custody::Error> for Error {
    fn from(error: custody::Error) -> Self {
        Self::Key(error)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<setting::Error> for Error {
    fn from(error: setting::Error) -> Self {
        match error {
            setting::Error::Fault(fault) => Self::Fault(fault),
            setting::Error::Logo | setting::Error::NoFactor => {
                Self::Fault(Fault::Damaged("setting"))
            }
        }
    }
}

impl From<person::Error> for Error {
    fn from(error: person::Error) -> Self {
        match error {
            person::Error::Fault(fault) => Self::Fault(fault),
            person::Error::NoPerson
            | person::Error::LastAdministrator
            | person::Error::NumberTaken
            | person::Error::EmailTaken => Self::Unproven(error.to_string()),
        }
    }
}
