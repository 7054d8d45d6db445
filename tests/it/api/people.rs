//! People and their consents.

use super::exchange::{Talk, json};
use super::house::House;
use hadir::domain::actor::Role;

const BUDI: &str = r#"{"id":"<budi>","state":"active","name":"Budi Santoso","number":"2026001",
    "email":null,"class":"X-1","role":"user","face_pictures":null,"created_at_ms":1795226400000}"#;

fn add_budi<'a, 'h>(talk: &'a mut Talk<'h>, key: &super::house::Key) -> &'a mut Talk<'h> {
    let body = r#"{"name":"  Budi  Santoso ","number":"2026001","class":"X-1"}"#;
    talk.send(key, "POST /api/v1/people", body)
        .keep("budi", "id")
}

#[test]
fn a_person_from_adding_to_erasing() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    add_budi(&mut talk, &admin).gets(201, BUDI);
    talk.send(&admin, "GET /api/v1/people/<budi>", "")
        .gets(200, BUDI);
    let changed = r#"{"id":"<budi>","state":"active","name":"Budi S","number":null,
        "email":"budi@sekolah.sch.id","class":"X-1","role":"user","face_pictures":null,
        "created_at_ms":1795226400000}"#;
    let body = r#"{"name":"Budi S","number":null,"email":"Budi@Sekolah.sch.id"}"#;
    talk.send(&admin, "PATCH /api/v1/people/<budi>", body)
        .gets(200, changed);
    talk.send(&admin, "PATCH /api/v1/people/<budi>", "{}")
        .gets(200, changed);
    let disabled = changed.replace("active", "disabled");
    talk.send(&admin, "POST /api/v1/people/<budi>/disable", "")
        .gets(200, &disabled);
    talk.send(&admin, "POST /api/v1/people/<budi>/enable", "")
        .gets(200, changed);
    let teacher = changed.replace("\"user\"", "\"teacher\"");
    talk.send(
        &admin,
        "PUT /api/v1/people/<budi>/role",
        r#"{"role":"teacher"}"#,
    )
    .gets(200, &teacher);
    talk.send(&admin, "DELETE /api/v1/people/<budi>", "")
        .gets(204, "");
    for head in [
        "GET /api/v1/people/<budi>",
        "DELETE /api/v1/people/<budi>",
        "POST /api/v1/people/<budi>/enable",
    ] {
        talk.send(&admin, head, "").refused(404, "no_person");
    }
    talk.send(&admin, "PATCH /api/v1/people/<budi>", r#"{"name":"X"}"#)
        .refused(404, "no_person");
}

#[test]
fn a_number_that_was_given_up_is_free_again() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    add_budi(&mut talk, &admin);
    let again = r#"{"name":"Citra","number":"2026001"}"#;
    talk.send(&admin, "POST /api/v1/people", again)
        .refused(409, "number_taken");
    let field = super::exchange::json(&talk.answer().body)["error"]["field"].clone();
    assert_eq!(field, "number");
    talk.send(
        &admin,
        "PATCH /api/v1/people/<budi>",
        r#"{"number":"2026002"}"#,
    );
    talk.send(&admin, "POST /api/v1/people", again)
        .keep("citra", "id");
    assert_eq!(talk.answer().status, 201);
    talk.send(
        &admin,
        "PATCH /api/v1/people/<citra>",
        r#"{"number":"2026002"}"#,
    )
    .refused(409, "number_taken");
}

