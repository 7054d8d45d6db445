//! Every limit of the program, unit last in the name. Assertions at the end hold the
//! relations between them when the program is compiled.

/// Longest name of a person or thing, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest remark or reason, in characters.
pub const REMARK_CHARS_MAX: usize = 500;
/// Longest e-mail address, in characters (RFC 5321, section 4.5.3.1.3, less the brackets).
pub const EMAIL_CHARS_MAX: usize = 254;
/// Longest ticket code, in characters; fits a QR code of version 10 at level M.
pub const TICKET_CODE_CHARS_MAX: usize = 128;
/// Longest student's or member's number, in characters.
pub const ID_NUMBER_CHARS_MAX: usize = 32;
/// Shortest new password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in bytes: longer ones only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// Shortest password on an old surface, in characters, unless the site says more.
pub const OLD_PASSWORD_CHARS_MIN: usize = 4;
/// Longest password there, in bytes: those that bcrypt looks at.
pub const OLD_PASSWORD_BYTES_MAX: usize = 72;

/// Longest access token with claims, in bytes; ours have some 200.
pub const JWT_BYTES_MAX: usize = 4096;
/// Shortest secret that signs such tokens, in bytes (RFC 7518, section 3.2: as long as the digest).
pub const JWT_SECRET_BYTES_MIN: usize = 32;

/// Shortest login name, in characters.
pub const LOGIN_CHARS_MIN: usize = 3;
/// Longest login name, in characters.
pub const LOGIN_CHARS_MAX: usize = 64;
/// How many times the class `login` all strangers of one address may try together: a school may
/// be one address.
pub const LOGIN_ADDRESS_TIMES: u32 = 10;
/// How many times the class `login` one name may be tried by all strangers together.
pub const LOGIN_NAME_TIMES: u32 = 20;
/// Marks of names that a browser keeps, most: people who share one.
pub const KNOWN_BROWSER_MARKS_MAX: usize = 4;
/// How long a link for setting one's password holds, in milliseconds: three days.
pub const LOGIN_LINK_MS_MAX: i64 = 3 * 24 * 3_600_000;
/// How long an access token holds, in milliseconds: an hour.
pub const ACCESS_TOKEN_MS: i64 = 3_600_000;
/// How long the refresh token before the newest is still answered, in milliseconds: for an answer
/// that was lost, and for many who refresh at once.
pub const REFRESH_GRACE_MS: i64 = 60_000;
/// Recovery codes that a person is given with the second factor.
pub const RECOVERY_CODES: u32 = 10;
/// Whose password was right has this long for the code, in milliseconds.
pub const CODE_WAIT_MS_MAX: i64 = 5 * 60_000;
/// A session ends this long after it was opened, in milliseconds: seven days.
pub const SESSION_MS_MAX: i64 = 7 * 24 * 3_600_000;
/// A session ends when it was not used for this long, in milliseconds: a day.
pub const SESSION_IDLE_MS_MAX: i64 = 24 * 3_600_000;
/// A use of a session is written down at most this often, in milliseconds: it costs a commit.
pub const SESSION_SEEN_MS_MIN: i64 = 5 * 60_000;
/// Sessions of one person on one surface; a further one ends the oldest.
pub const SESSIONS_PER_PERSON_MAX: u32 = 20;
/// Longest address or name of a browser that a session keeps, in characters; the rest is cut.
pub const SESSION_TEXT_CHARS_MAX: usize = 200;
/// A code for the first administrator is valid this long, in milliseconds.
pub const SETUP_CODE_MS_MAX: i64 = 30 * 60_000;
/// Wrong tries that end such a code.
pub const SETUP_CODE_TRIES_MAX: u32 = 5;
/// Who has entered it has this long for the first steps, in milliseconds.
pub const SETUP_PASS_MS_MAX: i64 = 2 * 3_600_000;
/// Fewest letters and digits of the token by which the box's own screen pairs itself.
pub const OWN_SCREEN_TOKEN_BYTES_MIN: usize = 32;
/// A code that pairs a device is valid this long, in milliseconds.
pub const PAIRING_CODE_MS_MAX: i64 = 10 * 60_000;
/// Wrong tries of one address within that time; further ones are refused unread.
pub const PAIRING_TRIES_PER_ADDRESS_MAX: u32 = 5;
/// Wrong tries of everybody together that end a pairing code.
pub const PAIRING_TRIES_MAX: u32 = 20;

