//! Promise 4: no name, number, template, key, password or code stands in any file of the
//! store in a form that can be read, neither while it runs nor after it was closed.
//!
//! The search is only worth something if it finds what is there. With sealing switched off
//! (tests/mutations/seal-identity.patch) and `HADIR_EXPECT_PLAINTEXT=1` the same search must
//! find every sealed secret.

use super::disk::chance;
use super::ledger;
use crate::domain::door::{Door, MODEL, name, picture};
use hadir::base::id::{Id, NoticeId};
use hadir::base::secret::Secret;
use hadir::base::text::Remark;
use hadir::crypto::keyring::Purpose;
use hadir::crypto::password::Passwords;
use hadir::crypto::random::{Entropy, Seed, Seeded};
use hadir::crypto::seal::{self, Context};
use hadir::crypto::{token, totp};
use hadir::domain::actor::{Actor, DeviceAccess, Role, Scope};
use hadir::domain::api_key::{self, NewKey};
use hadir::domain::checkin::reason::UndoReason;
use hadir::domain::checkin::undo::{self, Undo};
use hadir::domain::consent::{self, Consent, ConsentMeans, ConsentPurpose, Giver};
use hadir::domain::custody;
use hadir::domain::device::{self, DeviceKind, NewDevice};
use hadir::domain::identity::login::Login;
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::{account, factor, refresh, session};
use hadir::domain::mail::{self, Letter, MailKind};
use hadir::domain::outbox::Notice;
use hadir::domain::privacy::claim;
use hadir::domain::setting::{self, Change};
use hadir::domain::setup;
use hadir::domain::site::Call;
use hadir::domain::surface::Surface;
use hadir::domain::webhook::{self, NewWebhook};
use hadir::store::imports::{self, ImportRow, ImportedRow};
use hadir::store::{Error, Tx, languages, outbox, snapshot};
use hadir::vision::embed::{EMBEDDING_FLOATS, Embedding};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Shortest pattern that is searched for, in bytes.
const PATTERN_BYTES_MIN: usize = 8;

/// Shortest secret whose halves are searched for, too: a value that SQLite continues on another page
/// is cut at any place, and one half of it stays whole. A half that another secret has too tells nothing.
const HALVED_BYTES_MIN: usize = 24;

/// A source of randomness that remembers what it gave: so the test learns the keys.
struct Tap<'a> {
    inner: &'a mut dyn Entropy,
    keys: Vec<Vec<u8>>,
}

impl Entropy for Tap<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.inner.fill(bytes);
        if bytes.len() == 32 {
            self.keys.push(bytes.to_vec());
        }
    }
}

/// A planted secret and all the forms in which it could be read.
struct Planted {
    what: String,
    forms: Vec<Vec<u8>>,
    /// Whether it is stored sealed; else only a digest of it is.
    sealed: bool,
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::new();
    for group in bytes.chunks_exact(3) {
        let value = group.iter().fold(0usize, |v, b| v << 8 | usize::from(*b));
        text.extend([18, 12, 6, 0].map(|shift| LETTERS[value >> shift & 63]));
    }
    text
}

/// The forms of some bytes: as they are, in base 64 at each alignment, hexadecimal.
fn forms_of(bytes: &[u8]) -> Vec<Vec<u8>> {
    let hex = |upper: bool| {
        let digits = bytes.iter().map(|b| {
            if upper {
                format!("{b:02X}")
            } else {
                format!("{b:02x}")
            }
        });
        digits.collect::<String>().into_bytes()
    };
    let mut forms = vec![bytes.to_vec(), hex(false), hex(true)];
    for offset in 0..3 {
        let text = base64(&bytes[offset..]);
        let url = |b: &u8| match b {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        };
        forms.push(text.iter().map(url).collect());
        forms.push(text);
    }
    forms
}

