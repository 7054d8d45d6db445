//! What was taken over from a package stays as it was published: the digests of its manifest,
//! its licence, and no way out of the page.

use super::source::{read, top};
use hadir::crypto::digest::sha256;

/// Folders with a manifest.toml, a fetch.sh and the files of one package.
const FOLDERS: [&str; 1] = ["src/surface/desk/qr"];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn manifest(text: &str) -> toml::Table {
    text.parse().unwrap_or_else(|e| panic!("{e}"))
}

fn text<'t>(table: &'t toml::Table, key: &str) -> &'t str {
    let value = table.get(key).and_then(toml::Value::as_str);
    value.unwrap_or_else(|| panic!("no {key}"))
}

/// The files of a manifest, each with its digest.
fn named(table: &toml::Table) -> Vec<(String, String)> {
    let files = table.get("file").and_then(toml::Value::as_array);
    let files = files.map(Vec::as_slice).unwrap_or_default();
    let pair = |file: &toml::Value| {
        let file = file.as_table().expect("a table");
        (
            text(file, "name").to_owned(),
            text(file, "sha256").to_owned(),
        )
    };
    files.iter().map(pair).collect()
}

/// Files whose bytes are not those of the manifest.
fn changed(files: &[(String, String)], bytes: impl Fn(&str) -> Vec<u8>) -> Vec<String> {
    let differs = |(name, digest): &&(String, String)| hex(&sha256(&bytes(name))) != *digest;
    let differing = files.iter().filter(differs);
    differing.map(|(name, _)| name.clone()).collect()
}

#[test]
fn vendored_files_are_the_published_ones() {
    for folder in FOLDERS {
        let table = manifest(&read(&format!("{folder}/manifest.toml")));
        let files = named(&table);
        let on_disk = |name: &str| std::fs::read(top().join(folder).join(name)).expect("a file");
        assert_eq!(changed(&files, on_disk), Vec::<String>::new(), "{folder}");
        let licence = text(&table, "licence_file");
        assert!(
            files.iter().any(|(name, _)| name == licence),
            "{folder}: no licence"
        );
        for entry in std::fs::read_dir(top().join(folder)).expect("the folder") {
            let name = entry.expect("an entry").file_name();
            let name = name.to_string_lossy().into_owned();
            let own = ["manifest.toml", "fetch.sh"].contains(&name.as_str());
            let listed = files.iter().any(|(n, _)| *n == name);
            assert!(own || listed, "{folder}/{name} is not in the manifest");
        }
        let copyright = read("debian/copyright");
        assert!(copyright.contains(folder), "debian/copyright: no {folder}");
    }
}

#[test]
fn vendored_scripts_speak_to_nobody() {
    for folder in FOLDERS {
        let table = manifest(&read(&format!("{folder}/manifest.toml")));
        for (name, _) in named(&table)
            .iter()
            .filter(|(name, _)| name.ends_with(".js"))
        {
            let script = read(&format!("{folder}/{name}"));
            for word in [
                "fetch(",
                "XMLHttpRequest",
                "WebSocket",
                "sendBeacon",
                "eval(",
                "Function(",
            ] {
                assert!(!script.contains(word), "{folder}/{name} has {word}");
            }
            for line in script.lines().filter(|l| l.starts_with("import ")) {
                assert!(line.contains("'./"), "{folder}/{name}: {line}");
            }
        }
    }
}

#[test]
fn a_changed_file_is_seen() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let files = [("a.js".to_owned(), abc.to_owned())];
    assert!(changed(&files, |_| b"abc".to_vec()).is_empty());
    assert_eq!(changed(&files, |_| b"abd".to_vec()), ["a.js"]);
}