/// Deepest nesting of JSON, in levels.
pub const JSON_DEPTH_MAX: usize = 32;
/// Largest JSON body of a request, in bytes.
pub const JSON_BODY_BYTES_MAX: usize = 256 * 1024;

/// Largest table of people to be imported, in bytes.
pub const IMPORT_BYTES_MAX: usize = 1024 * 1024;
/// Lines of such a table, most: one job writes them all, and check-ins wait for it.
pub const IMPORT_LINES_MAX: usize = 5_000;
/// Columns of such a table, most.
pub const IMPORT_COLUMNS_MAX: usize = 64;

/// How long an import may be taken back as a whole, in milliseconds: a week.
pub const IMPORT_UNDO_MS_MAX: i64 = 7 * 24 * 3_600_000;

/// How long a link for enrolling oneself holds, in milliseconds: two days.
pub const INVITE_MS_MAX: i64 = 2 * 24 * 3600 * 1000;

/// Longest subject of a mail, in characters.
pub const MAIL_SUBJECT_CHARS_MAX: usize = 200;
/// Longest text of a mail, in bytes.
pub const MAIL_TEXT_BYTES_MAX: usize = 64 * 1024;
/// Time that one conversation with a mail server may take, in milliseconds.
pub const MAIL_MS_MAX: u64 = 30_000;
/// Longest line of a mail server's answer, in bytes (RFC 5321 asks for 512; some say more).
pub const MAIL_LINE_BYTES_MAX: u64 = 2048;
/// Mails that are taken out of the list at once, most.
pub const MAIL_CLAIM_MAX: u32 = 8;
/// How long a mail that was taken out is nobody else's, in milliseconds.
pub const MAIL_CLAIM_MS: i64 = 5 * 60_000;
/// How long it is known what became of a mail, in milliseconds: thirty days.
pub const MAIL_KEPT_MS: i64 = 30 * 24 * 3_600_000;
/// Mails with trouble that a page lists, most.
pub const MAIL_TROUBLED_MAX: u32 = 20;
/// Pause between looks at what is to be delivered, in milliseconds.
pub const DELIVERY_PAUSE_MS: u64 = 1_000;
/// Lines of one answer of a mail server, most.
pub const MAIL_LINES_MAX: usize = 100;

/// Keys of programs that are in force at once, most.
pub const API_KEYS_MAX: usize = 50;
/// How long a key of a program holds, in days, most: a year.
pub const API_KEY_DAYS_MAX: u16 = 366;
/// How long the old text of a key that was rotated holds, in milliseconds: a day.
pub const API_KEY_OVERLAP_MS: i64 = 24 * 3_600_000;
/// A use of a key is written down at most this often, in milliseconds: it costs a commit.
pub const API_KEY_SEEN_MS_MIN: i64 = 5 * 60_000;
/// Longest address of a webhook, in characters.
pub const WEBHOOK_URL_CHARS_MAX: usize = 1000;
/// Webhooks, most.
pub const WEBHOOKS_MAX: usize = 20;
/// Deliveries in a row that fail until a webhook is switched off.
pub const WEBHOOK_FAILURES_MAX: u32 = 50;
/// Pieces of news that are handed to the webhooks in one job, most.
pub const NEWS_AT_ONCE_MAX: u32 = 100;
/// How long news that nobody wants is kept, in milliseconds: an hour.
pub const NEWS_KEPT_MS: i64 = 3_600_000;
/// Deliveries under way at once, most.
pub const DELIVERIES_AT_ONCE_MAX: u32 = 8;
/// How long a delivery that was taken out is nobody else's, in milliseconds.
pub const DELIVERY_CLAIM_MS: i64 = 60_000;
/// How long it is known what became of a delivery, in milliseconds: seven days.
pub const DELIVERY_KEPT_MS: i64 = 7 * 24 * 3_600_000;
/// Deliveries of a webhook that are listed, most.
pub const DELIVERIES_LISTED_MAX: u32 = 50;
/// Time that one call to a webhook may take, in milliseconds.
pub const CALL_MS_MAX: u64 = 10_000;
/// What is read of its answer, in bytes, most.
pub const CALL_ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Largest picture file, in bytes.
pub const IMAGE_BYTES_MAX: usize = 12 * 1024 * 1024;
/// Longest side of a picture, in pixels.
pub const IMAGE_SIDE_PIXELS_MAX: u32 = 8192;
/// Most pixels of a picture: 24 megapixels are 72 MB as RGB.
pub const IMAGE_PIXELS_MAX: u64 = 24_000_000;
/// Width to which a picture is made smaller for finding faces, in pixels.
pub const DETECT_WIDTH_PIXELS: u32 = 320;
/// Longest side at which the exact detection looks; larger pictures are scaled down to it.
pub const DETECT_EXACT_PIXELS_MAX: u32 = 1280;
/// How many input sizes of the detector are kept ready; each costs a few megabytes.
pub const DETECT_SIZES_MAX: usize = 12;
/// Eye openings kept to know a person's own: twenty seconds at fifteen a second.
pub const LIVENESS_OPENINGS_MAX: usize = 300;
/// Codes read from one frame.
pub const CODES_PER_FRAME_MAX: usize = 8;
/// A model file may have at most this many bytes.
pub const MODEL_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most faces that are looked at in one picture.
pub const FACES_PER_FRAME_MAX: usize = 32;
/// Frames that wait for an inference thread, per camera: a newer one replaces an older.
pub const FRAMES_WAITING_PER_SOURCE_MAX: usize = 1;
/// Frames that wait for an inference thread, of all cameras together.
pub const FRAMES_WAITING_MAX: usize = 16;
/// Inference panics within [`INFERENCE_PANIC_WINDOW_MS`] that switch faces off.
pub const INFERENCE_PANICS_MAX: usize = 3;
/// Window in which inference panics are counted, in milliseconds.
pub const INFERENCE_PANIC_WINDOW_MS: i64 = 60_000;
/// Templates in one gallery, most.
pub const GALLERY_TEMPLATES_MAX: usize = 100_000;

