//! Promise 1, kill: a process that is killed at any moment loses nothing it acknowledged.

use super::child::Worker;
use super::disk::chance;
use super::ledger::Ledger;
use crate::support::scratch::Scratch;
use std::collections::BTreeSet;

const SEED: u64 = 20_261_121;

fn number(answer: &str) -> Option<u64> {
    answer.strip_prefix("done ")?.parse().ok()
}

/// Kills children at moments drawn by a count of acknowledgements, always over one store.
fn rounds(count: u64) {
    let scratch = Scratch::new();
    let root = scratch.path("ledger");
    std::fs::create_dir_all(&root).expect("root");
    let mut seed = SEED;
    let mut acked = BTreeSet::new();
    for round in 0..count {
        let mut worker = Worker::start(&root, "");
        assert_eq!(worker.answer().as_deref(), Some("open"), "round {round}");
        worker.order(&format!(
            "flood {} {}",
            (round + 1) * 100_000,
            chance(&mut seed)
        ));
        for _ in 0..chance(&mut seed) % 40 {
            let answer = worker.answer().expect("an acknowledgement");
            acked.extend(number(&answer));
        }
        // Answers that were on their way count as well: the child gave them.
        acked.extend(worker.kill().iter().filter_map(|a| number(a)));
        let ledger = Ledger::open(&root).unwrap_or_else(|e| panic!("round {round}: {e}"));
        let found = ledger
            .examine()
            .unwrap_or_else(|e| panic!("round {round}: {e}"));
        let lost: Vec<_> = acked.difference(&found).collect();
        assert!(lost.is_empty(), "round {round}, seed {SEED}: lost {lost:?}");
    }
    println!(
        "{count} kills, {} jobs acknowledged, none lost",
        acked.len()
    );
    assert!(acked.len() as u64 > count * 5);
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    rounds(8);
}

#[test]
fn slow_what_was_acknowledged_survives_a_hundred_kills() {
    rounds(100);
}