fn text(what: &str, secret: &str, sealed: bool) -> Planted {
    let mut forms = forms_of(secret.as_bytes());
    forms.push(secret.encode_utf16().flat_map(u16::to_le_bytes).collect());
    forms.push(secret.to_lowercase().into_bytes());
    Planted {
        what: what.to_owned(),
        forms,
        sealed,
    }
}

fn bytes(what: &str, secret: &[u8]) -> Planted {
    Planted {
        what: what.to_owned(),
        forms: forms_of(secret),
        sealed: true,
    }
}

/// IEEE 754 half precision, cut off; the numbers here are normal in it.
fn half(number: f32) -> u16 {
    let bits = number.to_bits();
    let exponent = (bits >> 23 & 0xff) as i32 - 127 + 15;
    if exponent <= 0 {
        return (bits >> 16 & 0x8000) as u16;
    }
    (bits >> 16 & 0x8000) as u16 | (exponent as u16) << 10 | (bits >> 13 & 0x3ff) as u16
}

/// Any stretch of a template gives it away: four numbers as f32 in either order of bytes and
/// as base 64, eight as f16 (exact or rounded up), two as JSON.
fn template(what: &str, template: &Embedding) -> Planted {
    let numbers = template.as_slice();
    let mut forms = Vec::new();
    for four in numbers.chunks(4) {
        let little: Vec<u8> = four.iter().flat_map(|n| n.to_le_bytes()).collect();
        forms.extend(forms_of(&little));
        forms.push(four.iter().flat_map(|n| n.to_be_bytes()).collect());
    }
    for eight in numbers.chunks(8) {
        forms.push(eight.iter().flat_map(|n| half(*n).to_le_bytes()).collect());
        forms.push(
            eight
                .iter()
                .flat_map(|n| (half(*n) + 1).to_le_bytes())
                .collect(),
        );
    }
    for two in numbers.chunks(2) {
        forms.push(format!("{},{}", two[0], two[1]).into_bytes());
        forms.push(format!("{}, {}", two[0], two[1]).into_bytes());
    }
    Planted {
        what: what.to_owned(),
        forms,
        sealed: true,
    }
}

/// All files below a directory, with their contents.
fn files(dir: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).expect("directory") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((
                path.display().to_string(),
                std::fs::read(&path).expect("file"),
            ));
        }
    }
}

/// A form of a secret, and where it is long those of its two halves that no other secret has.
fn whole_and_halves<'a>(form: &'a [u8], others: &[&Planted]) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    if form.len() >= PATTERN_BYTES_MIN {
        found.push(form);
    }
    if form.len() >= HALVED_BYTES_MIN {
        let (first, second) = form.split_at(form.len() / 2);
        let has = |other: &Vec<u8>, half: &[u8]| other.windows(half.len()).any(|w| w == half);
        let shared = |half: &[u8]| (others.iter().flat_map(|o| &o.forms)).any(|f| has(f, half));
        found.extend([first, second].into_iter().filter(|half| !shared(half)));
    }
    found
}

/// The planted secrets that stand in some file, with the file.
fn search(planted: &[Planted], dir: &Path) -> BTreeSet<(String, String)> {
    let mut index: HashMap<[u8; PATTERN_BYTES_MIN], Vec<(usize, &[u8])>> = HashMap::new();
    for (i, secret) in planted.iter().enumerate() {
        let others: Vec<&Planted> = planted.iter().filter(|o| o.what != secret.what).collect();
        for form in &secret.forms {
            for part in whole_and_halves(form, &others) {
                let key = *part.first_chunk().expect("long enough");
                index.entry(key).or_default().push((i, part));
            }
        }
    }
    let (mut all, mut found) = (Vec::new(), BTreeSet::new());
    files(dir, &mut all);
    assert!(all.len() >= 2, "there is something to search");
    for (file, body) in &all {
        for (at, window) in body.windows(PATTERN_BYTES_MIN).enumerate() {
            let key: [u8; PATTERN_BYTES_MIN] = window.try_into().expect("length");
            for (i, form) in index.get(&key).into_iter().flatten() {
                if body[at..].starts_with(form) {
                    found.insert((planted[*i].what.clone(), file.clone()));
                }
            }
        }
    }
    found
}

