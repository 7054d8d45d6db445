//! Commands on people that the desk's page has, too: kept out, let in again, merged, copied; without
//! a daemon and through its socket.

use crate::support::boxed::TestBox;
use crate::support::program::text;
use hadir::base::json::Value;

fn add(subject: &TestBox, name: &str, number: &str) -> String {
    let added = subject.json(&["person", "add", name, "--number", number]);
    added["person"].as_str().expect("an id").to_owned()
}

fn listed(subject: &TestBox) -> Vec<(String, String)> {
    let list = subject.json(&["person", "list"]);
    let people = list["people"].as_array().expect("people").clone();
    let field = |person: &Value, key: &str| person[key].as_str().unwrap_or_default().to_owned();
    people
        .iter()
        .map(|person| (field(person, "name"), field(person, "state")))
        .collect()
}

fn acts(subject: &TestBox) -> Vec<String> {
    let printed = subject.run(&["audit", "export", "--format", "ndjson"]);
    let lines = text(&printed.stdout);
    lines
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).expect("JSON");
            row["act"].as_str().expect("an act").to_owned()
        })
        .filter(|act| act.starts_with("person."))
        .collect()
}

/// What the commands do to people, in one order.
fn exercise(subject: &TestBox) {
    let gone = add(subject, "Budi S.", "77");
    add(subject, "Budi Santoso", "78");
    let disabled = subject.json(&["person", "disable", "78"]);
    assert_eq!(disabled["enabled"], false);
    let want = [("Budi S.", "active"), ("Budi Santoso", "disabled")];
    let pairs = |of: &[(String, String)]| -> Vec<(String, String)> { of.to_vec() };
    let owned = want.map(|(name, state)| (name.to_owned(), state.to_owned()));
    assert_eq!(pairs(&listed(subject)), owned);
    subject.json(&["person", "enable", "78"]);
    assert_eq!(listed(subject)[1].1, "active");
    let copy = subject.json(&["person", "export", "78"]);
    assert_eq!(copy["form"], "hadir.person.1");
    assert_eq!(copy["person"]["name"], "Budi Santoso");
    let told: Vec<&str> = copy["audit"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["act"].as_str().expect("an act"))
        .collect();
    let want = [
        "person.add",
        "person.disable",
        "person.enable",
        "person.export",
    ];
    assert_eq!(told, want);
    let merged = subject.json(&["person", "merge", &gone, "78"]);
    assert_eq!(merged["merged"], gone.as_str());
    assert_eq!(listed(subject).len(), 1);
    let last = ["person.export", "person.merge", "person.erase"];
    let all = acts(subject);
    assert_eq!(all[all.len() - 3..], last);
    roles(subject);
}

/// A native role is shown in the list; one of an old surface holds there alone.
fn roles(subject: &TestBox) {
    let listed = || subject.json(&["person", "list"])["people"][0]["role"].clone();
    let given = subject.json(&["person", "role", "78", "committee"]);
    assert_eq!(
        (&given["role"], &given["surface"]),
        (&"committee".into(), &"native".into())
    );
    assert_eq!(listed(), "committee");
    let there = subject.json(&["person", "role", "78", "admin", "--surface", "identity"]);
    assert_eq!(there["surface"], "identity");
    assert_eq!(listed(), "committee");
    let copy = subject.json(&["person", "export", "78"]);
    let rows = copy["audit"].as_array().expect("rows");
    let given = rows.iter().filter(|row| row["act"] == "role.give");
    assert_eq!(given.count(), 2);
}

fn refusals(subject: &TestBox) {
    let nobody = "01KANCJ2G0000000000000000A";
    for arguments in [
        ["person", "disable", "999", ""],
        ["person", "enable", nobody, ""],
        ["person", "export", nobody, ""],
        ["person", "merge", "999", "78"],
        ["person", "merge", "78", nobody],
        ["person", "merge", "78", "78"],
    ] {
        let arguments: Vec<&str> = arguments.into_iter().filter(|a| !a.is_empty()).collect();
        let (status, said) = subject.refused(&arguments);
        assert_eq!(status, Some(1), "{arguments:?}");
        let known = ["nobody has", "no such person"];
        assert!(
            known.iter().any(|k| said.contains(k)),
            "{arguments:?}: {said}"
        );
    }
    assert_eq!(listed(subject).len(), 1, "nothing was done");
}

#[test]
fn people_are_kept_out_let_in_copied_and_merged_without_a_daemon() {
    let subject = TestBox::new("");
    exercise(&subject);
    refusals(&subject);
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
}

#[test]
fn the_same_goes_through_the_socket_of_a_daemon() {
    let subject = TestBox::new("");
    let daemon = subject.serve();
    exercise(&subject);
    refusals(&subject);
    assert_eq!(subject.json(&["audit", "verify"])["whole"], true);
    drop(daemon);
}

#[test]
fn a_copy_as_text_is_read_by_people_and_programs() {
    let subject = TestBox::new("");
    add(&subject, "Ani Lestari", "12");
    let printed = subject.run(&["person", "export", "12"]);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    let shown = text(&printed.stdout);
    assert!(shown.contains("\n  \"person\": {"), "{shown}");
    let copy: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(copy["person"]["number"], "12");
    let merged = subject.run(&["person", "disable", "12"]);
    assert!(
        text(&merged.stdout).starts_with("disabled 01"),
        "{merged:?}"
    );
}
