//! Help, usage errors, completions.

use crate::support::program::{run, text};

const COMMANDS: [&str; 30] = [
    "serve",
    "demo",
    "check-config",
    "face embed",
    "face compare",
    "face bench",
    "face enroll",
    "face remove",
    "person add",
    "person list",
    "person erase",
    "person passwd",
    "event add",
    "event list",
    "event close",
    "ticket add",
    "ticket qr",
    "key init",
    "key rotate",
    "key status",
    "audit verify",
    "mail test",
    "mail list",
    "mail retry",
    "backup create",
    "backup verify",
    "backup list",
    "restore",
    "doctor",
    "status",
];

#[test]
fn every_command_explains_itself_with_an_example() {
    for command in COMMANDS {
        let mut arguments: Vec<_> = command.split(' ').collect();
        arguments.push("--help");
        let output = run(&arguments);
        assert!(output.status.success(), "{command}");
        let help = text(&output.stdout);
        assert!(help.contains("Usage: hadir"), "{command}: {help}");
        assert!(help.contains("Example: "), "{command}: {help}");
        assert!(help.contains("--json"), "{command}: {help}");
    }
}

#[test]
fn what_is_called_wrongly_ends_with_64() {
    let table: [&[&str]; 8] = [
        &[],
        &["nonsense"],
        &["serve", "--nonsense"],
        &["person"],
        &["person", "add"],
        &["person", "add", "X", "--role", "king"],
        &["event", "close", "not-an-id"],
        &["face", "bench", "x.jpg", "--rounds", "0"],
    ];
    for arguments in table {
        let output = run(arguments);
        assert_eq!(
            output.status.code(),
            Some(64),
            "{arguments:?} {}",
            text(&output.stderr)
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_version_is_the_package_s() {
    let output = run(&["--version"]);
    assert_eq!(
        text(&output.stdout),
        format!("hadir {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert!(output.status.success(), "{shell}");
        let script = text(&output.stdout);
        for word in ["check-config", "enroll", "rotate"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}
