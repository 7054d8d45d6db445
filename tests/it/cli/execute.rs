//! The function behind every command, called in this process: what each does, what each
//! refuses, and with which code.

use crate::support::desk::{Desk, MODEL, direction};
use hadir::base::id::{EventId, Id, TicketId};
use hadir::base::json::Value;
use hadir::domain::actor::Role;
use hadir::domain::consent::ConsentMeans;
use hadir::surface::control::{Command, ConsentGiven, Refusal, Sample, execute, read};
use hadir::vision::embed::Embedding;
use proptest::prelude::*;
use std::collections::HashSet;

fn done(desk: &Desk, command: Command) -> Value {
    let shown = format!("{command:?}");
    execute(&desk.core, command).unwrap_or_else(|e| panic!("{shown}: {e}"))
}

fn refused(desk: &Desk, command: Command) -> Refusal {
    let shown = format!("{command:?}");
    execute(&desk.core, command).expect_err(&shown)
}

fn person(name: &str, number: Option<&str>) -> Command {
    Command::PersonAdd {
        name: name.to_owned(),
        role: Role::User,
        number: number.map(ToOwned::to_owned),
        email: None,
        class: None,
    }
}

fn sample(embedding: &Embedding) -> Sample {
    Sample {
        faces: 1,
        quality: 0.9,
        issues: Vec::new(),
        embedding: Some(embedding.as_slice().to_vec()),
    }
}

fn agreed() -> Option<ConsentGiven> {
    Some(ConsentGiven {
        guardian: Some(("Ibu Sri".to_owned(), "mother".to_owned())),
        means: ConsentMeans::Paper,
        text_version: "v1".to_owned(),
    })
}

fn enrol(who: &str, samples: Vec<Sample>, consent: Option<ConsentGiven>) -> Command {
    Command::FaceEnrol {
        person: who.to_owned(),
        model: MODEL.to_string(),
        samples,
        consent,
        not_same_person: None,
    }
}

#[test]
fn people_are_found_by_id_and_by_number() {
    let desk = Desk::new();
    let added = done(&desk, person("Sinta", Some("2026-1")));
    let id = added["person"].as_str().expect("an id").to_owned();
    assert_eq!(
        refused(&desk, person("Sinta Dua", Some("2026-1"))).code,
        "conflict"
    );
    let erased = done(
        &desk,
        Command::PersonErase {
            person: "2026-1".into(),
        },
    );
    assert_eq!(erased["person"], id.as_str());
    assert_eq!(
        refused(
            &desk,
            Command::PersonErase {
                person: "2026-1".into()
            }
        )
        .code,
        "missing"
    );
    assert_eq!(
        refused(&desk, Command::PersonErase { person: id }).code,
        "missing"
    );
    // The number is free again.
    done(&desk, person("Sinta Tiga", Some("2026-1")));
}