fn face(seed: u64) -> Vec<Embedding> {
    let mut seed = seed;
    let mut number = || (chance(&mut seed) % 20_001) as f32 / 10_000.0 - 1.0;
    let base: Vec<f32> = (0..EMBEDDING_FLOATS).map(|_| number()).collect();
    (0..3)
        .map(|_| {
            let near: Vec<f32> = base.iter().map(|b| b + number() / 5.0).collect();
            let length = near.iter().map(|n| n * n).sum::<f32>().sqrt();
            let unit: Vec<f32> = near.iter().map(|n| n / length).collect();
            Embedding::from_slice(&unit).expect("unit length")
        })
        .collect()
}

/// Adds a person whose key the test learns.
fn add_person(door: &Door, planted: &mut Vec<Planted>) -> hadir::base::id::PersonId {
    let profile = Profile {
        name: name("Raden Mas Prawirodirdjo"),
        number: Some("2026.TI.0098765".parse().expect("number")),
        email: Some("prawirodirdjo.r@kampus.example.id".parse().expect("email")),
        class: Some(name("Teknik Informatika Malam 7Q")),
        role: Role::User,
    };
    for (what, secret) in [
        ("name", profile.name.to_string()),
        ("number", "2026.TI.0098765".to_owned()),
        ("email", "prawirodirdjo.r@kampus.example.id".to_owned()),
        ("class", "Teknik Informatika Malam 7Q".to_owned()),
    ] {
        planted.push(text(what, &secret, true));
    }
    let (id, keys) = door
        .act(move |tx, call| {
            let mut tap = Tap {
                inner: call.entropy,
                keys: Vec::new(),
            };
            let mut call = Call {
                site: call.site,
                now: call.now,
                actor: call.actor,
                surface: call.surface,
                entropy: &mut tap,
                request: call.request,
                deeds: Vec::new(),
            };
            let id = person::add(tx, &mut call, &profile)?;
            Ok::<_, person::Error>((id, tap.keys))
        })
        .expect("person");
    assert_eq!(
        keys.len(),
        1,
        "the person's key is the one draw of 32 bytes"
    );
    planted.push(bytes("person key", &keys[0]));
    id
}

fn enrol(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let guardian = "Nyi Ageng Serang Kustiyah";
    planted.push(text("guardian", guardian, true));
    let consent = Consent {
        person: id,
        purpose: ConsentPurpose::Face,
        giver: Giver::Guardian {
            name: name(guardian),
            relation: name("ibu"),
        },
        means: ConsentMeans::Paper,
        text_version: "2026-1".parse().expect("version"),
    };
    door.act(move |tx, call| consent::record(tx, call, &consent))
        .expect("consent");
    let face = face(99);
    let pictures: Vec<_> = face.iter().map(picture).collect();
    door.enrol_pictures(id, &pictures, MODEL, None)
        .expect("enrolled");
    for (i, embedding) in face.iter().enumerate() {
        planted.push(template(&format!("picture {i}"), embedding));
    }
    planted.push(template("template", &Embedding::mean(&face).expect("mean")));
}

/// A ticket, its use, and an undo with a remark.
fn visit(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let event = door.event();
    let issued = door.ticket(event, Some(id));
    planted.push(text("ticket code", issued.code.as_str(), true));
    let request = door.code(event, issued.code.as_str());
    door.check_in(&request).expect("decision");
    let remark = "salah orang, kata sandinya Tulip-Merah-88";
    planted.push(text("remark", remark, true));
    let undo = Undo {
        nonce: request.nonce,
        reason: UndoReason::Other,
        remark: Some(remark.parse::<Remark>().expect("remark")),
    };
    door.act(move |tx, call| undo::undo(tx, call, &undo))
        .expect("undo");
}

