//! Files of the wrong form: every problem at once, each with its line, and no panic.

use super::key::read;
use hadir::app::config::build;
use proptest::prelude::*;
use std::path::Path;

#[test]
fn keys_and_sections_that_are_not_there_are_named_with_those_that_are() {
    let sections = [
        "site",
        "store",
        "keys",
        "models",
        "control",
        "tls",
        "network",
        "kiosk",
        "face",
        "liveness",
        "attendance",
        "camera",
        "backup",
        "log",
    ];
    for section in sections {
        let problems = read(&format!("[{section}]\nnosuch = 1\n")).expect_err(section);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let begin = format!("h.toml:2: {section}.nosuch is not a key; the keys are: ");
        assert!(problems[0].starts_with(&begin), "{problems:?}");
        let problems = read(&format!("{section} = 1\n")).expect_err(section);
        assert_eq!(
            problems,
            [format!(
                "h.toml:1: {section} is a section: write [{section}]"
            )]
        );
    }
    let problems = read("[Site]\n").expect_err("small letters");
    assert!(problems[0].starts_with("h.toml:1: Site is not a section; the sections are: site, "));
    let problems = read("name = 'x'\n").expect_err("a key without a section");
    assert!(problems[0].contains("name is not a section"));
}

#[test]
fn listeners_are_a_list() {
    for text in ["listener = 1\n", "[listener]\naddress = '127.0.0.1:1'\n"] {
        let problems = read(text).expect_err(text);
        assert_eq!(
            problems,
            ["h.toml:1: listener is a list of sections: write [[listener]]"]
        );
    }
    let problems = read("listener = [1, 'a']\n").expect_err("not sections");
    assert_eq!(
        problems,
        [
            "h.toml:1: write [[listener]]",
            "h.toml:1: write [[listener]]"
        ]
    );
    for address in [
        "''",
        "'localhost:1'",
        "'127.0.0.1'",
        "':80'",
        "'127.0.0.1:65536'",
        "'::1:80:'",
    ] {
        let problems = read(&format!("[[listener]]\naddress = {address}\n")).expect_err(address);
        assert!(
            problems[0].contains("is not an address and port"),
            "{problems:?}"
        );
    }
}

#[test]
fn several_problems_come_in_the_order_of_the_file() {
    let text = "[log]\nform = 1\nlevel = 2\n[site]\nlanguage = 3\nx = 4\n[face]\ny = 5\n[nosuch]\n";
    let problems = read(text).expect_err("problems");
    let lines: Vec<&str> = problems
        .iter()
        .map(|p| p.split(' ').next().expect("a place"))
        .collect();
    assert_eq!(
        lines,
        [
            "h.toml:2:",
            "h.toml:3:",
            "h.toml:5:",
            "h.toml:6:",
            "h.toml:8:",
            "h.toml:9:"
        ]
    );
}

/// The good part of a broken file is still checked, so that one round shows all.
#[test]
fn mistakes_of_form_do_not_hide_mistakes_of_meaning() {
    let problems = read("[site]\nlanguage = 'xx'\n[log]\nlevel = \n").expect_err("both");
    let all = problems.join("\n");
    assert!(
        all.contains("h.toml:2: site.language") && all.contains("h.toml:4: "),
        "{all}"
    );
}

#[test]
fn deep_nesting_is_a_problem_and_no_overflow() {
    for depth in [100, 10_000, 100_000] {
        let text = format!(
            "[site]\nname = {}{}\n",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        assert!(read(&text).is_err(), "{depth}");
        let text = format!(
            "[site]\nname = {}1{}\n",
            "{a=".repeat(depth),
            "}".repeat(depth)
        );
        assert!(read(&text).is_err(), "{depth}");
    }
}

fn piece() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec![
        "[site]",
        "[[listener]]",
        "[face",
        "listener",
        "name",
        "language",
        "=",
        "'id'",
        "\"",
        "\\",
        "\n",
        "\n",
        "[",
        "]",
        "{",
        "}",
        "1",
        "-",
        ".",
        ",",
        "true",
        "#",
        "'''",
        "address",
        "0x",
        "1979-05-27",
        "é",
        "\0",
        "\r",
        "site",
        "inf",
        "strangers_per_day",
    ]);
    prop_oneof![4 => words.prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic_and_every_line_is_one_of_the_file(
        pieces in proptest::collection::vec(piece(), 0..25),
    ) {
        let text = pieces.concat();
        if let Err(problems) = build(Some(Path::new("h.toml")), &text, &[]) {
            prop_assert!(!problems.is_empty());
            let last = text.matches('\n').count() + 1;
            for problem in problems {
                let shown = problem.to_string();
                let line = shown.strip_prefix("h.toml:").and_then(|rest| rest.split(':').next());
                let line: usize = line.expect("a line").parse().expect("a number");
                prop_assert!((1..=last).contains(&line), "{} of {}", line, last);
                prop_assert!(!shown.contains('\n'), "{}", shown);
                prop_assert!(!problem.message.is_empty());
            }
        }
    }
}
