//! For each table a good row, and what the schema refuses in it.

/// A row: columns and their SQL literals.
pub type Row = &'static [(&'static str, &'static str)];

/// A table, a good row, and literals by column that the schema refuses in it.
pub struct Case {
    pub table: &'static str,
    pub row: Row,
    pub refused: &'static [(&'static str, &'static [&'static str])],
}

/// An id that is free.
pub const ID: &str = "X'00000000000000000000000000000002'";
/// An id of nobody.
pub const NOBODY: &str = "X'000000000000000000000000000000ff'";
/// An id that the ground has.
pub const KNOWN: &str = "X'00000000000000000000000000000001'";

/// Rows that others point to.
pub const GROUND: &str = "
    INSERT INTO person (id, state, name, created_at)
        VALUES (X'00000000000000000000000000000001', 'active', X'01', 1);
    INSERT INTO event (id, name, state, capacity_of, entry_rule, face_allowed, created_at)
        VALUES (X'00000000000000000000000000000001', 'E', 'open', 'inside', 'any', 1, 1);
    INSERT INTO consent (id, person, purpose, given_by, means, text_version, given_at)
        VALUES (X'00000000000000000000000000000001', X'00000000000000000000000000000001',
                'image', 'person', 'paper', 'v1', 1);
    INSERT INTO device (id, name, kind, access, created_at)
        VALUES (X'00000000000000000000000000000001', 'D', 'kiosk', 'scan', 1);
    INSERT INTO webhook (id, url, secret, events, state, made_at)
        VALUES (X'00000000000000000000000000000001', X'01', X'01', 'event.opened', 'on', 1);
    INSERT INTO session (id, person, surface, kind, token_digest, address, agent, opened_at,
                         seen_at, expires_at)
        VALUES (X'00000000000000000000000000000001', X'00000000000000000000000000000001', 'native',
                'tokens', X'0101010101010101010101010101010101010101010101010101010101010101',
                X'01', X'01', 1, 1, 2);
    INSERT INTO import (id, at, created, updated)
        VALUES (X'00000000000000000000000000000001', 1, 1, 0);
    INSERT INTO visit (seq, nonce, contents, box, occasion, means, direction, mode, verdict,
                       happened_at, arrived_at, synced)
        VALUES (1, zeroblob(16), zeroblob(16), zeroblob(16), '2026-11-21', 'code', 'entry',
                'online', 'admitted', 1, 1, 1);
";

/// What is no id.
pub const SHORT: &[&str] = &["X''", "zeroblob(15)", "zeroblob(17)"];

