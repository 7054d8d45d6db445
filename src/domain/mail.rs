//! Mails: written in the transaction of their cause, sealed until they are sent, tried again
//! with growing pauses, and given up when that cannot help.

use crate::base::cause::Cause;
use crate::base::id::{Id as _, NoticeId, PersonId};
use crate::base::json;
use crate::base::limits;
use crate::base::text::Email;
use crate::base::time::{Span, Timestamp};
use crate::base::word::words;
use crate::crypto::keyring::Purpose;
use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::{Fault, from_fault};
use crate::domain::outbox::pause;
use crate::domain::rule::Language;
use crate::domain::site::{Call, Site};
use crate::domain::vault::{self, place};
use crate::store::mails::{self, MailCounts, MailRow};
use crate::store::{self, Tx, View};
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// What a mail is.
    MailKind {
        /// A test, asked for on the page of settings.
        Test => "test",
        /// A link with which somebody sets a new password.
        PasswordReset => "password.reset",
        /// A link with which somebody begins.
        Invitation => "invitation",
    }
}

/// What is written to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: Email,
    /// One line.
    pub subject: String,
    /// The text, its lines parted by line feeds.
    pub text: String,
}

/// A letter as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sheet {
    to: String,
    subject: String,
    text: String,
}

/// A mail that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub id: NoticeId,
    /// When it was written.
    pub made_at: Timestamp,
    /// The attempt that this is, from 1 on.
    pub attempt: u32,
    /// What stands in it; None: it does not open any more.
    pub letter: Option<Letter>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it.
    Sent,
    /// It failed, and may go another time. The text names nobody.
    Later(String),
    /// It failed, and trying again cannot help. The text names nobody.
    Never(String),
}

/// How the mails stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// How many wait and were given up.
    pub counts: MailCounts,
    /// Those with trouble, those given up first.
    pub troubled: Vec<Troubled>,
}

/// A mail that has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Troubled {
    /// Which.
    pub id: NoticeId,
    /// What it is: a word of [`MailKind`].
    pub kind: String,
    /// When it was written.
    pub made_at: Timestamp,
    /// When it is tried again; None: it was given up.
    pub again_at: Option<Timestamp>,
    /// What it failed for.
    pub error: String,
}

/// Why a mail is not tried again.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// There is no such mail, or it was sent.
    NoMail,
    /// The actor has no address.
    NoAddress,
    /// The actor's rights, the keys or the store.
    Fault(Fault),
}

from_fault!(Error);

