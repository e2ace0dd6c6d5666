-- Who people are. One row for each document type and number; the number is sealed, its keyed hash finds it.
CREATE TABLE person (
    id BLOB PRIMARY KEY,
    document_kind TEXT NOT NULL,
    document_index BLOB NOT NULL,
    document_sealed BLOB NOT NULL,
    name TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    ethnic_group TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (document_kind, document_index)
) STRICT;
CREATE TABLE account (
    id BLOB PRIMARY KEY,
    person_id BLOB NOT NULL UNIQUE REFERENCES person (id),
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    question_sealed BLOB NOT NULL,
    answer_hash TEXT NOT NULL,
    photo_id BLOB,
    created INTEGER NOT NULL,
    last_login INTEGER
) STRICT;
-- A log-in. The token itself is only in the cookie; a row lives on after its end so that a late post finds its account.
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    revoked INTEGER
) STRICT;
CREATE INDEX session_account ON session (account_id);
-- Browsers that logged in to an account before: their guesses are counted apart, so that a stranger's cannot lock out the owner.
CREATE TABLE device (
    account_id BLOB NOT NULL REFERENCES account (id),
    token_hash BLOB NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (account_id, token_hash)
) STRICT;
CREATE TABLE throttle (
    bucket BLOB PRIMARY KEY,
    since INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT;
-- What was posted after a session ended, for fifteen minutes and for its own account only.
CREATE TABLE parked (
    token_hash BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    expires INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
-- The single groups of a profile: as typed, and the last version that was right.
CREATE TABLE profile_group (
    account_id BLOB NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    draft_sealed BLOB NOT NULL,
    valid_sealed BLOB,
    version INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT;
CREATE TABLE entry (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    draft_sealed BLOB NOT NULL,
    valid_sealed BLOB,
    version INTEGER NOT NULL,
    locks INTEGER NOT NULL DEFAULT 0,
    verified INTEGER,
    deleted INTEGER,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_account ON entry (account_id);
CREATE TABLE photo (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    jpeg BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE TABLE exam_session (
    id BLOB PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    year INTEGER NOT NULL,
    rules TEXT NOT NULL,
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    review_opens INTEGER NOT NULL,
    review_closes INTEGER NOT NULL,
    reference_date TEXT NOT NULL
) STRICT;
CREATE TABLE category (
    session_id BLOB NOT NULL REFERENCES exam_session (id),
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    confirmed INTEGER NOT NULL,
    PRIMARY KEY (session_id, code)
) STRICT;
CREATE TABLE area (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL
) STRICT;
CREATE TABLE site (
    code TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES area (code),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    open INTEGER NOT NULL
) STRICT;
CREATE TABLE dictionary (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    source TEXT NOT NULL,
    active INTEGER NOT NULL,
    UNIQUE (kind, name, region)
) STRICT;
CREATE TABLE application (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    session_id BLOB NOT NULL REFERENCES exam_session (id),
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    draft_sealed BLOB NOT NULL,
    replaces BLOB,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    submitted INTEGER,
    serial TEXT UNIQUE,
    category TEXT NOT NULL,
    area TEXT,
    site TEXT,
    photo_id BLOB,
    snapshot_sealed BLOB
) STRICT;
CREATE INDEX application_account ON application (account_id);
-- S123 and X29: one live application and one draft for each person and session.
CREATE UNIQUE INDEX application_live ON application (account_id, session_id)
    WHERE status IN ('submitted', 'returned', 'site_approved', 'signed', 'area_approved');
CREATE UNIQUE INDEX application_draft ON application (account_id, session_id) WHERE status = 'draft';
CREATE TABLE application_entry (
    application_id BLOB NOT NULL REFERENCES application (id),
    entry_id BLOB NOT NULL REFERENCES entry (id),
    PRIMARY KEY (application_id, entry_id)
) STRICT;
CREATE TABLE notice (
    id BLOB PRIMARY KEY,
    published INTEGER NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    body_en TEXT NOT NULL
) STRICT;
-- What was done to whose record, by whom. Rows are only ever added.
CREATE TABLE audit (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor BLOB NOT NULL,
    action TEXT NOT NULL,
    subject BLOB NOT NULL
) STRICT;
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
