//! Backups made inside of this process: beside writers, one at a time, remembered, warned of.

use crate::support::desk::Desk;
use crate::support::scratch::Scratch;
use hadir::base::time::Timestamp;
use hadir::domain::actor::Actor;
use hadir::domain::backup::{self, Worry, worries};
use hadir::domain::setting::{self, Change};
use hadir::store::audit;
use hadir::surface::backup::{Error, create, list, own_openers, verify};
use hadir::surface::control::{Command, execute};
use hadir::surface::shelf::{BackupSetting, Shelves};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// A box whose backups go into a folder.
fn desk() -> (Desk, Scratch) {
    let (desk, folder) = (Desk::new(), Scratch::new());
    desk.core.shelf.configure(BackupSetting {
        dir: Some(folder.dir().to_owned()),
        ..BackupSetting::default()
    });
    (desk, folder)
}

fn verified(desk: &Desk, file: &str) -> hadir::base::json::Value {
    let openers = own_openers(&desk.core.master, &desk.core.shelf.setting());
    verify::verify(Path::new(file), &openers, desk.core.store.dir()).expect("good")
}

#[test]
fn beside_writers_each_backup_is_one_state_of_the_store() {
    let (desk, _folder) = desk();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let (desk, over) = (&desk, &over);
            scope.spawn(move || {
                let mut number = 0;
                while !over.load(Ordering::Relaxed) {
                    desk.person(&format!("Orang {writer}-{number}"));
                    number += 1;
                }
                assert!(number > 0);
            });
        }
        let mut before = 0;
        for _ in 0..5 {
            desk.clock.advance(1000);
            let made = create::create(&desk.core, None, None).expect("made");
            let people = made["people"].as_u64().expect("a number");
            assert!(people >= before, "{people} after {before}");
            before = people;
            let again = verified(&desk, made["file"].as_str().expect("a file"));
            assert_eq!(again["audit_rows"], made["audit_rows"]);
        }
        over.store(true, Ordering::Relaxed);
    });
    let all = list::list(&desk.core, None).expect("a list");
    assert!(!all["backups"].as_array().expect("backups").is_empty());
}

#[test]
fn one_is_made_at_a_time() {
    let (desk, _folder) = desk();
    let turn = desk.core.shelf.turn().expect("free");
    let refused = create::create(&desk.core, None, None);
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    drop(turn);
    create::create(&desk.core, None, None).expect("made");
}

#[test]
fn the_last_one_is_remembered_with_an_audit_row_and_warned_of_in_time() {
    const DAY: i64 = 86_400_000;
    let (desk, _folder) = desk();
    let core = &desk.core;
    let now = || hadir::base::time::Clock::stamp(&*desk.clock).at;
    assert_eq!(
        worries(core.shelf.last(&core.store).as_ref(), now()),
        [Worry::Never]
    );
    let made = create::create(core, None, None).expect("made");
    let last = core.shelf.last(&core.store).expect("remembered");
    assert_eq!(made["file"], last.file.as_str());
    let kept = core.store.read(backup::find_last).expect("readable");
    assert_eq!(kept, Some(last.clone()), "after a restart, too");
    let rows = core.store.read(|v| audit::list_objects(v, "backup.create"));
    assert_eq!(rows.expect("rows").len(), 1);
    assert_eq!(worries(Some(&last), now()), [Worry::SameDrive]);
    desk.clock.advance(3 * DAY);
    assert_eq!(
        worries(Some(&last), now()),
        [Worry::Old(3), Worry::SameDrive]
    );
    create::create(core, None, None).expect("made");
    let last = core.shelf.last(&core.store);
    assert_eq!(worries(last.as_ref(), now()), [Worry::SameDrive]);
    let made_at = last.expect("one").made_at();
    assert!(made_at > Timestamp::from_millis(0) && made_at <= now());
}

