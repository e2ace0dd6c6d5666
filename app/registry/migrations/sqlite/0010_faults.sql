-- The check of each sealing key: a constant sealed with it, so that another key is noticed when the database is opened.
CREATE TABLE sealing_key (
    key_id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;
-- The processes that serve: when each last wrote to say that it is ready, and by how many microseconds its clock is behind the
-- database's.
CREATE TABLE node (
    id BLOB PRIMARY KEY,
    seen INTEGER NOT NULL,
    clock_offset INTEGER NOT NULL
) STRICT;
-- The keyed hash of a row of the audit, from the transaction that wrote it. Rows of before have none.
ALTER TABLE audit ADD COLUMN hash BLOB;
-- By which windows of attempts that are over are found.
CREATE INDEX throttle_since ON throttle (since);
