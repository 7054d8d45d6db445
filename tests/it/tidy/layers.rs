//! Modules import downwards only, and siblings do not form circles.

use super::paths::{absolute, mentions};
use super::source::{Source, sources};
use std::collections::{BTreeMap, BTreeSet};

/// The layers of `src/`, from the lowest.
pub const LAYERS: [&str; 10] = [
    "base", "crypto", "journal", "host", "vision", "store", "domain", "http", "surface", "app",
];

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|l| *l == layer)
}

/// Imports that go upwards, or to something that is no layer.
fn upward(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let module = source.module();
        let Some(own) = module.first() else { continue };
        let Some(own_rank) = rank(own) else {
            faults.push(format!("{}: `{own}` is no layer", source.path));
            continue;
        };
        // Tests included: what a test needs from above belongs into tests/it.
        for mention in mentions(&source.code) {
            let crate_path = mention.names.first().is_some_and(|n| n == "crate");
            let Some(target) = mention.names.get(1).filter(|_| crate_path) else {
                continue;
            };
            match rank(target) {
                Some(rank) if rank <= own_rank => {}
                Some(_) => faults.push(format!(
                    "{}:{}: {own} must not import from {target}, which lies above it",
                    source.path, mention.line
                )),
                None => faults.push(format!(
                    "{}:{}: `crate::{target}` is no layer",
                    source.path, mention.line
                )),
            }
        }
    }
    faults
}

type Edges = BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>>;

/// Which children of each folder import which other children of it.
fn sibling_edges(sources: &[Source]) -> Edges {
    let known: BTreeSet<Vec<String>> = sources.iter().map(Source::module).collect();
    let mut edges = Edges::new();
    for source in sources {
        let module = source.module();
        for mention in mentions(&source.product_code()) {
            let Some(path) = absolute(source, &mention) else {
                continue;
            };
            let Some(target) = (1..=path.len())
                .rev()
                .map(|n| &path[..n])
                .find(|p| known.contains(*p))
            else {
                continue;
            };
            let shared = module
                .iter()
                .zip(target)
                .take_while(|(a, b)| a == b)
                .count();
            // One lies inside the other: a parent and its child, no siblings.
            if let (Some(from), Some(to), 1..) = (module.get(shared), target.get(shared), shared) {
                let folder = edges.entry(module[..shared].to_vec()).or_default();
                folder.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    edges
}

fn circles(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for (folder, graph) in sibling_edges(sources) {
        let mut done = BTreeSet::new();
        for start in graph.keys() {
            let mut way = Vec::new();
            if let Some(circle) = find_circle(&graph, start, &mut way, &mut done) {
                faults.push(format!(
                    "{}: circle {}",
                    folder.join("::"),
                    circle.join(" -> ")
                ));
            }
        }
    }
    faults
}

fn find_circle(
    graph: &BTreeMap<String, BTreeSet<String>>,
    at: &str,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|name| name == at) {
        let mut circle = way[start..].to_vec();
        circle.push(at.to_owned());
        return Some(circle);
    }
    if !done.insert(at.to_owned()) {
        return None;
    }
    way.push(at.to_owned());
    let found = graph
        .get(at)
        .into_iter()
        .flatten()
        .find_map(|next| find_circle(graph, next, way, done));
    way.pop();
    found
}

/// `lib.rs` only names the layers; `main.rs` is short.
fn roots(lib: &Source, main: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let mut named = Vec::new();
    for (number, line) in lib.product_lines() {
        match line
            .trim()
            .strip_prefix("pub mod ")
            .and_then(|m| m.strip_suffix(';'))
        {
            Some(module) => named.push(module.to_owned()),
            None if line.trim().is_empty() => {}
            None => faults.push(format!(
                "{}:{number}: only `pub mod` lines stand here",
                lib.path
            )),
        }
    }
    named.sort();
    let mut layers = LAYERS.map(str::to_owned);
    layers.sort();
    if named != layers {
        faults.push(format!(
            "{}: modules {named:?}, layers {layers:?}",
            lib.path
        ));
    }
    if main.count(false) > 40 {
        faults.push(format!(
            "{}: {} lines, at most 40",
            main.path,
            main.count(false)
        ));
    }
    faults
}

#[test]
fn imports_go_downwards() {
    let faults = upward(&sources(&["src"]));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn siblings_form_no_circles() {
    let faults = circles(&sources(&["src"]));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_roots_are_bare() {
    let find = |path: &str| Source::new(path, &super::source::read(path));
    let faults = roots(&find("src/lib.rs"), &find("src/main.rs"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_upward_import_is_seen() {
    let bad = Source::new("src/store/x.rs", "use crate::{base::id, domain::checkin};");
    let fine = Source::new(
        "src/domain/x.rs",
        "use crate::store::Tx;\nfn f() { crate::base::id() }",
    );
    let lost = Source::new("src/domain/y.rs", "fn f() { crate::helpers::g() }");
    assert_eq!(upward(&[bad]).len(), 1);
    assert_eq!(upward(&[fine]), Vec::<String>::new());
    assert_eq!(upward(&[lost]).len(), 1);
}

#[test]
fn a_circle_is_seen() {
    let a = || Source::new("src/store/a.rs", "use super::b::B;");
    let b = || Source::new("src/store/b.rs", "use crate::store::c::C;");
    let c = Source::new("src/store/c.rs", "fn f() { super::a::g() }");
    let parent = Source::new("src/store/mod.rs", "pub mod a;\nuse self::a::A;");
    let open = Source::new(
        "src/store/c.rs",
        "#[cfg(test)]\nmod t { use super::super::a; }\n",
    );
    assert_eq!(circles(&[a(), b(), c, parent]).len(), 1);
    assert_eq!(circles(&[a(), b(), open]), Vec::<String>::new());
}

#[test]
fn a_full_root_is_seen() {
    let layers: String = LAYERS.iter().map(|l| format!("pub mod {l};\n")).collect();
    let lib = |extra: &str| Source::new("src/lib.rs", &format!("//! Doc.\n{layers}{extra}"));
    let main = |lines| Source::new("src/main.rs", &"fn f() {}\n".repeat(lines));
    assert_eq!(roots(&lib(""), &main(40)), Vec::<String>::new());
    assert_eq!(roots(&lib("pub use base::id::Id;\n"), &main(40)).len(), 1);
    assert_eq!(roots(&lib("pub mod helper;\n"), &main(41)).len(), 2);
}
