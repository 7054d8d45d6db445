//! The project's own papers: dependencies, licences, changelog, lints.

use super::source::{read, top};
use std::collections::BTreeSet;

/// Most packages in a lock file.
const LOCKED_PACKAGES_MAX: usize = 480;

fn parse(text: &str) -> toml::Table {
    text.parse().unwrap_or_else(|e| panic!("{e}"))
}

fn table<'t>(from: &'t toml::Table, key: &str) -> &'t toml::Table {
    from.get(key)
        .and_then(toml::Value::as_table)
        .unwrap_or_else(|| panic!("no [{key}]"))
}

/// The direct dependencies of a manifest, those of its tests included.
pub fn dependencies(path: &str) -> Vec<String> {
    let manifest = parse(&read(path));
    let mut names: Vec<String> = Vec::new();
    for key in ["dependencies", "dev-dependencies", "build-dependencies"] {
        if let Some(toml::Value::Table(table)) = manifest.get(key) {
            names.extend(table.keys().cloned());
        }
    }
    names.sort();
    names
}

fn locked(lock: &str) -> usize {
    lock.lines().filter(|l| *l == "[[package]]").count()
}

/// Dependencies that a document does not name between backticks.
fn unnamed(dependencies: &[String], document: &str) -> Vec<String> {
    let missing = |d: &&String| !document.contains(&format!("`{d}`"));
    dependencies.iter().filter(missing).cloned().collect()
}

/// Lines of the program's dependencies that the trial does not repeat word for word.
fn not_tried(program: &str, trial: &str) -> Vec<String> {
    let (program, trial) = (parse(program), parse(trial));
    let tried = table(&trial, "dependencies");
    let lines = table(&program, "dependencies").iter();
    let differs = lines.filter(|(name, value)| tried.get(*name) != Some(value));
    differs.map(|(name, _)| name.clone()).collect()
}

/// Departures from the form of Keep a Changelog.
fn changelog_faults(text: &str, version: &str) -> Vec<String> {
    let kinds = [
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    ];
    let mut faults = Vec::new();
    let mut newest = None;
    if !text.starts_with("# Changelog\n") {
        faults.push("the title is `# Changelog`".to_owned());
    }
    for line in text.lines() {
        if let Some(kind) = line.strip_prefix("### ") {
            if !kinds.contains(&kind) {
                faults.push(format!("`{kind}` is none of {kinds:?}"));
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            match read_heading(heading) {
                Some(Some(release)) if newest.is_none() => newest = Some(release),
                Some(_) => {}
                None => faults.push(format!("`{line}` is no `## [1.2.3] - 2026-01-31`")),
            }
        }
    }
    if newest.as_deref() != Some(version) {
        faults.push(format!(
            "newest release {newest:?}, the package is {version}"
        ));
    }
    faults
}

/// `[1.2.3] - 2026-01-31` gives the version, `[Unreleased]` gives none of it.
fn read_heading(heading: &str) -> Option<Option<String>> {
    if heading == "[Unreleased]" {
        return Some(None);
    }
    let (version, day) = heading.strip_prefix('[')?.split_once("] - ")?;
    let numbers = version
        .split('.')
        .filter(|n| n.parse::<u32>().is_ok())
        .count();
    let day_parts: Vec<&str> = day.split('-').collect();
    let dated = day.len() == 10 && day_parts.iter().all(|p| p.parse::<u32>().is_ok());
    (numbers == 3 && dated && day_parts.len() == 3).then(|| Some(version.to_owned()))
}

/// Lints that must stand in the manifest, each on `deny`.
fn missing_lints(manifest: &str) -> Vec<String> {
    let wanted = [
        ("rust", "missing_docs unsafe_code"),
        (
            "clippy",
            "await_holding_lock disallowed_methods expect_used indexing_slicing panic todo \
             unwrap_used wildcard_enum_match_arm",
        ),
    ];
    let manifest = parse(manifest);
    let lints = table(&manifest, "lints");
    let mut missing = Vec::new();
    for (tool, names) in wanted {
        for name in names.split_whitespace() {
            let level = table(lints, tool).get(name).and_then(toml::Value::as_str);
            if level != Some("deny") {
                missing.push(format!("{tool}::{name}"));
            }
        }
    }
    missing
}

/// Whether an SPDX expression can be met with the allowed licences.
fn licence_fits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let flat = expression.replace('/', " OR ").replace(['(', ')'], " ");
    // Every expression in use is a plain AND of ORs or an OR of ANDs without deeper nesting;
    // reading all ANDs as binding is the strict side.
    match expression.contains('(') {
        true => flat.split(" AND ").all(|part| {
            part.split(" OR ")
                .any(|licence| allowed.contains(licence.trim()))
        }),
        false => flat.split(" OR ").any(|part| {
            part.split(" AND ")
                .all(|licence| allowed.contains(licence.trim()))
        }),
    }
}

/// Packages whose licence is not allowed, or that do not come from the registry.
fn licence_faults(packages: &serde_json::Value, allowed: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for package in packages["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("name");
        let licence = package["license"].as_str().unwrap_or("none");
        if !licence_fits(licence, allowed) {
            faults.push(format!("{name}: licence {licence}"));
        }
        let source = package["source"].as_str();
        let own = matches!(name, "hadir" | "spike");
        if !own && source.is_none_or(|s| !s.starts_with("registry+")) {
            faults.push(format!("{name}: comes from {source:?}"));
        }
    }
    faults
}

