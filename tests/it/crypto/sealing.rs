//! A sealed value opens in its own place under its own key, and nowhere else.

use hadir::base::id::{Id, PersonId};
use hadir::crypto::keyring::{Key, KeyError, Keyring, MasterKey, Purpose};
use hadir::crypto::random::{Seed, Seeded};
use hadir::crypto::seal::{self, Context, SealError};
use proptest::prelude::*;
use std::sync::LazyLock;

static KEYRING: LazyLock<Keyring> = LazyLock::new(|| keyring(1));

fn keyring(number: u64) -> Keyring {
    let mut source = Seeded::new(&Seed::from_number(number));
    let master = MasterKey::generate(&mut source);
    let (keyring, root) = Keyring::create(&master, &mut source).expect("keyring");
    Keyring::open(&master, &[root]).expect("opens again");
    keyring
}

fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

fn place<'a>(table: &'static str, column: &'static str, row: &'a [u8]) -> Context<'a> {
    Context { table, column, row }
}

fn sealed(key: &Key, context: &Context<'_>, plain: &[u8], seed: u64) -> Vec<u8> {
    let mut source = Seeded::new(&Seed::from_number(seed));
    seal::seal(key, context, plain, &mut source).expect("seal")
}

fn opened(key: &Key, context: &Context<'_>, envelope: &[u8]) -> Result<Vec<u8>, SealError> {
    seal::open(key, context, envelope).map(|plain| plain.expose().clone())
}

proptest! {
    #[test]
    fn what_was_sealed_opens(plain: Vec<u8>, row: Vec<u8>, seed: u64) {
        let key = KEYRING.purpose(Purpose::Names);
        let context = place("person", "name", &row);
        let envelope = sealed(key, &context, &plain, seed);
        prop_assert_eq!(envelope.len(), plain.len() + seal::OVERHEAD_BYTES);
        prop_assert_eq!(opened(key, &context, &envelope), Ok(plain));
    }

    #[test]
    fn any_changed_bit_is_noticed(plain in prop::collection::vec(any::<u8>(), 0..40), at: prop::sample::Index, bit in 0..8u8) {
        let key = KEYRING.purpose(Purpose::Names);
        let context = place("person", "name", b"row");
        let mut envelope = sealed(key, &context, &plain, 1);
        let at = at.index(envelope.len());
        envelope[at] ^= 1 << bit;
        let found = opened(key, &context, &envelope);
        match at {
            0 => prop_assert_eq!(found, Err(SealError::Form)),
            1..=4 => prop_assert!(matches!(found, Err(SealError::KeyNumber(_)))),
            _ => prop_assert_eq!(found, Err(SealError::NotAuthentic)),
        }
    }

    #[test]
    fn any_cut_or_lengthened_envelope_is_noticed(plain in prop::collection::vec(any::<u8>(), 0..40), cut: prop::sample::Index) {
        let key = KEYRING.purpose(Purpose::Names);
        let context = place("person", "name", b"row");
        let mut envelope = sealed(key, &context, &plain, 1);
        let short = &envelope[..cut.index(envelope.len())];
        prop_assert!(opened(key, &context, short).is_err());
        envelope.push(0);
        prop_assert!(opened(key, &context, &envelope).is_err());
    }

    #[test]
    fn another_place_does_not_open_it(row: Vec<u8>, other: Vec<u8>) {
        let key = KEYRING.purpose(Purpose::Names);
        let context = place("person", "name", &row);
        let envelope = sealed(key, &context, b"Budi", 1);
        let mut elsewhere = vec![place("people", "name", &row), place("person", "nam", &row),
            // The boundary between the parts is bound too.
            place("personn", "ame", &row)];
        if other != row {
            elsewhere.push(place("person", "name", &other));
        }
        for context in elsewhere {
            prop_assert_eq!(opened(key, &context, &envelope), Err(SealError::NotAuthentic));
        }
    }

    #[test]
    fn no_bytes_make_opening_panic(envelope: Vec<u8>) {
        let key = KEYRING.purpose(Purpose::Names);
        prop_assert!(opened(key, &place("person", "name", b""), &envelope).is_err());
        prop_assert!(KEYRING.open_person_key(person(1), &envelope).is_err());
        prop_assert!(MasterKey::read(&envelope).is_err());
    }
}

#[test]
fn another_key_does_not_open_it() {
    let context = place("person", "name", b"row");
    let key = KEYRING.purpose(Purpose::Names);
    let envelope = sealed(key, &context, b"Budi", 1);
    for purpose in Purpose::ALL.into_iter().filter(|p| *p != Purpose::Names) {
        let other = KEYRING.purpose(purpose);
        let found = opened(other, &context, &envelope);
        assert_eq!(found, Err(SealError::NotAuthentic), "{purpose:?}");
    }
    let other_box = keyring(2);
    let found = opened(other_box.purpose(Purpose::Names), &context, &envelope);
    assert_eq!(found, Err(SealError::NotAuthentic));
}

#[test]
fn the_key_number_is_bound_to_the_value() {
    let context = place("person", "name", b"row");
    let key = KEYRING.purpose(Purpose::Names);
    let mut envelope = sealed(key, &context, b"Budi", 1);
    envelope[4] = 9;
    assert_eq!(
        opened(key, &context, &envelope),
        Err(SealError::KeyNumber(9))
    );
}

#[test]
fn a_persons_key_is_that_persons() {
    let mut source = Seeded::new(&Seed::from_number(3));
    let (one, wrapped) = KEYRING.new_person_key(person(1), &mut source).expect("key");
    let (other, _) = KEYRING.new_person_key(person(2), &mut source).expect("key");
    let context = place("person", "name", b"row");
    let envelope = sealed(&one, &context, b"Budi", 1);
    let again = KEYRING.open_person_key(person(1), &wrapped).expect("opens");
    assert_eq!(opened(&again, &context, &envelope), Ok(b"Budi".to_vec()));
    assert_eq!(
        opened(&other, &context, &envelope),
        Err(SealError::NotAuthentic)
    );
    let moved = KEYRING.open_person_key(person(2), &wrapped).err();
    assert_eq!(moved, Some(KeyError::Sealed(SealError::NotAuthentic)));
    let elsewhere = keyring(2).open_person_key(person(1), &wrapped).err();
    assert_eq!(elsewhere, Some(KeyError::Sealed(SealError::NotAuthentic)));
}

#[test]
fn equal_values_are_sealed_differently_and_have_equal_digests_in_one_place_only() {
    let key = KEYRING.purpose(Purpose::Numbers);
    let context = place("person", "number", b"");
    assert_ne!(
        sealed(key, &context, b"2026001", 1),
        sealed(key, &context, b"2026001", 2)
    );
    let digest = seal::digest(key, &context, b"2026001");
    assert_eq!(digest, seal::digest(key, &context, b"2026001"));
    let elsewhere = place("person", "email", b"");
    for other in [
        seal::digest(key, &elsewhere, b"2026001"),
        seal::digest(key, &context, b"2026002"),
        seal::digest(KEYRING.purpose(Purpose::Codes), &context, b"2026001"),
    ] {
        assert_ne!(digest, other);
    }
}

#[test]
fn seals_are_counted() {
    let fresh = keyring(5);
    let key = fresh.purpose(Purpose::Secrets);
    for i in 0..3 {
        sealed(key, &place("t", "c", b""), b"x", i);
    }
    let uses = fresh.uses();
    assert!(uses.contains(&(Purpose::Secrets, 3)), "{uses:?}");
    assert!(uses.contains(&(Purpose::Names, 0)), "{uses:?}");
}
