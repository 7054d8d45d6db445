//! Comparing a scene with its file, and writing it anew when blessing.

use super::scene::Scene;
use hadir::base::json::{self, Value, json};
use hadir::domain::checkin::reason::Means;
use hadir::domain::checkin::wording::{self, Language, Speaker};
use hadir::domain::checkin::{Credential, Request};
use std::path::PathBuf;

fn dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/contract/reason")
}

/// The names of all golden files, without their ending.
pub fn names() -> Vec<String> {
    std::fs::read_dir(dir())
        .expect("the folder")
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name();
            Some(name.to_str()?.strip_suffix(".json")?.to_owned())
        })
        .collect()
}

fn request(request: &Request) -> Value {
    let shown = match &request.credential {
        Credential::Face(evidence) => json!({
            "finding": format!("{:?}", evidence.verdict.finding),
            "frames": evidence.verdict.frames,
            "votes": evidence.verdict.votes,
            "liveness": evidence.liveness,
        }),
        Credential::Code(text) | Credential::Number(text) => json!(text),
        Credential::Person(person) => json!(person.to_string()),
    };
    let means: Means = request.credential.means();
    json!({
        "occasion": request.occasion.to_string(),
        "means": means,
        "shown": shown,
        "direction": request.direction,
        "mode": request.mode,
        "nonce": request.nonce.to_string(),
    })
}

fn sentence(scene: &Scene, language: Language) -> Value {
    let speaker = Speaker {
        language,
        desk: &scene.door.site.rules.desk,
        address: scene.door.site.rules.address,
        zone: &scene.door.site.zone,
        greeting: Some("Budi"),
    };
    let sentence = wording::sentence(&speaker, &scene.decision);
    json!({ "text": sentence.text, "next_step": sentence.next_step })
}

/// What is wrong with a scene, one line; nothing if it is as recorded.
pub fn compare(name: &str, scene: &Scene) -> Option<String> {
    let now = json!({
        "request": request(&scene.request),
        "decision": without_null(&scene.decision.to_json()),
        "notices": scene.notices,
        "id": sentence(scene, Language::Id),
        "en": sentence(scene, Language::En),
    });
    let path = dir().join(format!("{name}.json"));
    let text = pretty(&now);
    if std::env::var_os("HADIR_BLESS").is_some_and(|v| v == "1") {
        std::fs::write(&path, text).expect("the golden file");
        return Some(format!(
            "{name}: written anew; look at the difference and run again without HADIR_BLESS"
        ));
    }
    let Ok(recorded) = std::fs::read(&path) else {
        return Some(format!("{name}: there is no file"));
    };
    let recorded: Value = json::decode(&recorded, 100_000).expect("a golden file is JSON");
    (recorded != now).then(|| format!("{name}: recorded {recorded}\n{name}: now      {now}"))
}

/// The object without its nulls: a file shows what is there.
fn without_null(value: &Value) -> Value {
    let object = value.as_object().expect("an object");
    let there = object.iter().filter(|(_, v)| !v.is_null());
    Value::Object(there.map(|(k, v)| (k.clone(), v.clone())).collect())
}

/// The value over several lines, two levels deep.
fn pretty(value: &Value) -> String {
    let parts = value.as_object().expect("an object");
    let lines: Vec<String> = parts
        .iter()
        .map(|(k, v)| format!("  \"{k}\": {}", inner(v)))
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

fn inner(value: &Value) -> String {
    match value.as_object() {
        None => value.to_string(),
        Some(object) => {
            let line = |(k, v): (&String, &Value)| format!("    \"{k}\": {v}");
            let lines: Vec<String> = object.iter().map(line).collect();
            format!("{{\n{}\n  }}", lines.join(",\n"))
        }
    }
}