/// What somebody asks for in their own words, and the answer.
fn claim(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let (note, answer) = (
        "nama ibu saya Kartini-Dewi-91",
        "sudah dibetulkan Petugas-Melur-17",
    );
    planted.push(text("claim", note, true));
    planted.push(text("answer to a claim", answer, true));
    let note: Remark = note.parse().expect("a remark");
    let made =
        door.act(move |tx, call| claim::make(tx, call, id, claim::ClaimKind::Correct, Some(&note)));
    let (made, answer) = (
        made.expect("a claim"),
        answer.parse::<Remark>().expect("a remark"),
    );
    door.act(move |tx, call| claim::close(tx, call, made, false, Some(&answer)))
        .expect("closed");
}

/// A secret of the configuration, sealed; a login password and a token, as digests.
fn secrets(door: &Door, planted: &mut Vec<Planted>) {
    let (relay, login) = ("sandi-relay-Kenanga-4711", "sandi-masuk-Melati-0815");
    let mut entropy = Seeded::new(&Seed::from_number(77));
    let api = token::new_token("hdr_", &mut entropy).expose().clone();
    planted.push(text("relay password", relay, true));
    planted.push(text("login password", login, false));
    planted.push(text("token", &api, false));
    let key = door.site.keyring.purpose(Purpose::Secrets);
    let context = Context {
        table: "outbox",
        column: "payload",
        row: b"relay",
    };
    let sealed = seal::seal(key, &context, relay.as_bytes(), &mut entropy).expect("seal");
    let hash = Passwords::default()
        .hash(&Secret::new(login.to_owned()), &mut entropy)
        .expect("hash");
    let tokens = door.site.keyring.purpose(Purpose::Tokens);
    let digest = token::token_digest(tokens, "api", &api).to_vec();
    for (i, payload) in [sealed, hash.into_bytes(), digest].into_iter().enumerate() {
        let row = outbox::Row {
            id: NoticeId::from_bytes([i as u8 + 1; 16]),
            kind: String::from("test"),
            payload,
            made_at: ledger::NOW.at,
            due_at: ledger::NOW.at,
            attempts: 0,
        };
        door.store
            .write(move |tx| outbox::insert(tx, &row))
            .expect("row");
    }
}

/// A mail that waits, a webhook with its secret.
fn deliveries(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let letter = Letter {
        to: "prawirodirdjo.surat@kampus.example.id"
            .parse()
            .expect("an address"),
        subject: "Tautan kata sandi Kenanga-3131".to_owned(),
        text: "https://hadir.local/reset/Tulip-Kuning-4242".to_owned(),
    };
    for (what, secret) in [
        ("receiver of a mail", letter.to.as_str()),
        ("subject of a mail", letter.subject.as_str()),
        ("text of a mail", letter.text.as_str()),
    ] {
        planted.push(text(what, secret, true));
    }
    door.act(move |tx, call| mail::post(tx, call, MailKind::PasswordReset, Some(id), &letter))
        .expect("a mail");
    let url = "https://penerima.example.id/kait?token=Anggrek-Hitam-5353";
    planted.push(text("address of a webhook", url, true));
    let new = NewWebhook {
        url: url.parse().expect("an address"),
        events: vec![Notice::EventOpened],
    };
    let (_, secret) = door
        .act(move |tx, call| webhook::create(tx, call, &new))
        .expect("a webhook");
    planted.push(text("secret of a webhook", secret.expose(), true));
    let new = NewKey {
        name: name("Laporan"),
        scopes: vec![Scope::Scan],
        days: 1,
    };
    let (key, first) = door
        .act(move |tx, call| api_key::make(tx, call, &new))
        .expect("a key");
    planted.push(text("key of a program", first.expose(), false));
    let second = door
        .act(move |tx, call| api_key::rotate(tx, call, key))
        .expect("a key");
    planted.push(text("rotated key of a program", second.expose(), false));
}

