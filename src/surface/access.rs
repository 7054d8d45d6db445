//! Access tokens of programs: signed, for an hour, and worth nothing once their session has ended.
//! The role is not in them; it is looked up with the session at each request.

use crate::base::id::{PersonId, SessionId};
use crate::base::limits::ACCESS_TOKEN_MS;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::jwt::{self, Key, Keys};
use crate::crypto::keyring::Purpose;
use crate::crypto::token;
use crate::domain::site::Site;
use crate::surface::native::SURFACE;

/// The name of the key that signs.
const KID: &str = "native-1";

/// How every signed token begins: the first bytes of a JSON object in base 64.
const BEGIN: &str = "eyJ";

/// Whether a bearer's token may be one of these.
#[must_use]
pub fn is_form(text: &str) -> bool {
    text.starts_with(BEGIN)
}

/// The key, derived for this alone, so that no token of another surface is signed with it.
fn key(site: &Site) -> Key {
    let from = site.keyring.purpose(Purpose::Tokens);
    let bytes = Secret::new(token::token_digest(from, "access", KID));
    Key::new(bytes.expose())
}

/// A token for a session, and the seconds that it holds.
#[must_use]
pub fn sign(
    site: &Site,
    person: PersonId,
    session: SessionId,
    now: Timestamp,
) -> (Secret<String>, i64) {
    let (iat, holds) = (now.as_millis().div_euclid(1000), ACCESS_TOKEN_MS / 1000);
    let claims = format!(
        r#"{{"iss":"{}","aud":"{SURFACE}","sub":"{person}","sid":"{session}","iat":{iat},"exp":{}}}"#,
        site.box_id,
        iat + holds
    );
    (jwt::sign(&key(site), Some(KID), &claims), holds)
}

/// Person and session of a token that holds now; None: it is none of ours, was changed, or its
/// time has not come or is over.
#[must_use]
pub fn read(site: &Site, text: &str, now: Timestamp) -> Option<(PersonId, SessionId)> {
    let keys = Keys::default().with(KID, key(site));
    let now_s = now.as_millis().div_euclid(1000);
    let claims = jwt::verify(&keys, text, now_s, Some(SURFACE)).ok()?;
    let word = |name: &str| claims.get(name).and_then(|value| value.as_str());
    if word("iss")? != site.box_id.to_string() {
        return None;
    }
    Some((word("sub")?.parse().ok()?, word("sid")?.parse().ok()?))
}
