//! Mails on the page of settings: through which server, what waits, what failed, and trying it.

use crate::base::id::NoticeId;
use crate::domain::actor::Actor;
use crate::domain::mail::{self, MailKind, Standing};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::surface::native::{Native, SURFACE};
use crate::surface::pages::clock;
use crate::surface::pages::layout::Frame;
use crate::surface::pages::words::{Words, mail as words};
use maud::{Markup, html};

/// What was done, for the line above the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// A test mail was written.
    Posted,
    /// A mail is tried again.
    Retried,
    /// Nothing: there is no address.
    NoAddress,
    /// Nothing: there is no such mail any more.
    Gone,
}

impl Done {
    /// The word in the address of the page.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Retried => "retried",
            Self::NoAddress => "no-address",
            Self::Gone => "gone",
        }
    }

    /// Reads it back.
    pub(super) fn read(word: &str) -> Option<Self> {
        let all = [Self::Posted, Self::Retried, Self::NoAddress, Self::Gone];
        all.into_iter().find(|done| done.word() == word)
    }

    /// What is said of it; true: it was done.
    pub(super) const fn told(self) -> (Words, bool) {
        match self {
            Self::Posted => (words::TEST_POSTED, true),
            Self::Retried => (words::RETRIED, true),
            Self::NoAddress => (words::NO_ADDRESS, false),
            Self::Gone => (words::GONE, false),
        }
    }
}

/// Writes a test mail to whoever asks.
///
/// # Errors
/// Those of the rights and the store.
pub(super) fn test(native: &Native, actor: Actor) -> Result<Done, Problem> {
    match native.core.write(actor, SURFACE, mail::post_test) {
        Ok(_) => Ok(Done::Posted),
        Err(mail::Error::NoAddress) => Ok(Done::NoAddress),
        Err(error) => Err(error.into()),
    }
}

/// Tries the mail again that the form names.
///
/// # Errors
/// Those of the rights and the store.
pub(super) fn retry(native: &Native, actor: Actor, form: &Form) -> Result<Done, Problem> {
    let Ok(id) = form.text("mail").parse::<NoticeId>() else {
        return Ok(Done::Gone);
    };
    let retried = (native.core).write(actor, SURFACE, move |tx, call| mail::retry(tx, call, id));
    match retried {
        Ok(()) => Ok(Done::Retried),
        Err(mail::Error::NoMail) => Ok(Done::Gone),
        Err(error) => Err(error.into()),
    }
}

fn kind(word: &str) -> Words {
    match MailKind::read(word) {
        Some(MailKind::Test) => words::KIND_TEST,
        Some(MailKind::PasswordReset) => words::KIND_RESET,
        Some(MailKind::Invitation) => words::KIND_INVITATION,
        None => words::KIND_OTHER,
    }
}

/// The part of the page.
///
/// # Errors
/// Those of reading the store.
pub(super) fn section(native: &Native, actor: Actor, frame: &Frame) -> Result<Markup, Problem> {
    let language = frame.language;
    let standing = native.core.read(actor, SURFACE, mail::standing)?;
    let setting = native.core.post.setting();
    Ok(html! {
        section.card aria-labelledby="mail" {
            h2 id="mail" { (words::MAIL.of(language)) }
            p.muted { (words::LEAD.of(language)) }
            @match &setting {
                None => p { (words::OFF.of(language)) },
                Some(setting) => p {
                    (words::THROUGH.fill(language, &[&setting.server, setting.sender.as_str()]))
                },
            }
            (troubled(native, frame, &standing))
            @if setting.is_some() {
                form method="post" action="/settings/mail-test" {
                    button { (words::TEST.of(language)) }
                }
            }
        }
    })
}

fn troubled(native: &Native, frame: &Frame, standing: &Standing) -> Markup {
    let (language, zone) = (frame.language, native.core.site().zone.clone());
    let counts = standing.counts;
    let number = |n: u64| clock::number(n, language);
    html! {
        @if counts.waiting > 0 { p { (words::WAITING.fill(language, &[&number(counts.waiting)])) } }
        @if counts.failed > 0 { p { (words::FAILED.fill(language, &[&number(counts.failed)])) } }
        @if !standing.troubled.is_empty() {
            ul.list {
                @for mail in &standing.troubled {
                    li {
                        div.grow {
                            strong { (kind(&mail.kind).of(language)) }
                            small { (clock::moment(language, &zone, mail.made_at)) " · " (mail.error) }
                            small {
                                @match mail.again_at {
                                    None => (words::GIVEN_UP.of(language)),
                                    Some(at) => (words::AGAIN_AT.fill(language, &[&clock::moment(language, &zone, at)])),
                                }
                            }
                        }
                        form method="post" action="/settings/mail-retry" {
                            input type="hidden" name="mail" value=(mail.id);
                            button { (words::RETRY.of(language)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_survives_the_address() {
        for done in [Done::Posted, Done::Retried, Done::NoAddress, Done::Gone] {
            assert_eq!(Done::read(done.word()), Some(done));
        }
        assert_eq!(Done::read("yes"), None);
    }
}
