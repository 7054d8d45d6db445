//! The token by which the box's own screen pairs itself, as the daemon is handed it.

use crate::app::config::Config;
use crate::app::error::Failure;
use crate::base::limits;
use crate::base::secret::Secret;
use crate::host::credential::CredentialError;

/// Reads the token where the configuration says it is; None: the box has no screen of its own.
///
/// # Errors
/// If it is there and cannot be used.
pub fn token(config: &Config) -> Result<Option<Secret<String>>, Failure> {
    let Some(place) = &config.kiosk_token else {
        return Ok(None);
    };
    let bytes = match place.read() {
        Ok(bytes) => bytes,
        Err(CredentialError::Missing(_) | CredentialError::NoDirectory) => return Ok(None),
        Err(error) => return Err(Failure::Setup(format!("kiosk.token: {error}"))),
    };
    let text = str::from_utf8(bytes.expose()).unwrap_or_default().trim();
    let least = limits::OWN_SCREEN_TOKEN_BYTES_MIN;
    if text.len() < least || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Failure::Setup(format!(
            "kiosk.token: {place} is no token of at least {least} letters and digits; remove it \
             and install hadir-kiosk again, which makes one"
        )));
    }
    Ok(Some(Secret::new(text.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::build;
    use std::os::unix::fs::PermissionsExt as _;

    fn read(name: &str, text: Option<&str>) -> Result<Option<String>, String> {
        let file = std::env::temp_dir().join(format!("hadir-own-{name}-{}", std::process::id()));
        if let Some(text) = text {
            std::fs::write(&file, text).expect("a file");
            let closed = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&file, closed).expect("closed");
        }
        let config = format!("[kiosk]\ntoken = \"file:{}\"\n", file.display());
        let config = build(None, &config, &[]).expect("a configuration");
        let found = token(&config);
        let _ = std::fs::remove_file(&file);
        found
            .map(|found| found.map(|token| token.expose().clone()))
            .map_err(|e| e.to_string())
    }

    #[test]
    fn a_token_is_long_or_none_at_all() {
        let good = "0123456789abcdef0123456789abcdef";
        assert_eq!(
            read("good", Some(&format!("{good}\n"))),
            Ok(Some(good.to_owned()))
        );
        assert_eq!(read("none", None), Ok(None));
        for bad in ["", "short", "0123456789abcdef 0123456789abcdef"] {
            assert!(
                read("bad", Some(bad)).is_err_and(|e| e.contains("kiosk.token")),
                "{bad}"
            );
        }
    }
}
