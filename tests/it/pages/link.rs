//! Links by which somebody chooses the password: an invitation, a forgotten password.

use super::house::{Browser, House, PASSWORD, leads, well_formed};
use hadir::domain::actor::{Actor, Role};
use hadir::domain::identity::change::{self, Change};
use hadir::domain::identity::person::{self, Profile};
use hadir::domain::identity::role;
use hadir::domain::mail::{self, Letter};
use hadir::domain::surface::Surface;
use hadir::surface::post::{MailSetting, MailTls};

const NEW: &str = "tiga gajah ungu";

/// Adds somebody without a login.
fn guest(house: &House) -> hadir::base::id::PersonId {
    let profile = Profile {
        name: "Budi Santoso".parse().expect("a name"),
        number: None,
        email: None,
        class: None,
        role: Role::Committee,
    };
    let core = &house.native().core;
    let added = core.write(Actor::Operator, "cli", move |tx, call| {
        person::add(tx, call, &profile)
    });
    added.expect("a person")
}

/// Makes a link for somebody: its path.
fn link(browser: &mut Browser<'_>, person: impl ToString) -> String {
    let made = browser.post(&format!("/people/{}/access/link", person.to_string()), &[]);
    assert_eq!(made.status, 200, "{}", made.body);
    let path = made.body.split("/sign-in/link/").nth(1).expect("a link");
    let token = path.split(['"', '<']).next().expect("a token");
    format!("/sign-in/link/{token}")
}

fn choose(house: &House, path: &str, login: &str, password: &str) -> crate::wire::server::Answer {
    let sent = [
        ("login", login),
        ("password", password),
        ("again", password),
    ];
    house.browser().post(path, &sent)
}

fn may_sign_in(house: &House, login: &str, password: &str) -> bool {
    let sent = [("login", login), ("password", password)];
    house.browser().post("/sign-in", &sent).status == 303
}

#[test]
fn an_invitation_is_for_one_use_and_chooses_name_and_password() {
    let house = House::set_up();
    let budi = guest(&house);
    let mut sari = house.signed_in("sari");
    let page = sari.page(&format!("/people/{budi}/access"));
    assert!(page.contains("Buat undangan"), "{page}");
    let path = link(&mut sari, budi);
    let mut phone = house.browser();
    phone.says(
        &path,
        &["Pilih kata sandi", "Nama pengguna"],
        &["Choose a password", "User name"],
    );
    assert!(
        !phone.page(&path).contains("Budi Santoso"),
        "the name is masked"
    );
    let taken = choose(&house, &path, "sari", NEW);
    assert_eq!(taken.status, 422);
    well_formed(&taken.body);
    assert!(taken.body.contains("id=\"login-error\""), "{}", taken.body);
    assert_eq!(choose(&house, &path, "budi", "pendek").status, 422);
    assert_eq!(
        leads(&choose(&house, &path, "budi", NEW)),
        "/sign-in?done=password"
    );
    assert!(
        house
            .browser()
            .page("/sign-in?done=password")
            .contains("Silakan masuk.")
    );
    assert!(may_sign_in(&house, "budi", NEW));
    assert_eq!(
        choose(&house, &path, "budi", "lain sekali ya").status,
        404,
        "once"
    );
    assert_eq!(house.browser().get(&path).status, 404);
    assert!(may_sign_in(&house, "budi", NEW));
}

#[test]
fn a_new_password_by_a_link_ends_the_sessions_and_keeps_the_name() {
    let house = House::set_up();
    let budi = house.add("Budi", "budi", Role::Committee);
    let mut old = house.signed_in("budi");
    let mut sari = house.signed_in("sari");
    let (one, two) = (link(&mut sari, budi), link(&mut sari, budi));
    assert_eq!(choose(&house, &one, "lain", NEW).status, 303);
    assert_eq!(old.get("/me").status, 303, "signed out");
    assert!(may_sign_in(&house, "budi", NEW), "the name stays");
    assert!(!may_sign_in(&house, "budi", PASSWORD));
    assert_eq!(
        choose(&house, &two, "budi", NEW).status,
        404,
        "the other link ended with it"
    );
}

#[test]
fn a_link_ends_with_time_and_with_the_right_of_whoever_made_it() {
    let house = House::set_up();
    let budi = house.add("Budi", "budi", Role::Committee);
    let ketua = house.add("Ketua", "ketua", Role::Admin);
    let mut sari = house.signed_in("sari");
    let mut second = house.signed_in("ketua");
    let (late, lost) = (link(&mut sari, budi), link(&mut second, budi));
    assert_eq!(house.browser().get(&lost).status, 200);
    let core = &house.native().core;
    let demoted = core.write(Actor::Operator, "cli", move |tx, call| {
        role::give(tx, call, ketua, Surface::Native, Role::Committee, None)
    });
    demoted.expect("another role");
    assert_eq!(house.browser().get(&lost).status, 404);
    let forged = late.replace(&budi.to_string(), &ketua.to_string());
    assert_eq!(house.browser().get(&forged).status, 404);
    for path in ["/sign-in/link/x", "/sign-in/link/%00", "/sign-in/link/"] {
        assert_eq!(house.browser().get(path).status, 404, "{path}");
    }
    house.hand.advance(3 * 24 * 3_600_000);
    assert_eq!(house.browser().get(&late).status, 404);
}

