//! The files that pages load: style sheets, scripts, pictures. They are part of the program.
//! An address with the file's tag may be kept for ever; without it the browser asks each time.

use crate::crypto::digest::sha256;
use crate::http::problem::Problem;
use crate::http::reply::{Keep, Reply};
use crate::http::request::Request;
use crate::surface::native::{Caller, Native};
use std::sync::OnceLock;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        Asset {
            name: $name,
            content_type: $kind,
            bytes: include_bytes!(concat!("assets/", $name)),
        }
    };
}

/// All of them; a page adds a line for each of its own.
static ASSETS: &[Asset] = &[
    asset!("base.css", CSS),
    asset!("page.js", SCRIPT),
    asset!("desk.css", CSS),
    asset!("desk.js", SCRIPT),
    asset!("desk_card.js", SCRIPT),
    asset!("desk_decode.js", SCRIPT),
    asset!("desk_gone.js", SCRIPT),
    asset!("desk_leave.js", SCRIPT),
    asset!("desk_left.js", SCRIPT),
    asset!("desk_line.js", SCRIPT),
    asset!("desk_nonce.js", SCRIPT),
    asset!("desk_queue.js", SCRIPT),
    asset!("desk_repeat.js", SCRIPT),
    asset!("desk_scan.js", SCRIPT),
    asset!("desk_search.js", SCRIPT),
    asset!("desk_show.js", SCRIPT),
    asset!("desk_sound.js", SCRIPT),
    asset!("desk_store.js", SCRIPT),
    asset!("desk_wedge.js", SCRIPT),
    asset!("icon.svg", SVG),
    asset!("kiosk.css", CSS),
    asset!("kiosk.js", SCRIPT),
    asset!("kiosk_camera.js", SCRIPT),
    asset!("kiosk_sound.js", SCRIPT),
    asset!("kiosk_state.js", SCRIPT),
    asset!("docs.css", CSS),
    asset!("enrol.css", CSS),
    asset!("enrol.js", SCRIPT),
    asset!("import.js", SCRIPT),
    asset!("logo.js", SCRIPT),
    asset!("own.js", SCRIPT),
    asset!("setup.js", SCRIPT),
];

fn find(name: &str) -> Option<(&'static Asset, &'static str)> {
    static TAGS: OnceLock<Vec<String>> = OnceLock::new();
    let tags = TAGS.get_or_init(|| ASSETS.iter().map(tag).collect());
    let mut all = ASSETS.iter().zip(tags);
    let (asset, tag) = all.find(|(asset, _)| asset.name == name)?;
    Some((asset, tag))
}

fn tag(asset: &Asset) -> String {
    let digest = sha256(asset.bytes);
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The address of a file for use in pages; changes with the file's contents.
#[must_use]
pub fn address(name: &str) -> String {
    match find(name) {
        Some((_, tag)) => format!("/assets/{name}?v={tag}"),
        None => format!("/assets/{name}"),
    }
}

/// `GET /assets/{name}`.
///
/// # Errors
/// 404 for a name that is none.
pub fn show(_: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    let (asset, tag) = find(request.param("name")).ok_or_else(Problem::missing)?;
    let keep = if request.query("v") == Some(tag) {
        Keep::Forever
    } else {
        Keep::Ask
    };
    let reply = Reply::bytes(asset.content_type, asset.bytes);
    Ok(reply.kept(keep).tagged(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_and_addresses_carry_tags() {
        for (at, asset) in ASSETS.iter().enumerate() {
            assert!(!asset.bytes.is_empty(), "{}", asset.name);
            assert!(ASSETS[..at].iter().all(|other| other.name != asset.name));
            let (path, tag) = address(asset.name)
                .split_once("?v=")
                .map(|(p, t)| (p.to_owned(), t.to_owned()))
                .expect("a tag");
            assert_eq!(path, format!("/assets/{}", asset.name));
            assert_eq!(tag.len(), 16);
        }
        assert_eq!(address("gone.css"), "/assets/gone.css");
    }

    #[test]
    fn nothing_is_loaded_from_another_host() {
        for asset in ASSETS {
            let text = String::from_utf8_lossy(asset.bytes).replace("http://www.w3.org/", "");
            for word in ["http://", "https://", "@import", "eval("] {
                assert!(!text.contains(word), "{}: {word}", asset.name);
            }
        }
    }
}