impl Error {
    /// The reason in the program's closed list.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NoMail => Cause::Missing,
            Self::NoAddress => Cause::Unprocessable,
            Self::Fault(fault) => fault.cause(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMail => f.write_str("there is no such mail, or it was sent"),
            Self::NoAddress => f.write_str("you have no e-mail address here"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Writes a mail to be sent after the commit. `person`: whose it is; it goes when they are
/// erased. The caller has asked for the right to do what causes it.
///
/// # Errors
/// Those of sealing and writing.
pub fn post(
    tx: &Tx<'_>,
    call: &mut Call<'_>,
    kind: MailKind,
    person: Option<PersonId>,
    letter: &Letter,
) -> Result<NoticeId, Fault> {
    let id: NoticeId = call.new_id();
    let sheet = Sheet {
        to: letter.to.to_string(),
        subject: letter
            .subject
            .chars()
            .take(limits::MAIL_SUBJECT_CHARS_MAX)
            .collect(),
        text: letter.text.clone(),
    };
    let plain = json::encode(&sheet).map_err(|_| Fault::Damaged("mail"))?;
    let row = id.to_bytes();
    let sealed = match person {
        Some(person) => {
            let key = vault::person_key(tx, call.site, person)?;
            vault::seal_value(&key, place::MAIL, &row, plain.as_bytes(), call.entropy)?
        }
        None => {
            let key = call.site.keyring.purpose(Purpose::Outbox);
            vault::seal_value(key, place::MAIL, &row, plain.as_bytes(), call.entropy)?
        }
    };
    mails::insert_mail(
        tx,
        &MailRow {
            id,
            person,
            kind: kind.code().to_owned(),
            letter: sealed,
            made_at: call.now.at,
            due_at: call.now.at,
            attempts: 0,
            error: None,
            given_up: false,
        },
    )?;
    Ok(id)
}

fn open(view: &View<'_>, site: &Site, row: &MailRow) -> Result<Letter, Fault> {
    let bytes = row.id.to_bytes();
    let read = |plain: &[u8]| {
        let sheet: Sheet = json::decode(plain, 2 * limits::MAIL_TEXT_BYTES_MAX).ok()?;
        Some(Letter {
            to: sheet.to.parse().ok()?,
            subject: sheet.subject,
            text: sheet.text,
        })
    };
    match row.person {
        Some(person) => {
            let key = vault::person_key(view, site, person)?;
            vault::open_with(&key, place::MAIL, &bytes, &row.letter, read)
        }
        None => {
            let key = site.keyring.purpose(Purpose::Outbox);
            vault::open_with(key, place::MAIL, &bytes, &row.letter, read)
        }
    }
}

/// When the next mail is due; None: none waits.
///
/// # Errors
/// Those of reading.
pub fn next_due(view: &View<'_>) -> Result<Option<Timestamp>, Fault> {
    Ok(mails::find_next_due(view)?)
}

/// Takes mails that are due, for whoever sends them; they are given out again when nothing is
/// heard of them for a while.
///
/// # Errors
/// Those of writing.
pub fn claim(tx: &Tx<'_>, call: &Call<'_>) -> Result<Vec<Due>, Fault> {
    let now = call.now.at;
    let until = now.plus(Span::from_millis(limits::MAIL_CLAIM_MS));
    let rows = mails::update_claimed(tx, now, until, limits::MAIL_CLAIM_MAX)?;
    let due = rows.into_iter().map(|row| Due {
        id: row.id,
        made_at: row.made_at,
        attempt: row.attempts,
        letter: open(tx, call.site, &row).ok(),
    });
    Ok(due.collect())
}

/// Notes what became of an attempt. A mail that is gone meanwhile, because its person was
/// erased, stays gone.
///
/// # Errors
/// Those of writing.
pub fn settle(tx: &Tx<'_>, call: &Call<'_>, mail: &Due, outcome: &Outcome) -> Result<(), Fault> {
    let now = call.now.at;
    let settled = match outcome {
        Outcome::Sent => mails::update_sent(tx, mail.id, now),
        Outcome::Later(error) => {
            let again = pause(mail.attempt).map(|pause| now.plus(pause));
            mails::update_failed(tx, mail.id, now, error, again)
        }
        Outcome::Never(error) => mails::update_failed(tx, mail.id, now, error, None),
    };
    match settled {
        Ok(()) | Err(store::Error::Missing(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Tries a mail again now, also one that was given up.
///
/// # Errors
/// [`Error::NoMail`], and the faults.
pub fn retry(tx: &Tx<'_>, call: &mut Call<'_>, id: NoticeId) -> Result<(), Error> {
    let _may = call.actor.manage_settings()?;
    match mails::update_retried(tx, id, call.now.at) {
        Ok(()) => {}
        Err(store::Error::Missing(_)) => return Err(Error::NoMail),
        Err(error) => return Err(error.into()),
    }
    audit::record(tx, call, Act::MailRetry, format!("mail:{id}"), Detail::None)?;
    Ok(())
}

/// Whether no further attempt follows this one.
#[must_use]
pub fn is_last(attempt: u32) -> bool {
    pause(attempt).is_none()
}

/// Forgets mails that were sent or given up long ago.
///
/// # Errors
/// Those of writing.
pub fn forget_old(tx: &Tx<'_>, call: &Call<'_>) -> Result<usize, Fault> {
    let before = call.now.at.plus(Span::from_millis(-limits::MAIL_KEPT_MS));
    Ok(mails::delete_mails_before(tx, before)?)
}

/// How many mails wait and were given up: numbers only, so that no right is asked for.
///
/// # Errors
/// Those of reading.
pub fn counts(view: &View<'_>) -> Result<MailCounts, Fault> {
    Ok(mails::count_mails(view)?)
}

/// How the mails stand.
///
/// # Errors
/// Without the right to change settings, and those of reading.
pub fn standing(view: &View<'_>, call: &Call<'_>) -> Result<Standing, Fault> {
    let _may = call.actor.manage_settings()?;
    let rows = mails::list_troubled(view, limits::MAIL_TROUBLED_MAX)?;
    let troubled = rows.into_iter().map(|row| Troubled {
        id: row.id,
        kind: row.kind,
        made_at: row.made_at,
        again_at: Some(row.due_at).filter(|_| !row.given_up),
        error: row.error.unwrap_or_default(),
    });
    Ok(Standing {
        counts: mails::count_mails(view)?,
        troubled: troubled.collect(),
    })
}

/// Writes a test mail to the actor's own address.
///
/// # Errors
/// [`Error::NoAddress`], and the faults.
pub fn post_test(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<NoticeId, Error> {
    let _may = call.actor.manage_settings()?;
    let person = call.actor.person().ok_or(Error::NoAddress)?;
    let to = address(tx, call.site, person)?.ok_or(Error::NoAddress)?;
    let rules = &call.site.rules;
    let (subject, text) = test_letter(rules.language, &rules.name);
    let letter = Letter { to, subject, text };
    let id = post(tx, call, MailKind::Test, Some(person), &letter)?;
    audit::record(tx, call, Act::MailTest, format!("mail:{id}"), Detail::None)?;
    Ok(id)
}

/// A person's address, if one is known.
///
/// # Errors
/// Those of reading and opening.
pub fn address(view: &View<'_>, site: &Site, person: PersonId) -> Result<Option<Email>, Fault> {
    let Some(row) = store::people::find_person(view, person)? else {
        return Ok(None);
    };
    let Some(sealed) = row.email else {
        return Ok(None);
    };
    let key = vault::person_key(view, site, person)?;
    let text = vault::open_text(&key, place::EMAIL, &vault::row_of(person), &sealed)?;
    Ok(text.parse().ok())
}

/// Subject and text of a test mail.
#[must_use]
pub fn test_letter(language: Language, site: &str) -> (String, String) {
    match language {
        Language::Id => (
            format!("Surel uji dari {site}"),
            "Ini surel uji dari hadir. Jika sampai, surel dari perangkat ini berfungsi.\n"
                .to_owned(),
        ),
        Language::En => (
            format!("Test mail from {site}"),
            "This is a test mail from hadir. If you can read it, mail from this box works.\n"
                .to_owned(),
        ),
    }
}

/// Notes that a test mail is sent at once, past the list of those that wait.
///
/// # Errors
/// Without the right to change settings, and those of writing.
pub fn note_test(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<(), Fault> {
    let _may = call.actor.manage_settings()?;
    audit::record(tx, call, Act::MailTest, "mail".to_owned(), Detail::None)
}
