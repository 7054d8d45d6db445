//! The notice: what is kept, what for, how long, and what people may ask for. Until somebody
//! publishes one, the pages have a text of their own; each publishing is a new version, and none is
//! ever changed, so that it can be shown later what somebody had read.

use crate::base::cause::Cause;
use crate::base::limits;
use crate::base::time::Timestamp;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::store::privacy::{self, NoticeRow};
use crate::store::{Tx, View};
use std::fmt;

/// Why a notice was not published.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The text in one of the languages is missing.
    Empty(Language),
    /// The text in one of the languages is too long.
    Long(Language),
    /// Both texts are as they are already.
    Same,
    /// The actor's rights or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::Empty(_) | Self::Long(_) => Cause::Unprocessable,
            Self::Same => Cause::Conflict,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = limits::NOTICE_CHARS_MAX;
        match self {
            Self::Empty(language) => write!(f, "the text is missing in the language {language}"),
            Self::Long(language) => {
                write!(
                    f,
                    "the text has more than {most} characters in the language {language}"
                )
            }
            Self::Same => f.write_str("the notice has these texts already"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// A version of the notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number, from 1.
    pub version: u32,
    /// In Indonesian.
    pub id: String,
    /// In English.
    pub en: String,
    /// When it was published.
    pub published_at: Timestamp,
}

impl Notice {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Id => &self.id,
            Language::En => &self.en,
        }
    }
}

/// The version in force; None: nobody has published one. It is for everybody.
///
/// # Errors
/// Those of reading.
pub fn find(view: &View<'_>) -> Result<Option<Notice>, Error> {
    let row = privacy::find_notice(view)?;
    Ok(row.map(|row| Notice {
        version: row.version,
        id: row.text_id,
        en: row.text_en,
        published_at: row.published_at,
    }))
}

/// Publishes a new version; gives its number. Durable once the job's commit is answered.
///
/// # Errors
/// [`Error::Empty`], [`Error::Long`], [`Error::Same`], and the faults.
pub fn publish(tx: &Tx<'_>, call: &mut Call<'_>, id: &str, en: &str) -> Result<u32, Error> {
    let _may = call.actor.manage_settings()?;
    let (text_id, text_en) = (read(Language::Id, id)?, read(Language::En, en)?);
    let before = privacy::find_notice(tx)?;
    if before
        .as_ref()
        .is_some_and(|b| b.text_id == text_id && b.text_en == text_en)
    {
        return Err(Error::Same);
    }
    let version = before.map_or(0, |b| b.version) + 1;
    let row = NoticeRow {
        version,
        text_id,
        text_en,
        published_at: call.now.at,
    };
    privacy::insert_notice(tx, &row)?;
    let object = format!("notice:{version}");
    audit::record(tx, call, Act::NoticePublish, object, Detail::None)?;
    Ok(version)
}

/// A text with lines of its own: without what cannot be seen, and without space around it.
fn read(language: Language, text: &str) -> Result<String, Error> {
    let lines = text.replace("\r\n", "\n");
    let seen = lines.chars().filter(|c| *c == '\n' || !c.is_control());
    let text = seen.collect::<String>().trim().to_owned();
    if text.is_empty() {
        return Err(Error::Empty(language));
    }
    if text.chars().count() > limits::NOTICE_CHARS_MAX {
        return Err(Error::Long(language));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_nothing_that_cannot_be_seen() {
        let id = Language::Id;
        assert_eq!(read(id, "  a\r\n\r\nb\u{7}c\n"), Ok("a\n\nbc".to_owned()));
        assert_eq!(read(id, " \n "), Err(Error::Empty(id)));
        let most = "x".repeat(limits::NOTICE_CHARS_MAX);
        assert_eq!(read(id, &most), Ok(most.clone()));
        assert_eq!(read(id, &format!("{most}x")), Err(Error::Long(id)));
    }
}
