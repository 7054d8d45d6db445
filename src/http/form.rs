//! Names and values as browsers send them: the query of an address and the body of a form
//! without a script (`application/x-www-form-urlencoded`, WHATWG URL standard, section 5).

use crate::base::limits;
use crate::http::problem::Problem;

/// A form's fields, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the text of a query or of a body.
    ///
    /// # Errors
    /// 400 for a percent sign without two digits, for what is not UTF-8, and for too many
    /// fields.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == limits::FORM_FIELDS_MAX {
                let most = limits::FORM_FIELDS_MAX;
                return Err(Problem::invalid(format!(
                    "There are more than {most} fields."
                )));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((word(name)?, word(value)?));
        }
        Ok(Self(pairs))
    }

    /// The first value of this name; None if there is no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The same without the blanks around it; empty if there is no such field.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// All values of this name: of boxes that can be ticked together.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(n, _)| n == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.is_empty())
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

fn word(text: &str) -> Result<String, Problem> {
    decode(&text.replace('+', " ")).ok_or_else(|| {
        Problem::invalid("A percent sign stands before something that is no byte of UTF-8.")
    })
}

/// Percent-decoding (RFC 3986, section 2.1); None if it is broken or no UTF-8.
pub(in crate::http) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            // The parser alone would also take a sign.
            let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| hex)?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_names() {
        let form = Form::read("name=Siti+Aminah&day=Senin&day=Rabu&empty=&flag&a%26b=%C3%A9%2B")
            .expect("a form");
        assert_eq!(form.get("name"), Some("Siti Aminah"));
        assert_eq!(form.all("day").collect::<Vec<_>>(), ["Senin", "Rabu"]);
        assert_eq!((form.get("empty"), form.get("flag")), (Some(""), Some("")));
        assert_eq!(form.get("a&b"), Some("é+"));
        assert_eq!((form.get("none"), form.text("none")), (None, ""));
        assert!(form.is_ticked("day") && !form.is_ticked("empty"));
        assert_eq!(form.names().count(), 6);
    }

    #[test]
    fn what_is_broken_is_refused() {
        for text in ["a=%", "a=%2", "a=%zz", "%ff=1", "a=%C3"] {
            assert_eq!(Form::read(text).expect_err(text).code, "invalid");
        }
        let many = "a=1&".repeat(limits::FORM_FIELDS_MAX);
        assert!(Form::read(&many).is_ok());
        assert!(Form::read(&format!("{many}b=1")).is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_a_browser_writes_is_read_back(pairs in proptest::collection::vec(("\\PC{1,8}", "\\PC{0,20}"), 0..6)) {
            let write = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
            let lines: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", write(n), write(v))).collect();
            let form = Form::read(&lines.join("&")).expect("a form");
            proptest::prop_assert_eq!(form.0, pairs);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = Form::read(&text);
        }
    }
}