/// The secret of an authenticator app, which is sealed, and recovery codes, which are digested.
fn second_factor(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let secret = totp::new_secret(&mut Seeded::new(&Seed::from_number(79)));
    planted.push(text("app secret", secret.expose(), true));
    let own = Actor::Person {
        id,
        role: Role::User,
        supervise: false,
    };
    let codes = door.act_as(own, move |tx, call| {
        let code = totp::code_at(secret.expose(), call.now.at).unwrap_or_default();
        factor::turn_on(tx, call, &secret, &code)
    });
    for code in codes.expect("a second factor") {
        planted.push(text("recovery code", code.expose(), false));
    }
}

/// A session of a program: its refresh tokens follow from a salt, which is sealed.
fn programs_session(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let opened = door
        .act(move |tx, call| refresh::open(tx, call, id, Surface::Native, "192.168.7.7", "program"))
        .expect("a session");
    let first = opened.token.expose().clone();
    planted.push(text("refresh token", &first, false));
    let next = door.act(move |tx, call| refresh::rotate(tx, call, Surface::Native, &first));
    let Ok(refresh::Answer::Good(next)) = next else {
        panic!("it rotates");
    };
    planted.push(text("second refresh token", next.token.expose(), false));
}

/// Signing in, the setup's code and pass, a device's code and token, the PIN of a kiosk: what is
/// shown once is kept as digests, what must be read again is sealed.
fn access(door: &Door, id: hadir::base::id::PersonId, planted: &mut Vec<Planted>) {
    let (login, password) = ("prawirodirdjo.login-2026", "sandi-panitia-Anggrek-2323");
    let mut entropy = Seeded::new(&Seed::from_number(78));
    let hash = Passwords::default()
        .hash(&Secret::new(password.to_owned()), &mut entropy)
        .expect("hash");
    planted.push(text("account password", password, false));
    planted.push(text("login name", login, true));
    planted.push(text("password hash", &hash, true));
    let (old, brought) = (
        "Panitia Gerbang Selatan 8181",
        "$2b$12$QWERTYuiopASDFGHjklzx.9f8e7d6c5b4a3Z2Y1X0WvUtSrQpOnMlKi",
    );
    planted.push(text("login name of an old surface", old, true));
    planted.push(text("old password hash", brought, true));
    let chosen = Login::chosen(old).expect("a name");
    door.act(move |tx, call| {
        account::set_login(tx, call, Surface::Identity, id, chosen.clone(), brought)
    })
    .expect("an old login");
    let (name, pin) = (
        login
            .parse::<hadir::base::text::LoginName>()
            .expect("login"),
        hash.replace("argon2id", "argon2id-pin"),
    );
    planted.push(text("pin hash", &pin, true));
    door.act(move |tx, call| account::set_login(tx, call, Surface::Native, id, &name, &hash))
        .expect("login");
    let (address, agent) = ("2001:db8:77:1::4711", "Peramban-Rahasia/77.4 (Kampus)");
    planted.push(text("address", address, true));
    planted.push(text("agent", agent, true));
    let opened = door
        .act(move |tx, call| session::open(tx, call, id, Surface::Native, address, agent))
        .expect("session");
    planted.push(text("session token", opened.token.expose(), false));
    programs_session(door, id, planted);
    second_factor(door, id, planted);
    let change = Change {
        kiosk_pin: Some(Some(Secret::new(pin))),
        ..Change::default()
    };
    door.act(move |tx, call| setting::update(tx, call, &change))
        .expect("setting");
    codes(door, planted);
}

