-- People of the offices: a table, a log-in and sessions of their own.
CREATE TABLE staff (
    id UUID PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    username_key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    disabled BIGINT
);
CREATE TABLE staff_session (
    token_hash BYTEA PRIMARY KEY,
    staff_id UUID NOT NULL REFERENCES staff (id),
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);
-- What staff search and sort by, written when an application is submitted. `waiting` is since when it waits for an office;
-- `opened` are the answers that a returned application may change; `paper` is the version of its printed papers.
ALTER TABLE application ADD COLUMN name TEXT COLLATE "C";
ALTER TABLE application ADD COLUMN initials TEXT COLLATE "C";
ALTER TABLE application ADD COLUMN document_index BYTEA;
ALTER TABLE application ADD COLUMN flags BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN waiting BIGINT;
ALTER TABLE application ADD COLUMN claimed_by UUID REFERENCES staff (id);
ALTER TABLE application ADD COLUMN claimed_at BIGINT;
ALTER TABLE application ADD COLUMN opened TEXT;
ALTER TABLE application ADD COLUMN paper BIGINT NOT NULL DEFAULT 0;
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
    application_id UUID NOT NULL REFERENCES application (id),
    version BIGINT NOT NULL,
    code_hash BYTEA NOT NULL UNIQUE,
    code_sealed BYTEA NOT NULL,
    made BIGINT NOT NULL,
    snapshot_sealed BYTEA,
    PRIMARY KEY (application_id, version)
);
-- What was found about each item, as it stands now.
CREATE TABLE finding (
    application_id UUID NOT NULL REFERENCES application (id),
    item TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    due TEXT,
    -- Found before the application came back: it is judged anew.
    again BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (application_id, item)
);
CREATE TABLE correction (
    id UUID PRIMARY KEY,
    application_id UUID NOT NULL REFERENCES application (id),
    at BIGINT NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id),
    sealed BYTEA NOT NULL
);
CREATE INDEX correction_application ON correction (application_id, at);
-- Which version of the form was signed. From then on the database itself refuses a change (S91).
CREATE TABLE signature (
    application_id UUID PRIMARY KEY REFERENCES application (id),
    paper BIGINT NOT NULL,
    at BIGINT NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id)
);
CREATE INDEX audit_subject ON audit (subject, at);
CREATE FUNCTION refuse_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'signed' USING ERRCODE = 'check_violation'; END $$;
CREATE FUNCTION refuse_if_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose UUID;
BEGIN
    IF TG_OP = 'INSERT' THEN whose := NEW.application_id; ELSE whose := OLD.application_id; END IF;
    IF EXISTS (SELECT 1 FROM signature WHERE application_id = whose) THEN RAISE EXCEPTION 'signed' USING ERRCODE = 'check_violation'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION refuse_signed_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM signature WHERE application_id = OLD.id) AND (TG_OP = 'DELETE' OR
        (NEW.id, NEW.account_id, NEW.session_id, NEW.draft_sealed, NEW.snapshot_sealed, NEW.serial, NEW.category, NEW.area, NEW.site, NEW.photo_id,
            NEW.name, NEW.initials, NEW.document_index, NEW.flags, NEW.paper, NEW.submitted) IS DISTINCT FROM
        (OLD.id, OLD.account_id, OLD.session_id, OLD.draft_sealed, OLD.snapshot_sealed, OLD.serial, OLD.category, OLD.area, OLD.site, OLD.photo_id,
            OLD.name, OLD.initials, OLD.document_index, OLD.flags, OLD.paper, OLD.submitted)
        OR NEW.status NOT IN ('signed', 'area_approved', 'rejected'))
    THEN RAISE EXCEPTION 'signed' USING ERRCODE = 'check_violation'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER application_signed BEFORE UPDATE OR DELETE ON application FOR EACH ROW EXECUTE FUNCTION refuse_signed_application();
CREATE TRIGGER paper_signed BEFORE INSERT OR UPDATE OR DELETE ON paper FOR EACH ROW EXECUTE FUNCTION refuse_if_signed();
CREATE TRIGGER correction_signed BEFORE INSERT OR UPDATE OR DELETE ON correction FOR EACH ROW EXECUTE FUNCTION refuse_if_signed();
CREATE TRIGGER signature_stands BEFORE UPDATE OR DELETE ON signature FOR EACH ROW EXECUTE FUNCTION refuse_signed();
CREATE FUNCTION refuse_signed_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM signature JOIN application ON application.id = application_id WHERE photo_id = OLD.id)
    THEN RAISE EXCEPTION 'signed' USING ERRCODE = 'check_violation'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER photo_signed BEFORE UPDATE OR DELETE ON photo FOR EACH ROW EXECUTE FUNCTION refuse_signed_photo();
CREATE TRIGGER signature_whole BEFORE TRUNCATE ON signature FOR EACH STATEMENT EXECUTE FUNCTION refuse_signed();
CREATE TRIGGER paper_whole BEFORE TRUNCATE ON paper FOR EACH STATEMENT EXECUTE FUNCTION refuse_signed();
CREATE TRIGGER application_whole BEFORE TRUNCATE ON application FOR EACH STATEMENT EXECUTE FUNCTION refuse_signed();
