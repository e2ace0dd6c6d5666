-- Which of the saves of its page a row holds: one that was sent earlier and arrives later does not replace it.
ALTER TABLE profile_group ADD COLUMN page_order INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN page_order INTEGER NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN page_order INTEGER NOT NULL DEFAULT 0;
-- What somebody typed at registration, for the browser that holds the token. Networks are keyed hashes, by which rows are counted.
CREATE TABLE registration_draft (
    token_hash BLOB PRIMARY KEY,
    sealed BLOB NOT NULL,
    page_key BLOB,
    page_order INTEGER NOT NULL,
    narrow BLOB NOT NULL,
    wide BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX registration_draft_narrow ON registration_draft (narrow);
CREATE INDEX registration_draft_wide ON registration_draft (wide);
CREATE INDEX registration_draft_expires ON registration_draft (expires);
