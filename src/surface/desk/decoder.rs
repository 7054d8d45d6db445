//! The QR decoder of the page, which lies in `qr` as it was published. Its version is part of
//! the address, so that browsers may keep it for ever.

use crate::http::problem::Problem;
use crate::http::reply::{Keep, Reply};
use crate::http::request::Request;
use crate::surface::native::{Caller, Native};

/// The pattern of its files' addresses.
pub const PATH: &str = "/assets/qr-0.7.0/{name}";

const FILES: [(&str, &[u8]); 2] = [
    ("decode.js", include_bytes!("qr/decode.js")),
    ("index.js", include_bytes!("qr/index.js")),
];

/// `GET /assets/qr-0.7.0/{name}`.
///
/// # Errors
/// 404 for a name that is none.
pub fn show(_: &Native, _: &Caller, request: Request) -> Result<Reply, Problem> {
    let name = request.param("name");
    let found = FILES.iter().find(|(own, _)| *own == name);
    let (_, bytes) = found.ok_or_else(Problem::missing)?;
    Ok(Reply::bytes("text/javascript; charset=utf-8", *bytes).kept(Keep::Forever))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_the_version_of_the_manifest() {
        let manifest = include_str!("qr/manifest.toml");
        let version = manifest
            .lines()
            .find_map(|line| line.strip_prefix("version = \""));
        let version = version.and_then(|rest| rest.strip_suffix('"'));
        assert_eq!(
            Some(PATH),
            version
                .map(|v| format!("/assets/qr-{v}/{{name}}"))
                .as_deref()
        );
        let worker = include_str!("../pages/assets/desk_decode.js");
        assert!(worker.contains(&PATH.replace("{name}", "decode.js")));
    }
}