/// Frames of one face track that one decision looks at, most.
pub const TRACK_FRAMES_MAX: usize = 5;
/// Frames of one face track that must agree.
pub const TRACK_VOTES_MIN: usize = 2;
/// Time in which the frames of one decision must lie, in milliseconds.
pub const TRACK_WINDOW_MS: i64 = 2_000;

/// Pictures of one enrolment, least.
pub const ENROL_PICTURES_MIN: usize = 3;
/// Pictures of one person, most.
pub const ENROL_PICTURES_MAX: usize = 10;

/// Jobs that wait for the writer, most; the next one is refused with 503.
pub const WRITE_QUEUE_JOBS_MAX: usize = 512;
/// Jobs that the writer puts into one commit, most.
pub const WRITE_BATCH_JOBS_MAX: usize = 128;
/// Connections that read.
pub const READERS: usize = 3;
/// Time a read query may take, in milliseconds.
pub const READ_QUERY_MS_MAX: u64 = 5_000;
/// Time that a reader waits for a free connection, in milliseconds.
pub const READER_WAIT_MS_MAX: u64 = 2_000;
/// Memory in which the writer keeps pages, in KiB.
pub const WRITER_CACHE_KIB: u32 = 8 * 1024;
/// Pages of the write-ahead log at which the writer copies them into the store: 4 MiB.
pub const CHECKPOINT_PAGES: u32 = 4_000;
/// Rows of one page of a list, most.
pub const LIST_ROWS_MAX: u32 = 500;
/// Audit rows that one page looks at, most: whoever filters goes on from there.
pub const AUDIT_LOOKED_ROWS_MAX: u64 = 50_000;
/// Audit rows that an export reads at once.
pub const AUDIT_EXPORT_ROWS: u64 = 1_000;
/// Time in which what people ask for under the law has to be done: 3×24 h (UU 27/2022, 30 and others).
pub const CLAIM_MS_MAX: i64 = 3 * 24 * 3_600_000;
/// Characters of a privacy notice in one language, most.
pub const NOTICE_CHARS_MAX: usize = 8_000;
/// People to whom the same is done at once, most.
pub const BULK_PEOPLE_MAX: usize = 200;
/// Audit rows in the copy of one person's data, most.
pub const COPY_DEEDS_MAX: usize = 2_000;
/// Exports of the audit trail under way at once, most.
pub const AUDIT_EXPORTS_MAX: usize = 2;

