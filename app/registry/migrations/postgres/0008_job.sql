-- Work that is done after the transaction that asked for it. `run_at` is when a ready job is due; while it runs, when its lease ends.
-- `payload` and `error` hold ids and codes, never personal data. At most one ready job has a given `key`.
CREATE TABLE job (
    id uuid PRIMARY KEY,
    kind TEXT NOT NULL,
    payload jsonb,
    key TEXT COLLATE "C",
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_owner uuid,
    error TEXT,
    created BIGINT NOT NULL,
    finished BIGINT
);
CREATE INDEX job_due ON job (run_at, id) WHERE state IN ('ready', 'running');
CREATE UNIQUE INDEX job_ready_key ON job (key) WHERE state = 'ready';
CREATE INDEX job_key ON job (key) WHERE state <> 'done';
CREATE INDEX job_done ON job (finished) WHERE state = 'done';
-- What one process at a time may do. A lease ends by itself at `expires` unless its owner renews it.
CREATE TABLE lease (
    name TEXT COLLATE "C" PRIMARY KEY,
    owner uuid,
    expires BIGINT NOT NULL
);
INSERT INTO lease (name, expires) VALUES ('job_worker', 0);
