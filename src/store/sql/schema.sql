-- The store's tables, as a fresh file has them. Ids are 16 bytes (base::id), times are
-- milliseconds since 1970 UTC, days are ISO texts of the site's zone. "sealed" is an envelope
-- of crypto::seal; "digest" the first 16 bytes of an HMAC of crypto::seal, so that a value can
-- be looked up without being stored.

-- People. A row outlives its person: erasing empties it and leaves the id, so that visits
-- and counts stay whole and name nobody.
CREATE TABLE person (
  id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  state         TEXT    NOT NULL CHECK (state IN ('active', 'disabled', 'erased')),
  name          BLOB,               -- sealed under the person's key
  number        BLOB,               -- sealed under the person's key
  email         BLOB,               -- sealed under the person's key
  class         BLOB,               -- sealed under the person's key
  number_digest BLOB    CHECK (length(number_digest) = 16),
  email_digest  BLOB    CHECK (length(email_digest) = 16),
  created_at    INTEGER NOT NULL,
  erased_at     INTEGER,
  CHECK ((state = 'erased') = (erased_at IS NOT NULL)),
  CHECK (state = 'erased' OR name IS NOT NULL),
  CHECK (state <> 'erased' OR (name IS NULL AND number IS NULL AND email IS NULL AND class IS NULL
         AND number_digest IS NULL AND email_digest IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX person_by_number ON person (number_digest) WHERE number_digest IS NOT NULL;
CREATE UNIQUE INDEX person_by_email ON person (email_digest) WHERE email_digest IS NOT NULL;

-- The random key of each person, wrapped. Deleting the row is what erases.
CREATE TABLE person_key (
  person  BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person is on a surface; `word` is an old surface's own word for it.
CREATE TABLE role (
  person   BLOB    NOT NULL REFERENCES person (id),
  surface  TEXT    NOT NULL CHECK (length(surface) BETWEEN 1 AND 32),
  role     TEXT    NOT NULL CHECK (role IN ('user', 'developer', 'teacher', 'committee', 'admin')),
  word     TEXT    CHECK (length(word) <= 64),
  given_at INTEGER NOT NULL,
  PRIMARY KEY (person, surface)
) STRICT, WITHOUT ROWID;

-- Who agreed to what. At most one consent of a purpose is in force for a person.
CREATE TABLE consent (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person       BLOB    NOT NULL REFERENCES person (id),
  purpose      TEXT    NOT NULL CHECK (purpose IN ('face', 'image')),
  given_by     TEXT    NOT NULL CHECK (given_by IN ('person', 'guardian')),
  guardian     BLOB,               -- name and relation, sealed under the person's key
  means        TEXT    NOT NULL CHECK (means IN ('paper', 'screen', 'spoken')),
  text_version TEXT    NOT NULL CHECK (length(text_version) BETWEEN 1 AND 64),
  given_at     INTEGER NOT NULL,
  withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX consent_in_force ON consent (person, purpose) WHERE withdrawn_at IS NULL;
CREATE INDEX consent_by_person ON consent (person);

-- One normalised mean a person, sealed, and the hash of the model that made it.
CREATE TABLE face_template (
  person     BLOB    NOT NULL PRIMARY KEY REFERENCES person (id),
  model      BLOB    NOT NULL CHECK (length(model) = 32),
  consent    BLOB    NOT NULL REFERENCES consent (id),
  template   BLOB    NOT NULL,     -- sealed under the person's key
  pictures   INTEGER NOT NULL CHECK (pictures > 0),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX face_template_by_consent ON face_template (consent);

-- The embedding of each enrolled picture; the picture itself is not kept.
CREATE TABLE face_picture (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person     BLOB    NOT NULL REFERENCES person (id),
  model      BLOB    NOT NULL CHECK (length(model) = 32),
  embedding  BLOB    NOT NULL,     -- sealed under the person's key
  quality    REAL    NOT NULL CHECK (quality BETWEEN 0 AND 1),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX face_picture_by_person ON face_picture (person);

-- Goes up by one in the transaction of every change that a gallery in memory must notice.
CREATE TABLE gallery (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO gallery (id, version) VALUES (1, 1);

CREATE TABLE device (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name       TEXT    NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('kiosk', 'desk', 'camera')),
  access     TEXT    NOT NULL CHECK (access IN ('scan', 'desk', 'supervise')),
  gate       TEXT,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- The two counts belong to the rules: they change in the commit of the check-in itself.
CREATE TABLE event (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name         TEXT    NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
  capacity     INTEGER CHECK (capacity >= 0),
  capacity_of  TEXT    NOT NULL CHECK (capacity_of IN ('inside', 'admitted')),
  entry_rule   TEXT    NOT NULL CHECK (entry_rule IN ('once_per_event', 'once_per_day', 'after_exit', 'any')),
  face_allowed INTEGER NOT NULL CHECK (face_allowed IN (0, 1)),
  starts_at    INTEGER,
  ends_at      INTEGER,
  inside       INTEGER NOT NULL DEFAULT 0 CHECK (inside >= 0),
  admitted     INTEGER NOT NULL DEFAULT 0 CHECK (admitted >= 0),
  created_at   INTEGER NOT NULL,
  CHECK (starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
  id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  event       BLOB    NOT NULL REFERENCES event (id),
  holder      BLOB    REFERENCES person (id),
  code_digest BLOB    NOT NULL CHECK (length(code_digest) = 16),
  code        BLOB    NOT NULL,    -- sealed
  state       TEXT    NOT NULL CHECK (state IN ('valid', 'revoked', 'blocked')),
  settled     INTEGER NOT NULL CHECK (settled IN (0, 1)),
  answered    INTEGER NOT NULL CHECK (answered IN (0, 1)),
  valid_from  INTEGER,
  valid_until INTEGER,
  gates       TEXT,                -- names of gates between commas; NULL is every gate
  created_at  INTEGER NOT NULL,
  CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ticket_by_code ON ticket (code_digest);
CREATE INDEX ticket_by_event ON ticket (event, holder, state);
CREATE INDEX ticket_by_holder ON ticket (holder) WHERE holder IS NOT NULL;

-- Every decision, also the refusals. `seq` is the box's own sequence; `nonce` is the client's
-- and names the decision for ever; `contents` binds the nonce to what was asked.
-- An occasion is an event's id, or a day as ten ASCII characters. Words are compared one by one:
-- for IN with three words or more SQLite fills a table in memory at every insert.
CREATE TABLE visit (
  seq         INTEGER NOT NULL PRIMARY KEY,
  nonce       BLOB    NOT NULL CHECK (length(nonce) = 16),
  contents    BLOB    NOT NULL CHECK (length(contents) = 16),
  box         BLOB    NOT NULL CHECK (length(box) = 16),
  occasion    BLOB    NOT NULL CHECK (length(occasion) IN (10, 16)),
  device      BLOB,
  means       TEXT    NOT NULL CHECK (means = 'face' OR means = 'code' OR means = 'person' OR means = 'number'),
  direction   TEXT    NOT NULL CHECK (direction IN ('entry', 'exit')),
  mode        TEXT    NOT NULL CHECK (mode IN ('online', 'offline')),
  verdict     TEXT    NOT NULL CHECK (verdict = 'admitted' OR verdict = 'already' OR verdict = 'refused'
                                      OR verdict = 'ambiguous' OR verdict = 'attention'),
  reason      TEXT,
  detail      TEXT,
  person      BLOB,
  ticket      BLOB,
  rival       BLOB,               -- the second candidate of an ambiguous face
  happened_at INTEGER NOT NULL,
  arrived_at  INTEGER NOT NULL,
  synced      INTEGER NOT NULL CHECK (synced IN (0, 1)),
  first_at    INTEGER,            -- already: when the first entry was
  first_by    BLOB,               -- already: by which device
  opens_at    INTEGER,            -- not_yet_valid: from when on
  standing    TEXT    CHECK (standing IN ('present', 'late')),
  late_min    INTEGER,
  liveness    TEXT    CHECK (liveness = 'pass' OR liveness = 'fail' OR liveness = 'not_measured'),
  cosine      REAL,
  second      REAL,
  threshold   REAL,
  conflict    TEXT,               -- offline: the rule that the fact went against
  undone      INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
  CHECK ((verdict = 'admitted') = (reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX visit_by_nonce ON visit (nonce);
CREATE INDEX visit_by_subject ON visit (coalesce(ticket, person), occasion) WHERE verdict = 'admitted';

-- One row for each undone admission; the admission itself stays.
CREATE TABLE undo (
  visit   INTEGER NOT NULL PRIMARY KEY REFERENCES visit (seq),
  at      INTEGER NOT NULL,
  actor   TEXT    NOT NULL,
  device  BLOB,
  reason  TEXT    NOT NULL CHECK (reason IN ('wrong_person', 'double', 'left_at_once', 'test', 'other')),
  remark  BLOB                    -- sealed
) STRICT;

-- Where each ticket, or person without one, stands at an occasion: what the entry rules ask.
CREATE TABLE presence (
  occasion   BLOB    NOT NULL CHECK (length(occasion) IN (10, 16)),
  subject    BLOB    NOT NULL CHECK (length(subject) = 16),
  entries    INTEGER NOT NULL CHECK (entries >= 0),
  inside     INTEGER NOT NULL CHECK (inside IN (0, 1)),
  first_at   INTEGER,             -- first entry
  first_by   BLOB,                -- device of the first entry
  entry_at   INTEGER,             -- last entry
  PRIMARY KEY (occasion, subject)
) STRICT, WITHOUT ROWID;

-- What was seen but is no decision (no face, many faces, a bad picture): counted only.
CREATE TABLE scan_count (
  occasion BLOB    NOT NULL,
  device   BLOB    NOT NULL,      -- empty: the command line
  day      TEXT    NOT NULL,
  reason   TEXT    NOT NULL,
  scans    INTEGER NOT NULL CHECK (scans > 0),
  PRIMARY KEY (occasion, device, day, reason)
) STRICT, WITHOUT ROWID;

-- ---- engine: tables of the store itself (meta, root keys, audit, outbox) -----------------

-- Single values: `box` is this box's id, `audit.head` the audit chain's authenticated end.
CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The root key, sealed under a master key. Two rows of one number while keys are rotated.
CREATE TABLE root_key (
  number   INTEGER NOT NULL CHECK (number > 0),
  master   BLOB    NOT NULL CHECK (length(master) = 16),   -- fingerprint of the master key
  envelope BLOB    NOT NULL,
  made_at  INTEGER NOT NULL,
  PRIMARY KEY (number, master)
) STRICT, WITHOUT ROWID;

-- What was done. Each row's link is an HMAC over the link before and all other columns.
CREATE TABLE audit (
  seq    INTEGER NOT NULL PRIMARY KEY,
  at     INTEGER NOT NULL,
  synced INTEGER NOT NULL CHECK (synced IN (0, 1)),
  actor  TEXT    NOT NULL,
  origin TEXT    NOT NULL,
  act    TEXT    NOT NULL,
  object TEXT    NOT NULL,
  detail BLOB    NOT NULL,         -- sealed, or facts that need no seal
  link   BLOB    NOT NULL CHECK (length(link) = 32)
) STRICT;

-- What is to be told to the outside, written in the transaction of its cause.
CREATE TABLE outbox (
  id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind     TEXT    NOT NULL,
  payload  BLOB    NOT NULL,       -- sealed, or facts that need no seal
  made_at  INTEGER NOT NULL,
  state    TEXT    NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'failed'),
  due_at   INTEGER NOT NULL,       -- waiting: not before; a claim moves it on
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  error    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE state = 'waiting';

-- ---- end of engine -----------------------------------------------------------------------

-- ---- access: signing in, sessions, setup, settings, pairing ------------------------------

-- By what a person signs in on a surface.
CREATE TABLE account (
  person       BLOB    NOT NULL REFERENCES person (id),
  surface      TEXT    NOT NULL CHECK (length(surface) BETWEEN 1 AND 32),
  login        BLOB    NOT NULL,   -- sealed under the person's key
  login_digest BLOB    NOT NULL CHECK (length(login_digest) = 16),
  hash         BLOB    NOT NULL,   -- of the password, sealed under the person's key
  changed_at   INTEGER NOT NULL,
  PRIMARY KEY (person, surface)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_by_login ON account (login_digest);
CREATE INDEX role_by_rank ON role (surface, role);

-- Whose a login name is or was: it is nobody else's after that, also when the person is erased.
-- The digest is keyed; without the key it tells no name.
CREATE TABLE login_used (
  login_digest BLOB NOT NULL PRIMARY KEY CHECK (length(login_digest) = 16),
  person       BLOB NOT NULL REFERENCES person (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_used_by_person ON login_used (person);

-- The language that a person has chosen; goes when the person is erased.
CREATE TABLE person_language (
  person   BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
  language TEXT NOT NULL CHECK (language IN ('id', 'en'))
) STRICT, WITHOUT ROWID;

-- Who is signed in. A session that has ended has no row.
CREATE TABLE session (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person       BLOB    NOT NULL REFERENCES person (id),
  surface      TEXT    NOT NULL CHECK (length(surface) BETWEEN 1 AND 32),
  kind         TEXT    NOT NULL CHECK (kind IN ('pages', 'tokens')),
  token_digest BLOB    NOT NULL CHECK (length(token_digest) = 32),
  address      BLOB    NOT NULL,   -- sealed under the person's key
  agent        BLOB    NOT NULL,   -- sealed under the person's key
  opened_at    INTEGER NOT NULL,
  seen_at      INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  CHECK (opened_at < expires_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX session_by_token ON session (token_digest);
CREATE INDEX session_by_person ON session (person, surface);

-- The code for the first administrator, and the pass that entering it gives. One row at most.
CREATE TABLE setup_code (
  id           INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  code_digest  BLOB    CHECK (length(code_digest) = 32),   -- NULL once it was entered
  expires_at   INTEGER NOT NULL,
  tries        INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  pass_digest  BLOB    CHECK (length(pass_digest) = 32),
  pass_until   INTEGER,
  CHECK ((code_digest IS NULL) = (pass_digest IS NOT NULL)),
  CHECK ((pass_digest IS NULL) = (pass_until IS NULL))
) STRICT, WITHOUT ROWID;

-- The steps of the setup that were done.
CREATE TABLE setup_step (
  step    TEXT    NOT NULL PRIMARY KEY CHECK (step IN ('language', 'site', 'administrator', 'backup', 'samples')),
  done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was set on the pages, over the values of the configuration.
CREATE TABLE setting (
  name       TEXT    NOT NULL PRIMARY KEY,
  value      BLOB    NOT NULL,     -- a text, a picture, or sealed
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The token of a paired device.
CREATE TABLE device_token (
  device       BLOB    NOT NULL PRIMARY KEY REFERENCES device (id),
  token_digest BLOB    NOT NULL CHECK (length(token_digest) = 32),
  paired_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX device_by_token ON device_token (token_digest);

-- What a device shows and does. No event: the attendance of the day.
CREATE TABLE device_option (
  device      BLOB    NOT NULL PRIMARY KEY REFERENCES device (id),
  event       BLOB    REFERENCES event (id),
  direction   TEXT    NOT NULL CHECK (direction IN ('entry', 'exit')),
  diagonal    INTEGER CHECK (diagonal > 0),     -- of the screen, in tenths of an inch
  distance_cm INTEGER CHECK (distance_cm > 0),  -- of the visitor to the screen
  language    TEXT    CHECK (language IN ('id', 'en'))
) STRICT, WITHOUT ROWID;
CREATE INDEX device_option_by_event ON device_option (event) WHERE event IS NOT NULL;

-- A code by which a device may pair itself, until it is used, tried too often, or out of date.
CREATE TABLE pairing (
  device      BLOB    NOT NULL PRIMARY KEY REFERENCES device (id),
  code_digest BLOB    NOT NULL CHECK (length(code_digest) = 32),
  expires_at  INTEGER NOT NULL,
  tries       INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pairing_by_code ON pairing (code_digest);
CREATE INDEX pairing_by_end ON pairing (expires_at);

-- Wrong pairing codes, by a digest of the address they came from.
CREATE TABLE pairing_try (
  address BLOB    NOT NULL PRIMARY KEY CHECK (length(address) = 16),
  tries   INTEGER NOT NULL CHECK (tries > 0),
  since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pairing_try_by_time ON pairing_try (since);

-- Goes up with every change of a person, for the list of names that is kept in memory.
CREATE TABLE directory (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO directory (id, version) VALUES (1, 1);
CREATE TRIGGER person_added AFTER INSERT ON person
BEGIN UPDATE directory SET version = version + 1 WHERE id = 1; END;
CREATE TRIGGER person_changed AFTER UPDATE ON person
BEGIN UPDATE directory SET version = version + 1 WHERE id = 1; END;

-- Which member of the staff asked for a decision, where it was no device: who may undo it.
CREATE TABLE visit_staff (
  visit  INTEGER NOT NULL PRIMARY KEY REFERENCES visit (seq),
  person BLOB    NOT NULL CHECK (length(person) = 16)
) STRICT;

-- The decisions of an occasion in their order, for lists and counts.
CREATE INDEX visit_by_occasion ON visit (occasion, seq);

-- How often a person's face was taken away. A link for enrolling oneself covers it, so that one
-- that was used stays used.
CREATE TABLE face_round (
  person  BLOB    NOT NULL PRIMARY KEY REFERENCES person (id),
  removed INTEGER NOT NULL CHECK (removed > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER face_removed AFTER DELETE ON face_template
BEGIN
  INSERT INTO face_round (person, removed) VALUES (OLD.person, 1)
  ON CONFLICT (person) DO UPDATE SET removed = removed + 1;
END;

-- Imports of people that may still be taken back.
CREATE TABLE import (
  id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  at      INTEGER NOT NULL,
  created INTEGER NOT NULL CHECK (created >= 0),
  updated INTEGER NOT NULL CHECK (updated >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_by_time ON import (at);

-- Whom an import added or changed.
CREATE TABLE import_person (
  import BLOB    NOT NULL REFERENCES import (id),
  person BLOB    NOT NULL REFERENCES person (id),
  line   INTEGER NOT NULL CHECK (line > 0),
  trace  BLOB    NOT NULL,     -- what it found and what it left, sealed under the person's key
  PRIMARY KEY (import, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_person_by_person ON import_person (person);

-- Times of which nobody knew whether they were right, until they are: how their stamps came about
-- (base::time::Stretch), and who said what the time is, if somebody did.
CREATE TABLE clock_stretch (
  from_at  INTEGER NOT NULL PRIMARY KEY,   -- the first stamp
  boot     BLOB    NOT NULL CHECK (length(boot) = 16),
  up_ms    INTEGER NOT NULL CHECK (up_ms >= 0),
  slow     INTEGER NOT NULL CHECK (slow IN (0, 1)),
  set_by   TEXT,                           -- a kind and an id
  ahead_ms INTEGER,                        -- by how much the time was set forward
  CHECK ((set_by IS NULL) = (ahead_ms IS NULL))
) STRICT;

-- The decisions whose times may still be corrected.
CREATE INDEX visit_unsynced ON visit (seq) WHERE synced = 0;

-- Who was erased, for the list that lies beside the backups.
CREATE INDEX person_by_erasure ON person (erased_at) WHERE erased_at IS NOT NULL;

-- ---- end of access -----------------------------------------------------------------------

-- ---- delivery: mails, webhooks, keys of programs --------------------------------------------

-- Mails to be sent, and what became of them.
CREATE TABLE mail (
  id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person   BLOB    REFERENCES person (id),   -- NULL: an address that belongs to nobody
  kind     TEXT    NOT NULL,
  letter   BLOB,                   -- sealed under the person's key, else the box's; NULL: sent
  made_at  INTEGER NOT NULL,
  state    TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  due_at   INTEGER NOT NULL,       -- waiting: not before; else since when it is so
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  error    TEXT,                   -- of the last attempt; names nobody
  CHECK ((state = 'sent') = (letter IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_by_state ON mail (state, due_at);
CREATE INDEX mail_by_person ON mail (person) WHERE person IS NOT NULL;

-- Who is told what happens.
CREATE TABLE webhook (
  id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  url      BLOB    NOT NULL,       -- sealed: it may carry a token of the receiver's
  secret   BLOB    NOT NULL,       -- sealed; signs what is sent
  events   TEXT    NOT NULL,       -- words between spaces
  state    TEXT    NOT NULL CHECK (state IN ('on', 'off')),
  failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),   -- in a row
  made_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a webhook is or was told. The body has ids and codes, no names.
CREATE TABLE delivery (
  id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  webhook  BLOB    NOT NULL REFERENCES webhook (id),
  event    TEXT    NOT NULL,
  body     TEXT    NOT NULL,
  made_at  INTEGER NOT NULL,
  state    TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  due_at   INTEGER NOT NULL,       -- waiting: not before; else since when it is so
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  status   INTEGER,                -- of the last answer
  error    TEXT                    -- of the last attempt
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_by_state ON delivery (state, due_at);
CREATE INDEX delivery_by_webhook ON delivery (webhook, id);

-- Keys of programs that call the interface. Of their texts only digests are kept.
CREATE TABLE api_key (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name       TEXT    NOT NULL CHECK (length(name) > 0),
  digest     BLOB    NOT NULL CHECK (length(digest) = 32),
  old_digest BLOB    CHECK (length(old_digest) = 32),   -- of the text before the last rotation
  old_until  INTEGER,                                   -- until when that one holds
  scopes     TEXT    NOT NULL,                          -- words between spaces
  made_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  seen_at    INTEGER,                                   -- to some minutes
  CHECK ((old_digest IS NULL) = (old_until IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_key_by_digest ON api_key (digest);
CREATE INDEX api_key_by_old_digest ON api_key (old_digest) WHERE old_digest IS NOT NULL;

-- ---- end of delivery -----------------------------------------------------------------------

-- ---- signing in ----------------------------------------------------------------------------

-- The secret of a person's authenticator app, and the step of the code that was taken last.
CREATE TABLE second_factor (
  person    BLOB    NOT NULL PRIMARY KEY REFERENCES person (id),
  secret    BLOB    NOT NULL,     -- sealed under the person's key
  last_step INTEGER NOT NULL,
  since     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Recovery codes that were not used yet.
CREATE TABLE recovery_code (
  code_digest BLOB NOT NULL PRIMARY KEY CHECK (length(code_digest) = 32),
  person      BLOB NOT NULL REFERENCES person (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_code_by_person ON recovery_code (person);

-- The refresh tokens of a session of kind 'tokens': which of the row is in force. No token is
-- stored: each follows from the salt and its number under a key.
CREATE TABLE refresh (
  session    BLOB    NOT NULL PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
  salt       BLOB    NOT NULL,    -- sealed under the person's key
  number     INTEGER NOT NULL CHECK (number > 0),
  rotated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- end of signing in ---------------------------------------------------------------------

-- ---- privacy: the notice and what people ask for -----------------------------------------

-- The notice that people read, each version as it was published. None: the pages' own text.
CREATE TABLE privacy_notice (
  version      INTEGER NOT NULL PRIMARY KEY CHECK (version > 0),
  text_id      TEXT    NOT NULL CHECK (length(text_id) > 0),
  text_en      TEXT    NOT NULL CHECK (length(text_en) > 0),
  published_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What somebody asks for under the law on personal data, and until when it has to be done.
CREATE TABLE privacy_claim (
  id        BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person    BLOB    NOT NULL REFERENCES person (id),
  kind      TEXT    NOT NULL CHECK (kind IN ('access', 'correct', 'withdraw', 'pause', 'erase', 'object')),
  state     TEXT    NOT NULL CHECK (state IN ('open', 'done', 'refused')),
  note      BLOB,              -- sealed under the person's key
  answer    BLOB,              -- sealed under the person's key
  made_at   INTEGER NOT NULL,
  due_at    INTEGER NOT NULL,
  closed_at INTEGER,
  CHECK ((state = 'open') = (closed_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX privacy_claim_by_person ON privacy_claim (person);
CREATE INDEX privacy_claim_open ON privacy_claim (due_at) WHERE closed_at IS NULL;

-- ---- end of privacy ----------------------------------------------------------------------
