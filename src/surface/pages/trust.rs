//! `/trust`: how to make a device trust the box: the authority's certificate as a file, the way
//! there as a QR code, the fingerprint to compare, and the steps of each system.
//!
//! All of it is open, even before the box is set up: a certificate is no secret, who needs it has
//! no account yet, and the first password should go over a connection that is trusted.

use crate::domain::rule::Language;
use crate::http::problem::Problem;
use crate::http::reply::{Keep, Reply};
use crate::http::request::{Head, Request};
use crate::http::route::{Access, Route};
use crate::surface::native::{Caller, Native};
use crate::surface::pages::layout::{self, Page};
use crate::surface::pages::read;
use crate::surface::pages::words::Words;
use crate::surface::pages::words::trust as words;
use crate::surface::qr;
use crate::surface::trust::Trust;
use maud::{Markup, html};
use std::net::IpAddr;

/// The table of routes.
#[must_use]
pub fn routes() -> Vec<Route<Native>> {
    vec![
        read("/trust", Access::Open, show),
        read("/trust/hadir.crt", Access::Open, der),
        read("/trust/hadir.pem", Access::Open, pem),
    ]
}

/// The steps of a system, by its name.
const SYSTEMS: [(Words, &[Words]); 5] = [
    (
        words::ANDROID,
        &[words::ANDROID_1, words::ANDROID_2, words::ANDROID_3],
    ),
    (words::IOS, &[words::IOS_1, words::IOS_2, words::IOS_3]),
    (
        words::WINDOWS,
        &[words::WINDOWS_1, words::WINDOWS_2, words::WINDOWS_3],
    ),
    (words::MACOS, &[words::MACOS_1, words::MACOS_2]),
    (
        words::LINUX,
        &[words::LINUX_1, words::LINUX_2, words::LINUX_3],
    ),
];

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    let language = caller.language;
    let body = match &native.trust {
        Some(trust) => body(language, trust, &request),
        None => nothing(language),
    };
    let page = Page::new(words::TITLE.of(language), body);
    Ok(layout::reply(native, caller, &request, page))
}

fn der(native: &Native, _: &Caller, _: Request) -> Result<Reply, Problem> {
    let trust = native.trust.as_ref().ok_or_else(Problem::missing)?;
    let file = trust.authority().to_vec();
    Ok(as_file(
        Reply::bytes("application/x-x509-ca-cert", file),
        "hadir.crt",
    ))
}

fn pem(native: &Native, _: &Caller, _: Request) -> Result<Reply, Problem> {
    let trust = native.trust.as_ref().ok_or_else(Problem::missing)?;
    let file = trust.authority_pem().into_bytes();
    Ok(as_file(
        Reply::bytes("application/x-pem-file", file),
        "hadir.pem",
    ))
}

fn as_file(reply: Reply, name: &str) -> Reply {
    let disposition = format!("attachment; filename=\"{name}\"");
    reply
        .with_header("content-disposition", disposition)
        .kept(Keep::Ask)
}

fn nothing(language: Language) -> Markup {
    html! {
        div.card.medium.stack {
            h1 { (words::NONE_TITLE.of(language)) }
            p { (words::NONE_TEXT.of(language)) }
        }
    }
}

/// The address of this page for another device: as this one was asked for, unless that leads
/// back to the device itself; then by the box's first address on the network.
fn address(host: &str, names: &[String]) -> String {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let is_own = |name: &str| {
        let bare = name.trim_matches(['[', ']']);
        bare == "localhost" || bare.parse().is_ok_and(|a: IpAddr| a.is_loopback())
    };
    if !host.is_empty() && !is_own(name) {
        return format!("https://{host}/trust");
    }
    let reachable = |text: &str| text.parse().is_ok_and(|a: IpAddr| a.is_ipv4()) && !is_own(text);
    let first = names.iter().find(|n| reachable(n));
    let first = first.or_else(|| names.iter().find(|n| !is_own(n)));
    format!(
        "https://{}/trust",
        first.map_or("hadir.local", String::as_str)
    )
}

