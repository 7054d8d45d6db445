//! The tables of signing in, setup, settings and pairing: good rows, and what is refused in them.

use super::row::{Case, ID, KNOWN, NOBODY, SHORT};

const DIGEST: &str = "zeroblob(32)";
const NO_DIGEST: &[&str] = &["X''", "zeroblob(16)", "zeroblob(33)"];

/// All of them.
pub const CASES: [Case; 19] = [
    Case {
        table: "account",
        row: &[
            ("person", KNOWN),
            ("surface", "'native'"),
            ("login", "X'01'"),
            ("login_digest", "zeroblob(16)"),
            ("hash", "X'01'"),
            ("changed_at", "1"),
        ],
        refused: &[
            ("person", &[NOBODY]),
            ("surface", &["''"]),
            ("login_digest", SHORT),
        ],
    },
    Case {
        table: "login_used",
        row: &[("login_digest", "zeroblob(16)"), ("person", KNOWN)],
        refused: &[("login_digest", SHORT), ("person", &[NOBODY])],
    },
    Case {
        table: "person_language",
        row: &[("person", KNOWN), ("language", "'en'")],
        refused: &[("person", &[NOBODY]), ("language", &["'de'", "''"])],
    },
    Case {
        table: "session",
        row: &[
            ("id", ID),
            ("person", KNOWN),
            ("surface", "'native'"),
            ("kind", "'pages'"),
            ("token_digest", DIGEST),
            ("address", "X'01'"),
            ("agent", "X'01'"),
            ("opened_at", "1"),
            ("seen_at", "1"),
            ("expires_at", "2"),
        ],
        refused: &[
            ("id", SHORT),
            ("person", &[NOBODY]),
            ("surface", &["''"]),
            ("kind", &["''", "'cookies'"]),
            ("token_digest", NO_DIGEST),
            ("expires_at", &["1", "0"]),
        ],
    },
    Case {
        table: "second_factor",
        row: &[
            ("person", KNOWN),
            ("secret", "X'01'"),
            ("last_step", "1"),
            ("since", "1"),
        ],
        refused: &[("person", &[NOBODY]), ("secret", &["NULL"])],
    },
    Case {
        table: "refresh",
        row: &[
            ("session", KNOWN),
            ("salt", "X'01'"),
            ("number", "1"),
            ("rotated_at", "1"),
        ],
        refused: &[("session", &[NOBODY]), ("number", &["0"])],
    },
    Case {
        table: "recovery_code",
        row: &[("code_digest", DIGEST), ("person", KNOWN)],
        refused: &[("code_digest", NO_DIGEST), ("person", &[NOBODY])],
    },
    Case {
        table: "setup_code",
        row: &[
            ("id", "1"),
            ("code_digest", DIGEST),
            ("expires_at", "1"),
            ("tries", "0"),
        ],
        refused: &[
            ("id", &["0", "2"]),
            ("code_digest", &["NULL", "zeroblob(16)"]),
            ("tries", &["-1"]),
            ("pass_digest", &[DIGEST]),
            ("pass_until", &["1"]),
        ],
    },
    Case {
        table: "setup_code",
        row: &[
            ("id", "1"),
            ("expires_at", "1"),
            ("tries", "0"),
            ("pass_digest", DIGEST),
            ("pass_until", "1"),
        ],
        refused: &[
            ("code_digest", &[DIGEST]),
            ("pass_digest", &["NULL", "zeroblob(16)"]),
            ("pass_until", &["NULL"]),
        ],
    },
    Case {
        table: "setup_step",
        row: &[("step", "'site'"), ("done_at", "1")],
        refused: &[("step", &["'tea'", "''"])],
    },
    Case {
        table: "setting",
        row: &[
            ("name", "'site.name'"),
            ("value", "X'01'"),
            ("changed_at", "1"),
        ],
        refused: &[],
    },
    Case {
        table: "device_token",
        row: &[
            ("device", KNOWN),
            ("token_digest", DIGEST),
            ("paired_at", "1"),
        ],
        refused: &[("device", &[NOBODY]), ("token_digest", NO_DIGEST)],
    },
    Case {
        table: "device_option",
        row: &[
            ("device", KNOWN),
            ("event", KNOWN),
            ("direction", "'exit'"),
            ("diagonal", "156"),
            ("distance_cm", "100"),
            ("language", "'en'"),
        ],
        refused: &[
            ("device", &[NOBODY]),
            ("event", &[NOBODY]),
            ("direction", &["'up'"]),
            ("diagonal", &["0"]),
            ("distance_cm", &["-1"]),
            ("language", &["'fr'"]),
        ],
    },
    Case {
        table: "pairing",
        row: &[
            ("device", KNOWN),
            ("code_digest", DIGEST),
            ("expires_at", "1"),
            ("tries", "0"),
        ],
        refused: &[
            ("device", &[NOBODY]),
            ("code_digest", NO_DIGEST),
            ("tries", &["-1"]),
        ],
    },
    Case {
        table: "pairing_try",
        row: &[("address", ID), ("tries", "1"), ("since", "1")],
        refused: &[("address", SHORT), ("tries", &["0"])],
    },
    Case {
        table: "visit_staff",
        row: &[("visit", "1"), ("person", KNOWN)],
        refused: &[("visit", &["99"]), ("person", SHORT)],
    },
    Case {
        table: "face_round",
        row: &[("person", KNOWN), ("removed", "1")],
        refused: &[("person", &[NOBODY]), ("removed", &["0", "-1"])],
    },
    Case {
        table: "import",
        row: &[("id", ID), ("at", "1"), ("created", "1"), ("updated", "0")],
        refused: &[("id", SHORT), ("created", &["-1"]), ("updated", &["-1"])],
    },
    Case {
        table: "import_person",
        row: &[
            ("import", KNOWN),
            ("person", KNOWN),
            ("line", "1"),
            ("trace", "X'01'"),
        ],
        refused: &[
            ("import", &[NOBODY]),
            ("person", &[NOBODY]),
            ("line", &["0"]),
            ("trace", &["NULL"]),
        ],
    },
];
