//! The packages as text and scripts: what their parts say of one another has to agree, and the
//! small scripts do what they say. That they install and run is proven by `cross/chroot.sh` and
//! `cross/prove.sh`.

use crate::support::program::root;
use crate::support::scratch::Scratch;
use hadir::base::json::{Value, decode};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The name under which the service manager hands the token of the box's own screen over.
const TOKEN: &str = "hadir.kiosk-token";

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The files of a folder that end like this, in order.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(root().join(folder)).expect("a folder");
    let mut all: Vec<PathBuf> = all.map(|entry| entry.expect("an entry").path()).collect();
    all.retain(|path| path.is_file() && path.to_string_lossy().ends_with(ending));
    all.sort();
    assert!(
        !all.is_empty(),
        "{folder} has nothing that ends in {ending}"
    );
    all
}

/// The values of a key of a unit, or of another file of `key=value` lines; continued lines are one.
fn values(text: &str, key: &str) -> Vec<String> {
    let whole = text.replace("\\\n", " ");
    let value = |line: &str| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().trim_matches('"').to_owned())
    };
    whole.lines().filter_map(value).collect()
}

/// Runs a shell on a script that stands in a text.
fn shell(script: &str, arguments: &[&str], variables: &[(&str, &Path)]) -> Output {
    let scratch = Scratch::new();
    let file = scratch.path("script");
    std::fs::write(&file, script).expect("a script");
    Command::new("sh")
        .arg(&file)
        .args(arguments)
        .env_remove("CREDENTIALS_DIRECTORY")
        .env_remove("RUNTIME_DIRECTORY")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("a shell")
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let first = read("debian/changelog");
    let first = first.lines().next().expect("a line");
    assert!(first.starts_with(&format!("hadir ({version}) ")), "{first}");
}

#[test]
fn all_that_concerns_the_screen_s_token_calls_it_the_same() {
    let config = read("debian/hadir.toml");
    assert_eq!(values(&config, "token"), [format!("credential:{TOKEN}")]);
    for unit in ["systemd/hadir.service", "systemd/hadir-kiosk.service"] {
        let handed = values(&read(unit), "LoadCredential");
        assert!(handed.contains(&TOKEN.to_owned()), "{unit}: {handed:?}");
    }
    let file = format!("/etc/credstore/{TOKEN}");
    for script in ["debian/hadir-kiosk.postinst", "debian/hadir-kiosk.postrm"] {
        assert!(read(script).contains(&file), "{script}");
    }
    assert!(read("systemd/kiosk/start-page").contains(TOKEN));
    // The drop-in of a key in a file empties the list of credentials, and has to fill it again.
    let postinst = read("debian/hadir.postinst");
    let (_, dropin) = postinst
        .split_once("LoadCredentialEncrypted=\n")
        .expect("emptied");
    assert!(dropin.contains(&format!("LoadCredential={TOKEN}\n")));
}

/// The page that the start-page script writes, with the token that it was handed, if any.
fn start_page(token: Option<&str>) -> (String, u32) {
    let scratch = Scratch::new();
    let runtime = scratch.path("runtime");
    let handed = scratch.path("handed");
    std::fs::create_dir(&runtime).expect("a folder");
    std::fs::create_dir(&handed).expect("a folder");
    if let Some(token) = token {
        std::fs::write(handed.join(TOKEN), token).expect("a token");
    }
    let folders = [
        ("RUNTIME_DIRECTORY", runtime.as_path()),
        ("CREDENTIALS_DIRECTORY", handed.as_path()),
    ];
    let ran = shell(&read("systemd/kiosk/start-page"), &[], &folders);
    assert!(ran.status.success() && ran.stdout.is_empty(), "{ran:?}");
    let page = runtime.join("start.html");
    let mode = std::fs::metadata(&page)
        .expect("a page")
        .permissions()
        .mode()
        & 0o777;
    (std::fs::read_to_string(&page).expect("a page"), mode)
}

#[test]
fn the_first_page_of_the_screen_has_the_token_behind_the_fragment_for_its_user_alone() {
    let token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let (page, mode) = start_page(Some(token));
    assert!(
        page.contains(&format!("url=http://127.0.0.1:8080/kiosk#own={token}\"")),
        "{page}"
    );
    assert_eq!(mode, 0o600);
    // Without a token it is the page for a code, as on any other screen.
    assert!(
        start_page(None)
            .0
            .contains("url=http://127.0.0.1:8080/kiosk\"")
    );
    // What is no token gets nowhere near the page.
    for odd in ["", "\"><script>", "a b", "a\nb", "../x"] {
        let (page, _) = start_page(Some(odd));
        assert!(
            page.contains("/kiosk\"") && !page.contains("own="),
            "{odd:?}: {page}"
        );
    }
}

