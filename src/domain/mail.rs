//! Mails: what is written to whom.

use crate::domain::audit::{self, Act, Detail};
use crate::domain::fault::Fault;
use crate::domain::rule::Language;
use crate::domain::site::Call;
use crate::store::Tx;

/// Subject and text of a test mail.
#[must_use]
pub fn test_letter(language: Language, site: &str) -> (String, String) {
    match language {
        Language::Id => (
            format!("Surel uji dari {site}"),
            "Ini surel uji dari hadir. Jika sampai, surel dari kotak ini berfungsi.\n".to_owned(),
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
/// [`Fault::Denied`] without the right; those of writing.
pub fn note_test(tx: &Tx<'_>, call: &mut Call<'_>) -> Result<(), Fault> {
    let _may = call.actor.manage_settings()?;
    audit::record(tx, call, Act::MailTest, "mail".to_owned(), Detail::None)
}