fn body(language: Language, trust: &Trust, head: &Head) -> Markup {
    let (names, _) = trust.shown();
    let address = address(head.header("host").unwrap_or_default(), &names);
    html! {
        div.head { h1 { (words::TITLE.of(language)) } }
        p.lead { (words::LEAD.of(language)) }
        div.split {
            div {
                section.card { (files(language)) }
                section.card { (compare(language, &trust.fingerprint())) }
                section.card { (systems(language)) }
            }
            div {
                section.card { (open_on_phone(language, &address)) }
                section.card { (reached_by(language, &names)) }
            }
        }
    }
}

fn open_on_phone(language: Language, address: &str) -> Markup {
    html! {
        h2 { (words::STEP_OPEN.of(language)) }
        p { (words::STEP_OPEN_TEXT.of(language)) }
        div.qr { (qr::svg(address, &words::QR_LABEL.fill(language, &[address]))) }
        p.mono { (address) }
    }
}

fn files(language: Language) -> Markup {
    html! {
        h2 { "1. " (words::STEP_FILE.of(language)) }
        div.actions {
            a.button.primary href="/trust/hadir.crt" download { (words::FILE_DER.of(language)) }
            a.button href="/trust/hadir.pem" download { (words::FILE_PEM.of(language)) }
        }
    }
}

fn compare(language: Language, fingerprint: &str) -> Markup {
    html! {
        h2 { "2. " (words::STEP_COMPARE.of(language)) }
        p { (words::COMPARE_TEXT.of(language)) }
        p.muted.small { (words::FINGERPRINT.of(language)) }
        p.mono id="fingerprint" { (fingerprint) }
    }
}

fn systems(language: Language) -> Markup {
    html! {
        h2 { "3. " (words::STEP_INSTALL.of(language)) }
        @for (name, steps) in SYSTEMS {
            details {
                summary { (name.of(language)) }
                ol {
                    @for step in steps { li { (step.of(language)) } }
                }
                @if name == words::LINUX { pre { "sudo update-ca-certificates" } }
            }
        }
        p.muted { (words::REMOVE.of(language)) }
    }
}

fn reached_by(language: Language, names: &[String]) -> Markup {
    html! {
        h2 { (words::NAMES.of(language)) }
        p { (words::NAMES_TEXT.of(language)) }
        ul.mono { @for name in names { li { (name) } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_leads_another_device_to_the_box() {
        let names = [
            "hadir.local",
            "localhost",
            "127.0.0.1",
            "192.168.1.7",
            "::1",
        ];
        let names = names.map(str::to_owned);
        let table = [
            ("192.168.1.9", "https://192.168.1.9/trust"),
            ("hadir.local:8443", "https://hadir.local:8443/trust"),
            ("[fd00::2]", "https://[fd00::2]/trust"),
            ("localhost:8080", "https://192.168.1.7/trust"),
            ("127.0.0.1:8080", "https://192.168.1.7/trust"),
            ("[::1]:8080", "https://192.168.1.7/trust"),
            ("", "https://192.168.1.7/trust"),
        ];
        for (host, want) in table {
            assert_eq!(address(host, &names), want, "{host}");
        }
        assert_eq!(
            address("localhost", &names[..3]),
            "https://hadir.local/trust"
        );
        assert_eq!(address("localhost", &[]), "https://hadir.local/trust");
    }

    #[test]
    fn each_system_has_its_steps_in_both_languages() {
        for language in [Language::Id, Language::En] {
            let text = systems(language).into_string();
            for name in ["Android", "iPhone", "Windows", "macOS", "Linux"] {
                assert!(text.contains(name), "{name}");
            }
            assert_eq!(text.matches("<details>").count(), 5);
            assert_eq!(text.matches("<li>").count(), 14);
        }
    }
}