#[test]
fn the_screen_opens_that_page_and_may_go_to_the_box_alone() {
    let unit = read("systemd/hadir-kiosk.service");
    let starts = values(&unit, "ExecStart");
    let page = starts
        .iter()
        .find_map(|s| s.split_once("--app="))
        .expect("a page")
        .1;
    let folder = values(&unit, "RuntimeDirectory");
    assert_eq!(page, format!("file:///run/{}/start.html", folder[0]));
    assert!(!unit.contains("own="), "no token in the unit");
    let policy = read("systemd/chromium/hadir-kiosk.json");
    let policy: Value = decode(policy.as_bytes(), 64 * 1024).expect("JSON");
    assert_eq!(policy["URLBlocklist"][0], "*");
    let allowed = policy["URLAllowlist"].as_array().expect("a list");
    let allowed: BTreeSet<&str> = allowed.iter().filter_map(|a| a.as_str()).collect();
    assert_eq!(allowed, BTreeSet::from(["http://127.0.0.1:8080", page]));
    assert_eq!(values(&unit, "IPAddressDeny"), ["any"]);
    assert_eq!(values(&unit, "IPAddressAllow"), ["localhost"]);
}

#[test]
fn what_cannot_pass_by_itself_is_final_and_all_else_is_tried_for_ever() {
    let unit = read("systemd/hadir.service");
    let last = values(&unit, "RestartPreventExitStatus");
    assert_eq!(last, ["64 78"]);
    // That covers the main process only: a command before it would be tried for ever.
    assert!(values(&unit, "ExecStartPre").is_empty());
    assert_eq!(values(&unit, "Restart"), ["on-failure"]);
    assert_eq!(values(&unit, "StartLimitIntervalSec"), ["0"]);
    assert_eq!(values(&unit, "ExecStart"), ["/usr/bin/hadir serve"]);
    assert_eq!(values(&unit, "ExecReload"), ["/usr/bin/hadir reload"]);
}

#[test]
fn the_sockets_are_the_listeners_of_the_shipped_settings() {
    let listeners: BTreeSet<String> = (values(&read("debian/hadir.toml"), "address").iter())
        .map(|a| a.trim_start_matches("0.0.0.0:").to_owned())
        .collect();
    let sockets: BTreeSet<String> = values(&read("systemd/hadir.socket"), "ListenStream")
        .into_iter()
        .collect();
    assert_eq!(sockets, listeners);
}

#[test]
fn each_line_of_the_install_lists_finds_its_files() {
    for list in files("debian", ".install") {
        let text = std::fs::read_to_string(&list).expect("a list");
        for line in text.lines() {
            let (from, _) = line.split_once(' ').expect("what and where");
            // Written while the package is built.
            if from.starts_with("debian/generated/") {
                continue;
            }
            let (folder, name) = from.rsplit_once('/').expect("a folder");
            match name.strip_prefix('*') {
                Some(ending) => assert!(!files(folder, ending).is_empty()),
                None => assert!(root().join(from).is_file(), "{}: {from}", list.display()),
            }
        }
    }
    let listed = read("debian/hadir.install") + &read("debian/hadir-kiosk.install");
    for unit in files("systemd", ".service") {
        let name = unit
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            listed.contains(&format!("systemd/{name} ")),
            "{name} is in no package"
        );
    }
}

#[test]
fn going_back_is_refused_before_anything_is_unpacked() {
    let script = read("debian/hadir.preinst")
        .replace("#VERSION#", "0.4.0")
        .replace("#DEBHELPER#", "");
    let run = |arguments: &[&str]| shell(&script, arguments, &[]);
    for fine in [
        &["install"][..],
        &["install", "0.9.0"],
        &["upgrade", "0.3.9"],
        &["upgrade", "0.4.0"],
        &["upgrade", "0.4.0~rc1"],
    ] {
        let ran = run(fine);
        assert!(
            ran.status.success() && ran.stderr.is_empty(),
            "{fine:?} {ran:?}"
        );
    }
    for older in ["0.4.1", "0.10.0", "1.0"] {
        let ran = run(&["upgrade", older]);
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{older}");
        assert!(
            said.contains("cannot read its store") && said.contains(older),
            "{said}"
        );
        assert!(said.contains("restore a backup"), "what to do: {said}");
    }
}

#[test]
fn every_script_is_one_that_a_shell_reads() {
    let mut all = files("cross", ".sh");
    all.extend(files("cross/proof", ".sh"));
    all.extend(files("cross/proof/parts", ".sh"));
    all.push(root().join("systemd/kiosk/start-page"));
    for ending in [".preinst", ".postinst", ".postrm"] {
        all.extend(files("debian", ending));
    }
    for script in all {
        let read = Command::new("sh")
            .arg("-n")
            .arg(&script)
            .output()
            .expect("a shell");
        assert!(read.status.success(), "{}: {read:?}", script.display());
    }
}

#[test]
fn the_document_says_what_each_part_of_the_proof_checks() {
    let document = read("docs/appliance.md");
    for part in files("cross/proof/parts", ".sh") {
        let name = part
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let (number, word) = name.split_once('-').expect("a number and a word");
        assert!(number.parse::<u8>().is_ok(), "{name}");
        // What follows a start of the box belongs to the part before it.
        if word == "after-reboot" {
            continue;
        }
        assert!(document.contains(&format!("\n| {word} | ")), "{word}");
        let text = std::fs::read_to_string(&part).expect("a part");
        assert!(text.starts_with("# "), "{name} does not say what it checks");
        assert!(
            text.contains("|| die") || text.contains("is \""),
            "{name} cannot fail"
        );
    }
}
