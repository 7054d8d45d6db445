//! Templates, picture embeddings, and the gallery's version.

use super::fixture::{
    TestStore, add_consent, add_events, add_people, at, conflict, consent, id, ticket,
};
use hadir::base::id::PersonId;
use hadir::store::consents::{self, ConsentPurpose};
use hadir::store::faces::{self, Model, PictureRow, SealedTemplate, TemplateRow};
use hadir::store::people::{self, PersonState};
use hadir::store::{Error, tickets};

const MODEL: Model = [7; 32];
const OTHER: Model = [8; 32];

fn enrol(store: &TestStore, person: u64, by: u64, model: Model) -> Result<(), Error> {
    store.write(move |tx| {
        let template = format!("template {person}").into_bytes();
        faces::insert_template(
            tx,
            &TemplateRow {
                person: id(person),
                model,
                consent: id(by),
                template: &template,
                pictures: 3,
                created_at: at(5000),
            },
        )
    })
}

fn picture(store: &TestStore, number: u64, person: u64, quality: f32) -> Result<(), Error> {
    store.write(move |tx| {
        faces::insert_picture(
            tx,
            &PictureRow {
                id: id(number),
                person: id(person),
                model: MODEL,
                embedding: b"embedding",
                quality,
                created_at: at(5000),
            },
        )
    })
}

/// People 1 to `last`, each with a consent of the same number and a template.
fn enrolled(last: u64) -> TestStore {
    let store = TestStore::new();
    add_people(&store, 1..=last);
    for number in 1..=last {
        add_consent(&store, consent(number, number)).expect("consent");
        enrol(&store, number, number, MODEL).expect("template");
    }
    store
}

fn sealed(person: u64) -> SealedTemplate {
    SealedTemplate {
        person: id(person),
        template: format!("template {person}").into_bytes(),
        wrapped_key: format!("key {person}").into_bytes(),
    }
}

fn found(store: &TestStore, person: u64) -> Option<SealedTemplate> {
    store.get(|v| faces::find_template(v, id(person), MODEL))
}

fn listed(store: &TestStore) -> Vec<PersonId> {
    let all = store.get(|v| faces::list_templates(v, MODEL, None, 100));
    all.iter().map(|t| t.person).collect()
}

#[test]
fn a_template_comes_back_with_the_key_that_opens_it() {
    let store = enrolled(2).reopen();
    assert_eq!(found(&store, 2), Some(sealed(2)));
    assert_eq!(found(&store, 3), None);
    assert_eq!(store.get(|v| faces::find_pictures(v, id(1))), Some(3));
    assert_eq!(store.get(|v| faces::find_pictures(v, id(3))), None);
}

#[test]
fn a_template_of_another_model_is_not_found() {
    let store = enrolled(1);
    assert_eq!(store.get(|v| faces::find_template(v, id(1), OTHER)), None);
    assert!(store.get(|v| faces::is_enrolled(v, id(1), MODEL)));
    assert!(!store.get(|v| faces::is_enrolled(v, id(1), OTHER)));
    assert!(
        store
            .get(|v| faces::list_templates(v, OTHER, None, 10))
            .is_empty()
    );
}

#[test]
fn a_new_template_takes_the_old_one_s_place() {
    let store = enrolled(1);
    enrol(&store, 1, 1, OTHER).expect("again");
    assert_eq!(store.rows("face_template"), 1);
    assert_eq!(found(&store, 1), None);
    let now = store.get(|v| faces::find_template(v, id(1), OTHER));
    assert_eq!(now, Some(sealed(1)));
}

#[test]
fn a_withdrawn_consent_takes_the_template_out_of_every_list() {
    let store = enrolled(2);
    store.put(|tx| consents::update_withdrawn(tx, id(1), ConsentPurpose::Face, at(9)));
    assert_eq!(found(&store, 1), None);
    assert!(!store.get(|v| faces::is_enrolled(v, id(1), MODEL)));
    assert_eq!(listed(&store), [id(2)]);
}

