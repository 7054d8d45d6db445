//! Access tokens that carry their claims: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256 and
//! with nothing else. A surface mints them for its family and reads them back; whether their
//! person may still do anything is decided elsewhere.
//!
//! What is refused here: every algorithm but HS256 (so `none`, and a public key taken for a
//! secret, which RFC 8725 sections 2.1 and 3.1 warn of), a header that asks for more (`crit`),
//! a key that is not ours, claims named twice, and times that do not fit. The signature is
//! compared in a time that does not depend on it, before a claim is looked at.

use crate::base::json::{self, Value};
use crate::base::limits;
use crate::base::secret::Secret;
use crate::crypto::token::{base64url, read_base64url};
use ring::hmac;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// The claims of a token, by their names.
pub type Claims = BTreeMap<String, Value>;

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not three parts of base 64 with JSON in them, or longer than a token can be.
    Form,
    /// Signed in another way than HS256, or its header asks for something unknown.
    Algorithm,
    /// Its header names a key that is not ours, or none where each of ours has a name.
    Key,
    /// Not signed by that key, or changed since.
    Signature,
    /// A claim is missing, doubled, of the wrong kind, or meant for somebody else.
    Claims,
    /// Its time has not come yet: made or valid from later on.
    Early,
    /// Its time is over.
    Expired,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "this is no token",
            Self::Algorithm => "the token is not signed with HS256",
            Self::Key => "the token names an unknown key",
            Self::Signature => "the token's signature is wrong",
            Self::Claims => "the token's claims are wrong",
            Self::Early => "the token's time has not come",
            Self::Expired => "the token's time is over",
        })
    }
}

impl std::error::Error for Refusal {}

/// A key for signing tokens, from a secret that a family shares.
pub struct Key(hmac::Key);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("jwt::Key")
    }
}

impl Key {
    /// A key from a secret's bytes. Whether it is long enough is the configuration's matter.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }
}

/// The keys of a family: the newest signs, all verify. A key without a name is the one that
/// tokens without a `kid` are signed with.
#[derive(Debug, Default)]
pub struct Keys(Vec<(Option<String>, Key)>);

impl Keys {
    /// One key without a name, as old clients have it.
    #[must_use]
    pub fn unnamed(key: Key) -> Self {
        Self(vec![(None, key)])
    }

    /// Adds a key under its name.
    #[must_use]
    pub fn with(mut self, kid: &str, key: Key) -> Self {
        self.0.push((Some(kid.to_owned()), key));
        self
    }

    fn find(&self, kid: Option<&str>) -> Option<&Key> {
        let found = self.0.iter().find(|(name, _)| name.as_deref() == kid);
        // Whoever has one key without a name overlooks the names that others give theirs.
        let only = match self.0.as_slice() {
            [only @ (None, _)] => Some(only),
            _ => None,
        };
        found.or(only).map(|(_, key)| key)
    }
}

/// Signs claims. `kid` names the key in the header. `claims` is a JSON object, whose order is kept.
#[must_use]
pub fn sign(key: &Key, kid: Option<&str>, claims: &str) -> Secret<String> {
    let header = match kid {
        None => r#"{"alg":"HS256","typ":"JWT"}"#.to_owned(),
        Some(kid) => {
            let kid = Value::from(kid);
            format!(r#"{{"alg":"HS256","kid":{kid},"typ":"JWT"}}"#)
        }
    };
    let mut text = base64url(header.as_bytes());
    text.push('.');
    text.push_str(&base64url(claims.as_bytes()));
    let tag = hmac::sign(&key.0, text.as_bytes());
    text.push('.');
    text.push_str(&base64url(tag.as_ref()));
    Secret::new(text)
}

/// The claims of a token that one of `keys` has signed and whose time it is. `now_s` is in seconds
/// since 1970. `audience`: what the claim `aud` must be; None: there must be no such claim.
///
/// # Errors
/// The first [`Refusal`] in their order; the times before anything else about the claims.
pub fn verify(
    keys: &Keys,
    token: &str,
    now_s: i64,
    audience: Option<&str>,
) -> Result<Claims, Refusal> {
    if token.len() > limits::JWT_BYTES_MAX {
        return Err(Refusal::Form);
    }
    let (signed, tag) = token.rsplit_once('.').ok_or(Refusal::Form)?;
    let (header, claims) = signed.split_once('.').ok_or(Refusal::Form)?;
    let tag = read_base64url(tag).ok_or(Refusal::Form)?;
    let header = object(header).ok_or(Refusal::Form)?;
    let key = key_of(keys, &header)?;
    hmac::verify(&key.0, signed.as_bytes(), &tag).map_err(|_| Refusal::Signature)?;
    let claims = object(claims).ok_or(Refusal::Claims)?;
    check(&claims, now_s, audience)?;
    Ok(claims)
}

fn key_of<'k>(keys: &'k Keys, header: &Claims) -> Result<&'k Key, Refusal> {
    if header.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(Refusal::Algorithm);
    }
    // RFC 7515, section 4.1.11: who does not know what is asked there must refuse; we know nothing
    // of it. A key or its address inside the token is nobody's but the token's maker's.
    let asks = ["crit", "b64", "zip", "enc", "jwk", "jku", "x5u", "x5c"];
    if asks.iter().any(|name| header.contains_key(*name)) {
        return Err(Refusal::Algorithm);
    }
    let kid = match header.get("kid") {
        None => None,
        Some(kid) => Some(kid.as_str().ok_or(Refusal::Key)?),
    };
    keys.find(kid).ok_or(Refusal::Key)
}