/// Entry of a check-in that may be undone by the device that made it, in milliseconds.
pub const UNDO_WINDOW_MS: i64 = 15 * 60_000;

/// Passwords that are checked at once, most: half of the smallest box's cores.
pub const PASSWORD_HASHES_AT_ONCE_MAX: usize = 2;

/// Admissions of one ticket or person that the desk is shown, most.
pub const EARLIER_VISITS_MAX: u32 = 20;

/// Letters that a search for people has at least.
pub const SEARCH_LETTERS_MIN: usize = 3;
/// Characters of a search for people, most.
pub const SEARCH_CHARS_MAX: usize = 64;
/// Parts of such a search, most.
pub const SEARCH_PARTS_MAX: usize = 8;
/// People that it tells, most.
pub const SEARCH_HITS_MAX: usize = 20;
/// Longest path of a folder that is chosen on the pages, in bytes.
pub const FOLDER_BYTES_MAX: usize = 400;
/// Largest logo of the site, in bytes.
pub const LOGO_BYTES_MAX: usize = 128 * 1024;

/// Open connections to one listener, most. With the store's and the cameras' files this stays
/// below 1024 descriptors, which is what a process is given where nobody asked for more.
pub const CONNECTIONS_MAX: usize = 768;
/// Open connections from one address, most; behind one router many phones are one address.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 96;
/// Connections beyond the limit that wait for a place, most; all others are refused at once.
pub const CONNECTIONS_WAITING_MAX: usize = 64;
/// Time that they wait, in milliseconds.
pub const CONNECTION_WAIT_MS_MAX: u64 = 250;
/// Time in which a client must take a part of an answer, in milliseconds.
pub const WRITE_MS_MAX: u64 = 20_000;
/// Bodies of all requests together that are in memory at once, in bytes.
pub const BODIES_BYTES_MAX: usize = 48 * 1024 * 1024;
/// A body of at most this many bytes is taken before it is known who calls, if it has come.
pub const BODY_AT_ONCE_BYTES_MAX: usize = 16 * 1024;
/// Fields of one form or query, most.
pub const FORM_FIELDS_MAX: usize = 256;
/// Callers whose requests are counted one by one.
pub const RATE_CALLERS_MAX: usize = 8192;
/// Devices that are kept in memory as known callers.
pub const CALLERS_KEPT_MAX: usize = 256;
/// Answers shorter than this are not compressed, in bytes: it would save no packet.
pub const PACK_BYTES_MIN: usize = 1024;
/// Requests of the check-in lane that are worked on at once; one commit takes up to 128 jobs.
pub const LANE_CHECK_INS_MAX: usize = 48;
/// Requests of the check-in lane that wait, most.
pub const LANE_CHECK_INS_WAITING_MAX: usize = 256;
/// Requests of the ordinary lane that are worked on at once.
pub const LANE_ORDINARY_MAX: usize = 16;
/// Requests of the ordinary lane that wait, most; the next one is refused with 503.
pub const LANE_ORDINARY_WAITING_MAX: usize = 64;
/// Requests with a password that are worked on at once; the hashes have a limit of their own.
pub const LANE_PASSWORDS_MAX: usize = 4;
/// Requests with a password that wait, most: a class that signs in at the start of a lesson.
pub const LANE_PASSWORDS_WAITING_MAX: usize = 64;
/// Time that a request with a password waits, in milliseconds: fifty before it take five seconds
/// on the box.
pub const LANE_PASSWORD_WAIT_MS_MAX: u64 = 10_000;
/// Time that a request waits in its lane, in milliseconds.
pub const LANE_WAIT_MS_MAX: u64 = 3_000;
/// Time in which a request's header must have come, in milliseconds.
pub const HEADER_MS_MAX: u64 = 10_000;
/// Time in which a request's body must have come, in milliseconds.
pub const BODY_MS_MAX: u64 = 20_000;
/// Time that a stop waits for requests under way, in milliseconds.
pub const DRAIN_MS_MAX: u64 = 10_000;
/// Longest line on the control socket, in bytes.
pub const CONTROL_LINE_BYTES_MAX: usize = 1024 * 1024;
/// Time one exchange on the control socket may take, in milliseconds.
pub const CONTROL_MS_MAX: u64 = 60_000;

