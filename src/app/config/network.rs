//! `[network]`: what the box is called on its network.

use crate::app::config::document::Table;
use crate::app::config::section::{Problems, Section};

/// The name of a box that was given none.
const LOCAL_NAME: &str = "hadir";

/// Reads `[network]`: the name without `.local`; None: the box is not announced.
pub fn local_name(root: &mut Table, problems: &mut Problems) -> Option<String> {
    let mut section = Section::take(root, "network", problems);
    let name = section.parsed_with("local_name", problems, label);
    section.finish(problems);
    name.unwrap_or_else(|| Some(LOCAL_NAME.to_owned()))
}

/// One label of a host name (RFC 1123, section 2.1), or `off`.
fn label(text: &str) -> Result<Option<String>, String> {
    if text == "off" {
        return Ok(None);
    }
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let good = (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text != "localhost";
    good.then(|| Some(text.to_owned())).ok_or_else(|| {
        format!(
            "\"{text}\" is no name; allowed: small letters, digits and hyphens within, such as \
             \"hadir\" for hadir.local, or \"off\""
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_label_in_small_letters() {
        assert_eq!(label("off"), Ok(None));
        for good in ["hadir", "sma1-malang", "7", &"x".repeat(63)] {
            assert_eq!(label(good), Ok(Some(good.to_owned())));
        }
        let long = "x".repeat(64);
        for bad in [
            "",
            "Hadir",
            "a.b",
            "hadir.local",
            "-a",
            "a-",
            "é",
            "a_b",
            "localhost",
            &long,
        ] {
            assert!(label(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_box_is_announced_unless_it_is_switched_off() {
        let read = |text: &str| {
            let (mut root, list) = crate::app::config::document::parse("f", text);
            let mut problems = Problems::new("f", list);
            local_name(&mut root, &mut problems)
        };
        assert_eq!(read("").as_deref(), Some("hadir"));
        assert_eq!(
            read("[network]\nlocal_name = \"tu\"\n").as_deref(),
            Some("tu")
        );
        assert_eq!(read("[network]\nlocal_name = \"off\"\n"), None);
    }
}