fn codes(door: &Door, planted: &mut Vec<Planted>) {
    let code = door.act(setup::new_code).expect("code").expose().clone();
    planted.push(text("setup code", &code, false));
    let Ok(setup::Answer::Pass(pass)) = door.act(move |tx, call| setup::try_code(tx, call, &code))
    else {
        panic!("the code opens");
    };
    planted.push(text("setup pass", pass.expose(), false));
    let new = NewDevice {
        name: name("Gerbang"),
        kind: DeviceKind::Kiosk,
        access: DeviceAccess::Scan,
        gate: None,
    };
    let offer = move |tx: &Tx<'_>, call: &mut Call<'_>| {
        device::offer(tx, call, &new, &device::Options::default())
    };
    let (_, waiting) = door.act(offer.clone()).expect("offer");
    let (_, code) = door.act(offer).expect("offer");
    planted.push(text("waiting pairing code", waiting.expose(), false));
    planted.push(text("used pairing code", code.expose(), false));
    let (wrong, from) = ("SALAH-KODE-88", "198.51.100.177:40123");
    planted.push(text("address of a wrong code", from, false));
    for typed in [wrong.to_owned(), code.expose().clone()] {
        let answer = door.act(move |tx, call| device::redeem(tx, call, &typed, from));
        if let Ok(device::Answer::Paired(_, token)) = answer {
            planted.push(text("device token", token.expose(), false));
        }
    }
}

/// Opens the store's keys as the daemon does, with a master key beside the store.
fn unlock(door: &mut Door, planted: &mut Vec<Planted>) {
    let place = ledger::key_place(door.scratch.dir());
    let mut seeded = Seeded::new(&Seed::from_number(5));
    let mut tap = Tap {
        inner: &mut seeded,
        keys: Vec::new(),
    };
    let keyring = custody::unlock(&door.store, &place, true, door.now(), &mut tap);
    door.site.keyring = keyring.expect("keys").into();
    let [master, root] = tap.keys.as_slice() else {
        panic!("the master key and the root key are the draws of 32 bytes");
    };
    planted.push(bytes("root key", root));
    // The master key is in its own file and never in the store, sealed or not.
    let mut master = bytes("master key", master);
    master.sealed = false;
    planted.push(master);
}

#[test]
fn nothing_sealed_can_be_read_from_the_disk() {
    let wanted = std::env::var_os("HADIR_EXPECT_PLAINTEXT").is_some();
    let (mut door, mut planted) = (Door::new(), Vec::new());
    let dir = door.scratch.path("store");
    unlock(&mut door, &mut planted);
    let id = add_person(&door, &mut planted);
    enrol(&door, id, &mut planted);
    visit(&door, id, &mut planted);
    claim(&door, id, &mut planted);
    secrets(&door, &mut planted);
    deliveries(&door, id, &mut planted);
    access(&door, id, &mut planted);
    assert_eq!(
        planted.last().map(|p| p.what.as_str()),
        Some("device token")
    );
    let mut found = search(&planted, &dir);
    door.store.checkpoint().expect("checkpoint");
    snapshot::write(&door.store, &dir.join("copy.db")).expect("copy");
    found.extend(search(&planted, &dir));
    door.act(move |tx, call| person::erase(tx, call, id))
        .expect("erase");
    door.store.checkpoint().expect("checkpoint");
    door.store.close();
    found.extend(search(&planted, &dir));
    let named: BTreeSet<&str> = found.iter().map(|(what, _)| what.as_str()).collect();
    if wanted {
        let all = planted.iter().filter(|p| p.sealed).map(|p| p.what.as_str());
        assert_eq!(
            named,
            all.collect(),
            "the search finds what is there, and only that"
        );
    } else {
        assert!(found.is_empty(), "readable on the disk: {found:?}");
    }
}

