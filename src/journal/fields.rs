//! The names of all fields and the ids of all messages that the program writes to the
//! journal. What is searched for stands in a field; the message alone reads as a sentence.

/// What kind of thing happened: a word such as `started` or `camera_lost`.
pub const EVENT: &str = "HADIR_EVENT";
/// The id of the request, frame or command.
pub const REQUEST: &str = "HADIR_REQUEST";
/// The surface through which it came: `native`, `control`, `camera`.
pub const SURFACE: &str = "HADIR_SURFACE";
/// Who asked: the id of a person, or `operator`. Never a name.
pub const ACTOR: &str = "HADIR_ACTOR";
/// The device at which it happened.
pub const DEVICE: &str = "HADIR_DEVICE";
/// The route or command, without its parameters.
pub const ROUTE: &str = "HADIR_ROUTE";
/// Why it failed: a code of `base::cause`, or the reason code of a check-in.
pub const CAUSE: &str = "HADIR_CAUSE";
/// How it ended: a status, or the verdict of a check-in.
pub const OUTCOME: &str = "HADIR_OUTCOME";
/// How long it took, in microseconds.
pub const DURATION_US: &str = "HADIR_DURATION_US";
/// How many rows it touched or there are.
pub const ROWS: &str = "HADIR_ROWS";
/// How many bytes it concerns.
pub const BYTES: &str = "HADIR_BYTES";
/// The last link of the audit chain, hexadecimal.
pub const LINK: &str = "HADIR_LINK";
/// The inner story of a failure, for the operator.
pub const ERROR: &str = "HADIR_ERROR";
/// The id of a message that an operator acts on (`journalctl MESSAGE_ID=…`).
pub const MESSAGE_ID: &str = "MESSAGE_ID";

/// Every field that is sent as it is; all others become part of the message's text.
pub const ALL: [&str; 14] = [
    EVENT,
    REQUEST,
    SURFACE,
    ACTOR,
    DEVICE,
    ROUTE,
    CAUSE,
    OUTCOME,
    DURATION_US,
    ROWS,
    BYTES,
    LINK,
    ERROR,
    MESSAGE_ID,
];

/// The daemon serves.
pub const STARTED: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a01";
/// The daemon stops.
pub const STOPPING: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a02";
/// The store was brought to a newer form.
pub const MIGRATED: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a03";
/// The disk of the store is nearly full.
pub const DISK_LOW: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a04";
/// The store cannot be written.
pub const STORE_READ_ONLY: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a05";
/// The master key is missing or wrong.
pub const KEY_MISSING: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a06";
/// A camera sends no pictures any more.
pub const CAMERA_LOST: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a07";
/// A camera that was lost sends pictures again.
pub const CAMERA_BACK: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a08";
/// Face recognition is off; the code and the list go on.
pub const FACES_OFF: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a09";

/// A backup was made and proven.
pub const BACKUP_MADE: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a10";
/// No backup was made.
pub const BACKUP_FAILED: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a11";
/// The end of the audit chain, told every hour.
pub const AUDIT_HEAD: &str = "5d6f2c7d4f1b4a0f9d0c5f5a3c1e7a12";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_that_the_journal_takes() {
        for name in ALL {
            assert!(name.len() <= 64, "{name}");
            let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
            assert!(name.bytes().all(fits), "{name}");
            assert!(!name.starts_with('_'), "{name}");
        }
    }

    #[test]
    fn message_ids_are_distinct_and_of_128_bits() {
        let ids = [
            STARTED,
            STOPPING,
            MIGRATED,
            DISK_LOW,
            STORE_READ_ONLY,
            KEY_MISSING,
            CAMERA_LOST,
            CAMERA_BACK,
            FACES_OFF,
            BACKUP_MADE,
            BACKUP_FAILED,
            AUDIT_HEAD,
        ];
        for (i, id) in ids.iter().enumerate() {
            assert_eq!(id.len(), 32);
            assert!(
                id.bytes()
                    .all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
            );
            assert!(!ids[..i].contains(id));
        }
    }
}
