-- 申请添加数据: names that people missed in the dictionaries, and what the offices answered.
CREATE TABLE name_request (
    id BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    former TEXT NOT NULL,
    created INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    entry_id BLOB,
    answered INTEGER,
    answered_by BLOB REFERENCES staff (id)
) STRICT;
CREATE INDEX name_request_account ON name_request (account_id, created);
CREATE INDEX name_request_open ON name_request (region, created, id) WHERE state = 'open';
CREATE UNIQUE INDEX name_request_once ON name_request (account_id, kind, name, region) WHERE state = 'open';
