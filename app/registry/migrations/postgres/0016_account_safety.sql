-- The page from which a password was last recovered (registry::page_token): a post that is sent again meets its own answer.
ALTER TABLE account ADD COLUMN recovery_page bytea;
-- Sessions as their owner sees them: an id that forms may name, since the token is in the cookie alone, and what was noted of the
-- browser and the network at log-in, sealed.
ALTER TABLE session ADD COLUMN id uuid;
ALTER TABLE session ADD COLUMN origin_sealed bytea;
UPDATE session SET id = gen_random_uuid();
