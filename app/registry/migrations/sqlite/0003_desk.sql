-- People of the offices: a table, a log-in and sessions of their own.
CREATE TABLE staff (
    id BLOB PRIMARY KEY,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    created INTEGER NOT NULL,
    disabled INTEGER
) STRICT;
CREATE TABLE staff_session (
    token_hash BLOB PRIMARY KEY,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    revoked INTEGER
) STRICT;
CREATE INDEX staff_session_staff ON staff_session (staff_id);
-- What staff search and sort by, written when an application is submitted. `waiting` is since when it waits for an office;
-- `opened` are the answers that a returned application may change; `paper` is the version of its printed papers.
ALTER TABLE application ADD COLUMN name TEXT;
ALTER TABLE application ADD COLUMN initials TEXT;
ALTER TABLE application ADD COLUMN document_index BLOB;
ALTER TABLE application ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN waiting INTEGER;
ALTER TABLE application ADD COLUMN claimed_by BLOB REFERENCES staff (id);
ALTER TABLE application ADD COLUMN claimed_at INTEGER;
ALTER TABLE application ADD COLUMN opened TEXT;
ALTER TABLE application ADD COLUMN paper INTEGER NOT NULL DEFAULT 0;
CREATE INDEX application_site_queue ON application (site, status, waiting, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_area_queue ON application (area, status, waiting, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_queue ON application (status, waiting, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_site_name ON application (site, name, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_area_name ON application (area, name, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_name ON application (name, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_site_initials ON application (site, initials, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_area_initials ON application (area, initials, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_initials ON application (initials, id) WHERE waiting IS NOT NULL;
CREATE INDEX application_document ON application (document_index) WHERE waiting IS NOT NULL;
-- The versions of an application's papers. The newest one's snapshot stands in the application; older ones keep theirs here.
-- The code on a paper is found by its hash and printed from its sealed copy.
CREATE TABLE paper (
    application_id BLOB NOT NULL REFERENCES application (id),
    version INTEGER NOT NULL,
    code_hash BLOB NOT NULL UNIQUE,
    code_sealed BLOB NOT NULL,
    made INTEGER NOT NULL,
    snapshot_sealed BLOB,
    PRIMARY KEY (application_id, version)
) STRICT;
-- What was found about each item, as it stands now.
CREATE TABLE finding (
    application_id BLOB NOT NULL REFERENCES application (id),
    item TEXT NOT NULL,
    sealed BLOB NOT NULL,
    due TEXT,
    -- Found before the application came back: it is judged anew.
    again INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (application_id, item)
) STRICT;
CREATE TABLE correction (
    id BLOB PRIMARY KEY,
    application_id BLOB NOT NULL REFERENCES application (id),
    at INTEGER NOT NULL,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX correction_application ON correction (application_id, at);
-- Which version of the form was signed. From then on the database itself refuses a change (S91).
CREATE TABLE signature (
    application_id BLOB PRIMARY KEY REFERENCES application (id),
    paper INTEGER NOT NULL,
    at INTEGER NOT NULL,
    staff_id BLOB NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX audit_subject ON audit (subject, at);
CREATE TRIGGER application_signed BEFORE UPDATE ON application
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.id) AND (
    NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id OR NEW.session_id IS NOT OLD.session_id OR NEW.draft_sealed IS NOT OLD.draft_sealed
    OR NEW.snapshot_sealed IS NOT OLD.snapshot_sealed OR NEW.serial IS NOT OLD.serial OR NEW.category IS NOT OLD.category OR NEW.area IS NOT OLD.area
    OR NEW.site IS NOT OLD.site OR NEW.photo_id IS NOT OLD.photo_id OR NEW.name IS NOT OLD.name
    OR NEW.initials IS NOT OLD.initials OR NEW.document_index IS NOT OLD.document_index OR NEW.flags IS NOT OLD.flags OR NEW.paper IS NOT OLD.paper
    OR NEW.submitted IS NOT OLD.submitted OR NEW.status NOT IN ('signed', 'area_approved', 'rejected'))
BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER application_kept BEFORE DELETE ON application
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER paper_signed_insert BEFORE INSERT ON paper
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = NEW.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER paper_signed_update BEFORE UPDATE ON paper
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER paper_signed_delete BEFORE DELETE ON paper
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER correction_signed_insert BEFORE INSERT ON correction
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = NEW.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER correction_signed_update BEFORE UPDATE ON correction
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER correction_signed_delete BEFORE DELETE ON correction
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER signature_stands BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER signature_stays BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER photo_signed BEFORE UPDATE ON photo
WHEN EXISTS (SELECT 1 FROM signature JOIN application ON application.id = application_id WHERE photo_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER photo_kept BEFORE DELETE ON photo
WHEN EXISTS (SELECT 1 FROM signature JOIN application ON application.id = application_id WHERE photo_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
-- A replacing insert deletes without asking the triggers of deletion.
CREATE TRIGGER signature_once BEFORE INSERT ON signature
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = NEW.application_id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
CREATE TRIGGER application_once BEFORE INSERT ON application
WHEN EXISTS (SELECT 1 FROM signature WHERE application_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'signed'); END;
