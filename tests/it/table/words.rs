//! The words that the schema allows are those that the program knows, no more and no fewer.

use super::fixture::TestStore;
use hadir::store::consents::{ConsentGiver, ConsentMeans, ConsentPurpose};
use hadir::store::devices::DeviceKind;
use hadir::store::events::{CapacityOf, EntryRule, EventState};
use hadir::store::people::PersonState;
use hadir::store::privacy::{ClaimKind, ClaimState};
use hadir::store::setups::Step;
use hadir::store::tickets::TicketState;
use hadir::store::verdicts::{
    Direction, Liveness, Means, Mode, Reason, Standing, UndoReason, Verdict,
};
use std::collections::BTreeSet;

/// The definition of a table, as the store made it.
fn definition(store: &TestStore, table: &str) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    let found = store.connection().query_row(sql, [table], |r| r.get(0));
    found.expect(table)
}

/// The words of `CHECK (column IN ('a', 'b'))` or of `CHECK (column = 'a' OR column = 'b')`.
fn allowed(definition: &str, column: &str) -> Vec<String> {
    let compared = format!("{column} = '");
    let begin = format!("NOT NULL CHECK ({compared}");
    let nullable = format!("TEXT    CHECK ({compared}");
    let chain = definition.split(&begin).nth(1);
    if let Some(check) = chain.or_else(|| definition.split(&nullable).nth(1)) {
        let check = check.split(')').next().expect("an end");
        let words = check.split(&compared);
        return words
            .map(|word| word.split('\'').next().expect("an end").to_owned())
            .collect();
    }
    let begin = format!("({column} IN (");
    let list = definition.split(&begin).nth(1);
    let list = list.unwrap_or_else(|| panic!("no list for {column}"));
    let list = list.split(')').next().expect("an end");
    list.split(',')
        .map(|word| word.trim().trim_matches('\'').to_owned())
        .collect()
}

macro_rules! codes {
    ($words:ty) => {
        <$words>::ALL.iter().map(|w| w.code()).collect::<Vec<_>>()
    };
}

#[test]
fn the_schema_and_the_program_know_the_same_words() {
    let table = [
        ("person", "state", codes!(PersonState)),
        ("consent", "purpose", codes!(ConsentPurpose)),
        ("consent", "given_by", codes!(ConsentGiver)),
        ("consent", "means", codes!(ConsentMeans)),
        ("privacy_claim", "kind", codes!(ClaimKind)),
        ("privacy_claim", "state", codes!(ClaimState)),
        ("device", "kind", codes!(DeviceKind)),
        ("event", "state", codes!(EventState)),
        ("event", "capacity_of", codes!(CapacityOf)),
        ("event", "entry_rule", codes!(EntryRule)),
        ("ticket", "state", codes!(TicketState)),
        ("visit", "means", codes!(Means)),
        ("visit", "direction", codes!(Direction)),
        ("visit", "mode", codes!(Mode)),
        ("visit", "verdict", codes!(Verdict)),
        ("visit", "standing", codes!(Standing)),
        ("visit", "liveness", codes!(Liveness)),
        ("undo", "reason", codes!(UndoReason)),
        ("setup_step", "step", codes!(Step)),
        ("device_option", "direction", codes!(Direction)),
    ];
    let store = TestStore::new();
    for (table, column, known) in table {
        assert_eq!(
            allowed(&definition(&store, table), column),
            known,
            "{table}.{column}"
        );
    }
}

macro_rules! check_words {
    ($($words:ty),*) => {
        $(
            let codes: BTreeSet<&str> = <$words>::ALL.iter().map(|w| w.code()).collect();
            assert_eq!(codes.len(), <$words>::ALL.len(), "two words are the same");
            for word in <$words>::ALL {
                let code = word.code();
                let plain = |b: u8| b.is_ascii_lowercase() || b == b'_';
                assert!(!code.is_empty() && code.bytes().all(plain), "{code:?}");
                assert_eq!(<$words>::read(code), Some(*word));
                assert_eq!(<$words>::read(&code.to_uppercase()), None);
                assert_eq!(<$words>::read(&format!(" {code}")), None);
                assert_eq!(word.to_string(), code);
            }
            let unknown = "".parse::<$words>().expect_err("no word");
            assert_eq!(unknown.allowed.split(", ").count(), <$words>::ALL.len());
        )*
    };
}

#[test]
fn words_are_told_apart_and_read_back_exactly() {
    check_words!(
        PersonState,
        ConsentPurpose,
        ConsentGiver,
        ConsentMeans,
        DeviceKind,
        EventState,
        CapacityOf,
        EntryRule,
        TicketState,
        Means,
        Direction,
        Mode,
        Verdict,
        Reason,
        Standing,
        Liveness,
        UndoReason,
        Step
    );
}
