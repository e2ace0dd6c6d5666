-- A file that shows a missing name, sealed: photos and scans that people send hold more of them than the name.
CREATE TABLE name_evidence (
    request_id UUID PRIMARY KEY REFERENCES name_request (id),
    media_type TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX name_request_same ON name_request (kind, name, region) WHERE state = 'open';
