//! What a browser calls itself, shortened for people: "Firefox" and "Android", not the whole
//! line. Only for showing; nothing is decided by it.

/// Marks of browsers, in the order in which they are looked for: most name Chrome and Safari
/// too.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks of systems; Android names Linux too, and iPads name Mac OS.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Browser and system of a `User-Agent` line, as far as they are known.
#[must_use]
pub fn name(agent: &str) -> Option<(&'static str, &'static str)> {
    let find = |all: &[(&str, &'static str)]| {
        let found = all.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    Some((find(&BROWSERS)?, find(&SYSTEMS)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ones_are_told_apart() {
        let table = [
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
                Some(("Chrome", "Android")),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                Some(("Firefox", "Linux")),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
                Some(("Safari", "iPhone")),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0",
                Some(("Edge", "Windows")),
            ),
            ("curl/8.5.0", None),
            ("", None),
        ];
        for (agent, want) in table {
            assert_eq!(name(agent), want, "{agent}");
        }
    }
}
