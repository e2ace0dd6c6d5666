-- Log-ins: a pause until which no further guess is taken, browsers of staff that logged in before, the networks from which
-- somebody usually logs in (keyed hashes, different for each account), and accounts that an operator shut.
ALTER TABLE throttle ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN disabled INTEGER;
ALTER TABLE staff ADD COLUMN last_login INTEGER;
CREATE TABLE staff_device (
    staff_id BLOB NOT NULL REFERENCES staff (id),
    token_hash BLOB NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (staff_id, token_hash)
) STRICT;
CREATE TABLE network (
    account_id BLOB NOT NULL REFERENCES account (id),
    network_hash BLOB NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (account_id, network_hash)
) STRICT;
CREATE TABLE staff_network (
    staff_id BLOB NOT NULL REFERENCES staff (id),
    network_hash BLOB NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (staff_id, network_hash)
) STRICT;
