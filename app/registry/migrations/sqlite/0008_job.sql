-- Work that is done after the transaction that asked for it. `run_at` is when a ready job is due; while it runs, when its lease ends.
-- `payload` and `error` hold ids and codes, never personal data. At most one ready job has a given `key`.
CREATE TABLE job (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT,
    key TEXT,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lease_owner BLOB,
    error TEXT,
    created INTEGER NOT NULL,
    finished INTEGER
) STRICT;
CREATE INDEX job_due ON job (run_at, id) WHERE state IN ('ready', 'running');
CREATE UNIQUE INDEX job_ready_key ON job (key) WHERE state = 'ready';
CREATE INDEX job_key ON job (key) WHERE state <> 'done';
CREATE INDEX job_done ON job (finished) WHERE state = 'done';
-- What one process at a time may do. A lease ends by itself at `expires` unless its owner renews it.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    owner BLOB,
    expires INTEGER NOT NULL
) STRICT;
INSERT INTO lease (name, expires) VALUES ('job_worker', 0);
