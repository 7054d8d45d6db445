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

-- Tickets in force are counted in it.
DROP INDEX ticket_by_event;
CREATE INDEX ticket_by_event ON ticket (event, holder, state);

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