#[test]
fn the_place_of_the_pages_goes_before_that_of_the_configuration() {
    let (desk, folder) = desk();
    let core = &desk.core;
    let place = || core.shelf.place(&core.store).expect("readable");
    assert_eq!(place(), Shelves::Chosen(folder.dir().to_owned()));
    let choose = |text: &str| {
        let change = Change {
            backup: Some(text.parse().expect("a place")),
            ..Change::default()
        };
        core.write(Actor::Operator, "test", move |tx, call| {
            setting::update(tx, call, &change)
        })
        .expect("chosen");
    };
    choose("/mnt/usb");
    assert_eq!(place(), Shelves::Chosen("/mnt/usb".into()));
    choose("later");
    assert_eq!(place(), Shelves::Chosen(folder.dir().to_owned()));
    let bare = Desk::new();
    let own = bare.core.store.dir().join("backups");
    assert_eq!(
        bare.core.shelf.place(&bare.core.store).expect("readable"),
        Shelves::Own(own)
    );
}

#[test]
fn commands_about_backups_answer_and_refuse_by_code() {
    let (desk, folder) = desk();
    let create = |file: Option<String>| Command::BackupCreate {
        file,
        passphrase: None,
    };
    let made = execute(&desk.core, create(None)).expect("made");
    let file = made["file"].as_str().expect("a file").to_owned();
    let again = execute(&desk.core, Command::BackupVerify { file: file.clone() });
    assert_eq!(again.expect("good")["box"], made["box"]);
    let listed = execute(&desk.core, Command::BackupList { folder: None }).expect("listed");
    assert_eq!(listed["backups"][0]["file"], file.as_str());
    let torn = folder.path("torn.backup");
    let bytes = std::fs::read(&file).expect("the file");
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).expect("written");
    let nowhere = folder.path("no/x").display().to_string();
    let within = desk.core.store.dir().join("x").display().to_string();
    for (command, code) in [
        (create(Some(file)), "conflict"),
        (create(Some(nowhere.clone())), "unprocessable"),
        (create(Some(within)), "unprocessable"),
        (Command::BackupVerify { file: nowhere }, "store_io"),
        (
            Command::BackupVerify {
                file: torn.display().to_string(),
            },
            "unprocessable",
        ),
    ] {
        let shown = format!("{command:?}");
        let refusal = execute(&desk.core, command).expect_err(&shown);
        assert_eq!(refusal.code, code, "{shown}: {refusal}");
    }
}

/// A passphrase in a command is not shown by whoever prints the command.
#[test]
fn a_command_prints_no_passphrase_and_carries_it() {
    let line = r#"{"command":"backup_create","file":null,"passphrase":"kuda nil berenang"}"#;
    let command = hadir::surface::control::read(line.as_bytes()).expect("a command");
    assert!(!format!("{command:?}").contains("kuda"), "{command:?}");
    let sent = hadir::base::json::encode(&command).expect("json");
    assert!(sent.contains("kuda nil berenang"));
    assert_eq!(hadir::surface::control::read(sent.as_bytes()), Ok(command));
}

/// What a running daemon and `hadir doctor` say of the last one, with a daemon and without.
#[test]
fn doctor_and_status_tell_how_backups_stand() {
    use crate::support::boxed::TestBox;
    let subject = TestBox::new("");
    let told = |subject: &TestBox| {
        let output = subject.run(&["doctor", "--json"]);
        let value: hadir::base::json::Value =
            hadir::base::json::decode(&output.stdout, 65536).expect("json");
        let all = value["findings"].as_array().expect("findings").clone();
        let found = all.iter().find(|f| f["subject"] == "backup");
        found.map(|f| (f["grade"].to_string(), f["text"].to_string()))
    };
    assert_eq!(told(&subject), None, "there is no store yet");
    subject.json(&["person", "add", "Sinta"]);
    let (grade, text) = told(&subject).expect("a finding");
    assert!(
        grade.contains("note") && text.contains("none was made yet"),
        "{text}"
    );
    subject.json(&["backup", "create"]);
    let (_, alone) = told(&subject).expect("a finding");
    assert!(alone.contains("on the drive of the data"), "{alone}");
    let _daemon = subject.serve();
    assert_eq!(told(&subject).expect("a finding").1, alone);
    let status = subject.json(&["status"]);
    assert!(status["backup"]["made_at"].is_string(), "{status}");
    assert_eq!(
        status["backup"]["warnings"].as_array().map(Vec::len),
        Some(1)
    );
}
