//! What is wrong with a name that was typed, in the reader's language.

use crate::base::text::{Name, TextError};
use crate::domain::rule::Language;
use crate::surface::pages::words::setup as words;

/// Reads a name; the error is a sentence for beside the field.
///
/// # Errors
/// Empty, too long, or with characters that cannot be seen.
pub fn read(typed: &str, language: Language) -> Result<Name, String> {
    typed.parse::<Name>().map_err(|error| match error {
        TextError::Empty => words::NAME_EMPTY.of(language).to_owned(),
        TextError::TooLong(most) => words::NAME_LONG.fill(language, &[&most.to_string()]),
        TextError::Invisible | TextError::Form(_) => words::NAME_INVISIBLE.of(language).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_sentence() {
        let long = "a".repeat(500);
        for (typed, want) in [
            ("  ", "Nama tidak boleh kosong."),
            (
                "a\u{200b}b",
                "Nama ini memuat karakter yang tidak terlihat. Ketik ulang namanya.",
            ),
            (
                long.as_str(),
                "Nama terlalu panjang: paling banyak 120 karakter.",
            ),
        ] {
            assert_eq!(read(typed, Language::Id).expect_err(typed), want);
        }
        let name = read(" Sari  Wulandari ", Language::En).expect("a name");
        assert_eq!(name.as_str(), "Sari Wulandari");
    }
}