#[test]
fn inputs_that_are_not_of_their_form_name_the_input() {
    let desk = Desk::new();
    let add = |name: &str, number: Option<&str>, email: Option<&str>, class: Option<&str>| {
        Command::PersonAdd {
            name: name.to_owned(),
            role: Role::User,
            number: number.map(ToOwned::to_owned),
            email: email.map(ToOwned::to_owned),
            class: class.map(ToOwned::to_owned),
        }
    };
    let long = "x".repeat(121);
    let table = [
        (add("", None, None, None), "name"),
        (add(&long, None, None, None), "name"),
        (add("a\u{0}b", None, None, None), "name"),
        (add("A", Some("=1+1"), None, None), "number"),
        (add("A", None, Some("nobody"), None), "e-mail"),
        (add("A", None, None, Some("\u{200B}")), "class"),
        (
            Command::EventAdd {
                name: String::new(),
                capacity: None,
            },
            "name",
        ),
        (
            Command::PersonErase {
                person: "no such form!".into(),
            },
            "person",
        ),
    ];
    for (command, names) in table {
        let refusal = refused(&desk, command);
        assert_eq!(refusal.code, "invalid", "{refusal}");
        assert!(refusal.message.starts_with(names), "{refusal}");
    }
    assert_eq!(
        done(&desk, Command::PersonList)["people"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );
}

#[test]
fn what_does_not_exist_is_missing() {
    let desk = Desk::new();
    let event = EventId::from_bytes([9; 16]);
    let ticket = TicketId::from_bytes([9; 16]);
    let nobody = "01KANCJ2G0000000000000000A".to_owned();
    let open = desk.event();
    let table = [
        Command::EventClose { event },
        Command::TicketAdd {
            event,
            person: None,
        },
        Command::TicketCode { ticket },
        Command::PersonErase {
            person: nobody.clone(),
        },
        Command::FaceRemove {
            person: nobody.clone(),
        },
        Command::TicketAdd {
            event: open,
            person: Some(nobody.clone()),
        },
        enrol(&nobody, vec![sample(&direction(&[1.0])); 3], agreed()),
    ];
    for command in table {
        let shown = format!("{command:?}");
        let refusal = refused(&desk, command);
        assert_eq!(refusal.code, "missing", "{shown}: {refusal}");
    }
}

#[test]
fn enrolment_is_refused_for_each_of_its_reasons_and_leaves_nothing() {
    let desk = Desk::new();
    done(&desk, person("Sinta", Some("1")));
    done(&desk, person("Budi", Some("2")));
    let good = || vec![sample(&direction(&[1.0])); 3];
    let poor = Sample {
        quality: 0.3,
        issues: vec!["dark".into()],
        ..sample(&direction(&[1.0]))
    };
    let crowd = Sample {
        faces: 2,
        ..sample(&direction(&[1.0]))
    };
    let empty = Sample {
        faces: 0,
        embedding: None,
        ..sample(&direction(&[1.0]))
    };
    let other = sample(&direction(&[0.0, 1.0]));
    let with = |odd: &Sample| {
        let mut samples = good();
        samples[1] = odd.clone();
        samples
    };
    let table = [
        (good()[..2].to_vec(), agreed()),
        (vec![sample(&direction(&[1.0])); 11], agreed()),
        (with(&poor), agreed()),
        (with(&crowd), agreed()),
        (with(&empty), agreed()),
        (with(&other), agreed()),
        (good(), None),
    ];
    for (samples, consent) in table {
        let count = samples.len();
        let refusal = refused(&desk, enrol("1", samples, consent));
        assert!(!refusal.message.is_empty(), "{count} samples");
    }
    let list = done(&desk, Command::PersonList);
    assert!(list["people"][0]["face_pictures"].is_null(), "{list}");
    done(&desk, enrol("1", good(), agreed()));
    let same = refused(&desk, enrol("2", good(), agreed()));
    assert_eq!(same.code, "conflict");
    let mut twins = enrol("2", good(), agreed());
    if let Command::FaceEnrol {
        not_same_person, ..
    } = &mut twins
    {
        *not_same_person = Some("twins".to_owned());
    }
    done(&desk, twins);
    done(&desk, Command::FaceRemove { person: "1".into() });
    let status = done(&desk, Command::Status);
    assert_eq!(status["enrolled"], 1, "{status}");
}

#[test]
fn embeddings_that_are_none_are_refused() {
    let desk = Desk::new();
    done(&desk, person("Sinta", Some("1")));
    for numbers in [
        vec![],
        vec![0.0; 128],
        vec![1.0; 127],
        vec![f32::NAN; 128],
        vec![f32::INFINITY; 128],
    ] {
        let odd = Sample {
            embedding: Some(numbers),
            ..sample(&direction(&[1.0]))
        };
        let refusal = refused(&desk, enrol("1", vec![odd; 3], agreed()));
        assert_eq!(refusal.code, "invalid", "{refusal}");
    }
}

#[test]
fn another_model_s_embeddings_are_refused() {
    let desk = Desk::new();
    done(&desk, person("Sinta", Some("1")));
    let mut command = enrol("1", vec![sample(&direction(&[1.0])); 3], agreed());
    if let Command::FaceEnrol { model, .. } = &mut command {
        *model = "00".repeat(32);
    }
    assert_eq!(refused(&desk, command).code, "conflict");
    let off = Desk::faces_off();
    done(&off, person("Sinta", Some("1")));
    let refusal = refused(
        &off,
        enrol("1", vec![sample(&direction(&[1.0])); 3], agreed()),
    );
    assert_eq!(refusal.code, "face_engine_error");
}

#[test]
fn tickets_have_codes_of_their_own_and_closed_events_give_none() {
    let desk = Desk::new();
    let event: EventId = done(
        &desk,
        Command::EventAdd {
            name: "Wisuda".into(),
            capacity: Some(3),
        },
    )["event"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let issue = |desk: &Desk| {
        done(
            desk,
            Command::TicketAdd {
                event,
                person: None,
            },
        )
    };
    let (one, other) = (issue(&desk), issue(&desk));
    assert_ne!(one["code"], other["code"]);
    let ticket: TicketId = one["ticket"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    assert_eq!(
        done(&desk, Command::TicketCode { ticket })["code"],
        one["code"]
    );
    done(&desk, Command::EventClose { event });
    assert_eq!(
        refused(
            &desk,
            Command::TicketAdd {
                event,
                person: None
            }
        )
        .code,
        "conflict"
    );
}

#[test]
fn long_lists_come_whole() {
    let desk = Desk::new();
    for i in 0..1_003 {
        done(&desk, person(&format!("P{i}"), None));
    }
    let list = done(&desk, Command::PersonList);
    let people = list["people"].as_array().expect("people");
    let names: HashSet<_> = people.iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!((people.len(), names.len()), (1_003, 1_003));
    let ids: Vec<_> = people.iter().filter_map(|p| p["person"].as_str()).collect();
    assert!(ids.is_sorted(), "in the order of their ids");
}

#[test]
fn status_tells_the_threshold_that_follows_from_the_gallery() {
    let desk = Desk::new();
    let before = done(&desk, Command::Status);
    assert_eq!(
        (&before["enrolled"], &before["face_decides"]),
        (&0.into(), &true.into())
    );
    let near = |value: &Value, want: f64| (value.as_f64().expect("a number") - want).abs() < 1e-3;
    assert!(near(&before["threshold"], 0.45), "{before}");
    assert_eq!(before["status"], "good");
    let off = done(&Desk::faces_off(), Command::Status);
    assert_eq!(
        (&off["status"], &off["faces"]),
        (&"degraded".into(), &"off_panics".into())
    );
    assert!(off["faces_detail"].is_string());
    assert!(off["threshold"].is_null());
}

#[test]
fn every_deed_is_in_the_audit_chain() {
    let desk = Desk::new();
    let rows = |desk: &Desk| {
        done(desk, Command::AuditVerify { head: None })["rows"]
            .as_u64()
            .expect("a count")
    };
    let before = rows(&desk);
    done(&desk, person("Sinta", Some("1")));
    done(
        &desk,
        enrol("1", vec![sample(&direction(&[1.0])); 3], agreed()),
    );
    done(&desk, Command::FaceRemove { person: "1".into() });
    done(&desk, Command::PersonErase { person: "1".into() });
    assert!(
        rows(&desk) >= before + 5,
        "add, consent, enrol, remove, erase"
    );
    let refusals = rows(&desk);
    refused(&desk, Command::PersonErase { person: "1".into() });
    assert_eq!(rows(&desk), refusals, "what did nothing is no deed");
}

proptest! {
    #[test]
    fn no_line_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn commands_survive_their_line(name in "\\PC{0,40}", number in prop::option::of("\\PC{0,20}")) {
        let command = person(&name, number.as_deref());
        let line = hadir::base::json::encode(&command).expect("json");
        prop_assert!(!line.contains('\n'), "a command is one line");
        prop_assert_eq!(read(line.as_bytes()), Ok(command));
    }
}
