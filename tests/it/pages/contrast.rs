//! The colours of the style sheet against WCAG 2.2: texts 4.5 : 1 (1.4.3), edges of fields and
//! the mark of the focus 3 : 1 (1.4.11), in light and dark; targets of 44 px (2.5.5).

use std::collections::BTreeMap;

const SHEET: &str = include_str!("../../../src/surface/pages/assets/base.css");

type Colours = BTreeMap<String, [f64; 3]>;

/// The colours of a block of custom properties.
fn colours(block: &str) -> Colours {
    let mut found = Colours::new();
    for line in block.lines() {
        let Some((name, value)) = line.trim().trim_end_matches(';').split_once(": #") else {
            continue;
        };
        let digits: Vec<u8> = (0..3)
            .map(|at| u8::from_str_radix(&value[at * 2..at * 2 + 2], 16).expect("a colour"))
            .collect();
        let part = |at: usize| f64::from(digits[at]) / 255.0;
        found.insert(name.to_owned(), [part(0), part(1), part(2)]);
    }
    found
}

/// Relative luminance (WCAG 2.2, definitions).
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |part: f64| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn schemes() -> [(&'static str, Colours); 2] {
    let mut blocks = SHEET.split(":root {").skip(1);
    let mut next = || blocks.next().and_then(|rest| rest.split('}').next());
    let light = colours(next().expect("the light scheme"));
    let mut dark = light.clone();
    dark.extend(colours(next().expect("the dark scheme")));
    [("light", light), ("dark", dark)]
}

/// What is written on what.
const TEXTS: [(&str, &str); 24] = [
    ("--ink", "--bg"),
    ("--ink", "--surface"),
    ("--ink", "--sunken"),
    ("--muted", "--bg"),
    ("--muted", "--surface"),
    ("--muted", "--sunken"),
    ("--accent-ink", "--bg"),
    ("--accent-ink", "--surface"),
    ("--accent-ink", "--accent-soft"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-hover"),
    ("--good", "--good-soft"),
    ("--warn", "--warn-soft"),
    ("--bad", "--bad-soft"),
    ("--bad", "--surface"),
    ("--ink", "--good-soft"),
    ("--ink", "--warn-soft"),
    ("--ink", "--bad-soft"),
    ("--ink", "--info-soft"),
    ("--ink", "--accent-soft"),
    ("--muted", "--accent-soft"),
    ("--surface", "--good"),
    ("--surface", "--warn"),
    ("--surface", "--bad"),
];

#[test]
fn texts_can_be_read_in_light_and_dark() {
    for (scheme, colours) in schemes() {
        for (text, ground) in TEXTS {
            let ratio = contrast(colours[text], colours[ground]);
            assert!(ratio >= 4.5, "{scheme}: {text} on {ground} is {ratio:.2}");
        }
    }
}

#[test]
fn fields_and_focus_can_be_seen() {
    for (scheme, colours) in schemes() {
        for (edge, ground) in [
            ("--edge", "--surface"),
            ("--edge", "--bg"),
            ("--focus", "--surface"),
            ("--focus", "--bg"),
            ("--accent", "--surface"),
            ("--accent", "--sunken"),
        ] {
            let ratio = contrast(colours[edge], colours[ground]);
            assert!(ratio >= 3.0, "{scheme}: {edge} on {ground} is {ratio:.2}");
        }
    }
}

#[test]
fn the_formula_is_the_published_one() {
    let (black, white) = ([0.0; 3], [1.0; 3]);
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    let grey = colours("--x: #767676;")["--x"];
    assert!((contrast(grey, white) - 4.54).abs() < 0.01);
}

#[test]
fn targets_are_as_large_as_a_finger() {
    assert!(SHEET.contains("--target: 44px"));
    for part in [
        ".button, button {",
        ".languages a {",
        "input:not(",
        "summary {",
        ".choice {",
    ] {
        let block = SHEET
            .split(part)
            .nth(1)
            .and_then(|rest| rest.split("\n").next());
        assert!(
            block.expect(part).contains("min-height: var(--target)"),
            "{part}"
        );
    }
}

#[test]
fn nothing_moves_for_those_who_do_not_want_it() {
    let part = SHEET.split("prefers-reduced-motion: reduce").nth(1);
    assert!(part.expect("a rule").contains("animation: none !important"));
    let fading = SHEET
        .split("@keyframes")
        .nth(1)
        .and_then(|rest| rest.split("\n").next());
    assert!(
        !fading.expect("a movement").contains("opacity"),
        "texts are there at once"
    );
}
