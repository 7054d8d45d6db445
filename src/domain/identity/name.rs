//! Names as a kiosk may show them: enough to greet by, too little for whoever looks on.

use crate::domain::actor::Actor;

/// First words that tell nobody apart: honorifics, and names that very many bear. A name that
/// begins with one of them is greeted with its next word.
const COMMON_FIRST: [&str; 17] = [
    "muhammad", "muhamad", "mohammad", "mohamad", "moh", "moh.", "muh", "muh.", "m.", "siti", "i",
    "ni", "r.", "raden", "nur", "dr.", "h.",
];

/// The word to greet with: the first that is not in the short list of very common ones.
#[must_use]
pub fn greeting(name: &str) -> &str {
    let common = |word: &&str| COMMON_FIRST.contains(&word.to_lowercase().as_str());
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or(name);
    if !common(&first) {
        return first;
    }
    words.find(|word| !common(word)).unwrap_or(first)
}

/// A name as this reader may see it: whole for those who may read names, masked for others.
#[must_use]
pub fn for_reader(actor: &Actor, whole: &str) -> String {
    match actor.read_name() {
        Ok(_) => whole.to_owned(),
        Err(_) => masked(whole),
    }
}

/// The name with all words but the greeting's reduced to their first letter: "Budi S.". A
/// single name is shown as it is.
#[must_use]
pub fn masked(name: &str) -> String {
    let shown = greeting(name);
    let mut whole_used = false;
    let words = name.split_whitespace().map(|word| {
        if word == shown && !whole_used {
            whole_used = true;
            word.to_owned()
        } else {
            word.chars()
                .next()
                .map_or_else(String::new, |c| format!("{c}."))
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_masked_but_for_one_word() {
        let table = [
            ("Budi Santoso", "Budi", "Budi S."),
            ("Suharto", "Suharto", "Suharto"),
            ("Muhammad Rizky Pratama", "Rizky", "M. Rizky P."),
            ("Siti Nur Aisyah", "Aisyah", "S. N. Aisyah"),
            ("I Made Wirawan", "Made", "I. Made W."),
            ("Siti", "Siti", "Siti"),
            ("Muhammad Muhammad", "Muhammad", "Muhammad M."),
            ("ꦧꦸꦢꦶ ꦱꦤ꧀ꦠꦺꦴꦱ", "ꦧꦸꦢꦶ", "ꦧꦸꦢꦶ ꦱ."),
        ];
        for (name, greet, mask) in table {
            assert_eq!((greeting(name), masked(name).as_str()), (greet, mask));
        }
    }

    proptest! {
        #[test]
        fn one_word_at_most_is_whole(name in "[A-Za-z]{2,8}( [A-Za-z]{2,8}){0,4}") {
            let mask = masked(&name);
            prop_assert!(mask.split(' ').filter(|w| !w.ends_with('.')).count() <= 1);
        }
    }
}