fn check(claims: &Claims, now_s: i64, audience: Option<&str>) -> Result<(), Refusal> {
    for name in ["iat", "nbf"] {
        if let Some(at) = claims.get(name)
            && seconds(at)? > now_s
        {
            return Err(Refusal::Early);
        }
    }
    let end = claims.get("exp").ok_or(Refusal::Claims)?;
    if seconds(end)? <= now_s {
        return Err(Refusal::Expired);
    }
    let meant = match (claims.get("aud"), audience) {
        (None, None) => true,
        (Some(aud), Some(ours)) => aud.as_str() == Some(ours),
        (Some(_), None) | (None, Some(_)) => false,
    };
    let whose = claims.get("sub").is_none_or(Value::is_string);
    if meant && whose {
        Ok(())
    } else {
        Err(Refusal::Claims)
    }
}

/// A time of RFC 7519 (section 2, NumericDate), in whole seconds.
fn seconds(value: &Value) -> Result<i64, Refusal> {
    if let Some(whole) = value.as_i64() {
        return Ok(whole);
    }
    // Others may write fractions; what is beyond all dates is no time.
    let number = value.as_f64().filter(|n| n.abs() < 9e15);
    #[allow(
        clippy::cast_possible_truncation,
        reason = "checked above: it lies within the whole numbers that both types have"
    )]
    number.map(|n| n.floor() as i64).ok_or(Refusal::Claims)
}

/// A part of a token that is a JSON object with each name once.
fn object(part: &str) -> Option<Claims> {
    let bytes = read_base64url(part)?;
    json::decode::<Once>(&bytes, limits::JWT_BYTES_MAX)
        .ok()
        .map(|once| once.0)
}

/// An object with each name once, at the top: two readers of a doubled name may each take
/// another value for it.
struct Once(Claims);

