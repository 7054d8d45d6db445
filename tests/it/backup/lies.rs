//! Backups that are authentic and say something else than they hold, as a mistake of ours would
//! make them: the proof finds each.

use crate::support::desk::Desk;
use crate::support::scratch::Scratch;
use hadir::base::json::{Value, decode, json};
use hadir::crypto::backup::{BackupKey, Header, Opener, Reader, Writer, read_header};
use hadir::crypto::keyring::MasterKey;
use hadir::crypto::random::{Seed, Seeded};
use hadir::surface::backup::{create, own_openers, verify};
use std::path::Path;

/// A good backup, taken apart.
struct Parts {
    desk: Desk,
    header: Header,
    key: BackupKey,
    manifest: Value,
    database: Vec<u8>,
}

fn take_apart() -> Parts {
    let desk = Desk::new();
    desk.person("Sinta");
    let made = create::create(&desk.core, None, None).expect("a backup");
    let bytes = std::fs::read(made["file"].as_str().expect("a file")).expect("the file");
    let mut rest = bytes.as_slice();
    let (header, head) = read_header(&mut rest).expect("a header");
    let openers = own_openers(&desk.core.master, &desk.core.shelf.setting());
    let key = BackupKey::open(&header.id, &header.slots, &openers[0]).expect("its key");
    let mut reader = Reader::begin(rest, &head, &key).expect("chunks");
    let mut length = [0; 4];
    reader.read_exact(&mut length).expect("a length");
    let mut text = vec![0; u32::from_be_bytes(length) as usize];
    reader.read_exact(&mut text).expect("a manifest");
    let (mut database, mut part) = (Vec::new(), vec![0; 10_000]);
    loop {
        match reader.read(&mut part).expect("whole") {
            0 => break,
            count => database.extend(&part[..count]),
        }
    }
    Parts {
        desk,
        header,
        key,
        manifest: decode(&text, 1024 * 1024).expect("json"),
        database,
    }
}

impl Parts {
    /// Puts them together again, and says what verifying says.
    fn verified(
        &self,
        header: &Header,
        manifest: &Value,
        database: &[u8],
    ) -> Result<Value, String> {
        let scratch = Scratch::new();
        let file = scratch.path("made.backup");
        let mut writer = Writer::begin(Vec::new(), header, &self.key).expect("begun");
        let text = manifest.to_string();
        let length = u32::try_from(text.len()).expect("short");
        for part in [&length.to_be_bytes()[..], text.as_bytes(), database] {
            writer.write(part).expect("written");
        }
        std::fs::write(&file, writer.finish().expect("finished")).expect("a file");
        let openers = own_openers(&self.desk.core.master, &self.desk.core.shelf.setting());
        let verified = verify::verify(Path::new(&file), &openers, scratch.dir());
        let left: Vec<_> = std::fs::read_dir(scratch.dir()).expect("there").collect();
        assert_eq!(left.len(), 1, "only the backup: {left:?}");
        verified.map_err(|error| error.to_string())
    }

    fn with(&self, key: &str, value: Value) -> Result<Value, String> {
        let mut manifest = self.manifest.clone();
        manifest[key] = value;
        self.verified(&self.header, &manifest, &self.database)
    }
}

#[test]
fn each_lie_of_a_manifest_is_found() {
    let parts = take_apart();
    let as_it_was = parts.verified(&parts.header, &parts.manifest, &parts.database);
    assert_eq!(as_it_was.expect("good")["people"], 1);
    let mut rows = parts.manifest["rows"].clone();
    rows["person"] = json!(2);
    let mut fewer = parts.manifest["rows"].clone();
    fewer.as_object_mut().expect("rows").remove("visit");
    let count = parts.manifest["chain_count"].as_u64().expect("a number");
    let bytes = parts.database.len();
    let table = [
        ("rows", rows, "the rows of person"),
        ("rows", fewer, "the rows of visit"),
        (
            "chain_count",
            json!(count + 1),
            "the end of its audit chain",
        ),
        (
            "chain_link",
            json!(vec![0; 32]),
            "the end of its audit chain",
        ),
        ("database_bytes", json!(bytes + 1), "cut off or changed"),
        ("root_number", json!(7), "audit chain in it is broken"),
        ("root", json!(vec![1, 2, 3]), "wrapped key cannot be opened"),
        ("more", json!(1), "cut off or changed"),
    ];
    for (key, value, says) in table {
        let told = parts.with(key, value).expect_err(key);
        assert!(told.contains(says), "{key}: {told}");
    }
}

#[test]
fn a_database_that_is_damaged_or_another_one_is_found() {
    let parts = take_apart();
    let verified = |database: &[u8]| {
        let mut manifest = parts.manifest.clone();
        manifest["database_bytes"] = json!(database.len());
        parts.verified(&parts.header, &manifest, database)
    };
    let mut torn = parts.database.clone();
    let page = torn.len() / 2 / 1024 * 1024;
    torn[page..page + 1024].fill(0x5a);
    for database in [&torn[..], b"something else", b""] {
        verified(database).expect_err("found");
    }
    let header = Header {
        schema: parts.header.schema - 1,
        ..parts.header.clone()
    };
    let told = parts.verified(&header, &parts.manifest, &parts.database);
    assert!(told.expect_err("found").contains("schema"));
}

/// An audit row that was changed in the copy, with SQLite's own checks content.
#[test]
fn an_audit_chain_that_was_changed_is_found() {
    let parts = take_apart();
    let mut changed = parts.database.clone();
    let word = b"person.add";
    let at = changed.windows(word.len()).position(|w| w == word);
    changed[at.expect("an audit row")] = b'P';
    let told = parts.verified(&parts.header, &parts.manifest, &changed);
    let told = told.expect_err("found");
    assert!(told.contains("audit chain in it is broken"), "{told}");
}

/// The slots of a header may ask for more memory than is reasonable: that is not done.
#[test]
fn a_header_that_asks_for_too_much_is_refused() {
    let parts = take_apart();
    let phrase = || Opener::Passphrase(hadir::base::secret::Secret::new("kuda nil".to_owned()));
    let mut chance = Seeded::new(&Seed::from_number(1));
    let slot = parts.key.slot(&parts.header.id, &phrase(), &mut chance);
    let text = hadir::base::json::encode(&slot.expect("a slot")).expect("json");
    for (of, to) in [
        ("\"memory_kib\":32768", "\"memory_kib\":4000000"),
        ("\"passes\":4", "\"passes\":4000000"),
        ("\"memory_kib\":32768", "\"memory_kib\":1"),
    ] {
        assert!(text.contains(of), "{text}");
        let slot = decode(text.replace(of, to).as_bytes(), 65536).expect("a slot");
        let opened = BackupKey::open(&parts.header.id, &[slot], &phrase());
        assert!(opened.is_err(), "{to}");
    }
    let other = MasterKey::generate(&mut chance);
    let opened = BackupKey::open(&parts.header.id, &parts.header.slots, &Opener::Kit(other));
    assert!(opened.is_err());
}
