//! Commands on the box itself: how it is, its keys.

use crate::base::json;
use crate::crypto::random::Seeded;
use crate::domain::backup::worries;
use crate::domain::checkin::threshold;
use crate::domain::custody::{self, Rotation};
use crate::domain::identity::gallery;
use crate::domain::mail;
use crate::host::camera::run::CameraState;
use crate::store::Health as StoreHealth;
use crate::surface::control::Refusal;
use crate::surface::core::Core;
use crate::surface::health::{Health, camera_word};

/// How the box is, for the operator: with the inner story that `/health` keeps to itself.
pub fn status(core: &Core) -> json::Value {
    let health = Health::of(core);
    let mut value = health.to_json();
    let people = core.model.and_then(|model| {
        core.store
            .read(|view| gallery::load_everybody(view, &core.site(), model))
            .ok()
    });
    let size = people.map(|loaded| loaded.gallery.len());
    let threshold = size.map(|n| threshold::threshold(n, &core.site().rules.face));
    if let Some(map) = value.as_object_mut() {
        let mut put = |key: &str, value: json::Value| {
            map.insert(key.to_owned(), value);
        };
        put("box", json::json!(core.store.box_id().to_string()));
        put("time", json::json!(core.clock.stamp().at.to_string()));
        put("disk_free_bytes", json::json!(health.disk_free_bytes));
        put("store_detail", json::json!(store_detail(&health.store)));
        put("faces_detail", json::json!(faces_detail(core)));
        put("cameras", json::json!(cameras(&health)));
        let certificate = core
            .certificate()
            .map(|c| json::json!({"state": c.word(), "ends": c.ends().to_string()}));
        put("certificate", json::json!(certificate));
        put("backup", backup(core));
        put("mail", mails(core));
        put("enrolled", json::json!(size));
        // To the thousandth: a single-precision 0.45 would be shown as 0.44999998….
        let shown = threshold.map(|t| f64::from((t.cosine * 1000.0).round()) / 1000.0);
        put("threshold", json::json!(shown));
        put("face_decides", json::json!(threshold.map(|t| t.decides)));
    }
    value
}

/// How the mails stand, in numbers.
fn mails(core: &Core) -> json::Value {
    let counts = core.store.read(mail::counts).ok();
    json::json!({
        "configured": core.post.setting().is_some(),
        "waiting": counts.map(|c| c.waiting),
        "failed": counts.map(|c| c.failed),
    })
}

/// The last proven backup, and what is to be said of it.
fn backup(core: &Core) -> json::Value {
    let last = core.shelf.last(&core.store);
    let warnings = worries(last.as_ref(), core.clock.stamp().at);
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    json::json!({
        "made_at": last.as_ref().map(|last| last.made_at().to_string()),
        "file": last.as_ref().map(|last| &last.file),
        "warnings": warnings,
    })
}

fn store_detail(health: &StoreHealth) -> Option<&str> {
    match health {
        StoreHealth::Good | StoreHealth::Full => None,
        StoreHealth::ReadOnly(why) | StoreHealth::Failed(why) => Some(why),
    }
}

/// The cameras, a lost one with its reason.
fn cameras(health: &Health) -> Vec<json::Value> {
    let one = |(name, state): &(String, CameraState)| {
        let detail = match state {
            CameraState::Lost(why) => Some(why),
            CameraState::Opening | CameraState::On | CameraState::Ended => None,
        };
        json::json!({"name": name, "state": camera_word(state), "detail": detail})
    };
    health.cameras.iter().map(one).collect()
}

fn faces_detail(core: &Core) -> Option<String> {
    use crate::vision::worker::EngineState;
    match core.faces() {
        EngineState::On => None,
        EngineState::Off(why) => Some(why.to_string()),
    }
}

/// Changes the master key.
pub fn rotate(core: &Core) -> Result<json::Value, Refusal> {
    let mut chance = Seeded::new(&core.draw_seed());
    let now = core.clock.stamp();
    match custody::rotate(&core.store, &core.master, now, &mut chance)? {
        Rotation::Done(fingerprint) => Ok(json::json!({"fingerprint": fingerprint})),
        // Shown once, to whoever may open the socket; it is nowhere else.
        Rotation::Install(text) => Ok(json::json!({"install": text.expose()})),
    }
}

/// How the keys stand.
pub fn key_status(core: &Core) -> Result<json::Value, Refusal> {
    let status = custody::status(&core.store, &core.master)?;
    let root = |(number, master): &(u32, String)| json::json!({"root": number, "master": master});
    Ok(json::json!({
        "place": status.place,
        "fingerprint": status.fingerprint.as_ref().ok(),
        "error": status.fingerprint.as_ref().err().map(ToString::to_string),
        "roots": status.roots.iter().map(root).collect::<Vec<_>>(),
        "fits": status.fits,
    }))
}
