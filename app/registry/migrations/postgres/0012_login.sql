-- Log-ins: a pause until which no further guess is taken, browsers of staff that logged in before, the networks from which
-- somebody usually logs in (keyed hashes, different for each account), and accounts that an operator shut.
ALTER TABLE throttle ADD COLUMN paused BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN disabled BIGINT;
ALTER TABLE staff ADD COLUMN last_login BIGINT;
CREATE TABLE staff_device (
    staff_id UUID NOT NULL REFERENCES staff (id),
    token_hash BYTEA NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (staff_id, token_hash)
);
CREATE TABLE network (
    account_id UUID NOT NULL REFERENCES account (id),
    network_hash BYTEA NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (account_id, network_hash)
);
CREATE TABLE staff_network (
    staff_id UUID NOT NULL REFERENCES staff (id),
    network_hash BYTEA NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (staff_id, network_hash)
);
