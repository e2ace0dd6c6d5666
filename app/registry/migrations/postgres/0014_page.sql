-- The page that wrote a row last (registry::page_token): a version conflict exists only with another page.
ALTER TABLE profile_group ADD COLUMN page_key bytea;
ALTER TABLE entry ADD COLUMN page_key bytea;
ALTER TABLE application ADD COLUMN page_key bytea;
-- Parked forms are found by their account, which their page names, and no longer by a cookie. What was parked lives for
-- fifteen minutes.
DROP TABLE parked;
CREATE TABLE parked_form (
    account_id uuid NOT NULL REFERENCES account (id),
    path_hash bytea NOT NULL,
    parked BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (account_id, path_hash)
);
