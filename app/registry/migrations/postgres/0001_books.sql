-- Who people are. One row for each document type and number; the number is sealed, its keyed hash finds it.
CREATE TABLE person (
    id uuid PRIMARY KEY,
    document_kind TEXT COLLATE "C" NOT NULL,
    document_index bytea NOT NULL,
    document_sealed bytea NOT NULL,
    name TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    ethnic_group TEXT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (document_kind, document_index)
);
CREATE TABLE account (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL UNIQUE REFERENCES person (id),
    username TEXT NOT NULL,
    username_key TEXT COLLATE "C" NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    question_sealed bytea NOT NULL,
    answer_hash TEXT NOT NULL,
    photo_id uuid,
    created BIGINT NOT NULL,
    last_login BIGINT
);
-- A log-in. The token itself is only in the cookie; a row lives on after its end so that a late post finds its account.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX session_account ON session (account_id);
-- Browsers that logged in to an account before: their guesses are counted apart, so that a stranger's cannot lock out the owner.
CREATE TABLE device (
    account_id uuid NOT NULL REFERENCES account (id),
    token_hash bytea NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account_id, token_hash)
);
CREATE TABLE throttle (
    bucket bytea PRIMARY KEY,
    since BIGINT NOT NULL,
    used BIGINT NOT NULL
);
-- What was posted after a session ended, for fifteen minutes and for its own account only.
CREATE TABLE parked (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    expires BIGINT NOT NULL,
    sealed bytea NOT NULL
);
-- The single groups of a profile: as typed, and the last version that was right.
CREATE TABLE profile_group (
    account_id uuid NOT NULL REFERENCES account (id),
    name TEXT COLLATE "C" NOT NULL,
    draft_sealed bytea NOT NULL,
    valid_sealed bytea,
    version BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE TABLE entry (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    draft_sealed bytea NOT NULL,
    valid_sealed bytea,
    version BIGINT NOT NULL,
    locks BIGINT NOT NULL DEFAULT 0,
    verified BIGINT,
    deleted BIGINT,
    created BIGINT NOT NULL
);
CREATE INDEX entry_account ON entry (account_id);
CREATE TABLE photo (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    jpeg bytea NOT NULL,
    created BIGINT NOT NULL
);
CREATE TABLE exam_session (
    id uuid PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    year BIGINT NOT NULL,
    rules TEXT NOT NULL,
    opens BIGINT NOT NULL,
    closes BIGINT NOT NULL,
    review_opens BIGINT NOT NULL,
    review_closes BIGINT NOT NULL,
    reference_date TEXT NOT NULL
);
CREATE TABLE category (
    session_id uuid NOT NULL REFERENCES exam_session (id),
    code TEXT COLLATE "C" NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    confirmed boolean NOT NULL,
    PRIMARY KEY (session_id, code)
);
CREATE TABLE area (
    code TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL
);
CREATE TABLE site (
    code TEXT COLLATE "C" PRIMARY KEY,
    area TEXT COLLATE "C" NOT NULL REFERENCES area (code),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    open boolean NOT NULL
);
CREATE TABLE dictionary (
    id uuid PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    region TEXT NOT NULL,
    source TEXT NOT NULL,
    active boolean NOT NULL,
    UNIQUE (kind, name, region)
);
CREATE TABLE application (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    session_id uuid NOT NULL REFERENCES exam_session (id),
    status TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    draft_sealed bytea NOT NULL,
    replaces uuid,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    submitted BIGINT,
    serial TEXT COLLATE "C" UNIQUE,
    category TEXT NOT NULL,
    area TEXT,
    site TEXT,
    photo_id uuid,
    snapshot_sealed bytea
);
CREATE INDEX application_account ON application (account_id);
-- S123 and X29: one live application and one draft for each person and session.
CREATE UNIQUE INDEX application_live ON application (account_id, session_id)
    WHERE status IN ('submitted', 'returned', 'site_approved', 'signed', 'area_approved');
CREATE UNIQUE INDEX application_draft ON application (account_id, session_id) WHERE status = 'draft';
CREATE TABLE application_entry (
    application_id uuid NOT NULL REFERENCES application (id),
    entry_id uuid NOT NULL REFERENCES entry (id),
    PRIMARY KEY (application_id, entry_id)
);
CREATE TABLE notice (
    id uuid PRIMARY KEY,
    published BIGINT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    body_en TEXT NOT NULL
);
-- What was done to whose record, by whom. Rows are only ever added.
CREATE TABLE audit (
    id uuid PRIMARY KEY,
    at BIGINT NOT NULL,
    actor uuid NOT NULL,
    action TEXT NOT NULL,
    subject uuid NOT NULL
);
CREATE TABLE setting (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);