/// One part of an MJPEG stream, most, in bytes.
pub const MJPEG_PART_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A camera that has sent nothing for this long is lost, in milliseconds.
pub const CAMERA_SILENT_MS_MAX: u64 = 3_000;
/// First pause before a lost camera is opened again, in milliseconds; doubles each time.
pub const CAMERA_RETRY_MS_MIN: u64 = 500;
/// Longest pause before a lost camera is opened again, in milliseconds.
pub const CAMERA_RETRY_MS_MAX: u64 = 15_000;
/// Pictures after which a camera counts as steady, and the next pause is short again.
pub const CAMERA_STEADY_PICTURES: u32 = 40;
/// Pictures of a device that may arrive damaged one after the other.
pub const CAMERA_DAMAGED_MAX: u32 = 10;
/// One picture of a device, most, in bytes: raw, 1920x1080.
pub const CAMERA_PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Cameras of the box, most.
pub const CAMERAS_MAX: usize = 4;

/// Time after which it is told that the network carries no multicast, in milliseconds.
pub const ANNOUNCE_SILENT_MS_MAX: u64 = 20_000;
/// How often the responder of the local name looks at the box's addresses, in seconds.
pub const ANNOUNCE_ADDRESSES_S: u32 = 15;
/// Time for taking the local name back at the stop, in milliseconds.
pub const ANNOUNCE_STOP_MS_MAX: u64 = 1_000;

/// Plain bytes of one chunk of a backup.
pub const BACKUP_CHUNK_BYTES: usize = 64 * 1024;
/// The readable beginning of a backup, most, in bytes.
pub const BACKUP_HEADER_BYTES_MAX: usize = 16 * 1024;
/// What a backup says of itself inside, most, in bytes.
pub const BACKUP_MANIFEST_BYTES_MAX: usize = 1024 * 1024;
/// The list of the erased beside the backups, most, in bytes.
pub const BACKUP_ERASED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Shortest passphrase of backups, in characters: it guards a file that may be copied.
pub const BACKUP_PASSPHRASE_CHARS_MIN: usize = 12;
/// Time in which a backup must be made, proven or looked through, in milliseconds.
pub const BACKUP_MS_MAX: u64 = 15 * 60_000;
/// Age of the last proven backup from which a warning is shown, in milliseconds: two days.
pub const BACKUP_AGE_MS_MAX: i64 = 2 * 24 * 3_600_000;
/// Files in one folder that are looked at as backups, most.
pub const BACKUP_FILES_MAX: usize = 2_000;

/// Longest configuration file, in bytes.
pub const CONFIG_BYTES_MAX: u64 = 1024 * 1024;
/// A file with a certificate chain or a key, most, in bytes.
pub const CERTIFICATE_BYTES_MAX: u64 = 64 * 1024;
/// Free space of the store's disk below which a warning is shown, in bytes.
pub const DISK_FREE_BYTES_MIN: u64 = 256 * 1024 * 1024;

/// How far ahead of a clock that a time server has set the box's time may be and still be slowed
/// down until it is caught up, in milliseconds: a day. Beyond, it goes on as it is and is not
/// believed.
pub const CLOCK_SLOWED_TOLD_MS_MAX: i64 = 24 * 3_600_000;
/// The same ahead of a clock of which nobody says who has set it: a quarter of an hour, by which a
/// phone may be wrong.
pub const CLOCK_SLOWED_MS_MAX: i64 = 15 * 60_000;
/// How far from the release the time may be set by staff, in milliseconds: twenty years.
pub const CLOCK_SET_MS_MAX: i64 = 20 * 366 * 24 * 3_600_000;
/// Decisions whose times are corrected in one transaction, most: it takes less than the time
/// of a few check-ins.
pub const CLOCK_SETTLED_ROWS_MAX: u32 = 128;

/// Lines of the journal in an archive for support.
pub const BUNDLE_JOURNAL_LINES: u32 = 500;
/// One of these lines, most, in bytes; a longer one is left out.
pub const BUNDLE_LINE_BYTES_MAX: usize = 64 * 1024;

/// Journal entries that wait to be written, most; more are dropped and counted.
pub const JOURNAL_ENTRIES_MAX: usize = 1024;
/// Time that the last entries have to be written when the program ends, in milliseconds.
pub const JOURNAL_FLUSH_MS_MAX: u64 = 1_000;

