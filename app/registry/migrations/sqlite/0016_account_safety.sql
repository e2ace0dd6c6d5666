-- The page from which a password was last recovered (registry::page_token): a post that is sent again meets its own answer.
ALTER TABLE account ADD COLUMN recovery_page BLOB;
-- Sessions as their owner sees them: an id that forms may name, since the token is in the cookie alone, and what was noted of the
-- browser and the network at log-in, sealed.
ALTER TABLE session ADD COLUMN id BLOB;
ALTER TABLE session ADD COLUMN origin_sealed BLOB;
UPDATE session SET id = randomblob(16);
