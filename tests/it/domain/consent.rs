//! Consent is the condition of being recognised, to the last moment.

use super::door::{Door, axis};
use hadir::base::id::PersonId;
use hadir::domain::checkin::Occasion;
use hadir::domain::checkin::reason::{Reason, Verdict};
use hadir::domain::consent::{
    self, Consent, ConsentGiver, ConsentMeans, ConsentPurpose, Error, Giver,
};
use hadir::domain::identity::{enrol, gallery};
use hadir::store::{Error as StoreError, consents, faces};

fn withdraw(door: &Door, person: PersonId) -> Result<(), Error> {
    door.act(move |tx, call| consent::withdraw(tx, call, person, ConsentPurpose::Face))
}

#[test]
fn without_consent_there_is_no_enrolment() {
    let door = Door::new();
    let person = door.person("Budi", None);
    assert_eq!(
        door.enrol(person, &axis(0), None),
        Err(enrol::Error::NoConsent)
    );
    door.consent(person);
    assert_eq!(door.enrol(person, &axis(0), None), Ok(()));
    withdraw(&door, person).expect("withdrawn");
    assert_eq!(
        door.enrol(person, &axis(0), None),
        Err(enrol::Error::NoConsent)
    );
}

#[test]
fn withdrawing_deletes_the_templates_and_empties_the_gallery() {
    let door = Door::new();
    let person = door.enrolled("Budi", &axis(0));
    let today = Occasion::Daily(door.today());
    let before = door.gallery(today);
    assert_eq!(before.gallery.len(), 1);
    withdraw(&door, person).expect("withdrawn");
    let after = door.gallery(today);
    assert_eq!(after.gallery.len(), 0);
    assert!(after.version > before.version);
    assert_eq!(
        door.look(|v, _| faces::find_pictures(v, person)),
        Ok::<_, StoreError>(None)
    );
    assert_eq!(withdraw(&door, person), Err(Error::NotInForce));
}

/// The camera judged with the gallery it had; the consent went before the commit.
#[test]
fn a_stale_gallery_admits_nobody_who_has_withdrawn() {
    let door = Door::new();
    let person = door.enrolled("Budi", &axis(0));
    let today = Occasion::Daily(door.today());
    let judged_before = door.face(today, &axis(0));
    withdraw(&door, person).expect("withdrawn");
    let decision = door.decide(&judged_before);
    assert_eq!(
        (decision.verdict, decision.reason),
        (Verdict::Refused, Some(Reason::NotEnrolled))
    );
    let fresh = door.decide(&door.face(today, &axis(0)));
    assert_eq!(fresh.reason, Some(Reason::UnknownFace));
}

#[test]
fn a_guardian_s_consent_names_who_and_is_sealed() {
    let door = Door::new();
    let person = door.person("Adik", None);
    let wish = Consent {
        person,
        purpose: ConsentPurpose::Face,
        giver: Giver::Guardian {
            name: "Ibu Wali".parse().expect("a name"),
            relation: "ibu".parse().expect("a relation"),
        },
        means: ConsentMeans::Paper,
        text_version: "2026-1".parse().expect("a version"),
    };
    let again = wish.clone();
    door.act(move |tx, call| consent::record(tx, call, &wish))
        .expect("recorded");
    let twice = door.act(move |tx, call| consent::record(tx, call, &again));
    assert_eq!(twice, Err(Error::InForce));
    let found = door.look(|v, _| consent::find(v, person, ConsentPurpose::Face));
    let found = found.expect("readable").expect("in force");
    assert_eq!(
        (found.given_by, found.means),
        (ConsentGiver::Guardian, ConsentMeans::Paper)
    );
    let site = &door.site;
    let guardian = door
        .look(|v, _| consent::guardian(v, site, &found))
        .expect("opens");
    assert_eq!(guardian, Some(("Ibu Wali".to_owned(), "ibu".to_owned())));
    withdraw(&door, person).expect("withdrawn");
    door.consent(person);
    let all = door
        .look(|v, _| consents::list_consents(v, person))
        .expect("readable");
    assert_eq!(all.len(), 2, "a withdrawn consent stays on record");
}

#[test]
fn a_consent_for_pictures_is_none_for_faces() {
    let door = Door::new();
    let person = door.person("Budi", None);
    let wish = Consent {
        person,
        purpose: ConsentPurpose::Image,
        giver: Giver::Person,
        means: ConsentMeans::Spoken,
        text_version: "2026-1".parse().expect("a version"),
    };
    door.act(move |tx, call| consent::record(tx, call, &wish))
        .expect("recorded");
    assert_eq!(
        door.enrol(person, &axis(0), None),
        Err(enrol::Error::NoConsent)
    );
    let version = door.look(|v, _| gallery::version(v)).expect("readable");
    let out = door.act(move |tx, call| consent::withdraw(tx, call, person, ConsentPurpose::Image));
    assert_eq!(out, Ok(()));
    assert_eq!(door.look(|v, _| gallery::version(v)), Ok(version));
}
