//! Devices and the code of setup by command, in this process and by the program.

use crate::support::boxed::TestBox;
use crate::support::desk::Desk;
use hadir::base::json::Value;
use hadir::domain::device::DeviceKind;
use hadir::surface::control::{Command, execute};

fn pair(desk: &Desk, name: &str, kind: DeviceKind) -> Value {
    let command = Command::DevicePair {
        name: name.to_owned(),
        kind,
        event: None,
    };
    execute(&desk.core, command).expect(name)
}

fn states(desk: &Desk) -> Vec<(String, String, String)> {
    let listed = execute(&desk.core, Command::DeviceList).expect("the list");
    let text = |d: &Value, key: &str| d[key].as_str().unwrap_or_default().to_owned();
    let devices = listed["devices"].as_array().expect("a list").clone();
    let own = devices.iter().filter(|d| d["name"] != "Gate");
    own.map(|d| (text(d, "name"), text(d, "access"), text(d, "state")))
        .collect()
}

#[test]
fn a_device_is_offered_listed_and_revoked() {
    let desk = Desk::new();
    let before = states(&desk).len();
    let kiosk = pair(&desk, "North", DeviceKind::Kiosk);
    let _ = pair(&desk, "Table", DeviceKind::Desk);
    let code = kiosk["code"].as_str().expect("a code");
    assert_eq!(code.len(), 8);
    let row = |name: &str, access: &str, state: &str| {
        (name.to_owned(), access.to_owned(), state.to_owned())
    };
    let all = states(&desk);
    assert_eq!(all.len(), before + 2);
    assert!(all.contains(&row("North", "scan", "offered")), "{all:?}");
    assert!(all.contains(&row("Table", "desk", "offered")), "{all:?}");
    let id = kiosk["device"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("an id");
    execute(&desk.core, Command::DeviceRevoke { device: id }).expect("revoked");
    assert!(states(&desk).contains(&row("North", "scan", "revoked")));
    let again = execute(&desk.core, Command::DeviceRevoke { device: id });
    assert_eq!(again.expect_err("it is gone").code, "missing");
}

#[test]
fn each_setup_code_is_a_new_one() {
    let desk = Desk::new();
    let code = || {
        let value = execute(&desk.core, Command::SetupCode).expect("a code");
        assert_eq!(value["minutes"].as_i64(), Some(30));
        value["code"].as_str().expect("a code").to_owned()
    };
    let (one, other) = (code(), code());
    assert_eq!(one.len(), 8);
    assert_ne!(one, other);
}

#[test]
fn the_program_prints_codes_alone_so_that_scripts_can_take_them() {
    let subject = TestBox::new("");
    for command in [&["setup-code"][..], &["device", "pair", "North gate"]] {
        let output = subject.run(command);
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("text");
        let code = text.trim_end();
        assert_eq!(code.len(), 8, "{text:?}");
        assert!(code.bytes().all(|b| b.is_ascii_alphanumeric()), "{text:?}");
    }
    let listed = subject.json(&["device", "list"]);
    assert_eq!(listed["devices"][0]["state"], "offered");
    let (status, said) = subject.refused(&["device", "pair", "X", "--kind", "camera"]);
    assert_eq!(status, Some(64), "{said}");
}

#[test]
fn the_document_of_the_interface_is_printed() {
    let document = TestBox::new("").json(&["openapi"]);
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"].as_object().is_some_and(|p| p.len() > 10));
}
