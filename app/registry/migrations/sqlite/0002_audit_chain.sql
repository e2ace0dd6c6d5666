-- The audit is a chain: each row carries its place and a keyed hash over itself and the hash before it.
ALTER TABLE audit ADD COLUMN place INTEGER;
ALTER TABLE audit ADD COLUMN chain BLOB;
CREATE UNIQUE INDEX audit_place ON audit (place) WHERE place IS NOT NULL;
CREATE INDEX audit_open ON audit (at, id) WHERE place IS NULL;
