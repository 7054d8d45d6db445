//! What stands in the audit chain is a word of one closed list, so that its page has words for each
//! (`surface::pages::words::audit`): nobody writes a deed as a text of their own.

use super::source::{Source, sources};

/// The places that make a row of the chain in another way than with a word of the list.
fn own_words(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| !s.path.starts_with("src/store/")) {
        let mut inside = false;
        for (number, line) in source.product_lines() {
            let line = line.trim();
            inside |= line.ends_with("Entry {") && !line.starts_with("pub struct");
            if inside && line.starts_with("act:") && !line.ends_with(".code().to_owned(),") {
                faults.push(format!("{}:{number}: {line}", source.path));
            }
            inside &= line != "}" && line != "};";
        }
    }
    faults
}

#[test]
fn every_deed_is_a_word_of_the_list() {
    let all = sources(&["src"]);
    let made = |s: &&Source| !s.path.starts_with("src/store/") && s.code.contains("audit::append(");
    assert!(all.iter().filter(made).count() >= 3, "they were not found");
    assert_eq!(own_words(&all), Vec::<String>::new());
}

#[test]
fn a_deed_of_one_s_own_is_seen() {
    let entry = |act: &str| {
        let text = format!("fn f() {{\n    let e = Entry {{\n        act: {act},\n    }};\n}}\n");
        own_words(&[Source::new("src/app/x.rs", &text)]).len()
    };
    assert_eq!(entry("Act::BoxStart.code().to_owned()"), 0);
    assert_eq!(entry("\"box.start\".to_owned()"), 1);
    assert_eq!(entry("word"), 1);
}
