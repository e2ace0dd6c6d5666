-- A change of the dictionaries is a generation. Its rows are written first, in batches; they count from the moment it gets its number.
-- An entry is what its row of the highest number says. `former` and `includes` hold a name a line.
CREATE TABLE dictionary_generation (
    id UUID PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL,
    touched BIGINT NOT NULL,
    number BIGINT UNIQUE
);
CREATE TABLE dictionary_entry (
    id UUID NOT NULL,
    generation UUID NOT NULL REFERENCES dictionary_generation (id),
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    former TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    weight BIGINT NOT NULL,
    includes TEXT COLLATE "C" NOT NULL,
    merged_into UUID,
    active BOOLEAN NOT NULL,
    PRIMARY KEY (id, generation)
);
CREATE INDEX dictionary_entry_generation ON dictionary_entry (generation);
CREATE INDEX dictionary_entry_name ON dictionary_entry (kind, name, region);
INSERT INTO dictionary_generation (id, source, touched, number) VALUES ('00000000-0000-0000-0000-000000000001', 'shipped', 0, 1);
INSERT INTO dictionary_entry (id, generation, kind, name, former, region, weight, includes, active)
    SELECT id, '00000000-0000-0000-0000-000000000001', kind, name, '', region, 0, '', active FROM dictionary;
DROP TABLE dictionary;
