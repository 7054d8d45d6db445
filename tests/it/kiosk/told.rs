//! Who is told what: the screen one word of a name, the desk the whole one, others nothing.

use crate::support::desk::{Desk, direction, face};
use hadir::base::json::{Value, decode};
use hadir::domain::checkin::request::Occasion;
use hadir::surface::door::Aim;
use hadir::surface::known::Known;
use hadir::surface::live::Topic;
use hadir::surface::told;

/// The events of a drained stream: name and data.
fn events(text: &str) -> Vec<(String, Value)> {
    text.split("\n\n")
        .filter(|part| !part.is_empty())
        .map(|part| {
            let name = part.lines().find_map(|l| l.strip_prefix("event: "));
            let data = part.lines().find_map(|l| l.strip_prefix("data: "));
            let data = decode(data.expect("data").as_bytes(), 65_536).expect("json");
            (name.expect("a name").to_owned(), data)
        })
        .collect()
}

#[test]
fn a_decision_reaches_its_screen_and_the_desk_and_nobody_else() {
    let desk = Desk::new();
    desk.enrolled("Muhammad Budi Santoso", &direction(&[1.0]));
    let mut door = desk.door(Aim::Today);
    let camera = door.post().device.expect("a device");
    let other = desk.device();
    let live = &desk.core.live;
    let listen = |topic| live.listen(&[topic]).expect("room");
    let (screen, elsewhere) = (listen(Topic::Screen(camera)), listen(Topic::Screen(other)));
    let staff = listen(Topic::Desk);
    for _ in 0..3 {
        desk.tick();
        let shown = desk.faces(vec![face(200.0, 120.0, Some(direction(&[1.0])))]);
        let sighting = door.look(shown).expect("a sighting");
        told::seen(&desk.core, camera, &sighting);
    }
    let screen = events(&screen.drain());
    let names: Vec<&str> = screen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["hello", "seen", "seen", "seen", "decision"]);
    let (_, seen) = &screen[1];
    assert_eq!(seen["faces"][0][0], 200.0);
    let (_, decision) = &screen[4];
    let whole = decision.to_string();
    assert!(
        !whole.contains("Santoso") && !whole.contains("Muhammad"),
        "{whole}"
    );
    assert_eq!(decision["show"], "late");
    let staff = events(&staff.drain());
    assert_eq!(staff[1].1["name"], "Muhammad Budi Santoso");
    assert_eq!(staff[1].1["nonce"], decision["nonce"]);
    assert_eq!(events(&elsewhere.drain()).len(), 1, "hello alone");
}

#[test]
fn an_instruction_is_shown_on_the_screen_and_is_no_row_at_the_desk() {
    let desk = Desk::new();
    let mut door = desk.door(Aim::Today);
    let staff = desk.core.live.listen(&[Topic::Desk]).expect("room");
    let decision = door.conclude().expect("a decision");
    let shown = told::decided(&desk.core, &decision);
    assert_eq!(shown["show"], "instruct");
    assert_eq!(events(&staff.drain()).len(), 1);
}

#[test]
fn what_a_desk_decided_is_announced_to_those_who_listen() {
    let desk = Desk::new();
    let event = desk.event();
    let code = desk.ticket(event);
    let mut door = desk.door(Aim::Fixed(Occasion::Event(event)));
    desk.tick();
    let sighting = door.look(desk.code(code.as_str())).expect("a sighting");
    let decision = &sighting.decisions[0];
    told::announce(&desk.core, decision, &Known::read(&desk.core, decision));
    let listen = |topic| desk.core.live.listen(&[topic]).expect("room");
    let device = decision.device.expect("a device");
    let (screen, staff) = (listen(Topic::Screen(device)), listen(Topic::Desk));
    told::announce(&desk.core, decision, &Known::read(&desk.core, decision));
    let (screen, staff) = (events(&screen.drain()), events(&staff.drain()));
    assert_eq!(
        (screen.len(), staff.len()),
        (2, 2),
        "hello and one decision"
    );
    assert_eq!(screen[1].1, told::for_screen(&desk.core, decision));
    assert_eq!(staff[1].1["nonce"], decision.nonce.to_string());
}

#[test]
fn the_greeting_is_one_word_of_the_name_and_a_stranger_has_none() {
    let desk = Desk::new();
    let event = desk.event();
    let code = desk.ticket(event);
    let mut door = desk.door(Aim::Fixed(Occasion::Event(event)));
    desk.tick();
    let sighting = door.look(desk.code(code.as_str())).expect("a sighting");
    let shown = told::for_screen(&desk.core, &sighting.decisions[0]);
    assert_eq!(shown["text"]["en"]["sentence"], "Welcome.");
    assert_eq!(shown["text"]["id"]["sentence"], "Selamat datang.");
    assert_eq!(shown["hold_ms"], 3_000);
}
