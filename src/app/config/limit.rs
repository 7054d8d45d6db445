//! `[limits]`: sliding windows and connections.

use crate::app::config::document::Table;
use crate::app::config::section::{Problems, Section};
use crate::http::door::Places;
use crate::http::rate::{Rule, Rules};

/// `[limits]`.
#[derive(Debug, Clone, Copy)]
pub struct LimitSetting {
    /// How often somebody may do something.
    pub rates: Rules,
    /// How many may be connected to one listener.
    pub places: Places,
}

/// Reads `[limits]`.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the numbers lie between one and ten thousand"
)]
pub fn limits(root: &mut Table, problems: &mut Problems) -> LimitSetting {
    let mut section = Section::take(root, "limits", problems);
    let (mut rates, mut places) = (Rules::default(), Places::default());
    read_rates(&mut section, &mut rates, problems);
    let number = section.number("connections", problems, 16.0, 10_000.0);
    if let Some(number) = number {
        places.all = number as usize;
        places.per_own = places.all;
    }
    let number = section.number("connections_per_address", problems, 4.0, 10_000.0);
    if let Some(number) = number {
        places.per_address = number as usize;
    }
    section.finish(problems);
    LimitSetting { rates, places }
}

/// Reads the windows of a section into the rules that hold without it.
pub fn read_rates(section: &mut Section, rates: &mut Rules, problems: &mut Problems) {
    let keys: [(&'static str, &mut Option<Rule>); 6] = [
        ("general", &mut rates.general),
        ("auth", &mut rates.auth),
        ("login", &mut rates.login),
        ("code", &mut rates.code),
        ("poll", &mut rates.poll),
        ("api_key", &mut rates.api_key),
    ];
    for (key, rule) in keys {
        if let Some(set) = section.parsed_with(key, problems, window) {
            *rule = set;
        }
    }
}

/// `100/60s`, `5/15m`, `1000/1h`, or `off`.
fn window(text: &str) -> Result<Option<Rule>, String> {
    let wrong = || {
        format!(
            "\"{text}\" is not allowed; write a number, a stroke and a time such as \"100/60s\", \"5/15m\", \"1000/1h\", or \"off\""
        )
    };
    if text == "off" {
        return Ok(None);
    }
    let (most, time) = text.split_once('/').ok_or_else(wrong)?;
    let unit = match time.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3600,
        Some(_) | None => return Err(wrong()),
    };
    let count = time.get(..time.len() - 1).unwrap_or_default();
    let most: u32 = most.trim().parse().map_err(|_| wrong())?;
    let count: u32 = count.trim().parse().map_err(|_| wrong())?;
    let window_s = count.checked_mul(unit).filter(|s| (1..=86_400).contains(s));
    match (most, window_s) {
        (1.., Some(window_s)) => Ok(Some(Rule { most, window_s })),
        (_, _) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::document::parse;

    fn read(text: &str) -> (LimitSetting, Vec<String>) {
        let (mut root, list) = parse("f", text);
        let mut problems = Problems::new("f", list);
        let got = limits(&mut root, &mut problems);
        let list = problems.into_list();
        (got, list.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn windows_are_read_with_their_units() {
        let table = [
            ("100/60s", Some((100, 60))),
            ("5/15m", Some((5, 900))),
            ("1000/1h", Some((1000, 3600))),
            ("off", None),
        ];
        for (text, want) in table {
            let got = window(text).expect(text).map(|r| (r.most, r.window_s));
            assert_eq!(got, want, "{text}");
        }
        for text in [
            "",
            "100",
            "0/60s",
            "5/0s",
            "5/15",
            "5/25h",
            "-1/5s",
            "x/5s",
            "5/s",
            "5/5é",
            "9/99999999h",
        ] {
            assert!(window(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_keeps_its_default() {
        let (got, problems) = read("[limits]\nlogin = \"off\"\nconnections = 100\n");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            got.rates,
            Rules {
                login: None,
                ..Rules::default()
            }
        );
        assert_eq!(
            (got.places.all, got.places.per_address),
            (100, Places::default().per_address)
        );
    }

    #[test]
    fn mistakes_say_what_is_allowed() {
        let (_, problems) = read("[limits]\ngeneral = \"many\"\nconnections = 1\n");
        assert!(
            problems[0].starts_with("f:2: limits.general: \"many\" is not allowed; write"),
            "{problems:?}"
        );
        assert_eq!(
            problems[1],
            "f:3: limits.connections is a number from 16 to 10000"
        );
    }
}
