-- Where an area is reached (S106), what a site is called in English, and files of requests for names that were not sent yet.
ALTER TABLE area ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN name_en TEXT NOT NULL DEFAULT '';
-- A file that came with a request that is shown again: sealed, one of each account, for a short time.
CREATE TABLE kept_evidence (
    account_id BLOB PRIMARY KEY REFERENCES account (id),
    id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_evidence_expires ON kept_evidence (expires);
