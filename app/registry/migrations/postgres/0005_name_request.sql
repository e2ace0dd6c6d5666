-- 申请添加数据: names that people missed in the dictionaries, and what the offices answered.
CREATE TABLE name_request (
    id UUID PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    former TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    entry_id UUID,
    answered BIGINT,
    answered_by UUID REFERENCES staff (id)
);
CREATE INDEX name_request_account ON name_request (account_id, created);
CREATE INDEX name_request_open ON name_request (region, created, id) WHERE state = 'open';
CREATE UNIQUE INDEX name_request_once ON name_request (account_id, kind, name, region) WHERE state = 'open';