#[test]
fn an_erased_persons_key_is_gone_from_every_file() {
    let (mut door, mut planted) = (Door::new(), Vec::new());
    let dir = door.scratch.path("store");
    unlock(&mut door, &mut planted);
    let id = add_person(&door, &mut planted);
    let wrapped = door
        .store
        .read(|v| hadir::store::people::find_key(v, id))
        .expect("read")
        .expect("key");
    let wrapped = vec![bytes("wrapped key", &wrapped)];
    assert!(!search(&wrapped, &dir).is_empty(), "it was there");
    door.act(move |tx, call| person::erase(tx, call, id))
        .expect("erase");
    door.store.checkpoint().expect("checkpoint");
    assert_eq!(search(&wrapped, &dir), BTreeSet::new());
    assert_eq!(
        door.store.read(|v| hadir::store::people::find_key(v, id)),
        Ok::<_, Error>(None)
    );
}

/// What stays of somebody who was erased, and why: all else that refers to a person is gone.
const STAYS: [(&str, &str); 5] = [
    (
        "consent",
        "that there was one, and when it ended, has to be shown",
    ),
    ("face_round", "links for enrolling oneself stay used"),
    ("login_used", "a keyed digest: nobody takes the name over"),
    (
        "privacy_claim",
        "that it was asked for and done, without words",
    ),
    ("ticket", "revoked; it still counts"),
];

/// How many rows of each table refer to the person, in a copy of the store.
fn rows_of(file: &Path, id: hadir::base::id::PersonId) -> BTreeMap<String, i64> {
    let store = rusqlite::Connection::open(file).expect("a copy");
    let sql = "SELECT m.name, f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
         WHERE m.type = 'table' AND f.\"table\" = 'person'";
    let mut statement = store.prepare(sql).expect("a statement");
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let columns: Result<Vec<(String, String)>, _> = columns.expect("tables").collect();
    let mut all = BTreeMap::new();
    for (table, column) in columns.expect("tables") {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} = ?1");
        let count = store.query_row(&sql, [id.to_bytes()], |row| row.get(0));
        all.insert(table, count.expect("a number"));
    }
    // It hangs on the session, which hangs on the person.
    let refresh = store.query_row("SELECT count(*) FROM refresh", [], |row| row.get(0));
    all.insert("refresh".to_owned(), refresh.expect("a number"));
    all
}

/// A table that is added later has to be filled here, and to be emptied by the erasure or named.
#[test]
fn what_is_about_a_person_goes_with_them_from_every_table() {
    let (mut door, mut planted) = (Door::new(), Vec::new());
    unlock(&mut door, &mut planted);
    let id = add_person(&door, &mut planted);
    enrol(&door, id, &mut planted);
    visit(&door, id, &mut planted);
    claim(&door, id, &mut planted);
    deliveries(&door, id, &mut planted);
    access(&door, id, &mut planted);
    let event = door.event();
    door.ticket(event, Some(id));
    let at = door.now().at;
    door.store
        .write(move |tx| {
            languages::insert_language(tx, id, "en")?;
            let import = ImportRow {
                id: hadir::base::id::ImportId::from_bytes([4; 16]),
                at,
                created: 1,
                updated: 0,
            };
            imports::insert_import(tx, &import)?;
            let row = ImportedRow {
                person: id,
                line: 1,
                trace: vec![1],
            };
            imports::insert_imported(tx, import.id, &row)
        })
        .expect("an import");
    let copy = |name: &str| {
        let file = door.scratch.path(name);
        snapshot::write(&door.store, &file).expect("a copy");
        rows_of(&file, id)
    };
    let before = copy("before.db");
    assert!(before.len() >= 15, "{before:?}");
    door.act(move |tx, call| person::erase(tx, call, id))
        .expect("erased");
    let after = copy("after.db");
    for (table, rows) in &after {
        // The round of a face is counted when it goes.
        assert!(
            before[table] > 0 || table == "face_round",
            "nothing in {table}"
        );
        let stays = STAYS.iter().any(|(name, _)| name == table);
        assert_eq!(*rows > 0, stays, "{table}: {rows}");
    }
}
