//! Links between the documents lead to files that are there.

use super::source::{files, read, top};

/// The targets of a document's links that are paths, without their anchors.
fn targets(text: &str) -> Vec<String> {
    let after = text.split("](").skip(1);
    after
        .filter_map(|rest| rest.split(')').next())
        .map(|target| target.split('#').next().unwrap_or_default().to_owned())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.contains(' '))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut documents = files(&["docs", "models", "tests", "benches"], &["md"]);
    documents.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(str::to_owned));
    let mut lost = Vec::new();
    for document in documents {
        let path = top().join(&document);
        let folder = path.parent().expect("a file has a folder");
        let missing = targets(&read(&document)).into_iter();
        let missing = missing.filter(|target| !folder.join(target).exists());
        lost.extend(missing.map(|target| format!("{document}: {target}")));
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn links_are_found() {
    let text = "[a](b/c.md#part) [d](https://e.f/) [g](#h) `x` [i](../j.md)";
    assert_eq!(targets(text), ["b/c.md", "../j.md"]);
}
