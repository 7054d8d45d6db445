//! The headers that every answer has, whatever its handler forgot: how long it may be kept,
//! and what a browser must not do with it. A handler that needs another value says so itself.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// How long a client may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Not at all.
    Never,
    /// For ever: the address changes with the contents.
    Forever,
    /// Until it has asked again with the tag.
    Ask,
}

/// What a page may load: its own scripts, styles, pictures and data, nothing from elsewhere,
/// nothing inline; it may stand in no frame (CSP level 3).
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; media-src 'self' blob:; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What anything else may load when a browser is led to show it: nothing.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// The camera for our own pages, for kiosks and desks; nothing else of the device.
const PERMISSIONS: &str = "camera=(self), screen-wake-lock=(self), autoplay=(self), \
    fullscreen=(self), microphone=(), geolocation=(), usb=(), serial=(), payment=()";

/// Sets what is not set yet.
pub fn defaults(headers: &mut HeaderMap, content_type: &str, keep: Keep) {
    let page = content_type.starts_with("text/html");
    let keep = match keep {
        Keep::Never => "no-store",
        Keep::Forever => "public, max-age=31536000, immutable",
        Keep::Ask => "no-cache",
    };
    put(headers, header::CACHE_CONTROL, keep);
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // A form must tell where it comes from, or its post could not be believed.
    put(headers, header::REFERRER_POLICY, "same-origin");
    // A worker takes the policy of its script.
    let policy = if page || content_type.starts_with("text/javascript") {
        PAGE_POLICY
    } else {
        DATA_POLICY
    };
    put(headers, header::CONTENT_SECURITY_POLICY, policy);
    put(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if page {
        put(headers, header::X_FRAME_OPTIONS, "DENY");
        put(
            headers,
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        );
        put(
            headers,
            HeaderName::from_static("permissions-policy"),
            PERMISSIONS,
        );
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    let place = headers.entry(name);
    place.or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(content_type: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        defaults(&mut headers, content_type, Keep::Never);
        headers
    }

    #[test]
    fn a_page_loads_nothing_from_elsewhere_and_nothing_inline() {
        let page = of("text/html; charset=utf-8");
        let policy = page["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none';"));
        for forbidden in ["unsafe", "http:", "https:", "*", "  "] {
            assert!(!policy.contains(forbidden), "{policy}");
        }
        for wanted in [
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(wanted), "{policy}");
        }
        assert_eq!(page["x-frame-options"], "DENY");
        assert!(
            page["permissions-policy"]
                .to_str()
                .expect("text")
                .contains("camera=(self)")
        );
    }

    #[test]
    fn everything_else_is_inert() {
        for kind in ["application/json", "image/svg+xml", "text/csv", ""] {
            let headers = of(kind);
            assert!(
                headers["content-security-policy"]
                    .to_str()
                    .expect("text")
                    .contains("sandbox")
            );
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["cache-control"], "no-store");
        }
    }

    #[test]
    fn a_handler_may_say_otherwise() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src x"),
        );
        defaults(&mut headers, "text/html", Keep::Forever);
        assert_eq!(headers["content-security-policy"], "default-src x");
        assert!(
            headers["cache-control"]
                .to_str()
                .expect("text")
                .contains("immutable")
        );
    }
}
