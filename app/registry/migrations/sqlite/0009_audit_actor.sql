-- What kind of actor a row of the audit names. Rows of before have none, and keep the link that they were chained with.
ALTER TABLE audit ADD COLUMN actor_kind TEXT;
