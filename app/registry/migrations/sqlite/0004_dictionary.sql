-- A change of the dictionaries is a generation. Its rows are written first, in batches; they count from the moment it gets its number.
-- An entry is what its row of the highest number says. `former` and `includes` hold a name a line.
CREATE TABLE dictionary_generation (
    id BLOB PRIMARY KEY,
    source TEXT NOT NULL,
    touched INTEGER NOT NULL,
    number INTEGER UNIQUE
) STRICT;
CREATE TABLE dictionary_entry (
    id BLOB NOT NULL,
    generation BLOB NOT NULL REFERENCES dictionary_generation (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    former TEXT NOT NULL,
    region TEXT NOT NULL,
    weight INTEGER NOT NULL,
    includes TEXT NOT NULL,
    merged_into BLOB,
    active INTEGER NOT NULL,
    PRIMARY KEY (id, generation)
) STRICT;
CREATE INDEX dictionary_entry_generation ON dictionary_entry (generation);
CREATE INDEX dictionary_entry_name ON dictionary_entry (kind, name, region);
INSERT INTO dictionary_generation (id, source, touched, number) VALUES (x'00000000000000000000000000000001', 'shipped', 0, 1);
INSERT INTO dictionary_entry (id, generation, kind, name, former, region, weight, includes, active)
    SELECT id, x'00000000000000000000000000000001', kind, name, '', region, 0, '', active FROM dictionary;
DROP TABLE dictionary;
