-- Passes of the practical skills test at a national base, by keyed hash of the document: who passed may register later (S102, S130).
CREATE TABLE skills_pass (
    document_kind TEXT NOT NULL,
    document_index BYTEA NOT NULL,
    category TEXT NOT NULL,
    year BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    PRIMARY KEY (document_kind, document_index, category, year)
);
ALTER TABLE exam_session ADD COLUMN skills_policy TEXT NOT NULL DEFAULT 'not_exempt';
