//! Where backups are to go, as an administrator chose: a folder, or the choice is still open.
//! Whether the folder is there and can be written is for the box to look at.

use crate::base::limits;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// What is kept while the choice is open.
const LATER: &str = "later";

/// A path that names one folder of the box: absolute, without `.` and `..`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(String);

impl Folder {
    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text is no path that names one folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFolder;

impl FromStr for Folder {
    type Err = NoFolder;
    fn from_str(text: &str) -> Result<Self, NoFolder> {
        let text = text.trim();
        let plain = text.len() <= limits::FOLDER_BYTES_MAX && !text.chars().any(char::is_control);
        let rest = text.strip_prefix('/').filter(|_| plain).ok_or(NoFolder)?;
        let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        // A blank at the end of a name would not be read back: it would be another folder.
        let odd = |part: &&str| matches!(*part, "." | "..") || part.trim() != *part;
        if parts.is_empty() || parts.iter().any(odd) {
            return Err(NoFolder);
        }
        Ok(Self(format!("/{}", parts.join("/"))))
    }
}

/// Where backups go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// To be decided later.
    Later,
    /// Into this folder.
    Folder(Folder),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later => f.write_str(LATER),
            Self::Folder(folder) => folder.fmt(f),
        }
    }
}

impl FromStr for Place {
    type Err = NoFolder;
    fn from_str(text: &str) -> Result<Self, NoFolder> {
        match text.trim() {
            LATER => Ok(Self::Later),
            path => path.parse().map(Self::Folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_folder_is_an_absolute_path_to_one_place() {
        let long = format!("/{}", "a".repeat(limits::FOLDER_BYTES_MAX));
        let table = [
            ("/mnt/usb", Some("/mnt/usb")),
            (" /mnt//usb/ ", Some("/mnt/usb")),
            ("/media/Kartu 1", Some("/media/Kartu 1")),
            ("mnt/usb", None),
            ("/", None),
            ("//", None),
            ("", None),
            ("/mnt/../etc", None),
            ("/mnt/./usb", None),
            ("/mnt/a\nb", None),
            ("/ /", None),
            ("/mnt/usb /", None),
            ("/mnt/ usb", None),
            (&long, None),
        ];
        for (text, want) in table {
            let got = text.parse::<Folder>().ok().map(|f| f.to_string());
            assert_eq!(got.as_deref(), want, "{text:?}");
        }
    }

    #[test]
    fn the_choice_may_stay_open() {
        assert_eq!("later".parse(), Ok(Place::Later));
        assert_eq!("soon".parse::<Place>(), Err(NoFolder));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_back(text in "/\\PC{1,40}") {
            if let Ok(place) = text.parse::<Place>() {
                prop_assert_eq!(place.to_string().parse(), Ok(place));
            }
        }
    }
}
