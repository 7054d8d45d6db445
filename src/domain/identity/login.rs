//! Login names in the form in which their surface compares them: ours folded to small letters,
//! those of the old surfaces as they were typed.
//!
//! An old surface takes almost any text. A new name that a person could not tell from another
//! one is refused there too: characters that show nothing, marks that lie over a letter, letters
//! that are drawn as Latin ones but are none.

use crate::base::text::LoginName;
use crate::domain::surface::Surface;

/// A login name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login(String);

impl From<&LoginName> for Login {
    fn from(name: &LoginName) -> Self {
        Self(name.as_str().to_owned())
    }
}

impl Login {
    /// What somebody typed who wants to sign in on `surface`; None: nobody can have this name.
    #[must_use]
    pub fn typed(surface: Surface, text: &str) -> Option<Self> {
        if surface == Surface::Native {
            return text.parse::<LoginName>().ok().map(|name| Self::from(&name));
        }
        Some(Self(text.to_owned()))
    }

    /// A new name on an old surface, which has looked at its length before; None: it looks like
    /// another one.
    #[must_use]
    pub fn chosen(text: &str) -> Option<Self> {
        (!looks_like_another(text)).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text shows something else than it is.
fn looks_like_another(text: &str) -> bool {
    let latin = text.chars().any(is_latin);
    let nothing = text.chars().all(char::is_whitespace);
    nothing
        || text
            .chars()
            .any(|c| is_strange(c) || (latin && is_double(c)))
}

const fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Letters of scripts that have doubles of Latin letters: Greek, Cyrillic, Armenian, Cherokee,
/// Lisu (Unicode 16, confusables.txt: where most doubles come from).
const fn is_double(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{58F}' | '\u{13A0}'..='\u{13FF}' | '\u{1C80}'..='\u{1C8F}'
        | '\u{1F00}'..='\u{1FFF}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A4D0}'..='\u{A4FF}'
        | '\u{A640}'..='\u{A69F}' | '\u{AB70}'..='\u{ABBF}')
}

/// Characters that show nothing or a blank of another kind, turn the direction, lie over a
/// letter, or are another form of a letter (wide, mathematical, circled), and those without a
/// meaning that everybody shares.
fn is_strange(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{1680}'
            | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2000}'..='\u{200F}'
            | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}' | '\u{2800}' | '\u{3000}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}')
        || matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
        || matches!(c, '\u{2100}'..='\u{218F}' | '\u{2460}'..='\u{24FF}' | '\u{FB00}'..='\u{FB06}'
            | '\u{FF00}'..='\u{FFEF}' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F100}'..='\u{1F1FF}')
        || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_folded_and_those_of_old_surfaces_are_not() {
        let typed = |surface, text| Login::typed(surface, text).map(|l| l.as_str().to_owned());
        assert_eq!(typed(Surface::Native, " Sri.A "), Some("sri.a".to_owned()));
        assert_eq!(typed(Surface::Native, "s a"), None);
        for text in [" Sri A ", "", "\u{200B}"] {
            let found = typed(Surface::Identity, text);
            assert_eq!(found.as_deref(), Some(text), "{text:?}");
        }
    }

    #[test]
    fn a_name_that_looks_like_another_is_none() {
        let good = [
            "panitia1",
            "Panitia 1",
            " p ",
            "Siti Nurbaya-Ñoño",
            "админ",
            "αβγ",
            "小明",
            "a'b\"c",
            "x@y.z",
            "é",
            "नमस्ते",
            "O'Brien <b>",
        ];
        for text in good {
            assert!(Login::chosen(text).is_some(), "{text:?}");
        }
        let bad = [
            "",
            "   ",
            "\u{3164}\u{3164}\u{3164}",
            "adm\u{456}n1",
            "\u{430}dmin1",
            "admin1\u{200B}",
            "admin1\u{A0}",
            "\u{FF41}dmin1",
            "admin\0",
            "admin\n1",
            "\u{202E}1nimda",
            "e\u{301}li",
            "\u{1D41A}dmin",
            "admin\u{E0031}",
            "\u{24D0}dmin1",
            "\u{3B1}dmin1",
            "admin\u{FE0F}1",
        ];
        for text in bad {
            assert!(Login::chosen(text).is_none(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_letters_digits_and_blanks_are_always_taken(text in "[ -~]{2,50}[!-~]") {
            proptest::prop_assert!(Login::chosen(&text).is_some());
        }

        #[test]
        fn one_strange_letter_is_enough(before in "[a-z]{1,8}", after in "[a-z]{0,8}", at in 0usize..4) {
            let strange = ['\u{200D}', '\u{43E}', '\u{3BF}', '\u{308}'][at];
            let text = format!("{before}{strange}{after}");
            proptest::prop_assert!(Login::chosen(&text).is_none());
        }
    }
}