impl<'de> serde::Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Once;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with each name once")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
                let mut all = Claims::new();
                while let Some((name, value)) = map.next_entry()? {
                    if all.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a name stands there twice"));
                    }
                }
                Ok(Once(all))
            }
        }
        from.deserialize_map(Names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_800_000_000;

    fn key(text: &str) -> Key {
        Key::new(text.as_bytes())
    }

    fn keys() -> Keys {
        Keys::unnamed(key("a secret of a family"))
    }

    fn claims(more: &str) -> String {
        format!(
            r#"{{"sub":"sari","role":"admin","iat":{NOW},"exp":{}{more}}}"#,
            NOW + 60
        )
    }

    /// A token with this header and these claims, rightly signed.
    fn made(header: &str, claims: &str) -> String {
        let signed = format!(
            "{}.{}",
            base64url(header.as_bytes()),
            base64url(claims.as_bytes())
        );
        let tag = hmac::sign(&key("a secret of a family").0, signed.as_bytes());
        format!("{signed}.{}", base64url(tag.as_ref()))
    }

    fn read(token: &str) -> Result<Claims, Refusal> {
        verify(&keys(), token, NOW, None)
    }

    const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

    #[test]
    fn the_published_example_is_read() {
        // RFC 7515, appendix A.1; its key is in section A.1.1.
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let keys = Keys::unnamed(Key::new(&read_base64url(secret).expect("a key")));
        let claims = verify(&keys, token, 1_300_819_379, None).expect("a token");
        assert_eq!(claims["iss"], "joe");
        assert_eq!(
            verify(&keys, token, 1_300_819_380, None),
            Err(Refusal::Expired)
        );
    }

    #[test]
    fn the_form_is_that_of_the_contract() {
        let token = sign(&key("a secret of a family"), None, &claims(""));
        assert_eq!(*token.expose(), made(HEADER, &claims("")));
        assert_eq!(read(token.expose()).expect("read")["sub"], "sari");
        let named = sign(&key("a secret of a family"), Some("k\"2"), &claims(""));
        assert_eq!(
            *named.expose(),
            made(r#"{"alg":"HS256","kid":"k\"2","typ":"JWT"}"#, &claims(""))
        );
    }

    #[test]
    fn whatever_is_not_signed_with_hs256_by_our_key_is_none() {
        let table = [
            (r#"{"alg":"none","typ":"JWT"}"#, Refusal::Algorithm),
            (r#"{"alg":"None"}"#, Refusal::Algorithm),
            (r#"{"alg":"hs256"}"#, Refusal::Algorithm),
            (r#"{"alg":"HS512"}"#, Refusal::Algorithm),
            (r#"{"alg":"RS256"}"#, Refusal::Algorithm),
            (r#"{"alg":["HS256"]}"#, Refusal::Algorithm),
            (r#"{"typ":"JWT"}"#, Refusal::Algorithm),
            (r#"{"alg":"HS256","crit":["exp"]}"#, Refusal::Algorithm),
            (r#"{"alg":"HS256","crit":[]}"#, Refusal::Algorithm),
            (r#"{"alg":"HS256","b64":false}"#, Refusal::Algorithm),
            (
                r#"{"alg":"HS256","jwk":{"kty":"oct","k":""}}"#,
                Refusal::Algorithm,
            ),
            (r#"{"alg":"HS256","alg":"HS256"}"#, Refusal::Form),
            (r#"{"alg":"HS256","kid":7}"#, Refusal::Key),
            (r#"["HS256"]"#, Refusal::Form),
            ("", Refusal::Form),
        ];
        for (header, want) in table {
            assert_eq!(read(&made(header, &claims(""))), Err(want), "{header}");
        }
        let bare = format!(
            "{}.{}.",
            base64url(br#"{"alg":"none"}"#),
            base64url(claims("").as_bytes())
        );
        assert_eq!(read(&bare), Err(Refusal::Algorithm));
        let unsigned = format!(
            "{}.{}.",
            base64url(HEADER.as_bytes()),
            base64url(claims("").as_bytes())
        );
        assert_eq!(read(&unsigned), Err(Refusal::Signature));
        let other = sign(&key("another secret"), None, &claims(""));
        assert_eq!(read(other.expose()), Err(Refusal::Signature));
    }

    #[test]
    fn a_key_s_name_must_be_one_of_ours() {
        let two = || {
            Keys::default()
                .with("2026-2", key("new"))
                .with("2026-1", key("old"))
        };
        let kept = sign(&key("old"), Some("2026-1"), &claims(""));
        assert!(verify(&two(), kept.expose(), NOW, None).is_ok());
        let table = [
            (Some("2026-3"), Refusal::Key),
            (None, Refusal::Key),
            (Some("2026-2"), Refusal::Signature),
        ];
        for (kid, want) in table {
            let token = sign(&key("old"), kid, &claims(""));
            let found = verify(&two(), token.expose(), NOW, None);
            assert_eq!(found, Err(want), "{kid:?}");
        }
        let alone = Keys::default().with("only", key("old"));
        let without = sign(&key("old"), None, &claims(""));
        assert_eq!(
            verify(&alone, without.expose(), NOW, None),
            Err(Refusal::Key)
        );
        let foreign = sign(&key("a secret of a family"), Some("x"), &claims(""));
        assert!(read(foreign.expose()).is_ok(), "one key without a name");
    }

    #[test]
    fn times_and_other_claims_must_fit() {
        let table = [
            (r#"{"exp":1800000000}"#, Some(Refusal::Expired)),
            (r#"{"exp":1800000001}"#, None),
            (r#"{"exp":1800000000.9}"#, Some(Refusal::Expired)),
            (r#"{"exp":1800000060,"iat":1800000000}"#, None),
            (
                r#"{"exp":1800000060,"iat":1800000001}"#,
                Some(Refusal::Early),
            ),
            (
                r#"{"exp":1800000060,"nbf":1800000001}"#,
                Some(Refusal::Early),
            ),
            (r#"{"exp":1,"iat":1800000001}"#, Some(Refusal::Early)),
            (r#"{"exp":1,"aud":"x"}"#, Some(Refusal::Expired)),
            (r#"{"exp":1800000060,"aud":"x"}"#, Some(Refusal::Claims)),
            (r#"{"exp":1800000060,"aud":null}"#, Some(Refusal::Claims)),
            (r#"{"exp":1800000060,"sub":7}"#, Some(Refusal::Claims)),
            (r#"{"exp":1800000060,"sub":null}"#, Some(Refusal::Claims)),
            (
                r#"{"exp":1800000060,"sub":"a","sub":"b"}"#,
                Some(Refusal::Claims),
            ),
            (r#"{"exp":1,"exp":1800000060}"#, Some(Refusal::Claims)),
            (r#"{"sub":"sari"}"#, Some(Refusal::Claims)),
            (r#"{"exp":null}"#, Some(Refusal::Claims)),
            (r#"{"exp":"1800000060"}"#, Some(Refusal::Claims)),
            (r#"{"exp":1e300}"#, Some(Refusal::Claims)),
            (r#"{"exp":18446744073709551615}"#, Some(Refusal::Claims)),
            (r#"{"exp":-1}"#, Some(Refusal::Expired)),
            ("[]", Some(Refusal::Claims)),
            ("null", Some(Refusal::Claims)),
        ];
        for (claims, want) in table {
            assert_eq!(read(&made(HEADER, claims)).err(), want, "{claims}");
        }
    }

    #[test]
    fn a_token_for_somebody_is_for_them_alone() {
        let ours = |more: &str, audience: &str| {
            verify(&keys(), &made(HEADER, &claims(more)), NOW, Some(audience)).is_ok()
        };
        assert!(ours(r#","aud":"hadir""#, "hadir"));
        assert!(!ours(r#","aud":"chat""#, "hadir"));
        assert!(!ours(r#","aud":["hadir"]"#, "hadir"));
        assert!(!ours("", "hadir"));
    }

    #[test]
    fn what_is_too_long_is_not_looked_at() {
        let long = format!(r#","x":"{}""#, "a".repeat(limits::JWT_BYTES_MAX));
        assert_eq!(read(&made(HEADER, &claims(&long))), Err(Refusal::Form));
    }

    proptest! {
        #[test]
        fn what_was_signed_is_read_back(sub in "\\PC{0,40}", role in "[a-z]{0,9}", life in 1i64..1_000_000) {
            let claims = json::json!({"sub": sub, "role": role, "iat": NOW, "exp": NOW + life});
            let token = sign(&key("a secret of a family"), None, &claims.to_string());
            let read_back = read(token.expose()).expect("a token");
            prop_assert_eq!(Value::from_iter(read_back), claims);
            prop_assert_eq!(verify(&keys(), token.expose(), NOW + life, None), Err(Refusal::Expired));
        }

        #[test]
        fn a_token_with_any_character_changed_is_none(at in 0usize..1000, to in "[A-Za-z0-9_.-]") {
            let token = sign(&key("a secret of a family"), None, &claims(""));
            let mut changed = token.expose().clone();
            let at = at % changed.len();
            changed.replace_range(at..=at, &to);
            // The last digit of a part may have bits that mean nothing; those must be zero.
            prop_assert_eq!(read(&changed).is_ok(), changed == *token.expose());
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            prop_assert!(read(&text).is_err());
            let begun = format!("{}.{text}.{text}", base64url(HEADER.as_bytes()));
            prop_assert!(read(&begun).is_err());
        }
    }
}
