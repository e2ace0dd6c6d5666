-- The page from which a password was last recovered (registry::page_token): a post that is sent again meets its own answer.
ALTER TABLE account ADD COLUMN recovery_page BLOB;
