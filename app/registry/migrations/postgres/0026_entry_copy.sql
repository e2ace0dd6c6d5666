-- The entry that an entry is a corrected copy of: whoever applies again corrects in it what the submitted application still holds.
ALTER TABLE entry ADD COLUMN copy_of uuid REFERENCES entry (id);
CREATE INDEX entry_copy_of ON entry (copy_of) WHERE copy_of IS NOT NULL;