#[test]
fn people_come_in_pages() {
    let house = House::new();
    let admin = house.admin();
    let mut names = vec!["Kepala Sekolah".to_owned()];
    for i in 0..6 {
        house.desk.person(&format!("Orang {i}"));
        names.push(format!("Orang {i}"));
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..10 {
        let head = format!("GET /api/v1/people?limit=3{after}");
        let page = house.call(&admin, &head, b"").json();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 3);
        seen.extend(
            items
                .iter()
                .map(|p| p["name"].as_str().expect("a name").to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    seen.sort();
    names.sort();
    assert_eq!(seen, names);
}

#[test]
fn parameters_of_a_page_have_bounds_and_names() {
    let house = House::new();
    let admin = house.admin();
    let mut talk = Talk::new(&house);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=x", "limit"),
        ("limit=-1", "limit"),
        ("after=x", "after"),
        ("page=2", "page"),
    ] {
        talk.send(&admin, &format!("GET /api/v1/people?{query}"), "")
            .refused(422, "unprocessable");
        let error = super::exchange::json(&talk.answer().body);
        assert_eq!(error["error"]["field"], field, "{query}");
    }
}

#[test]
fn consents_are_recorded_and_withdrawn() {
    let house = House::new();
    let teacher = house.person(Role::Teacher);
    let mut talk = Talk::new(&house);
    talk.know("budi", house.desk.person("Budi Santoso"));
    let own = r#"{"purpose":"image","means":"screen","text_version":"2026-1"}"#;
    talk.send(&teacher, "POST /api/v1/people/<budi>/consents", own)
        .gets(
            201,
            r#"{"items":[{"id":"<id>","purpose":"image","given_by":"person","guardian":null,
                "means":"screen","text_version":"2026-1","given_at_ms":1795226400000,
                "withdrawn_at_ms":null}],"next":null}"#,
        );
    talk.send(&teacher, "POST /api/v1/people/<budi>/consents", own)
        .refused(409, "consent_in_force");
    let guardian = r#"{"purpose":"face","means":"paper","text_version":"2026-1",
        "guardian":{"name":"Ibu Santoso","relation":"ibu"}}"#;
    talk.send(&teacher, "POST /api/v1/people/<budi>/consents", guardian);
    assert_eq!(talk.answer().status, 201, "{}", talk.answer().body);
    talk.send(&teacher, "DELETE /api/v1/people/<budi>/consents/face", "")
        .gets(204, "");
    talk.send(&teacher, "DELETE /api/v1/people/<budi>/consents/face", "")
        .refused(404, "no_consent");
    talk.send(&teacher, "DELETE /api/v1/people/<budi>/consents/voice", "")
        .refused(404, "missing");
    talk.send(&teacher, "GET /api/v1/people/<budi>/consents", "");
    let all = super::exchange::json(&talk.answer().body);
    let face = all["items"].as_array().expect("a list").iter();
    let face: Vec<_> = face.filter(|c| c["purpose"] == "face").collect();
    assert_eq!(face.len(), 1);
    assert_eq!(face[0]["guardian"]["name"], "Ibu Santoso");
    assert_eq!(face[0]["given_by"], "guardian");
    assert_eq!(face[0]["withdrawn_at_ms"], 1_795_226_400_000_i64);
}

#[test]
fn the_copy_of_a_person_s_data_is_a_file_and_stands_in_the_trail() {
    let house = House::new();
    let admin = house.admin();
    let body = br#"{"name":"Budi Santoso","number":"2026-7"}"#;
    let added = json(&house.call(&admin, "POST /api/v1/people", body).body);
    let id = added["id"].as_str().expect("an id").to_owned();
    let head = format!("GET /api/v1/people/{id}/export");
    let file = house.call(&admin, &head, b"");
    assert_eq!(file.status, 200, "{}", file.body);
    let name = format!("attachment; filename=\"person-{id}.json\"");
    assert_eq!(file.header("content-disposition"), Some(name.as_str()));
    assert!(
        file.header("cache-control")
            .is_some_and(|c| c.contains("no-store"))
    );
    let copy = json(&file.body);
    assert_eq!(copy["person"]["number"], "2026-7");
    assert_eq!(copy["audit"][0]["act"], "person.add");
    assert_eq!(copy["audit"][1]["act"], "person.export");
    assert_eq!(copy["audit_has_more"], false);
    let gone = house.call(&admin, &format!("DELETE /api/v1/people/{id}"), b"");
    assert_eq!(gone.status, 204);
    assert_eq!(house.call(&admin, &head, b"").status, 404);
    // Without a role there is one's own.
    let ani = house.desk.person("Ani");
    let own = house.session_of(ani);
    let own_copy = house.call(&own, &format!("GET /api/v1/people/{ani}/export"), b"");
    assert_eq!(own_copy.status, 200, "{}", own_copy.body);
}
