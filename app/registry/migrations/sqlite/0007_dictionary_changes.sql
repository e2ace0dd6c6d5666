-- What changed in a list is found by the generation that changed it and by the kind: one generation may hold a million names of
-- another kind.
DROP INDEX dictionary_entry_generation;
CREATE INDEX dictionary_entry_generation ON dictionary_entry (generation, kind);