#[test]
fn disabled_people_are_not_matched_and_enabled_ones_are_again() {
    let store = enrolled(2);
    store.put(|tx| people::update_state(tx, id(2), PersonState::Disabled));
    assert_eq!(listed(&store), [id(1)]);
    assert_eq!(found(&store, 2), None);
    store.put(|tx| people::update_state(tx, id(2), PersonState::Active));
    assert_eq!(listed(&store), [id(1), id(2)]);
}

#[test]
fn deleting_takes_templates_and_pictures_of_one_person() {
    let store = enrolled(2);
    for (number, person) in [(1, 1), (2, 1), (3, 2)] {
        picture(&store, number, person, 0.5).expect("picture");
    }
    assert!(store.put(|tx| faces::delete_faces(tx, id(1))));
    assert!(
        !store.put(|tx| faces::delete_faces(tx, id(1))),
        "nothing is left to delete"
    );
    assert_eq!(
        (store.rows("face_template"), store.rows("face_picture")),
        (1, 1)
    );
    assert_eq!(listed(&store), [id(2)]);
}

#[test]
fn templates_and_pictures_belong_to_people_and_consents_that_are_there() {
    let store = enrolled(1);
    conflict(enrol(&store, 5, 1, MODEL));
    conflict(enrol(&store, 1, 5, MODEL));
    conflict(picture(&store, 1, 5, 0.5));
    picture(&store, 1, 1, 0.5).expect("picture");
    assert_eq!(conflict(picture(&store, 1, 1, 0.5)), "face_picture.id");
}

#[test]
fn a_quality_outside_of_its_range_is_brought_into_it() {
    let store = enrolled(1);
    for (number, given, want) in [(1, -0.5, 0.0), (2, 0.25, 0.25), (3, 7.0, 1.0)] {
        picture(&store, number, 1, given).expect("picture");
        let kept = store.connection().query_row(
            "SELECT quality FROM face_picture ORDER BY id DESC LIMIT 1",
            [],
            |r| r.get::<_, f64>(0),
        );
        assert_eq!(kept, Ok(want));
    }
}

#[test]
fn pages_of_templates_follow_each_other() {
    let store = enrolled(5);
    for limit in [1, 2, 5, 9] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.get(|v| faces::list_templates(v, MODEL, after, limit));
            let Some(last) = page.last() else { break };
            after = Some(last.person);
            assert!(page.len() <= limit as usize);
            seen.extend(page);
        }
        assert_eq!(
            seen,
            (1..=5).map(sealed).collect::<Vec<_>>(),
            "limit {limit}"
        );
    }
}

#[test]
fn an_event_s_templates_are_those_of_its_holders_each_once() {
    let store = enrolled(4);
    add_events(&store, 1..=2);
    let rows = [
        ticket(1, 1, Some(3)),
        ticket(2, 1, Some(1)),
        ticket(3, 1, Some(3)),
        ticket(4, 2, Some(2)),
        ticket(5, 1, None),
    ];
    for (code, row) in (1u8..).zip(rows) {
        store.put(move |tx| tickets::insert_ticket(tx, &row, [code; 16], b"code"));
    }
    let of = |event, after: Option<u64>, limit| {
        let page = store
            .get(|v| faces::list_templates_of_event(v, id(event), MODEL, after.map(id), limit));
        page.iter().map(|t| t.person).collect::<Vec<_>>()
    };
    assert_eq!(of(1, None, 10), [id(1), id(3)]);
    assert_eq!(of(1, None, 1), [id(1)]);
    assert_eq!(of(1, Some(1), 10), [id(3)]);
    assert_eq!(of(2, None, 10), [id(2)]);
    assert!(of(3, None, 10).is_empty());
}

#[test]
fn the_gallery_s_version_goes_up_by_one_and_is_kept() {
    let store = TestStore::new();
    let first = store.get(faces::get_gallery_version);
    store.put(faces::update_gallery_version);
    store.put(faces::update_gallery_version);
    assert_eq!(store.get(faces::get_gallery_version), first + 2);
    let store = store.reopen();
    assert_eq!(store.get(faces::get_gallery_version), first + 2);
}
