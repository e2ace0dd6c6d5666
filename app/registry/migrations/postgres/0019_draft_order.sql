-- Which of the saves of its page a row holds: one that was sent earlier and arrives later does not replace it.
ALTER TABLE profile_group ADD COLUMN page_order BIGINT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN page_order BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN page_order BIGINT NOT NULL DEFAULT 0;
-- What somebody typed at registration, for the browser that holds the token. Networks are keyed hashes, by which rows are counted.
CREATE TABLE registration_draft (
    token_hash bytea PRIMARY KEY,
    sealed bytea NOT NULL,
    page_key bytea,
    page_order BIGINT NOT NULL,
    narrow bytea NOT NULL,
    wide bytea NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX registration_draft_narrow ON registration_draft (narrow);
CREATE INDEX registration_draft_wide ON registration_draft (wide);
CREATE INDEX registration_draft_expires ON registration_draft (expires);