fn allowed_licences() -> BTreeSet<String> {
    let deny = parse(&read("deny.toml"));
    let allow = table(&deny, "licenses")["allow"].as_array().expect("allow");
    allow
        .iter()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect()
}

/// Banned packages that a lock file has all the same.
fn banned(lock: &str, deny: &toml::Table) -> Vec<String> {
    let bans = table(deny, "bans")["deny"].as_array().expect("deny");
    let names = bans.iter().filter_map(|b| b.get("crate")?.as_str());
    names
        .filter(|name| lock.contains(&format!("\nname = \"{name}\"\n")))
        .map(str::to_owned)
        .collect()
}

#[test]
fn no_banned_package_is_locked() {
    let deny = parse(&read("deny.toml"));
    for lock in ["Cargo.lock", "cross/spike/Cargo.lock"] {
        assert_eq!(banned(&read(lock), &deny), Vec::<String>::new(), "{lock}");
    }
    let lock = "[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.1\"\n";
    assert_eq!(banned(lock, &deny), ["openssl-sys"]);
}

#[test]
fn the_lock_files_stay_small() {
    for lock in ["Cargo.lock", "cross/spike/Cargo.lock"] {
        let packages = locked(&read(lock));
        assert!(
            packages > 100,
            "{lock}: only {packages} packages were found"
        );
        assert!(
            packages <= LOCKED_PACKAGES_MAX,
            "{lock}: {packages} packages"
        );
    }
}

#[test]
fn each_dependency_is_explained() {
    let document = read("docs/dependencies.md");
    for manifest in ["Cargo.toml", "cross/spike/Cargo.toml"] {
        let unnamed = unnamed(&dependencies(manifest), &document);
        assert!(unnamed.is_empty(), "{manifest}: {unnamed:?}");
    }
}

#[test]
fn each_dependency_is_tried_on_the_box() {
    let missing = not_tried(&read("Cargo.toml"), &read("cross/spike/Cargo.toml"));
    assert!(
        missing.is_empty(),
        "cross/spike/Cargo.toml differs in {missing:?}"
    );
}

#[test]
fn the_changelog_has_its_form() {
    let faults = changelog_faults(&read("CHANGELOG.md"), env!("CARGO_PKG_VERSION"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_lints_are_on() {
    assert_eq!(missing_lints(&read("Cargo.toml")), Vec::<String>::new());
}

#[test]
fn licences_and_origins_are_allowed() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(top())
        .output()
        .expect("cargo metadata");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let packages = serde_json::from_slice(&output.stdout).expect("JSON");
    let faults = licence_faults(&packages, &allowed_licences());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_large_lock_file_is_seen() {
    let lock = |n: usize| "[[package]]\nname = \"x\"\n".repeat(n);
    assert_eq!(locked(&lock(481)), 481);
}

#[test]
fn an_unnamed_dependency_is_seen() {
    let names = ["ring", "tokio"].map(str::to_owned);
    assert_eq!(unnamed(&names, "`ring` and tokio-rustls"), ["tokio"]);
}

#[test]
fn an_untried_dependency_is_seen() {
    let program = "[dependencies]\na = \"1\"\nb = { version = \"2\" }\n";
    assert!(not_tried(program, program).is_empty());
    assert_eq!(not_tried(program, "[dependencies]\na = \"1\"\n"), ["b"]);
    assert_eq!(not_tried(program, &program.replace('1', "3")), ["a"]);
}

#[test]
fn a_malformed_changelog_is_seen() {
    let count = |text: &str| changelog_faults(text, "1.2.3").len();
    let good = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n### Added\n";
    assert_eq!(count(good), 0);
    assert_eq!(count(&good.replace("1.2.3", "1.2.4")), 1);
    assert_eq!(count(&good.replace("Added", "New")), 1);
    assert_eq!(count(&good.replace("] - 2026-01-31", "]")), 2);
}

#[test]
fn a_missing_lint_is_seen() {
    let manifest = read("Cargo.toml").replace("unwrap_used = \"deny\"", "unwrap_used = \"warn\"");
    assert_eq!(missing_lints(&manifest), ["clippy::unwrap_used"]);
}

#[test]
fn a_foreign_licence_is_seen() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0"].map(str::to_owned));
    for (expression, fits) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("Apache-2.0 AND ISC", false),
        ("(MIT OR ISC) AND Apache-2.0", true),
        ("(MIT OR ISC) AND BSD-3-Clause", false),
        ("MIT/Apache-2.0", true),
    ] {
        assert_eq!(licence_fits(expression, &allowed), fits, "{expression}");
    }
    let package = |source: &str| {
        let package = serde_json::json!({"name": "x", "license": "MIT", "source": source});
        serde_json::json!({"packages": [package]})
    };
    assert_eq!(licence_faults(&package("registry+x"), &allowed).len(), 0);
    assert_eq!(licence_faults(&package("git+x"), &allowed).len(), 1);
}