const PEOPLE: [Case; 7] = [
    Case {
        table: "person",
        row: &[
            ("id", ID),
            ("state", "'active'"),
            ("name", "X'01'"),
            ("created_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("state", &["'gone'", "''", "'erased'", "'Active'"]),
            ("name", &["NULL"]),
            ("number_digest", SHORT),
            ("email_digest", SHORT),
            ("erased_at", &["1"]),
        ],
    },
    Case {
        table: "person",
        row: &[
            ("id", ID),
            ("state", "'erased'"),
            ("created_at", "1"),
            ("erased_at", "2"),
        ],
        refused: &[
            ("erased_at", &["NULL"]),
            ("name", &["X'01'"]),
            ("number", &["X'01'"]),
            ("email", &["X'01'"]),
            ("class", &["X'01'"]),
            ("number_digest", &["zeroblob(16)"]),
            ("email_digest", &["zeroblob(16)"]),
        ],
    },
    Case {
        table: "person_key",
        row: &[("person", KNOWN), ("wrapped", "X'01'")],
        refused: &[("person", &[NOBODY])],
    },
    Case {
        table: "role",
        row: &[
            ("person", KNOWN),
            ("surface", "'native'"),
            ("role", "'user'"),
            ("given_at", "1"),
        ],
        refused: &[
            ("person", &[NOBODY]),
            ("surface", &["''", "printf('%033d', 1)"]),
            ("role", &["'king'", "''"]),
            ("word", &["printf('%065d', 1)"]),
        ],
    },
    Case {
        table: "consent",
        row: &[
            ("id", ID),
            ("person", KNOWN),
            ("purpose", "'face'"),
            ("given_by", "'person'"),
            ("means", "'paper'"),
            ("text_version", "'v1'"),
            ("given_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("person", &[NOBODY]),
            ("purpose", &["'voice'", "'image'"]), // the ground has one to 'image' in force
            ("given_by", &["'teacher'"]),
            ("means", &["'letter'"]),
            ("text_version", &["''", "printf('%065d', 1)"]),
        ],
    },
    Case {
        table: "face_template",
        row: &[
            ("person", KNOWN),
            ("model", "zeroblob(32)"),
            ("consent", KNOWN),
            ("template", "X'01'"),
            ("pictures", "3"),
            ("created_at", "1"),
        ],
        refused: &[
            ("person", &[NOBODY]),
            ("model", &["X''", "zeroblob(31)", "zeroblob(33)"]),
            ("consent", &[NOBODY]),
            ("pictures", &["0", "-1"]),
        ],
    },
    Case {
        table: "face_picture",
        row: &[
            ("id", ID),
            ("person", KNOWN),
            ("model", "zeroblob(32)"),
            ("embedding", "X'01'"),
            ("quality", "0.5"),
            ("created_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("person", &[NOBODY]),
            ("model", &["zeroblob(31)"]),
            ("quality", &["-0.01", "1.01", "9e999"]),
        ],
    },
];

const DOORS: [Case; 4] = [
    Case {
        table: "device",
        row: &[
            ("id", ID),
            ("name", "'Gerbang'"),
            ("kind", "'kiosk'"),
            ("access", "'scan'"),
            ("created_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("kind", &["'phone'"]),
            ("access", &["'all'", "''"]),
        ],
    },
    Case {
        table: "event",
        row: &[
            ("id", ID),
            ("name", "'E'"),
            ("state", "'open'"),
            ("capacity", "0"),
            ("capacity_of", "'inside'"),
            ("entry_rule", "'any'"),
            ("face_allowed", "1"),
            ("starts_at", "10"),
            ("ends_at", "11"),
            ("inside", "0"),
            ("admitted", "0"),
            ("created_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("state", &["'over'"]),
            ("capacity", &["-1"]),
            ("capacity_of", &["'outside'"]),
            ("entry_rule", &["'twice'"]),
            ("face_allowed", &["2", "-1"]),
            ("starts_at", &["11", "12"]),
            ("ends_at", &["10", "9"]),
            ("inside", &["-1"]),
            ("admitted", &["-1"]),
        ],
    },
    Case {
        table: "ticket",
        row: &[
            ("id", ID),
            ("event", KNOWN),
            ("holder", KNOWN),
            ("code_digest", "zeroblob(16)"),
            ("code", "X'01'"),
            ("state", "'valid'"),
            ("settled", "1"),
            ("answered", "0"),
            ("valid_from", "10"),
            ("valid_until", "11"),
            ("created_at", "1"),
        ],
        refused: &[
            ("id", SHORT),
            ("event", &[NOBODY]),
            ("holder", &[NOBODY]),
            ("code_digest", SHORT),
            ("state", &["'used'"]),
            ("settled", &["2"]),
            ("answered", &["2"]),
            ("valid_from", &["11", "12"]),
            ("valid_until", &["10", "9"]),
        ],
    },
    Case {
        table: "presence",
        row: &[
            ("occasion", KNOWN),
            ("subject", ID),
            ("entries", "0"),
            ("inside", "0"),
        ],
        refused: &[
            (
                "occasion",
                &["X''", "zeroblob(9)", "zeroblob(11)", "zeroblob(17)"],
            ),
            ("subject", SHORT),
            ("entries", &["-1"]),
            ("inside", &["2"]),
        ],
    },
];

const FACTS: [Case; 8] = [
    Case {
        table: "visit",
        row: &[
            ("seq", "2"),
            ("nonce", ID),
            ("contents", "zeroblob(16)"),
            ("box", "zeroblob(16)"),
            ("occasion", KNOWN),
            ("means", "'face'"),
            ("direction", "'entry'"),
            ("mode", "'online'"),
            ("verdict", "'admitted'"),
            ("happened_at", "1"),
            ("arrived_at", "1"),
            ("synced", "1"),
            ("undone", "0"),
        ],
        refused: &[
            ("seq", &["1"]),
            ("nonce", &["X''", "zeroblob(15)", "zeroblob(16)"]), // the ground has that of zeros
            ("contents", SHORT),
            ("box", SHORT),
            (
                "occasion",
                &["X''", "zeroblob(9)", "zeroblob(11)", "zeroblob(17)"],
            ),
            ("means", &["'smell'"]),
            ("direction", &["'up'"]),
            ("mode", &["'later'"]),
            (
                "verdict",
                &[
                    "'perhaps'",
                    "'refused'",
                    "'already'",
                    "'ambiguous'",
                    "'attention'",
                ],
            ),
            ("reason", &["'expired'"]),
            ("synced", &["2"]),
            ("standing", &["'absent'"]),
            ("liveness", &["'alive'"]),
            ("undone", &["2"]),
        ],
    },
    Case {
        table: "undo",
        row: &[
            ("visit", "1"),
            ("at", "1"),
            ("actor", "'operator'"),
            ("reason", "'test'"),
        ],
        refused: &[("visit", &["7"]), ("reason", &["'because'"])],
    },
    Case {
        table: "scan_count",
        row: &[
            ("occasion", KNOWN),
            ("device", "X''"),
            ("day", "'2026-11-21'"),
            ("reason", "'no_face'"),
            ("scans", "1"),
        ],
        refused: &[("scans", &["0", "-1"])],
    },
    Case {
        table: "meta",
        row: &[("name", "'x'"), ("value", "X'01'")],
        refused: &[("name", &["'box'"])],
    },
    Case {
        table: "root_key",
        row: &[
            ("number", "1"),
            ("master", ID),
            ("envelope", "X'01'"),
            ("made_at", "1"),
        ],
        refused: &[("number", &["0", "-1"]), ("master", SHORT)],
    },
    Case {
        table: "audit",
        row: &[
            ("seq", "1"),
            ("at", "1"),
            ("synced", "1"),
            ("actor", "'a'"),
            ("origin", "'o'"),
            ("act", "'t'"),
            ("object", "'x'"),
            ("detail", "X''"),
            ("link", "zeroblob(32)"),
        ],
        refused: &[
            ("synced", &["2"]),
            ("link", &["X''", "zeroblob(31)", "zeroblob(33)"]),
        ],
    },
    Case {
        table: "outbox",
        row: &[
            ("id", ID),
            ("kind", "'k'"),
            ("payload", "X''"),
            ("made_at", "1"),
            ("state", "'waiting'"),
            ("due_at", "1"),
            ("attempts", "0"),
        ],
        refused: &[("id", SHORT), ("state", &["'sent'"]), ("attempts", &["-1"])],
    },
    Case {
        table: "clock_stretch",
        row: &[
            ("from_at", "1"),
            ("boot", ID),
            ("up_ms", "0"),
            ("slow", "0"),
            ("set_by", "'person:1'"),
            ("ahead_ms", "5"),
        ],
        refused: &[
            ("boot", SHORT),
            ("up_ms", &["-1"]),
            ("slow", &["2"]),
            ("set_by", &["NULL"]),
            ("ahead_ms", &["NULL"]),
        ],
    },
];

/// All of them.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    let access = super::access::CASES.iter();
    let delivery = super::delivery::CASES.iter();
    let all = PEOPLE.iter().chain(&DOORS).chain(&FACTS);
    let privacy = super::privacy::CASES.iter();
    all.chain(access).chain(delivery).chain(privacy)
}
