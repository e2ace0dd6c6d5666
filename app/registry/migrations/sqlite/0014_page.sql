-- The page that wrote a row last (registry::page_token): a version conflict exists only with another page.
ALTER TABLE profile_group ADD COLUMN page_key BLOB;
ALTER TABLE entry ADD COLUMN page_key BLOB;
ALTER TABLE application ADD COLUMN page_key BLOB;
-- Parked forms are found by their account, which their page names, and no longer by a cookie. What was parked lives for
-- fifteen minutes.
DROP TABLE parked;
CREATE TABLE parked_form (
    account_id BLOB NOT NULL REFERENCES account (id),
    path_hash BLOB NOT NULL,
    parked INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (account_id, path_hash)
) STRICT;