/// Open event streams and preview pictures together, most; the next one is refused with 503.
pub const STREAMS_MAX: usize = 600;
/// Events that wait for one client of a stream, most; a client that is slower is cut off.
pub const STREAM_PARTS_MAX: usize = 32;
/// Pause between signs of life on event streams, in seconds.
pub const STREAM_PULSE_S: u64 = 10;
/// Screens that are followed at the same time, most; the one used longest ago gives way.
pub const SCREENS_MAX: usize = 64;
/// Time for which somebody who was let in may be out of a screen's picture without being decided
/// about again, in milliseconds.
pub const SCREEN_LINGER_MS: i64 = 5_000;
/// Largest picture that a screen sends, in bytes: 1280 x 960 at the best quality.
pub const SCREEN_PICTURE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// A screen that has said nothing for this long is gone, in milliseconds.
pub const SCREEN_SILENT_MS_MAX: i64 = 30_000;

/// Digits of a PIN that opens the menu of screens, fewest.
pub const PIN_DIGITS_MIN: usize = 4;
/// Digits of a PIN that opens the menu of screens, most.
pub const PIN_DIGITS_MAX: usize = 12;
/// Wrong PINs on a screen after which it waits.
pub const PIN_TRIES_MAX: u32 = 5;
/// How long it waits then, in milliseconds.
pub const PIN_WAIT_MS: i64 = 5 * 60_000;
/// How long the right PIN lets a screen's own menu change what the screen does, in milliseconds.
pub const MENU_OPEN_MS: i64 = 5 * 60_000;
/// Events that the menu of a screen offers, most.
pub const MENU_EVENTS_MAX: usize = 50;

/// How long a face that only proposed a person waits for the second factor, in milliseconds.
pub const PROPOSAL_MS_MAX: i64 = 30_000;

const _: () = {
    assert!(OLD_PASSWORD_CHARS_MIN <= OLD_PASSWORD_BYTES_MAX);
    assert!(BACKUP_PASSPHRASE_CHARS_MIN >= PASSWORD_CHARS_MIN);
    assert!(SCREEN_PICTURE_BYTES_MAX <= IMAGE_BYTES_MAX);
    assert!(WRITE_BATCH_JOBS_MAX <= WRITE_QUEUE_JOBS_MAX);
    assert!(SESSION_IDLE_MS_MAX <= SESSION_MS_MAX);
    assert!(SESSION_SEEN_MS_MIN < SESSION_IDLE_MS_MAX);
    assert!(PAIRING_TRIES_PER_ADDRESS_MAX <= PAIRING_TRIES_MAX);
    assert!(TRACK_VOTES_MIN <= TRACK_FRAMES_MAX);
    assert!(ENROL_PICTURES_MIN <= ENROL_PICTURES_MAX);
    assert!(FRAMES_WAITING_PER_SOURCE_MAX <= FRAMES_WAITING_MAX);
    assert!(MAIL_MS_MAX < CONTROL_MS_MAX);
    assert!(DELIVERY_CLAIM_MS as u64 > CALL_MS_MAX);
    assert!(MAIL_CLAIM_MS as u64 > MAIL_CLAIM_MAX as u64 * MAIL_MS_MAX);
    assert!(MJPEG_PART_BYTES_MAX <= IMAGE_BYTES_MAX);
    assert!(BODIES_BYTES_MAX >= IMAGE_BYTES_MAX);
    assert!(CONNECTIONS_MAX * BODY_AT_ONCE_BYTES_MAX <= BODIES_BYTES_MAX / 2);
    assert!(CONNECTIONS_PER_ADDRESS_MAX <= CONNECTIONS_MAX);
    assert!(PASSWORD_HASHES_AT_ONCE_MAX < LANE_PASSWORDS_MAX);
    assert!(LANE_CHECK_INS_MAX <= WRITE_QUEUE_JOBS_MAX);
    assert!(CAMERA_RETRY_MS_MIN <= CAMERA_RETRY_MS_MAX);
    // Else damaged pictures would be told as none.
    assert!((CAMERA_DAMAGED_MAX as u64) < CAMERA_SILENT_MS_MAX / 250);
    assert!(CAMERA_PICTURE_BYTES_MAX <= IMAGE_BYTES_MAX);
    assert!(IMAGE_PIXELS_MAX <= IMAGE_SIDE_PIXELS_MAX as u64 * IMAGE_SIDE_PIXELS_MAX as u64);
};
