-- A file that shows a missing name, sealed: photos and scans that people send hold more of them than the name.
CREATE TABLE name_evidence (
    request_id BLOB PRIMARY KEY REFERENCES name_request (id),
    media_type TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX name_request_same ON name_request (kind, name, region) WHERE state = 'open';