#[test]
fn only_administrators_make_links_and_see_accounts() {
    let house = House::set_up();
    let budi = house.add("Budi", "budi", Role::Committee);
    let mut own = house.signed_in("budi");
    assert_eq!(
        own.post(&format!("/people/{budi}/access/link"), &[]).status,
        403
    );
    house.add("Tamu", "tamu", Role::User);
    let mut guest = house.signed_in("tamu");
    assert_eq!(guest.get(&format!("/people/{budi}/access")).status, 403);
    let mut sari = house.signed_in("sari");
    let ended = sari.post(&format!("/people/{budi}/access/sessions"), &[]);
    assert_eq!(leads(&ended), format!("/people/{budi}/access?done=yes"));
    assert_eq!(own.get("/me").status, 303, "signed out everywhere");
    let none = sari.post(&format!("/people/{budi}/access/factor"), &[]);
    assert_eq!(none.status, 409);
}

/// A box that sends mails, with an address of its own.
fn mailing() -> House {
    let house = House::listening("10.0.0.5:443");
    house.add("Sari Wulandari", "sari", Role::Admin);
    house.native().core.post.configure(Some(MailSetting {
        server: "127.0.0.1".to_owned(),
        port: 2525,
        tls: MailTls::Off,
        sender: "hadir@sekolah.sch.id".parse().expect("an address"),
        login: None,
        authority: None,
    }));
    house
}

/// Gives somebody an address.
fn reachable(house: &House, person: hadir::base::id::PersonId, email: &str) {
    let change = Change {
        email: Some(Some(email.parse().expect("an address"))),
        ..Change::default()
    };
    let core = &house.native().core;
    let changed = core.write(Actor::Operator, "cli", move |tx, call| {
        change::change(tx, call, person, &change)
    });
    changed.expect("an address");
}

/// The mails that wait, opened.
fn mails(house: &House) -> Vec<Letter> {
    let claimed = house
        .native()
        .core
        .write(Actor::Operator, "test", |tx, call| mail::claim(tx, call));
    let claimed = claimed.expect("mails");
    claimed.into_iter().filter_map(|due| due.letter).collect()
}

/// The path of the link in a mail.
fn path_in(letter: &Letter) -> String {
    let link = letter
        .text
        .lines()
        .find(|line| line.starts_with("http"))
        .expect("a link");
    assert!(link.starts_with("https://10.0.0.5/sign-in/link/"), "{link}");
    link["https://10.0.0.5".len()..].to_owned()
}

#[test]
fn a_forgotten_password_is_asked_for_by_mail_and_nobody_learns_who_is_there() {
    let house = mailing();
    let budi = house.add("Budi", "budi", Role::Committee);
    house.add("Tanpa Surel", "tanpa", Role::User);
    reachable(&house, budi, "budi@sekolah.sch.id");
    let mut browser = house.browser();
    assert!(browser.page("/sign-in").contains("/sign-in/forgotten"));
    browser.says(
        "/sign-in/forgotten",
        &["Kata sandi baru lewat surel"],
        &["New password by mail"],
    );
    for login in ["nobody", "tanpa", "", "bu di", "budi"] {
        let answer = house
            .browser()
            .post("/sign-in/forgotten", &[("login", login)]);
        assert_eq!(leads(&answer), "/sign-in?done=mail", "{login}");
    }
    let posted = mails(&house);
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].to.as_str(), "budi@sekolah.sch.id");
    // The test's browser names another host than the box has: the link must not follow it.
    let path = path_in(&posted[0]);
    assert_eq!(
        leads(&choose(&house, &path, "x", NEW)),
        "/sign-in?done=password"
    );
    assert!(may_sign_in(&house, "budi", NEW));
    assert_eq!(house.browser().get(&path).status, 404, "once");
}

#[test]
fn an_administrator_sends_the_link_by_mail() {
    let house = mailing();
    let budi = guest(&house);
    let mut sari = house.signed_in("sari");
    let access = format!("/people/{budi}/access");
    assert!(
        !sari.page(&access).contains("/access/mail"),
        "no address yet"
    );
    assert_eq!(sari.post(&format!("{access}/mail"), &[]).status, 422);
    assert!(mails(&house).is_empty());
    reachable(&house, budi, "budi@sekolah.sch.id");
    assert!(sari.page(&access).contains("/access/mail"));
    let sent = sari.post(&format!("{access}/mail"), &[]);
    assert_eq!(leads(&sent), format!("{access}?done=mail"));
    let posted = mails(&house);
    assert!(
        posted[0].subject.starts_with("Undangan dari"),
        "{}",
        posted[0].subject
    );
    assert!(
        sari.page(&format!("{access}?done=mail"))
            .contains("sedang dikirim")
    );
}

#[test]
fn a_box_without_mail_offers_none() {
    let house = House::set_up();
    assert!(
        !house
            .browser()
            .page("/sign-in")
            .contains("/sign-in/forgotten")
    );
    assert_eq!(house.browser().get("/sign-in/forgotten").status, 404);
    let sent = house
        .browser()
        .post("/sign-in/forgotten", &[("login", "sari")]);
    assert_eq!(sent.status, 404);
}
